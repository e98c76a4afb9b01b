import CustodyLedger

/// The body of a push: entries in the order of the station's chain, each after its length, framed as a chain file.
///
///     bundle = 1*500( length entry )        ; at most 1 MiB
///     length = 2 bytes, big-endian, 65…60,064
///
/// `EntryBundle(bytes: bundle.bytes) == bundle` for every bundle.
public struct EntryBundle: Hashable, Sendable {
  /// The entries, 1 to ``SyncLimits/pushEntries``; nothing is known of them but their length.
  public let entries: [UnverifiedEntry]

  /// A bundle of as many of `entries`, from the first, as one push takes; nil without any.
  ///
  /// What is left over is for the next push: `entries.dropFirst(bundle.entries.count)`.
  public init?(prefixOf entries: some Collection<UnverifiedEntry>) {
    var taken: [UnverifiedEntry] = []
    var length = 0
    for entry in entries.prefix(SyncLimits.pushEntries) {
      length += ChainFile.prefixLength + entry.entry.bytes.count
      guard length <= SyncLimits.pushBytes else { break }
      taken.append(entry)
    }
    guard !taken.isEmpty else { return nil }
    self.entries = taken
  }

  /// Reads a push's body.
  public init(bytes: [UInt8]) throws(EntryBundleError) {
    guard bytes.count <= SyncLimits.pushBytes else { throw .tooLong(bytes: bytes.count) }
    var reader = ChainFileReader()
    reader.append(bytes)
    var entries: [UnverifiedEntry] = []
    do {
      while let frame = try reader.next() {
        guard entries.count < SyncLimits.pushEntries else { throw EntryBundleError.tooMany }
        entries.append(try UnverifiedEntry(bytes: Array(frame.entry)))
      }
    } catch let error as ChainFileReader.FramingError {
      throw .impossibleLength(offset: error.offset, length: error.length)
    } catch let error as EntryBundleError {
      throw error
    } catch {
      throw .truncated(offset: reader.offset)
    }
    guard reader.unfinished == 0 else { throw .truncated(offset: reader.offset) }
    guard !entries.isEmpty else { throw .empty }
    self.entries = entries
  }

  /// The body's bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries { ChainFile.append(entry.entry, to: &bytes) }
    return bytes
  }
}

/// Why a push's body is no bundle. Nothing of it was taken.
public enum EntryBundleError: Error, Hashable, Sendable {
  /// No entry in it.
  case empty
  /// More than ``SyncLimits/pushBytes``.
  case tooLong(bytes: Int)
  /// More than ``SyncLimits/pushEntries``.
  case tooMany
  /// A length that no entry has, `offset` bytes from the start.
  case impossibleLength(offset: Int, length: Int)
  /// It ends in the middle of the entry that begins `offset` bytes from the start.
  case truncated(offset: Int)
}

extension EntryBundleError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .empty: "The push holds no entry."
    case .tooLong(let bytes): "The push has \(bytes) bytes; at most \(SyncLimits.pushBytes) are taken at once."
    case .tooMany: "The push holds more than \(SyncLimits.pushEntries) entries."
    case .impossibleLength(let offset, let length):
      "At byte \(offset) of the push stands length \(length), which no entry has."
    case .truncated(let offset): "The push ends in the middle of the entry at byte \(offset)."
    }
  }
}
