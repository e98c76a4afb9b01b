import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

/// What the centre needs stored: a log of every well signed entry, what it makes of them, and who may push.
///
/// Each backend speaks its own SQL; what happens to an entry is decided once, by ``AdmissionLedger/admit(_:from:at:)``.
/// Whatever a writing call gives back is durable. Every backend passes the conformance suite of CentralStoreTests.
/// Every call throws ``CentralFault`` for what is broken.
public protocol CentralStore: CentralFeeds, CentralPeople {
  /// Takes one push in one transaction: one result for each entry, in their order.
  ///
  /// - Parameter moment: when the centre received it.
  func admit(
    _ entries: [UnverifiedEntry], from station: EnrolledStation, at moment: Instant
  ) async throws -> [PushResult]

  /// Takes one push with its one-time ratchet, in one transaction: see ``AdmissionLedger/push(_:ratchet:from:by:at:)``.
  func push(_ push: StationPush, from station: EnrolledStation, at moment: Instant) async throws -> PushOutcome

  /// Logs entries of a log that was lost again, the first at `index`, which must be the next one; all or none. See
  /// ``AdmissionLedger/replay(_:at:)``.
  func replay(_ entries: [UnverifiedEntry], from index: Int64) async throws

  /// Keeps a one-time code for a station, enrolled or not, in the place of one that was there. See
  /// ``CentralStore/issueCode(for:pin:at:)``.
  func issue(_ code: TokenDigest, forStation name: String, until: Instant) async throws -> Refusal?

  /// Lets in the holder of two keys by a code, whose digest is `code`.
  func enrol(
    _ key: VerifierKey, requestKey: VerifierKey, code: TokenDigest, at moment: Instant
  ) async throws -> CodeEnrolment

  /// Trusts a station no further than an entry: states it in the log; what came after is quarantined, and what comes.
  /// Without a place, no further than what is held of it now.
  func revoke(_ station: String, after lastGood: ChainPlace?, reason: String, at moment: Instant) async throws
    -> Refusal?

  /// Remembers the id of a signed request until it is over; false when it was here before.
  func remember(request id: String, until: Instant, at moment: Instant) async throws -> Bool

  /// The station under a name, `site/station`.
  func station(named name: String) async throws -> EnrolledStation?

  /// What the log states of the keys of a station, or of all of them, in order of the log.
  func keyStatements(about station: String?) async throws -> [UnverifiedEntry]

  /// The hash of the entry that holds a place of a station's chain.
  func hash(of station: String, at place: ChainPlace) async throws -> EntryHash?

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

  /// The end of a station's chain: of its entries that count, the one with the highest epoch and sequence; nil when none is
  /// held.
  func chain(of station: EnrolledStation) async throws -> HeldChain?

  /// Who signs the log's tree heads and the centre's own statements. Its name is the log's origin.
  var author: LogAuthor { get }

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

  /// What the log has an entry down as: the asset that it is about and its event's id, where they could be read when it came.
  func subject(ofEntryAt index: Int64) async throws -> (asset: AssetID?, event: EventID?)

  /// Folds some assets anew, those after an id, and takes it back: which of them stand otherwise than their events say.
  func foldedOtherwise(after id: AssetID?, limit: Int) async throws -> FoldedPortion

  /// Finishes what is under way, refuses what comes later, lets go of the database.
  func close() async throws
}

extension CentralStore {
  /// What the log's tree heads and the centre's own statements are verified by.
  public var logKey: VerifierKey { author.key.verifierKey }

  /// None: one process owns the database.
  public func heads() -> AsyncStream<Int64>? { nil }

  /// Enrols the holder of a key, with a new token that only this answer shows.
  public func enrol(_ key: VerifierKey, at moment: Instant) async throws -> Enrolment {
    var random = SystemRandomNumberGenerator()
    let token = StationToken(using: &random)
    if let refusal = try await enrol(key, token: token.digest, at: moment) { return .refused(refusal) }
    return .enrolled(EnrolledStation(key: key, enrolledAt: moment), token)
  }

  /// Makes a one-time code for a station, that only this answer shows: good for ``EnrolmentCode/lifetime``.
  public func issueCode(
    for name: String, pin: EnrolmentCode.Pin? = nil, at moment: Instant
  ) async throws -> (code: EnrolmentCode, until: Instant, refusal: Refusal?) {
    var random = SystemRandomNumberGenerator()
    let code = EnrolmentCode(random: StationToken(using: &random).digest.bytes, pin: pin)
    let until = Instant(milliseconds: moment.milliseconds + EnrolmentCode.lifetime)
    return (code, until, try await issue(TokenDigest(of: code.presented), forStation: name, until: until))
  }

  /// The keys of a station as the log states them.
  public func keys(of station: EnrolledStation) async throws -> StationKeys {
    StationKeys(of: station, authority: logKey, statements: try await keyStatements(about: station.name))
  }

  /// Every key that signs or signed for a station, for stations of programs that do not read the log's statements.
  public func keys() async throws -> [VerifierKey] {
    try await keyStatements(about: nil).compactMap { entry in
      guard case .statement(let statement) = EntryContent(eventBytes: entry.entry.event) else { return nil }
      switch statement.details {
      case .enrol(let enrolment): return enrolment.key
      case .rotate(let rotation): return rotation.key
      case .revoke, .openEpoch, .erase, .closeCount, .closeSession, .disposalOrder: return nil
      }
    }
  }

  /// How a station whose chain ends at `head` stands to what is held of it.
  public func standing(of station: EnrolledStation, at head: HeldChain?) async throws -> Hello.Standing {
    guard let held = try await chain(of: station) else { return .level }
    guard let head, head.seq > 0 else { return .ahead }
    let (here, there) = (ChainPlace(epoch: held.epoch, seq: held.seq), ChainPlace(epoch: head.epoch, seq: head.seq))
    if let hash = try await hash(of: station.name, at: there) {
      guard hash.description == head.hash else { return .forked }
      return there < here ? .ahead : .level
    }
    // Not here yet. Whether what is before it agrees shows when it comes; an older epoch is closed.
    return there.epoch < here.epoch ? .forked : .level
  }

  /// Whether what a station signs next would not count: its newest key is revoked.
  public func isRevoked(_ station: EnrolledStation) async throws -> Bool {
    let keys = try await keys(of: station)
    let held = try await chain(of: station)
    let newest = keys.newestEnrolment?.epoch ?? 1
    let next = max(
      ChainPlace(epoch: newest, seq: 1), ChainPlace(epoch: held?.epoch ?? 1, seq: (held?.seq ?? 0) + 1))
    if case .revoked = keys.history.judgement(of: station.name, at: next) { return true }
    return false
  }

  /// Index of the newest entry; -1 for an empty log.
  public func headIndex() async throws -> Int64 { try await head().headIndex }

  /// The entry at an index.
  public func entry(at index: Int64) async throws -> LogEntry? {
    try await entries(after: index - 1, limit: 1, bytes: 0).first { $0.index == index }
  }
}
