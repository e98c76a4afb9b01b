import Custody
import TamperEvidence

/// An entry that is not about an asset: who may sign for a station, where a new epoch begins, that a person's data were
/// erased, what a stock count or a session at the desk came to, who sealed or closed a disposal order.
///
/// It is signed, chained and stored as an event is, in the same envelope and under the same payload type, so that a
/// program that does not know it still verifies the chain and keeps the entry as `unsupported`. Enrolments and revocations
/// stand in the centre's own chain and are signed by the centre's key; rotations and openings stand in the chain of the
/// station they are about; either writes erasures; stations close counts and sessions, and state what is done
/// with disposal orders.
public struct StationStatement: Hashable, Sendable {
  /// What is stated. The raw value is the entry's `type` on the wire; none is a verb of custody.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case enrol, rotate, revoke, openEpoch, erase, closeCount, closeSession, disposalOrder
  }

  /// What is stated, with what belongs to it.
  public enum Details: Hashable, Sendable {
    case enrol(KeyEnrolment)
    case rotate(KeyRotation)
    case revoke(KeyRevocation)
    case openEpoch(EpochOpening)
    case erase(ErasureRecord)
    case closeCount(CountClosing)
    case closeSession(SessionClosing)
    case disposalOrder(DisposalStatement)

    /// What kind of statement this is.
    public var kind: Kind {
      switch self {
      case .enrol: .enrol
      case .rotate: .rotate
      case .revoke: .revoke
      case .openEpoch: .openEpoch
      case .erase: .erase
      case .closeCount: .closeCount
      case .closeSession: .closeSession
      case .disposalOrder: .disposalOrder
      }
    }
  }

  /// Version of the envelope: 1.
  public static let version = CustodyEvent.version

  /// Names the statement, as an event is named.
  public var eventID: EventID
  /// The site of the author: of the station, or of the centre.
  public var site: SiteCode
  /// The author: a station, or the centre.
  public var station: StationCode
  /// Where the statement stands in the author's chain.
  public var place: ChainPlace
  /// The hash of the entry before.
  public var prevHash: EntryHash
  /// Hybrid logical clock.
  public var hlc: HybridTime
  /// When it was written, by the author's clock. Nothing is judged by it.
  public var wallClock: Instant
  /// The id of the key that signs.
  public var keyID: String
  /// Who asked for it; nil where a rule did.
  public var `operator`: PersonID?
  /// How surely the operator was recognised.
  public var authStrength: AuthStrength
  /// What is stated.
  public var details: Details

  /// A statement from its parts.
  public init(
    eventID: EventID, site: SiteCode, station: StationCode, place: ChainPlace, prevHash: EntryHash, hlc: HybridTime,
    wallClock: Instant, keyID: String, operator: PersonID? = nil, authStrength: AuthStrength = .system, details: Details
  ) {
    self.eventID = eventID
    self.site = site
    self.station = station
    self.place = place
    self.prevHash = prevHash
    self.hlc = hlc
    self.wallClock = wallClock
    self.keyID = keyID
    self.operator = `operator`
    self.authStrength = authStrength
    self.details = details
  }

  /// The author's chain, `site/station`, as the author's verifier key is named.
  public var author: String { "\(site)/\(station)" }
}

/// A key is let in for a station, from an epoch on.
public struct KeyEnrolment: Hashable, Sendable, Codable {
  /// The station's verifier key; its name is the station's, `site/station`.
  public var key: VerifierKey
  /// The first epoch whose entries it signs.
  public var epoch: Int

  /// An enrolment.
  public init(key: VerifierKey, epoch: Int) {
    self.key = key
    self.epoch = epoch
  }

  /// The station, `site/station`.
  public var subject: String { key.name }
}

/// A station hands over to a new key: the old one signs this entry, the new one those that follow it.
public struct KeyRotation: Hashable, Sendable, Codable {
  /// The new verifier key, under the same name.
  public var key: VerifierKey
  /// Why.
  public var reason: String

  /// A rotation.
  public init(key: VerifierKey, reason: String) {
    self.key = key
    self.reason = reason
  }
}

/// A station's key is trusted no further than an entry. What comes after it is kept, and counts for nothing.
public struct KeyRevocation: Hashable, Sendable, Codable {
  /// The station, `site/station`.
  public var subject: String
  /// The epoch of the last good entry.
  public var epoch: Int
  /// The `seq` of the last good entry; 0 when the epoch has none.
  public var lastGoodSeq: Int
  /// Why.
  public var reason: String

  /// A revocation.
  public init(subject: String, epoch: Int, lastGoodSeq: Int, reason: String) {
    self.subject = subject
    self.epoch = epoch
    self.lastGoodSeq = lastGoodSeq
    self.reason = reason
  }

  /// The last entry that counts.
  public var lastGood: ChainPlace { ChainPlace(epoch: epoch, seq: lastGoodSeq) }
}

/// The first entry of every epoch after a station's first: it names the entry that the new chain follows, which is also its
/// `prevHash`. Entries of the old epoch beyond that one do not count.
public struct EpochOpening: Hashable, Sendable, Codable {
  /// The epoch that is closed.
  public var previousEpoch: Int
  /// The `seq` of the last entry that counts in it; 0 when none does.
  public var lastSeq: Int
  /// That entry's hash; zeros when none counts.
  public var lastHash: EntryHash
  /// Why: a restored backup, a new data folder, an entry that cannot be verified.
  public var reason: String

  /// An opening.
  public init(previousEpoch: Int, lastSeq: Int, lastHash: EntryHash, reason: String) {
    self.previousEpoch = previousEpoch
    self.lastSeq = lastSeq
    self.lastHash = lastHash
    self.reason = reason
  }
}

/// A person's values and salts were deleted. The commitments to them stay in the entries, and say nothing any more.
public struct ErasureRecord: Hashable, Sendable, Codable {
  /// Whose data: the opaque reference.
  public var person: PersonID
  /// Why, or on what ground.
  public var reason: String

  /// An erasure.
  public init(person: PersonID, reason: String) {
    self.person = person
    self.reason = reason
  }
}

/// A stock count was closed: what was counted, what came of it, and the file that holds every observation. It moves nothing.
public struct CountClosing: Hashable, Sendable, Codable {
  /// The count.
  public var count: CountID
  /// The count that it repeats; nil for one that repeats none.
  public var recountOf: CountID?
  /// What was counted.
  public var scope: CountScope
  /// Whether the counters were not shown what was expected.
  public var blind: Bool
  /// When it was opened: what was expected is what was recorded then.
  public var openedAt: Instant
  /// SHA-256 of the observation file, 64 lowercase hexadecimal digits.
  public var file: String
  /// How many observations the file holds.
  public var observations: Int
  /// How many lines came to what.
  public var tally: CountTally
  /// How many lines of consumables came to what; nil for a count that has none.
  public var consumables: ConsumableTally?
  /// How many observations counters had said that they still held, or might hold, when it was closed all the same; nil when
  /// every counter had said that it held none.
  public var outstanding: Int?

  /// A closing.
  public init(
    count: CountID, recountOf: CountID? = nil, scope: CountScope, blind: Bool, openedAt: Instant, file: String,
    observations: Int, tally: CountTally, consumables: ConsumableTally? = nil, outstanding: Int? = nil
  ) {
    self.count = count
    self.recountOf = recountOf
    self.scope = scope
    self.blind = blind
    self.openedAt = openedAt
    self.file = file
    self.observations = observations
    self.tally = tally
    self.consumables = consumables
    self.outstanding = outstanding
  }
}
