import Custody
import CustodyLedger
import TamperEvidence

/// What the rules of admission ask of a backend, all inside the one write transaction of a push. Nothing here judges.
public protocol AdmissionLedger: AnyObject {
  /// The log's entry with these very bytes.
  func entry(withHash hash: EntryHash) throws -> LogEntry?
  /// The entry that holds a place of a station's chain: the first that came for it.
  func entry(of station: String, at place: ChainPlace) throws -> LogEntry?
  /// The first entry of the log with this event id.
  func firstIndex(ofEvent id: EventID) throws -> Int64?
  /// Adds an entry at the end of the log. One that `holdsPlace` is found by ``entry(of:at:)`` from now on.
  func append(_ entry: CheckedEntry, from station: String, at moment: Instant, holdsPlace: Bool) throws -> Int64
  /// Says that an entry is in the projection, after all that were said to be so before.
  func markApplied(_ index: Int64) throws
  /// Says why an entry is not in the projection.
  func mark(_ index: Int64, _ status: LogEntry.Status, _ reason: AdmissionReason) throws
  /// Quarantined entries about an asset that hold their place, in order of the log.
  func quarantined(about asset: AssetID) throws -> [LogEntry]
  /// The asset as it stands.
  func asset(_ id: AssetID) throws -> Asset?
  /// The asset's events in the projection, in the order they were applied.
  func appliedEvents(about asset: AssetID) throws -> [CustodyEvent]
  /// Makes the projection say what `after` says; nil takes the asset out of it.
  func project(_ after: Asset?, of id: AssetID, replacing before: Asset?) throws
  /// Keeps aside what is not admitted; the same bytes again only count.
  func keepAside(_ entry: CheckedEntry, from station: String, reason: AdmissionReason, at moment: Instant) throws
}
