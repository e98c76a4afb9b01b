/// A chain as a file: its entries in order, each after its length.
///
///     file  = *( length entry )
///     length = 2 bytes, big-endian: the number of bytes in entry, 65…60,064
///
/// This is the framing of a C2SP tlog-tiles entry bundle ("Log entries"), without end. `ChainFileReader` reads what
/// `append` writes, whatever the chunks are.
public enum ChainFile {
  /// The length of the length, in bytes.
  public static let prefixLength = 2

  /// Appends `entry` with its length.
  public static func append(_ entry: LedgerEntry, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: entry.bytes.count >> 8))
    bytes.append(UInt8(truncatingIfNeeded: entry.bytes.count))
    bytes.append(contentsOf: entry.bytes)
  }
}

/// Cuts a chain file into entries, chunk by chunk; keeps at most one unfinished entry and the chunk it was given.
///
/// Call `append` with each chunk, then `next` until it returns nil; at the end of the file, `unfinished` says whether
/// the file stops in the middle of an entry.
public struct ChainFileReader: Sendable {
  /// One entry's bytes, not verified.
  public struct Frame: Hashable, Sendable {
    /// Where its length prefix stands, in bytes from the start of the file.
    public let offset: Int
    /// The entry's bytes.
    public let entry: ArraySlice<UInt8>
  }

  /// A length that no entry can have: what follows cannot be cut into entries.
  public struct FramingError: Error, Hashable, Sendable {
    /// Where the length prefix stands, in bytes from the start of the file.
    public let offset: Int
    /// The impossible length.
    public let length: Int
  }

  private var buffer: [UInt8] = []
  private var start = 0
  private var consumed = 0

  /// A reader at the start of a file.
  public init() {}

  /// Takes the next bytes of the file, of any number.
  public mutating func append(_ chunk: some Collection<UInt8>) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    buffer.append(contentsOf: chunk)
  }

  /// The next whole entry; nil when more bytes are needed.
  public mutating func next() throws(FramingError) -> Frame? {
    guard buffer.count - start >= ChainFile.prefixLength else { return nil }
    let length = Int(buffer[start]) << 8 | Int(buffer[start + 1])
    guard length > LedgerEntry.signatureLength, length <= LedgerEntry.maximumLength else {
      throw FramingError(offset: consumed, length: length)
    }
    let first = start + ChainFile.prefixLength
    guard buffer.count - first >= length else { return nil }
    let frame = Frame(offset: consumed, entry: buffer[first..<first + length])
    start = first + length
    consumed += ChainFile.prefixLength + length
    return frame
  }

  /// Where the next length prefix stands, in bytes from the start of the file.
  public var offset: Int { consumed }

  /// How many bytes have come of an entry that is not whole yet.
  public var unfinished: Int { buffer.count - start }
}
