import CentralStore
import TamperEvidence

/// The log as the files of a C2SP tlog-tiles log, read from the store.
struct LogFiles: Sendable {
  let store: any CentralStore

  /// The bytes at a path below the log's prefix; nil where the log has nothing. A partial tile or bundle is given at every
  /// width up to the one that it has.
  func bytes(at path: LogPath) async throws -> [UInt8]? {
    switch path {
    case .checkpoint:
      return try await store.head().note
    case .tile(let tile):
      let length = tile.width * TreeHash.byteCount
      guard let bytes = try await store.tile(level: tile.level, index: tile.index), bytes.count >= length else {
        return nil
      }
      return Array(bytes.prefix(length))
    case .entries(let index, let width):
      // As many hashes as the tile has, so many entries the log has there.
      guard let tile = Tile(level: 0, index: index, width: width), try await bytes(at: .tile(tile)) != nil else {
        return nil
      }
      let entries = try await store.entries(after: Int64(index << 8) - 1, limit: width, bytes: .max)
      guard entries.count == width else {
        throw CentralFault.damaged(reason: "the log lacks entries of \(path) that its tree has")
      }
      return try TileEntries(entries.map(\.bytes)).bytes
    }
  }
}
