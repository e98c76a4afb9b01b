import TamperEvidence

/// The fields of an event that place it in its chain. Whatever else the event holds is passed over, so that a chain
/// can be verified by a program that knows no event type.
public struct EntryHeader: Codable, Hashable, Sendable {
  /// The version of the event's form: 1.
  public let v: Int
  /// The verb.
  public let type: String
  /// The event's own id, a UUIDv7 in lower case.
  public let eventID: String
  /// The station that wrote it.
  public let station: String
  /// The station's epoch, from 1.
  public let epoch: Int
  /// The place in the chain, from 1 without gaps.
  public let seq: Int
  /// SHA-256 of the entry before; 64 zeros in the first.
  public let prevHash: EntryHash
  /// The id of the key that signs, `VerifierKey.keyID`.
  public let keyID: String
  /// The site where it was written.
  public let site: String

  /// A header of these fields.
  public init(
    v: Int, type: String, eventID: String, station: String, epoch: Int, seq: Int, prevHash: EntryHash, keyID: String,
    site: String
  ) {
    self.v = v
    self.type = type
    self.eventID = eventID
    self.station = station
    self.epoch = epoch
    self.seq = seq
    self.prevHash = prevHash
    self.keyID = keyID
    self.site = site
  }
}
