import Custody
import CustodyLedger
import TamperEvidence

/// What the rules of admission ask of a backend, all inside the one write transaction of a push. Nothing here judges.
public protocol AdmissionLedger: AnyObject {
  /// Gives the indexes of this transaction. Whoever makes the transaction finishes it before the commit.
  var sequencer: LogSequencer { get }
  /// The log's entry with these very bytes.
  func entry(withHash hash: EntryHash) throws -> LogEntry?
  /// The entry that holds a place of a station's chain: the first that came for it.
  func entry(of station: String, at place: ChainPlace) throws -> LogEntry?
  /// The first entry of the log with this event id.
  func firstIndex(ofEvent id: EventID) throws -> Int64?
  /// The entry at the end of a chain: the one with the highest epoch and sequence that holds its place.
  func lastEntry(of station: String) throws -> LogEntry?
  /// Adds an entry to the log at the index that the sequencer gave. One that `holdsPlace` is found by ``entry(of:at:)``
  /// from now on.
  func insert(
    _ entry: CheckedEntry, at index: Int64, from station: String, received moment: Instant, holdsPlace: Bool) throws
  /// Says that an entry is in the projection, after all that were said to be so before.
  func markApplied(_ index: Int64) throws
  /// Says what an entry is that is not in the projection, and why.
  func mark(_ index: Int64, _ status: LogEntry.Status, _ reason: AdmissionReason?) throws
  /// Quarantined entries about an asset that hold their place, in order of the log.
  func quarantined(about asset: AssetID) throws -> [LogEntry]
  /// The asset as it stands.
  func asset(_ id: AssetID) throws -> Asset?
  /// The asset's events in the projection, in the order they were applied.
  func appliedEvents(about asset: AssetID) throws -> [CustodyEvent]
  /// Makes the projection say what `after` says; nil takes the asset out of it.
  func project(_ after: Asset?, of id: AssetID, replacing before: Asset?) throws
  /// The key under a station's name; nil when nobody is enrolled under it.
  func key(ofStation name: String) throws -> VerifierKey?
  /// Enrols a station, or gives one that is enrolled another token.
  func put(_ station: EnrolledStation, token: TokenDigest) throws
  /// Stations that are enrolled and whose enrolment no entry of the log states: of a time before the log had a tree.
  func unstatedStations() throws -> [EnrolledStation]
  /// Notes which entry of the log states a station's enrolment.
  func put(statedAt index: Int64, ofStation name: String) throws
  /// Keeps aside what is not admitted; the same bytes again only count.
  func keepAside(_ entry: CheckedEntry, from station: String, reason: AdmissionReason, at moment: Instant) throws
}
