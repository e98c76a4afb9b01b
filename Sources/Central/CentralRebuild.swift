import CentralStore
import CustodyLedger
import Foundation
import TamperEvidence

/// What became of a centre that was made again from copies of its log.
public struct RebuiltLog: Codable, Hashable, Sendable {
  /// How many entries the log has now.
  public var size: UInt64
  public var root: String
  /// How many of them were there before.
  public var before: UInt64
  /// The first index of which no copy has the entry.
  public var missing: Int64
  /// The size of the newest tree head that a copy has. More than `size` where entries below it are missing.
  public var newest: UInt64
}

/// Makes a lost log again from copies of it: exported files, what stations hold, and what is left in the centre's own folder.
///
/// Nothing of it rests on trust: the entries are put together in the order of their indexes, and taken only as far as a tree head
/// that the log's own key signed proves that they were the log. Whoever saw that tree head, or an older one, finds the same log.
struct CentralRebuild {
  /// So many entries are looked at together.
  private static let portion: Int64 = 4096

  let store: any CentralStore
  let copies: [any LogCopy]
  let progress: @Sendable (_ entries: Int64, _ of: Int64) async throws -> Void

  /// Throws ``CentralFault`` where copies contradict a tree head.
  func run() async throws -> RebuiltLog {
    let before = try await store.head().checkpoint.size
    let all = [StoredLog(store: store)] + copies
    var heads: [UInt64: Checkpoint] = [:]
    for copy in all {
      for note in try await copy.heads() {
        let checkpoint: Checkpoint
        do {
          checkpoint = try VerifiedCheckpoint(note: note, keys: [store.logKey], origin: store.logKey.name).checkpoint
        } catch {
          throw CentralFault.foreignLog(key: "\(store.logKey)", reason: "a tree head of \(copy.name): \(error)")
        }
        if let other = heads[checkpoint.size], other.root != checkpoint.root {
          throw CentralFault.damaged(
            reason:
              "the log's key signed two roots of \(checkpoint.size) entries, one of them in \(copy.name): keep both as "
              + "evidence")
        }
        heads[checkpoint.size] = checkpoint
      }
    }
    let newest = heads.keys.max() ?? 0
    let (proved, missing) = try await provedSize(by: heads, all)
    if proved > before {
      for first in stride(from: Int64(before), to: Int64(proved), by: Int(Self.portion)) {
        let range = first..<min(first + Self.portion, Int64(proved))
        let entries = try await merged(range, all)
        try await store.replay(
          try range.map { index in
            guard let bytes = entries[index] else {
              throw CentralFault.damaged(reason: "copy of entry \(index) is gone")
            }
            return try UnverifiedEntry(bytes: bytes)
          }, from: first)
        try await progress(range.upperBound, Int64(proved))
      }
    }
    let head = try await store.head().checkpoint
    guard head.size == max(proved, before), heads[head.size].map({ $0.root == head.root }) ?? true else {
      throw CentralFault.damaged(
        reason: "the log came out otherwise than its copies prove: it has \(head.size) entries")
    }
    return RebuiltLog(
      size: head.size, root: head.root.description, before: before, missing: missing, newest: newest)
  }

  /// The largest size of which the copies have every entry and a tree head that says so; and the first entry that is missing.
  private func provedSize(
    by heads: [UInt64: Checkpoint], _ all: [any LogCopy]
  ) async throws -> (UInt64, missing: Int64) {
    let sizes = heads.keys.sorted()
    let end = Int64(clamping: sizes.last ?? 0)
    var edge = TileEdge()
    var proved: UInt64 = 0
    for first in stride(from: 0, to: end, by: Int(Self.portion)) {
      let range = first..<min(first + Self.portion, end)
      let entries = try await merged(range, all)
      for index in range {
        guard let bytes = entries[index] else { return (proved, index) }
        _ = edge.append(CollectionOfOne(TreeHash.leaf(bytes)))
        guard let head = heads[edge.size] else { continue }
        guard head.root == edge.root else {
          throw CentralFault.damaged(
            reason:
              "entries \(proved) to \(index) of the copies are not those of the tree head of \(edge.size) entries: one of "
              + "them was changed. Leave out one copy after the other to find which.")
        }
        proved = edge.size
      }
    }
    return (proved, end)
  }

  private func merged(_ range: Range<Int64>, _ all: [any LogCopy]) async throws -> [Int64: [UInt8]] {
    var found: [Int64: [UInt8]] = [:]
    for copy in all where found.count < range.count {
      found.merge(try await copy.entries(in: range)) { first, _ in first }
    }
    return found
  }
}

extension CentralControl {
  /// Makes a centre's log again in a folder that has the log's key, or is given it, from copies of the log. What the folder has of
  /// it stays. Throws ``CentralFault``.
  public static func rebuild(
    from copies: [any LogCopy], key: String?, dataFolder: String, database: CentralDatabase? = nil,
    progress: @escaping @Sendable (_ entries: Int64, _ of: Int64) async throws -> Void
  ) async throws -> RebuiltLog {
    let file = LogKeyFile.path(in: dataFolder)
    if let key, try LogKeyFile.read(file) == nil {
      guard let author = try LogKeyFile.read(key) else {
        throw CentralFault.unreachable(path: key, reason: "there is no such file")
      }
      do {
        try FileManager.default.createDirectory(
          atPath: dataFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        throw CentralFault.unreachable(path: dataFolder, reason: error.localizedDescription)
      }
      try LogKeyFile.write(Data((author.key.secretText + "\n").utf8), to: file)
    }
    // Without its key nobody could go on with the log.
    guard try LogKeyFile.read(file) != nil else { throw CentralFault.keyLost(file: file) }
    return try await withCentre(dataFolder, database) { server in
      try await CentralRebuild(store: server.store, copies: copies, progress: progress).run()
    } running: { _, folder, owner in
      throw CentralFault.inUse(folder: folder, owner: owner)
    }
  }
}
