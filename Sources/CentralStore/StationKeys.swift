import Custody
import CustodyLedger
import TamperEvidence

/// The keys of a station, by what the log states of them.
public struct StationKeys: Sendable {
  /// The statements about the station, in order of the log: enrolments and revocations of the centre's, rotations and openings
  /// of the station's own.
  public let statements: [UnverifiedEntry]
  /// What they say.
  public let history: KeyHistory

  /// The keys that `statements` tell; where no enrolment is stated, the caller answers for the station's key.
  public init(of station: EnrolledStation, authority: VerifierKey, statements: [UnverifiedEntry]) {
    self.statements = statements
    history = KeyHistory(authority: authority, statements: statements, vouched: [station.key])
  }
}

/// Why a station's pushes are refused: two of one name are at work, and people must find out which one is it.
public struct StationFreeze: Hashable, Sendable {
  /// Since when.
  public let at: Instant
  public let reason: AdmissionReason

  /// A freeze.
  public init(at: Instant, reason: AdmissionReason) {
    self.at = at
    self.reason = reason
  }

  /// What to do about it.
  public static let remedy =
    "Find out which of them is the station, and stop the other. Then make a code at the centre (custody central code "
    + "--station SITE/STATION) and enrol the right one anew with another key (custody station enrol --new-key)."
}
