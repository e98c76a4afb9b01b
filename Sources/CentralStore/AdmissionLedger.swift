import Custody
import CustodyLedger
import TamperEvidence

/// What the rules of admission ask of a backend, all inside the one write transaction of a push. Nothing here judges.
///
/// Of what ``CustodyProjection`` asks: `events(about:)` are the entries about the asset that are applied, contested, or
/// quarantined with the code of a ``Standpoint`` or none; `set(_:of:)` writes status and reason of the first entry with the
/// event's id, see ``LogEntry/Status/init(_:)``.
public protocol AdmissionLedger: CustodyProjection {
  /// Gives the indexes of this transaction. Whoever makes the transaction finishes it before the commit.
  var sequencer: LogSequencer { get }
  /// The log's entry with these very bytes.
  func entry(withHash hash: EntryHash) throws -> LogEntry?
  /// The entry that holds a place of a station's chain: the first that came for it.
  func entry(of station: String, at place: ChainPlace) throws -> LogEntry?
  /// The first entry of the log with this event id.
  func firstIndex(ofEvent id: EventID) throws -> Int64?
  /// Which station, `site/station`, sent the first entry with this event id.
  func station(ofEvent id: EventID) throws -> String?
  /// The entry at the end of a chain: the one with the highest epoch and sequence that holds its place.
  func lastEntry(of station: String) throws -> LogEntry?
  /// Adds an entry to the log at the index that the sequencer gave, quarantined without a reason. One that `holdsPlace` is
  /// found by ``entry(of:at:)`` from now on.
  func insert(
    _ entry: CheckedEntry, at index: Int64, from station: String, received moment: Instant, holdsPlace: Bool) throws
  /// Says what an entry is and why; no reason takes an earlier one away.
  func mark(_ index: Int64, _ status: LogEntry.Status, _ reason: AdmissionReason?) throws
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

  // Keys of stations: rare enough to be asked and written at once.

  /// What the log states of a station's keys, in order of the log.
  func keyStatements(about station: String) throws -> [UnverifiedEntry]
  /// Notes a statement of the log about a station's keys.
  func put(keyStatement bytes: [UInt8], at index: Int64, about station: String) throws
  /// The exact bytes of the entry at an index, one of this very transaction perhaps.
  func bytes(ofEntryAt index: Int64) throws -> [UInt8]
  /// Entries of a station beyond a place, in order of their places: at most `limit`, those that hold their place.
  func entries(of station: String, after place: ChainPlace, limit: Int) throws -> [LogEntry]
  /// Entries that are stated or unsupported, in order of the log.
  func statedEntries() throws -> [LogEntry]
  /// The station under a name, `site/station`.
  func enrolledStation(named name: String) throws -> EnrolledStation?
  /// Puts the key that a station signs with now.
  func put(key: VerifierKey, ofStation name: String) throws
  /// Freezes a station, or lets it push again.
  func put(freeze: StationFreeze?, ofStation name: String) throws
  /// Puts the key that signs a station's requests.
  func put(requestKey: VerifierKey, ofStation name: String) throws
  /// The one-time code of a station.
  func code(forStation name: String) throws -> KeptCode?
  /// Keeps a one-time code, or takes it away.
  func put(code: KeptCode?, forStation name: String) throws
  /// What is remembered of a station's last push.
  func lastPush(of name: String) throws -> LastPush?
  /// Remembers a station's last push, or forgets it.
  func put(lastPush: LastPush?, of name: String) throws
  /// Takes a person, with badges and PIN, off the reference data: what stations have of them is taken off with the next page.
  func takeOff(person: PersonID) throws
}
