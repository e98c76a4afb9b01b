import Custody
import CustodyLedger
import TamperEvidence

/// What the rules of admission ask of a backend, all inside the one write transaction of a push. Nothing here judges.
///
/// Of what ``CustodyProjection`` asks: `events(about:)` are the entries about the asset that are applied, contested, or
/// quarantined with the code of a ``Standpoint`` or none; `set(_:of:)` writes status and reason of the first entry with the
/// event's id, see ``LogEntry/Status/init(_:)``.
public protocol AdmissionLedger: CustodyProjection {
  /// The log's entry with these very bytes.
  func entry(withHash hash: EntryHash) throws -> LogEntry?
  /// The entry that holds a place of a station's chain: the first that came for it.
  func entry(of station: String, at place: ChainPlace) throws -> LogEntry?
  /// The first entry of the log with this event id.
  func firstIndex(ofEvent id: EventID) throws -> Int64?
  /// Which station, `site/station`, sent the first entry with this event id.
  func station(ofEvent id: EventID) throws -> String?
  /// Adds an entry at the end of the log, quarantined without a reason. One that `holdsPlace` is found by
  /// ``entry(of:at:)`` from now on.
  func append(_ entry: CheckedEntry, from station: String, at moment: Instant, holdsPlace: Bool) throws -> Int64
  /// Says what an entry is and why; no reason takes an earlier one away.
  func mark(_ index: Int64, _ status: LogEntry.Status, _ reason: AdmissionReason?) throws
  /// Keeps aside what is not admitted; the same bytes again only count.
  func keepAside(_ entry: CheckedEntry, from station: String, reason: AdmissionReason, at moment: Instant) throws
}
