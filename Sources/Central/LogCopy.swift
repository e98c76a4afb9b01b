import CentralStore
import Foundation
import TamperEvidence

/// A copy of a log, whole or in part, from which a centre is made again.
public protocol LogCopy: Sendable {
  /// What people know it by.
  var name: String { get }
  /// The signed tree heads that it has.
  func heads() async throws -> [[UInt8]]
  /// The entries that it has of a range of indexes.
  func entries(in range: Range<Int64>) async throws -> [Int64: [UInt8]]
}

/// An exported log: the files of C2SP tlog-tiles below a folder.
public struct ExportedLog: LogCopy {
  public let name: String

  /// The log that was exported into a folder.
  public init(folder: String) { name = folder }

  public func heads() async throws -> [[UInt8]] {
    guard let note = try read(.checkpoint) else {
      throw CentralFault.unreachable(
        path: name, reason: "there is no file 'checkpoint' in it, as an exported log has one")
    }
    return [note]
  }

  public func entries(in range: Range<Int64>) async throws -> [Int64: [UInt8]] {
    let size = Int64(clamping: try LogHead(trusted: try await heads()[0]).checkpoint.size)
    var found: [Int64: [UInt8]] = [:]
    let width = Int64(Tile.fullWidth)
    var tile = range.lowerBound / width
    while tile * width < min(range.upperBound, size) {
      let first = tile * width
      let path = LogPath.entries(index: UInt64(tile), width: Int(min(width, size - first)))
      if let bytes = try read(path) ?? read(.entries(index: UInt64(tile), width: Tile.fullWidth)) {
        let entries: [ArraySlice<UInt8>]
        do {
          entries = try TileEntries(bytes: bytes).entries
        } catch {
          throw CentralFault.unreachable(path: name, reason: "\(path) is damaged: \(error)")
        }
        for (offset, entry) in entries.enumerated() where range.contains(first + Int64(offset)) {
          found[first + Int64(offset)] = Array(entry)
        }
      }
      tile += 1
    }
    return found
  }

  private func read(_ path: LogPath) throws -> [UInt8]? {
    let file = URL(fileURLWithPath: name, isDirectory: true).appendingPathComponent(path.description)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      return Array(try Data(contentsOf: file))
    } catch {
      throw CentralFault.unreachable(path: file.path, reason: error.localizedDescription)
    }
  }
}

/// What a store has already: of a centre that was put back to an older state, the log up to then.
struct StoredLog: LogCopy {
  let store: any CentralStore
  let name = "the centre's own folder"

  func heads() async throws -> [[UInt8]] { [try await store.head().note] }

  func entries(in range: Range<Int64>) async throws -> [Int64: [UInt8]] {
    let entries = try await store.entries(after: range.lowerBound - 1, limit: range.count, bytes: .max)
    return Dictionary(
      entries.filter { range.contains($0.index) }.map { ($0.index, $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }
}
