import Custody
import CustodyLedger
import Foundation
import StationStore
import SyncTestSupport
import TamperEvidence

/// What people do at stations, at random, through the way that every scan is recorded.
enum Acts {
  /// What was sealed, in order, and the asset that is new.
  struct Done: Sendable {
    var entries: [(seq: Int, hash: EntryHash)] = []
    var verbs: Set<Verb> = []
    var newAsset: AssetID?
  }

  private static let ann = person(1), bob = person(2), eve = person(3)

  private static func person(_ number: UInt64) -> Actor {
    Actor(
      person: PersonID(high: number << 16 | 0x7000, low: 1 << 63), roles: Set(Role.allCases),
      authStrength: .badgePINOffline)
  }

  /// Acts that are tried before one that is allowed is given up. A refusal is a value, and changes nothing.
  private static let tries = 5

  /// Does something with one of the assets, or with a new one.
  static func act(
    at station: StationIdentity, on assets: [AssetID], _ transaction: StoreTransaction, seed: UInt64
  ) throws -> Done {
    var dice = SplitMix(seed)
    var done = Done()
    // The newest epoch: a station that was restored goes on in another.
    let before = try transaction.chain(of: station, beyond: ChainPlace(epoch: 1, seq: 0), limit: .max).last?.place
    let isNew = assets.count < 3 || dice.chance(120)
    let id: AssetID = isNew ? transaction.newID() : dice.pick(assets)
    let asset = try transaction.asset(id)
    // Nothing is known here of what another station took in: at most it is received once more, under its maker's number.
    let subject: AssetID = asset == nil && !isNew ? transaction.newID() : id
    var recorded: [CustodyEvent] = []
    for _ in 0..<tries where recorded.isEmpty {
      let details =
        asset == nil
        ? try arrival(subject, isNew ? assets.count : assets.firstIndex(of: id) ?? 0, &dice)
        : try next(id, asset, assets, transaction, &dice)
      let intent = Intent(asset: subject, details: details, actor: ann, witness: eve, approver: bob)
      if case .recorded(let events, _) = try transaction.record(intent) { recorded = events }
    }
    guard !recorded.isEmpty else { return done }
    done.verbs = Set(recorded.map(\.verb))
    done.entries = try transaction.chain(
      of: station, beyond: before ?? ChainPlace(epoch: 1, seq: 0), limit: .max
    ).map { ($0.place.seq, EntryHash(of: $0.bytes)) }
    if asset == nil { done.newAsset = subject }
    return done
  }

  private static func place(_ dice: inout SplitMix) throws -> LocationCode {
    guard let place = LocationCode(dice.pick(["HQ-1", "HQ-2", "LAB/3"])) else { throw WorldFault("no such place") }
    return place
  }

  private static func arrival(_ id: AssetID, _ number: Int, _ dice: inout SplitMix) throws -> EventDetails {
    var facts = AssetFacts()
    facts.manufacturer = "Lenovo"
    facts.model = "ThinkPad T14 Gen 5"
    facts.category = dice.pick(["laptop", "dock"])
    var marks = [BoundIdentifier(.serial, "SN-\(number)")]
    if dice.chance(700) { marks.append(BoundIdentifier(.tag, "AT-\(id)")) }
    if dice.chance(300) {
      return .register(
        RegisterDetails(facts: facts, identifiers: marks, state: .inStock, source: .declared(reason: "was here")))
    }
    return .receive(ReceiveDetails(location: try place(&dice), facts: facts, identifiers: marks))
  }

  /// Acts as a desk knows them, each as often as its name stands here.
  private static let verbs: [Verb] = [
    .deploy, .deploy, .deploy, .deploy, .return, .return, .return, .triage, .triage, .transfer, .amend, .bind, .unbind,
    .ship, .arrive, .arrive, .repairOut, .repairIn, .retire, .sanitize, .sanitize, .dispose, .declareMissing, .found,
    .label, .proveLabel, .correct, .correct, .settle, .settle, .attach, .detach,
  ]

  private static func next(
    _ id: AssetID, _ asset: Asset?, _ assets: [AssetID], _ transaction: StoreTransaction, _ dice: inout SplitMix
  ) throws -> EventDetails {
    let room = try place(&dice)
    let mark = BoundIdentifier(.tag, "AT-\(id)-\(dice.pick(0...3))")
    let team = dice.pick(["Finance", "Legal", "Sales"])
    switch dice.pick(verbs) {
    case .deploy: return .deploy(DeployDetails(recipient: .team(team), location: room))
    case .return: return .return(ReturnDetails(condition: dice.pick(["A", "B", "C"]), location: room))
    case .triage:
      var details = TriageDetails(outcome: dice.pick([.inStock, .inRepair, .retired]), grade: "B")
      details.vendor = "Fixit"
      details.approver = bob.person
      return .triage(details)
    case .transfer: return .transfer(TransferDetails(custodian: .team(team), location: room))
    case .amend:
      var facts = AssetFacts()
      facts.custom = ["Rack": "A\(dice.pick(0...9))"]
      return .amend(AmendDetails(set: facts, reason: "seen"))
    case .bind: return .bind(BindDetails(identifier: mark))
    case .unbind: return .unbind(BindDetails(identifier: asset?.identifiers.last ?? mark, reason: "torn"))
    case .ship:
      return .ship(ShipDetails(carrier: "DHL", toLocation: room, order: asset?.state == .retired ? "DO-1" : nil))
    case .arrive: return .arrive(ArriveDetails(location: room))
    case .repairOut: return .repairOut(RepairOutDetails(vendor: "Fixit", mediaPresent: true))
    case .repairIn: return .repairIn(RepairInDetails(outcome: "ok"))
    case .retire: return .retire(RetireDetails(reason: "old", approver: bob.person))
    case .sanitize:
      var record = SanitizationRecord(
        medium: asset?.mediaList?.first ?? Medium(serial: "D-\(id)"), requested: .purge, achieved: .purge,
        technique: "NVMe Sanitize", tool: "nvme-cli", result: .passed, endedAt: transaction.now,
        performedBy: ann.person)
      record.verification = .passed
      record.verificationMethod = "full read"
      return .sanitize(SanitizeDetails(record: record))
    case .dispose: return .dispose(DisposeDetails(order: "DO-1", route: .recycle))
    case .declareMissing: return .declareMissing(MissingDetails(reason: "not there"))
    case .found: return .found(FoundDetails(location: room))
    case .label:
      return .label(
        LabelDetails(
          mark: asset?.identifiers.first ?? mark, purpose: .reprint, reason: "torn", template: "asset-tag",
          printer: "desk"))
    case .attach: return .attach(AttachDetails(parent: dice.pick(assets)))
    case .detach: return .detach(AttachDetails(parent: asset?.parent ?? id))
    case .correct:
      // By place, not by id: ids are random.
      let events = try transaction.history(of: id).sorted { ($0.chainName, $0.seq) < ($1.chainName, $1.seq) }
      guard !events.isEmpty else { return .proveLabel(ProveLabelDetails(mark: mark)) }
      return .correct(CorrectDetails(event: dice.pick(events).eventID, reason: "wrong", approver: bob.person))
    case .settle:
      let open = try transaction.discrepancies(about: .asset(id)).last { $0.settledBy == nil }
      guard let open else { return .proveLabel(ProveLabelDetails(mark: mark)) }
      let known = Set(open.discrepancy.claims)
      let events = try transaction.eventsOfAll(id).filter { known.contains($0.eventID) }
        .sorted { ($0.chainName, $0.seq) < ($1.chainName, $1.seq) }
      let identity = open.discrepancy.kind == .identityQuestion ? dice.pick(SettleDetails.Identity.allCases) : nil
      return .settle(
        SettleDetails(
          kind: open.discrepancy.kind, claims: open.discrepancy.toSettle,
          holds: identity == nil ? events.isEmpty ? nil : dice.pick(events).eventID : nil, identity: identity,
          reason: "asked"))
    default: return .proveLabel(ProveLabelDetails(mark: mark))
    }
  }
}
