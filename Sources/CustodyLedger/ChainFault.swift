/// The first thing wrong with a chain: which entry, which check, and what that may mean.
public struct ChainFault: Hashable, Sendable, Codable {
  /// What was checked. The texts are stable: programs may depend on them.
  public enum Check: String, Hashable, Sendable, Codable, CaseIterable {
    /// The file holds no entry.
    case empty
    /// An entry's length is impossible.
    case framing
    /// The file stops in the middle of an entry.
    case truncated
    /// The signature is not the given key's over these bytes.
    case signature
    /// The event is signed, but not canonical JSON.
    case canonicalForm
    /// A field that places the event in its chain is missing or of the wrong type.
    case header
    /// The event's `v` is not 1.
    case version
    /// The event's `keyID` is not that of the key that signed it.
    case keyID
    /// The event's `station` is empty, or not that of the entries before.
    case station
    /// The event's `epoch` is below 1, or not that of the entries before.
    case epoch
    /// The event's `seq` is not the one that comes next.
    case seq
    /// The event's `prevHash` is not the hash of the entry before.
    case prevHash
    /// The event's `eventID` is empty, or stands in an earlier entry too.
    case eventID
    /// The chain does not end at the expected head.
    case head
    /// The event hands over to another key or opens an epoch, and cannot be read or does not fit.
    case statement
  }

  /// Which check failed.
  public let check: Check
  /// The entry's place in the file, from 1. For a chain that ends too early, the first entry that is not there.
  public let entry: Int
  /// Where the entry's length prefix stands, in bytes from the start of the file.
  public let byteOffset: Int
  /// The entry's `seq`, if it can be read. Not to be believed when the signature is what failed.
  public let seq: Int?
  /// The entry's `eventID`, if it can be read. Not to be believed when the signature is what failed.
  public let eventID: String?
  /// What is wrong, in one sentence.
  public let sentence: String
  /// What it may mean and what to do.
  public let remedy: String
}

extension ChainFault: CustomStringConvertible {
  /// Place, check, sentence and remedy, on one line.
  public var description: String {
    var place = "entry \(entry) (byte \(byteOffset)"
    if let seq { place += ", seq \(seq)" }
    if let eventID { place += ", event \(eventID)" }
    return "\(place)): \(check.rawValue): \(sentence) \(remedy)"
  }
}
