import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

/// What the centre needs stored: a log of every well signed entry, what it makes of them, and who may push.
///
/// Each backend speaks its own SQL; what happens to an entry is decided once, by ``AdmissionLedger/admit(_:from:at:)``.
/// Whatever a writing call gives back is durable. Every backend passes the conformance suite of CentralStoreTests.
/// Every call throws ``CentralFault`` for what is broken.
public protocol CentralStore: Sendable {
  /// Takes one push in one transaction: one result for each entry, in their order.
  ///
  /// - Parameter moment: when the centre received it.
  func admit(
    _ entries: [UnverifiedEntry], from station: EnrolledStation, at moment: Instant
  ) async throws -> [PushResult]

  /// Lets the holder of a key push with a token. The same key again gets the new token in place of the old one; another
  /// key under a name that is taken is refused. See ``CentralStore/enrol(_:at:)``.
  func enrol(_ key: VerifierKey, token: TokenDigest, at moment: Instant) async throws -> Refusal?

  /// Gives a station numbers of asset tags that no other station has or gets: above every number of the series that was
  /// given away before and above what the station knows to be in use. The same request of the station again is given the
  /// same numbers.
  func tagNumbers(
    _ request: TagNumberRequest, for station: EnrolledStation, at moment: Instant
  ) async throws -> TagNumbers

  /// The station whose token this is; nil when it is nobody's.
  func station(presenting token: TokenDigest) async throws -> EnrolledStation?

  /// All stations with what is held of them, by name.
  func stations() async throws -> [StationRecord]

  /// The end of a station's chain: its entry with the highest epoch and sequence; nil when none is held.
  func chain(of station: EnrolledStation) async throws -> HeldChain?

  /// What the log's tree heads and the centre's own statements are verified by. Its name is the log's origin.
  var logKey: VerifierKey { get }

  /// The newest tree head. It covers every entry that any call before has given back.
  func head() async throws -> LogHead

  /// A tile's bytes as wide as it is now, 32 for each hash; nil if there is none. Read before it, a tree head covers no more
  /// than is in the tile.
  func tile(level: Int, index: UInt64) async throws -> [UInt8]?

  /// The log's heads as any process appends to it, the newest only, until the store is closed. Nil where one process owns
  /// the database: whoever appends is the one who asks.
  func heads() -> AsyncStream<Int64>?

  /// Entries after an index, oldest first, without gaps: at most `limit`, and no more once they have `bytes` bytes.
  func entries(after index: Int64, limit: Int, bytes: Int) async throws -> [LogEntry]

  /// Entries before an index, newest first; `status` keeps only those of that status.
  func entries(before index: Int64, status: Set<LogEntry.Status>, limit: Int) async throws -> [LogEntry]

  /// Every entry about an asset, in order of the log, also those not applied.
  func entries(about asset: AssetID) async throws -> [LogEntry]

  /// What was not admitted, newest first.
  func rejectedEntries(before id: Int64, limit: Int) async throws -> [RejectedEntry]

  /// The asset as it stands. For an id under which it was received besides: the asset with its canonical id.
  func asset(_ id: AssetID) async throws -> Asset?

  /// A page of assets, in order of id.
  func assets(_ query: AssetQuery) async throws -> [Asset]

  /// What disagrees, newest first: of rows before an id those that are open, or those that have ended too.
  func discrepancies(before id: Int64, openOnly: Bool, limit: Int) async throws -> [RecordedDiscrepancy]

  /// What disagrees or did about an asset or a station, oldest first.
  func discrepancies(about subject: DiscrepancySubject) async throws -> [RecordedDiscrepancy]

  /// The first entry of the log with an event id.
  func entry(ofEvent id: EventID) async throws -> LogEntry?

  /// How much of what the centre holds.
  func figures() async throws -> CentralFigures

  /// Drops the projection and makes it anew from the log: the same rows, or the projection was damaged.
  func rebuildProjection() async throws

  /// Finishes what is under way, refuses what comes later, lets go of the database.
  func close() async throws
}

extension CentralStore {
  /// None: one process owns the database.
  public func heads() -> AsyncStream<Int64>? { nil }

  /// Enrols the holder of a key, with a new token that only this answer shows.
  public func enrol(_ key: VerifierKey, at moment: Instant) async throws -> Enrolment {
    var random = SystemRandomNumberGenerator()
    let token = StationToken(using: &random)
    if let refusal = try await enrol(key, token: token.digest, at: moment) { return .refused(refusal) }
    return .enrolled(EnrolledStation(key: key, enrolledAt: moment), token)
  }

  /// Index of the newest entry; -1 for an empty log.
  public func headIndex() async throws -> Int64 { try await head().headIndex }

  /// The entry at an index.
  public func entry(at index: Int64) async throws -> LogEntry? {
    try await entries(after: index - 1, limit: 1, bytes: 0).first { $0.index == index }
  }
}
