import Custody
import CustodyLedger
import TamperEvidence

/// A station as the centre sees it: signs events by hand, each after the one before it, and keeps its own idea of its
/// assets. A value, so that a copy is a clone of the station.
public struct ChainWriter: Sendable {
  /// One entry with what it says.
  public struct Written: Sendable {
    public let event: CustodyEvent
    public let entry: UnverifiedEntry
  }

  public private(set) var key: SigningKey
  public let site: SiteCode
  public let station: StationCode
  public private(set) var assets: [AssetID: Asset] = [:]
  public private(set) var epoch = 1
  public private(set) var seq = 0
  /// What the next events say of the centre's log.
  public var seenCheckpoint: SeenCheckpoint?
  /// What the next events carry.
  public var evidence: [EvidenceReference] = []
  public var commitments: [String: String] = [:]
  public private(set) var prevHash = EntryHash.zero
  private let number: UInt8
  private var counter: UInt64 = 0

  /// Station `number`, with a key of its own; or another author, such as a centre, under its own name.
  public init(_ number: UInt8, site: String = "HQ", station: String? = nil) throws {
    guard let site = SiteCode(site), let station = StationCode(station ?? "S\(number)") else { throw Malformed() }
    self.site = site
    self.station = station
    self.number = number
    key = try SigningKey(name: "\(site)/\(station)", seed: [UInt8](repeating: number, count: 32))
  }

  public struct Malformed: Error {}

  /// The moment of the next event: a second after the one before it.
  private var moment: Instant { Instant(milliseconds: 1_795_000_000_000 + Int64(counter) * 1000) }

  /// An asset id that no other call gives.
  public mutating func newAssetID() -> AssetID {
    counter += 1
    return AssetID(at: moment, random: (UInt64(number), counter))
  }

  /// Registers an asset in stock under a tag.
  public mutating func register(_ tag: String) throws -> Written {
    try register(newAssetID(), tag)
  }

  /// Registers an asset with a tag and its maker's serial number.
  public mutating func register(_ tag: String, serial: String) throws -> Written {
    try register(newAssetID(), marks: [BoundIdentifier(.tag, tag), BoundIdentifier(.serial, serial)])
  }

  /// Registers an asset of a given id.
  public mutating func register(_ asset: AssetID, _ tag: String) throws -> Written {
    try register(asset, marks: [BoundIdentifier(.tag, tag)])
  }

  private mutating func register(_ asset: AssetID, marks: [BoundIdentifier]) throws -> Written {
    var facts = AssetFacts()
    facts.manufacturer = "Lenovo"
    facts.model = "ThinkPad T14 Gen 5"
    let details = RegisterDetails(
      facts: facts, identifiers: marks, state: .inStock,
      source: .declared(reason: "stock before go-live"))
    return try write(.register(details), asset, to: Standing(state: .inStock))
  }

  /// Hands an asset out to a team.
  public mutating func deploy(_ asset: AssetID, to team: String = "Finance") throws -> Written {
    try write(
      .deploy(DeployDetails(recipient: .team(team))), asset, to: Standing(state: .deployed, custodian: .team(team)))
  }

  /// Takes an asset back.
  public mutating func takeBack(_ asset: AssetID) throws -> Written {
    try write(.return(ReturnDetails(condition: "B")), asset, to: Standing(state: .quarantined))
  }

  /// Retires an asset.
  public mutating func retire(_ asset: AssetID) throws -> Written {
    try write(.retire(RetireDetails(reason: "broken hinge", approver: approver)), asset, to: Standing(state: .retired))
  }

  /// Who approves retirements: some person, the same in every test.
  private var approver: PersonID { PersonID(high: 7 << 16 | 0x7000, low: 1 << 63) }

  /// Details to be changed by a test, where only the event's form matters.
  public var someDetails: EventDetails { .retire(RetireDetails(reason: "-", approver: approver)) }

  /// Signs an event of this station at the end of its chain.
  public mutating func write(_ details: EventDetails, _ asset: AssetID, to standing: Standing?) throws -> Written {
    let before = assets[asset]
    let written = try seal(draft(details, asset, from: before, to: standing))
    assets[asset] = try apply(written.event, to: before) { [] }
    return written
  }

  /// Signs bytes that stand at the end of the chain, with a change to the event's fields: a type that nobody knows, or
  /// another station's name.
  public mutating func write(
    _ details: EventDetails, _ asset: AssetID, to standing: Standing?,
    changing: (inout CanonicalJSON.Object) -> Void
  ) throws -> UnverifiedEntry {
    let event = nextEvent(draft(details, asset, from: assets[asset], to: standing))
    guard case .object(var object) = try CanonicalJSON(bytes: try CanonicalEncoder().encode(event)) else {
      throw Malformed()
    }
    changing(&object)
    return try append(try CanonicalJSON.object(object).bytes())
  }

  /// Learns what another station did.
  public mutating func learn(_ written: Written) throws {
    assets[written.event.asset] = try apply(written.event, to: assets[written.event.asset]) { [] }
  }

  /// Writes a statement at the end of the chain.
  public mutating func state(_ details: StationStatement.Details) throws -> UnverifiedEntry {
    counter += 1
    let statement = StationStatement(
      eventID: EventID(at: moment, random: (UInt64(number), counter)), site: site, station: station,
      place: ChainPlace(epoch: epoch, seq: seq + 1), prevHash: prevHash,
      hlc: HybridTime(milliseconds: moment.milliseconds, counter: 0), wallClock: moment, keyID: key.keyID,
      details: details)
    return try append(try CanonicalEncoder().encode(statement))
  }

  /// Hands over to a new key, of the same name.
  public mutating func rotate(to seed: UInt8) throws -> UnverifiedEntry {
    let next = try SigningKey(name: key.name, seed: [UInt8](repeating: seed, count: 32))
    let entry = try state(.rotate(KeyRotation(key: next.verifierKey, reason: "yearly")))
    key = next
    return entry
  }

  /// Begins the next epoch after the entry before; with a new key where `seed` gives one, as a restored station has.
  public mutating func openEpoch(seed: UInt8? = nil) throws -> UnverifiedEntry {
    let opening = EpochOpening(previousEpoch: epoch, lastSeq: seq, lastHash: prevHash, reason: "restored from a backup")
    if let seed { key = try SigningKey(name: key.name, seed: [UInt8](repeating: seed, count: 32)) }
    epoch += 1
    seq = 0
    return try state(.openEpoch(opening))
  }

  private func draft(_ details: EventDetails, _ asset: AssetID, from: Asset?, to: Standing?) -> EventDraft {
    EventDraft(
      Intent(asset: asset, details: details, actor: nil, evidence: evidence, commitments: commitments), asset: asset,
      details: details, from: from?.standing, to: to,
      prior: from.map { Prior(head: $0.head, version: $0.version) })
  }

  private mutating func nextEvent(_ draft: EventDraft) -> CustodyEvent {
    counter += 1
    return CustodyEvent(
      eventID: EventID(at: moment, random: (UInt64(number), counter)), site: site, station: station, epoch: epoch,
      seq: seq + 1, prevHash: prevHash.description, hlc: HybridTime(milliseconds: moment.milliseconds, counter: 0),
      wallClock: moment, tzOffsetMinutes: 60, clockTrust: .synchronised, keyID: key.keyID,
      seenCheckpoint: seenCheckpoint, draft: draft)
  }

  private mutating func seal(_ draft: EventDraft) throws -> Written {
    let event = nextEvent(draft)
    return Written(event: event, entry: try append(try CanonicalEncoder().encode(event)))
  }

  private mutating func append(_ eventBytes: [UInt8]) throws -> UnverifiedEntry {
    let entry = try VerifiedEntry.seal(eventBytes: eventBytes, with: key).entry
    seq += 1
    prevHash = entry.hash
    return try UnverifiedEntry(bytes: entry.bytes)
  }
}

extension UnverifiedEntry {
  /// A copy with one bit of one byte turned over.
  public func flipping(byte: Int) throws -> UnverifiedEntry {
    var bytes = entry.bytes
    bytes[byte] ^= 1
    return try UnverifiedEntry(bytes: bytes)
  }
}
