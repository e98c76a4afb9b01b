import Custody
import SyncProtocol
import TamperEvidence

/// A station that may push: whoever holds this key. Its name, `site/station`, is the name of its verifier key.
public struct EnrolledStation: Hashable, Sendable {
  /// The key that signs its entries now; which one was good for which entry, the log tells.
  public let key: VerifierKey
  public let enrolledAt: Instant
  /// The key that signs its requests; nil for one that was enrolled with a token.
  public let requestKey: VerifierKey?
  /// Why its pushes are refused; nil while they are not.
  public let frozen: StationFreeze?
  /// `site/station`.
  public var name: String { key.name }

  /// What people compare with what the station shows; nil for one that was enrolled with a token.
  public var fingerprint: KeyFingerprint? { requestKey.map { KeyFingerprint(key: key, requestKey: $0) } }

  /// A station.
  public init(
    key: VerifierKey, enrolledAt: Instant, requestKey: VerifierKey? = nil, frozen: StationFreeze? = nil
  ) {
    self.key = key
    self.enrolledAt = enrolledAt
    self.requestKey = requestKey
    self.frozen = frozen
  }
}

/// The answer to an enrolment.
public enum Enrolment: Sendable {
  /// The token is shown here once and never again: the centre keeps its digest only.
  case enrolled(EnrolledStation, StationToken)
  case refused(Refusal)
}

/// A station with what the centre holds of it.
public struct StationRecord: Hashable, Sendable {
  public var station: EnrolledStation
  /// The end of its chain; nil before its first entry.
  public var held: HeldChain?
  /// Entries in the log, and those among them that are not applied.
  public var entries: Int
  public var quarantined: Int
  /// Entries that were not admitted.
  public var rejected: Int
  /// Entries whose place in the chain was taken by other bytes: above zero, two stations sign with one key.
  public var forks: Int
  public var lastReceivedAt: Instant?

  /// A station's record.
  public init(
    station: EnrolledStation, held: HeldChain?, entries: Int, quarantined: Int, rejected: Int, forks: Int,
    lastReceivedAt: Instant?
  ) {
    self.station = station
    self.held = held
    self.entries = entries
    self.quarantined = quarantined
    self.rejected = rejected
    self.forks = forks
    self.lastReceivedAt = lastReceivedAt
  }
}
