import Custody
import CustodyLedger
import TamperEvidence

/// An entry of a push whose signature has been checked. That needs no database, so it is done before the transaction.
public struct CheckedEntry: Sendable {
  /// The signature's verdict.
  public enum Verdict: Sendable {
    case verified(VerifiedEntry)
    case rejected(AdmissionReason)
  }

  public let bytes: [UInt8]
  public let hash: EntryHash
  /// The hash of its leaf in the log's tree.
  public let leaf: TreeHash
  public let content: EntryContent
  public let verdict: Verdict

  /// Checks an entry that came with a station's token.
  public init(_ entry: UnverifiedEntry, from station: EnrolledStation) {
    bytes = entry.entry.bytes
    hash = entry.entry.hash
    leaf = .leaf(entry.entry.bytes)
    content = EntryContent(eventBytes: entry.entry.event)
    let header = content.header
    if let header, header.station != station.name {
      verdict = .rejected(
        AdmissionReason(
          "sync.foreignStation", "The event is of \(header.station), but it came with the token of \(station.name)."))
    } else if let verified = entry.verify(with: station.key) {
      verdict = .verified(verified)
    } else if let header, header.keyID != station.key.keyID {
      verdict = .rejected(
        AdmissionReason(
          "sync.foreignKey",
          "The event is signed with key \(header.keyID), but \(station.name) is enrolled with \(station.key.keyID)."))
    } else {
      verdict = .rejected(
        AdmissionReason("sync.signature", "The signature is not that of \(station.name) over these bytes."))
    }
  }

  /// An entry that the centre has signed itself.
  init(own entry: VerifiedEntry) {
    bytes = entry.entry.bytes
    hash = entry.entry.hash
    leaf = .leaf(entry.entry.bytes)
    content = EntryContent(eventBytes: entry.entry.event)
    verdict = .verified(entry)
  }
}
