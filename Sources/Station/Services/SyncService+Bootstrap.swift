import Custody
import CustodyLedger
import Foundation
import StationSnapshot
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

extension SyncService {
  /// Lets a new station begin with the centre's snapshot, where it has one: fetched in parts, from where an earlier try ended;
  /// its manifest signed by the log's key, its bytes those of the manifest, its root one of the log. Then the log is pulled from
  /// there on.
  ///
  /// A snapshot that does not hold is not taken: its digest is given back, and the log is pulled from its first entry on instead.
  /// Throws what may be over at another try.
  func bootstrap() async throws -> SnapshotFault? {
    guard try await core.store.read({ try $0.isBeforeItsFirstEntry() }) else {
      // What a station left behind that was stopped just after it had begun.
      try SnapshotFetch(folder: core.store.snapshotFolder, client: client).clear()
      return nil
    }
    guard let note = try await client.snapshotManifest() else { return nil }
    let key = try await believing { try await trustedLogKey(nil) }
    do {
      let manifest = try SnapshotManifest(note: note, key: key)
      let head = try await believing { try await proveRoot(of: manifest, key) }
      let shelf = SnapshotFetch(folder: core.store.snapshotFolder, client: client)
      let file = try await shelf.fetch(manifest)
      core.logger.notice(
        "begins with a snapshot of the centre",
        metadata: ["entries": "\(manifest.size)", "bytes": "\(manifest.length)"])
      try await core.store.write { try $0.acknowledge([], under: head) }
      let isInstalled = try await core.store.install(snapshot: file, of: manifest)
      try shelf.clear()
      if isInstalled { core.live.publish("status", Array(#"{"pulled":true}"#.utf8)) }
      return nil
    } catch let fault as SnapshotFault {
      core.logger.error(
        "the centre's snapshot is not taken",
        metadata: ["reason": "\(fault)", "remedy": "The log is read from its beginning; look at the centre."])
      try SnapshotFetch(folder: core.store.snapshotFolder, client: client).clear()
      return fault
    }
  }

  /// That the log as it is now extends the log as the snapshot has it.
  private func proveRoot(of manifest: SnapshotManifest, _ key: VerifierKey) async throws -> KeptHead {
    guard let note = try await client.log(.checkpoint) else { throw Distrusted(why: .noLog) }
    let before = try await core.store.read { try $0.treeHead()?.checkpoint }
    do {
      let origin = try Checkpoint(origin: key.name, size: manifest.size, root: manifest.root)
      let head = try LogWatch(key: key, head: before).read(note)
      // What the station has seen before, and what the snapshot says: the log must extend both.
      for known in [before, origin].compactMap({ $0 }) {
        var watch = LogWatch(key: key, head: known)
        _ = try watch.read(note)
        let tiles = try await client.tiles(try watch.tilesNeeded(for: head, indexes: []), ofSize: head.size)
        try watch.take(head, with: tiles)
      }
      return KeptHead(checkpoint: head, note: note)
    } catch let why as LogDistrust {
      throw Distrusted(why: why, note: note)
    }
  }

  /// Takes in a page, fetching the earlier events of assets that it needs them of; and judges again the entries of stations of
  /// whose keys the page states something.
  func admit(
    _ page: [HeldEntry], unverified: [Int64], because reason: String, upTo last: Int64, judging subjects: [String],
    by keys: KeyHistory
  ) async throws -> [String] {
    while true {
      do {
        return try await core.store.write { transaction in
          for index in unverified { try transaction.leave(index, because: reason) }
          let left = try transaction.admit(page, upTo: last)
          for station in subjects { try transaction.judgeAgain(station, by: keys) }
          return left
        }
      } catch StoreFault.historyAtCentre(let asset) {
        try await fetchHistory(of: asset)
      }
    }
  }

  /// Fetches the earlier events of assets that somebody at this station asked for.
  func fetchHistories() async throws {
    for await asset in core.store.wantedHistories {
      do {
        try await fetchHistory(of: asset)
      } catch {
        if Task.isCancelled { return }
        // Whoever asked is told that they are at the centre, and asks again.
        core.logger.notice("earlier events were not fetched", metadata: ["asset": "\(asset)", "error": "\(error)"])
      }
    }
  }

  private func fetchHistory(of asset: AssetID) async throws {
    let differing: [AssetID]
    do {
      differing = try await AssetHistoryFetch(store: core.store, client: client).run(asset)
    } catch let why as LogDistrust {
      try await believing { throw Distrusted(why: why) }
      return
    }
    for id in differing {
      core.logger.error(
        "the snapshot said something else of an asset than its events",
        metadata: ["asset": "\(id)", "remedy": "The events count. Tell the auditor: the centre signed the snapshot."])
    }
  }
}

/// Fetches a snapshot into a folder: `DIGEST.partial` grows until it is whole, so that whatever ends in the middle goes on there.
struct SnapshotFetch: Sendable {
  let folder: String
  let client: CentralClient

  /// The unpacked file. Throws ``SnapshotFault`` for bytes that are not those of the manifest, `SyncError` when it cannot be
  /// fetched now.
  func fetch(_ manifest: SnapshotManifest) async throws -> String {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let partial = "\(folder)/\(manifest.digest).partial"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name != "\(manifest.digest).partial" {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    try requireRoom(for: manifest)
    try await grow(partial, to: manifest)
    guard try PackedFile.digest(of: partial) == manifest.digest else {
      throw SnapshotFault.bytes("they have another SHA-256")
    }
    let file = "\(folder)/snapshot.db"
    try PackedFile.unpack(partial, into: file, exactly: manifest.unpacked)
    return file
  }

  /// Takes away what was fetched.
  func clear() throws {
    if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
  }

  private func grow(_ partial: String, to manifest: SnapshotManifest) async throws {
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreFault.unreachable(path: partial, reason: String(cString: strerror(errno)))
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var held = try file.seekToEnd()
    if held > manifest.length { throw SnapshotFault.bytes("more came than it has") }
    while held < manifest.length {
      let last = min(held + SyncLimits.snapshotPart, manifest.length) - 1
      guard let range = ByteRange(first: held, last: last),
        let part = try await client.snapshot(manifest.digest, range, of: manifest.length)
      else {
        // There is a newer one: the next try begins with its manifest.
        throw SyncError.protocol(reason: "it has the snapshot no more that it named")
      }
      try file.write(contentsOf: Data(part))
      held += UInt64(part.count)
    }
    try file.close()
  }

  /// Three times the unpacked size: the file, the database, its log.
  private func requireRoom(for manifest: SnapshotManifest) throws {
    let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder)
    guard let free = (attributes[.systemFreeSize] as? NSNumber)?.uint64Value else { return }
    let wanted = manifest.length + 3 * manifest.unpacked
    guard free >= wanted else {
      throw StoreFault.unreachable(
        path: folder, reason: "the centre's snapshot needs \(wanted >> 20) MiB there, and \(free >> 20) MiB are free")
    }
  }
}
