import Custody
import CustodyLedger
import TamperEvidence

/// An entry of the centre's log: the exact bytes, where they stand, and what the centre makes of them.
public struct LogEntry: Hashable, Sendable {
  /// What the centre makes of an entry.
  public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
    /// In the projection; with a reason where a settlement decided for another claim.
    case applied
    /// A statement that holds: not about an asset, so that there is nothing to project.
    case stated
    /// In the projection, but others claim otherwise: a discrepancy is open.
    case contested
    /// Kept as evidence; its chain is at fault, or it was decided after an event that is not here.
    case quarantined
    /// Kept; of a type or version that this program does not know.
    case unsupported
  }

  /// Place in the log, from 0 without gaps.
  public var index: Int64
  public var receivedAt: Instant
  /// Name of the station's verifier key.
  public var station: String
  /// Place in the station's chain; nil where the event's bytes do not say it.
  public var place: ChainPlace?
  /// SHA-256 of the bytes.
  public var hash: EntryHash
  /// Signature and event, exactly as they came.
  public var bytes: [UInt8]
  public var status: Status
  /// Why it is not simply applied or stated; nil when it is.
  public var reason: AdmissionReason?

  /// An entry of the log.
  public init(
    index: Int64, receivedAt: Instant, station: String, place: ChainPlace?, hash: EntryHash, bytes: [UInt8],
    status: Status, reason: AdmissionReason?
  ) {
    self.index = index
    self.receivedAt = receivedAt
    self.station = station
    self.place = place
    self.hash = hash
    self.bytes = bytes
    self.status = status
    self.reason = reason
  }

  /// What the entry says, as far as this program can read it.
  public var content: EntryContent { EntryContent(eventBytes: bytes.dropFirst(LedgerEntry.signatureLength)) }
}

/// Why an entry is not admitted, or not applied.
public struct AdmissionReason: Hashable, Sendable {
  /// Stable and dotted, such as `sync.gap`.
  public var code: String
  /// One sentence.
  public var sentence: String

  /// A reason.
  public init(_ code: String, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }
}

/// Bytes that were not admitted, kept aside to be shown.
public struct RejectedEntry: Hashable, Sendable {
  /// Counts what was rejected, from 1.
  public var id: Int64
  /// Whose token they came with.
  public var station: String
  /// When they came last, and how often.
  public var receivedAt: Instant
  public var times: Int
  /// Place in the chain that they claim; nothing vouches for it.
  public var claimed: ChainPlace?
  public var reason: AdmissionReason
  public var bytes: [UInt8]
  /// The log's entry at the claimed place, once a good one has come.
  public var replacedBy: Int64?

  /// Rejected bytes.
  public init(
    id: Int64, station: String, receivedAt: Instant, times: Int, claimed: ChainPlace?, reason: AdmissionReason,
    bytes: [UInt8], replacedBy: Int64?
  ) {
    self.id = id
    self.station = station
    self.receivedAt = receivedAt
    self.times = times
    self.claimed = claimed
    self.reason = reason
    self.bytes = bytes
    self.replacedBy = replacedBy
  }
}
