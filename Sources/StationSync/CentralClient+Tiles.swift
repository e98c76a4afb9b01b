import SyncProtocol
import TamperEvidence

extension CentralClient {
  /// So many parts of the log are asked for at once.
  private static let tilesAtOnce = 8

  /// Fetches tiles of the centre's log. Throws ``LogDistrust/withheld(path:)`` for one that is not given whole, else
  /// ``SyncError``.
  public func tiles(_ wanted: [Tile], ofSize size: UInt64) async throws -> TileSet {
    var tiles = TileSet(size: size)
    try await withThrowingTaskGroup(of: (Tile, [UInt8]).self) { group in
      var waiting = wanted.makeIterator()
      func fetchNext() {
        guard let tile = waiting.next() else { return }
        group.addTask {
          guard let bytes = try await log(.tile(tile)) else {
            throw LogDistrust.withheld(path: "\(LogPath.tile(tile))")
          }
          return (tile, bytes)
        }
      }
      for _ in 0..<Self.tilesAtOnce { fetchNext() }
      while let (tile, bytes) = try await group.next() {
        do {
          try tiles.insert(tile, bytes: bytes)
        } catch {
          throw LogDistrust.withheld(path: "\(LogPath.tile(tile))")
        }
        fetchNext()
      }
    }
    return tiles
  }
}
