import Custody

/// Events of every verb, each with all that its details can hold, about a handful of assets. They need not be what `decide`
/// would let through: whoever reads a ledger must cope with any well-formed event.
public struct SampleLife: Sendable {
  public private(set) var events: [CustodyEvent] = []
  private var heads: [AssetID: (event: EventID, version: Int, standing: Standing?)] = [:]
  private let site: SiteCode
  private let station: StationCode
  private var counter: UInt64 = 0

  /// No event yet.
  public init(site: String = "HQ", station: String = "DESK-1") throws {
    guard let site = SiteCode(site), let station = StationCode(station) else { throw ChainWriter.Malformed() }
    self.site = site
    self.station = station
  }

  /// The first person, and those after.
  public static func person(_ number: UInt64) -> PersonID { PersonID(high: 7 << 16 | 0x7000, low: 1 << 63 | number) }

  /// An asset id that no other call gives.
  public mutating func newAsset() -> AssetID {
    counter += 1
    return AssetID(at: moment, random: (1, counter))
  }

  private var moment: Instant { Instant(milliseconds: 1_795_000_000_123 + Int64(counter) * 60_000) }

  /// Records what happened to an asset, after its newest event.
  @discardableResult
  public mutating func add(
    _ details: EventDetails, _ asset: AssetID, to standing: Standing?, after prior: EventID? = nil,
    by person: UInt64? = 1, witness: UInt64? = nil, settles: [EventID]? = nil
  ) -> EventID {
    counter += 1
    let head = heads[asset]
    let actor = person.map { Actor(person: Self.person($0), roles: [.technician], authStrength: .badgePIN) }
    let second = witness.map { Actor(person: Self.person($0), roles: [.validator], authStrength: .badgePIN) }
    var corrects: EventID?
    if case .correct(let correction) = details { corrects = correction.event }
    let draft = EventDraft(
      Intent(asset: asset, details: details, actor: actor, witness: second), asset: asset, details: details,
      from: head?.standing, to: standing,
      prior: (prior ?? head?.event).map { Prior(head: $0, version: head?.version ?? 1) }, corrects: corrects,
      settles: settles)
    let event = CustodyEvent(
      eventID: EventID(at: moment, random: (2, counter)), site: site, station: station, epoch: 1, seq: events.count + 1,
      prevHash: String(repeating: "0", count: 64), hlc: HybridTime(milliseconds: moment.milliseconds, counter: 0),
      wallClock: moment, tzOffsetMinutes: 60, clockTrust: .synchronised, keyID: "00000000", draft: draft)
    events.append(event)
    heads[asset] = (event.eventID, (head?.version ?? 0) + 1, standing)
    return event.eventID
  }

  /// A laptop from its order to the recycler, a drive that is shredded, others that are sold, given away and given back:
  /// every verb and every route.
  public static func whole() throws -> SampleLife {
    var life = try SampleLife()
    guard let shelf = LocationCode("STORE/A1"), let desk = LocationCode("FLOOR-2") else {
      throw ChainWriter.Malformed()
    }
    func standing(_ state: LifecycleState, _ custodian: Custodian? = nil, _ place: LocationCode? = nil) -> Standing {
      Standing(state: state, custodian: custodian, location: place)
    }
    let laptop = life.newAsset()
    let drive = life.newAsset()
    var facts = AssetFacts()
    (facts.manufacturer, facts.model) = ("Lenovo", "ThinkPad T14 \"5\"")
    facts.orderLine = OrderLineReference(order: "PO 4711/ü", line: 1)
    let serial = BoundIdentifier(.serial, "00123")
    let shelved = standing(.inStock, nil, shelf)
    life.add(.expect(ExpectDetails(facts: facts, identifiers: [serial])), laptop, to: standing(.expected), by: nil)
    life.add(
      .receive(ReceiveDetails(location: shelf, facts: facts, identifiers: [serial], condition: "A")), laptop,
      to: shelved)
    let bound = life.add(.bind(BindDetails(identifier: .init(.tag, "AT-00042"))), laptop, to: shelved)
    life.add(.bind(BindDetails(identifier: .init(.giai, "(8004)0614141A/42"))), laptop, to: shelved)
    life.add(
      .bind(BindDetails(identifier: .init(.epc, "urn:epc:tag:giai-96:3.0614141.5678"))), laptop, to: shelved)
    let tag = BoundIdentifier(.tag, "AT-00042")
    life.add(
      .label(LabelDetails(mark: tag, template: "asset-50x25", printer: "zebra")), laptop, to: shelved)
    life.add(.proveLabel(ProveLabelDetails(mark: tag)), laptop, to: shelved)
    var register = RegisterDetails(
      facts: facts, identifiers: [.init(.serial, "S4-NVME")], state: .inStock,
      source: .declared(reason: "there before"))
    register.location = shelf
    life.add(.register(register), drive, to: shelved)
    life.add(.attach(AttachDetails(parent: laptop, slot: "bay 1")), drive, to: standing(.inStock))
    life.add(.amend(AmendDetails(set: facts, reason: "typing error")), laptop, to: shelved)
    let deployed = standing(.deployed, .person(person(5)), desk)
    life.add(.deploy(DeployDetails(recipient: .person(person(5)), location: desk)), laptop, to: deployed)
    let team = standing(.deployed, .team("Finance & Control"), desk)
    life.add(.transfer(TransferDetails(custodian: .team("Finance & Control"))), laptop, to: team)
    life.add(
      .transfer(TransferDetails(location: shelf)), laptop, to: standing(.deployed, .team("Finance & Control"), shelf))
    life.add(.declareMissing(MissingDetails(reason: "not at the desk")), laptop, to: standing(.missing))
    life.add(.found(FoundDetails(location: shelf)), laptop, to: standing(.quarantined, nil, shelf))
    life.add(.deploy(DeployDetails(recipient: .place(desk))), laptop, to: standing(.deployed, .place(desk), desk))
    life.add(
      .return(ReturnDetails(from: .place(desk), location: shelf)), laptop, to: standing(.quarantined, nil, shelf))
    life.add(
      .repairOut(RepairOutDetails(vendor: "Fix-It Ltd.", mediaPresent: false, rma: "RMA 7")), laptop,
      to: standing(.inRepair))
    life.add(.repairIn(RepairInDetails(outcome: "new hinge")), laptop, to: standing(.quarantined, nil, shelf))
    life.add(.triage(TriageDetails(outcome: .retired, grade: "D")), laptop, to: standing(.retired, nil, shelf))
    life.add(
      .ship(ShipDetails(carrier: "Carrier", toLocation: desk, order: "D 1")), laptop, to: standing(.inTransit))
    var arrival = ArriveDetails(location: desk)
    arrival.sealIntact = true
    life.add(.arrive(arrival), laptop, to: standing(.retired, nil, desk))
    life.add(.detach(AttachDetails(parent: laptop, reason: "to be shredded")), drive, to: shelved)
    life.add(.retire(RetireDetails(reason: "worn", approver: person(3))), drive, to: standing(.retired, nil, shelf))
    var record = SanitizationRecord(
      medium: Medium(serial: "S4-NVME"), requested: .purge, achieved: .purge, technique: "NVMe Sanitize", tool: "nwipe",
      result: .passed, endedAt: Instant(milliseconds: 1_795_000_000_000), performedBy: person(1))
    life.add(.sanitize(SanitizeDetails(record: record)), drive, to: standing(.retired, nil, shelf), witness: 2)
    record.reportDigest = String(repeating: "ab", count: 32)
    life.add(.sanitize(SanitizeDetails(record: record)), drive, to: standing(.retired, nil, shelf), witness: 2)
    life.add(
      .dispose(DisposeDetails(order: "D 1", route: .destroy, vendor: "Shredder", certificate: "C-9")), drive,
      to: standing(.disposed), witness: 2)
    life.add(.correct(CorrectDetails(event: bound, reason: "wrong tag")), laptop, to: standing(.retired, nil, desk))
    life.add(
      .unbind(BindDetails(identifier: .init(.giai, "(8004)0614141A/42"), reason: "damaged")), laptop,
      to: standing(.retired, nil, desk))
    let handedOver = life.add(
      .dispose(DisposeDetails(order: "D 1", route: .recycle, vendor: "Recycler")), laptop, to: standing(.disposed),
      witness: 2)
    life.add(
      .settle(
        SettleDetails(kind: .contestedDisposal, claims: [handedOver], holds: handedOver, reason: "it is gone")), laptop,
      to: standing(.disposed), witness: 2, settles: [handedOver])
    for route in [DisposeDetails.Route.resale, .donate, .returnToLessor] {
      let other = life.newAsset()
      let grai = BoundIdentifier(.grai, "(8003)00614141123452" + "\(route == .resale ? 1 : route == .donate ? 2 : 3)")
      life.add(
        .register(
          RegisterDetails(facts: facts, identifiers: [grai], state: .retired, source: .declared(reason: "-"))), other,
        to: standing(.retired))
      life.add(.dispose(DisposeDetails(order: "D 2", route: route)), other, to: standing(.disposed), witness: 2)
    }
    return life
  }
}
