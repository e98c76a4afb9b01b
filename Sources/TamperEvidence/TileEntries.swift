/// The entries of one tile as one file (C2SP tlog-tiles, "Log entries"):
///
///     bundle = 1*256( length entry )
///     length = 2 bytes, big-endian: the number of bytes in entry, 0…65,535
///
/// `TileEntries(bytes: entries.bytes) == entries` for every value.
public struct TileEntries: Hashable, Sendable {
  /// Why bytes are no entry bundle.
  public enum Fault: Error, Hashable, Sendable {
    /// The bytes stop in the middle of the entry that begins at `offset`.
    case truncated(offset: Int)
    /// There is no entry, or there are more than 256.
    case count
    /// An entry to be written has more than 65,535 bytes.
    case tooLong(bytes: Int)
  }

  /// The entries, 1 to 256.
  public let entries: [ArraySlice<UInt8>]

  /// Reads a bundle's bytes.
  public init(bytes: [UInt8]) throws(Fault) {
    var entries: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      guard entries.count < Tile.fullWidth else { throw .count }
      guard bytes.count - start >= 2 else { throw .truncated(offset: start) }
      let length = Int(bytes[start]) << 8 | Int(bytes[start + 1])
      guard bytes.count - start - 2 >= length else { throw .truncated(offset: start) }
      entries.append(bytes[start + 2..<start + 2 + length])
      start += 2 + length
    }
    guard !entries.isEmpty else { throw .count }
    self.entries = entries
  }

  /// A bundle of these entries.
  public init(_ entries: [[UInt8]]) throws(Fault) {
    guard (1...Tile.fullWidth).contains(entries.count) else { throw .count }
    for entry in entries where entry.count > Int(UInt16.max) { throw .tooLong(bytes: entry.count) }
    self.entries = entries.map { $0[...] }
  }

  /// The bundle's bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: entry.count))
      bytes.append(contentsOf: entry)
    }
    return bytes
  }
}

extension TileEntries.Fault: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .truncated(let offset): "the bundle stops in the middle of the entry at byte \(offset)"
    case .count: "a bundle has 1 to 256 entries"
    case .tooLong(let bytes): "an entry of \(bytes) bytes does not fit a bundle, which takes 65,535"
    }
  }
}
