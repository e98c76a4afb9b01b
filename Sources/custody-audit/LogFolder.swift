import CustodyLedger
import Foundation
import TamperEvidence

/// A log as plain files, below a folder: what a C2SP tlog-tiles log serves below its prefix.
struct LogFolder {
  private let root: URL

  init(path: String) {
    root = URL(fileURLWithPath: path, isDirectory: true)
  }

  /// Reads every entry twice: first for the statements about keys, then to check everything.
  func audit(named name: String, key: VerifierKey) throws -> EvidenceReport {
    let started = ContinuousClock.now
    guard let note = try read(.checkpoint) else {
      throw Unreadable(name, "there is no file 'checkpoint' in it, as an exported log has one")
    }
    let checkpoint: Checkpoint
    do {
      checkpoint = try VerifiedCheckpoint(note: note, keys: [key], origin: key.name).checkpoint
    } catch {
      return EvidenceReport(
        file: name, key: key,
        failure: EvidenceFailure(
          check: .checkpoint, index: nil, eventID: nil, sentence: "The log's tree head is not to be trusted: \(error).")
      )
    }
    var progress = VerifyProgress()
    defer { progress.clear() }
    var statements: [UnverifiedEntry] = []
    try forEachEntry(of: checkpoint, "read", &progress) { entry in
      if let statement = LogAudit.statement(in: entry) { statements.append(statement) }
    }
    var audit = LogAudit(checkpoint: checkpoint, key: key, statements: statements)
    try forEachEntry(of: checkpoint, "verified", &progress) { audit.next($0) }
    audit.finish()
    for tile in Tile.all(inTreeOf: checkpoint.size) { audit.check(tile, holds: try hashes(of: tile)) }
    return EvidenceReport(
      file: name, key: key, audit: audit, checkpoint: checkpoint, elapsed: started.duration(to: .now))
  }

  private func forEachEntry(
    of checkpoint: Checkpoint, _ done: String, _ progress: inout VerifyProgress, _ body: (ArraySlice<UInt8>) -> Void
  ) throws {
    var count: UInt64 = 0
    while count < checkpoint.size {
      let width = Int(min(UInt64(Tile.fullWidth), checkpoint.size - count))
      let path = LogPath.entries(index: count >> 8, width: width)
      let wider = LogPath.entries(index: count >> 8, width: Tile.fullWidth)
      guard let bytes = try read(path) ?? read(wider) else {
        throw Unreadable(root.path, "there is no \(path), which a log of \(checkpoint.size) entries has")
      }
      let entries: [ArraySlice<UInt8>]
      do {
        entries = try TileEntries(bytes: bytes).entries
      } catch {
        throw Unreadable(root.path, "\(path) is damaged: \(error)")
      }
      guard entries.count >= width else {
        throw Unreadable(root.path, "\(path) holds \(entries.count) entries; it must hold \(width)")
      }
      for entry in entries.prefix(width) { body(entry) }
      count += UInt64(width)
      progress.show("\(count) entries \(done)", done: Int(count), of: Int(checkpoint.size))
    }
  }

  private func hashes(of tile: Tile) throws -> [TreeHash] {
    let wider = Tile(level: tile.level, index: tile.index).map(LogPath.tile)
    guard let bytes = try read(.tile(tile)) ?? wider.flatMap({ try read($0) }) else { return [] }
    return Tile.hashes(in: bytes) ?? []
  }

  /// The bytes of a file; nil if there is none.
  private func read(_ path: LogPath) throws -> [UInt8]? {
    let file = root.appendingPathComponent(path.description).path
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    return try Input.bytes(file, limit: path.maximumLength)
  }
}

extension LogPath {
  /// The most bytes that what is served there can have.
  var maximumLength: Int {
    switch self {
    case .checkpoint: 1 << 16
    case .tile: Tile.fullWidth * TreeHash.byteCount
    case .entries: Tile.fullWidth * (2 + Int(UInt16.max))
    }
  }
}
