import CentralStore
import Foundation
import TamperEvidence

/// Writes the log as plain files, which any tool for C2SP tlog-tiles logs reads, or any web server gives out.
///
/// Files that are whole already are not written again, so that an export into the same folder goes on from where the last
/// one was. The tree head comes last: at any moment the folder is a log that verifies, or has no newer head yet.
struct LogExport: Sendable {
  /// The bytes at a path of the log; nil where it has none.
  let read: @Sendable (LogPath) async throws -> [UInt8]?

  /// Gives back the tree head that the folder has then.
  func run(into folder: String) async throws -> Checkpoint {
    let root = URL(fileURLWithPath: folder, isDirectory: true)
    guard let note = try await read(.checkpoint) else { throw CentralFault.damaged(reason: "the log has no tree head") }
    let head = try LogHead(trusted: note).checkpoint
    let newest = root.appendingPathComponent(LogPath.checkpoint.description)
    if FileManager.default.fileExists(atPath: newest.path) {
      let old = try LogHead(trusted: Array(try contents(newest))).checkpoint
      guard old.origin == head.origin, old.size <= head.size else {
        throw CentralFault.unreachable(
          path: folder,
          reason: "it holds \(old.size) entries of log \(old.origin); this one has \(head.size), and is "
            + head.origin)
      }
    }
    for tile in Tile.all(inTreeOf: head.size) {
      try await copy(.tile(tile), isFull: tile.isFull, below: root)
      if tile.level == 0 {
        try await copy(.entries(index: tile.index, width: tile.width), isFull: tile.isFull, below: root)
      }
    }
    try write(note, to: newest)
    return head
  }

  private func copy(_ path: LogPath, isFull: Bool, below root: URL) async throws {
    let file = root.appendingPathComponent(path.description)
    if isFull, FileManager.default.fileExists(atPath: file.path) { return }
    guard let bytes = try await read(path) else {
      throw CentralFault.damaged(reason: "the log lacks \(path), which its tree head covers")
    }
    try write(bytes, to: file)
  }

  private func contents(_ file: URL) throws -> Data {
    do {
      return try Data(contentsOf: file)
    } catch {
      throw CentralFault.unreachable(path: file.path, reason: error.localizedDescription)
    }
  }

  /// Beside, then in place: a file is there whole or not at all.
  private func write(_ bytes: [UInt8], to file: URL) throws {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file, options: .atomic)
    } catch {
      throw CentralFault.unreachable(path: file.path, reason: error.localizedDescription)
    }
  }
}
