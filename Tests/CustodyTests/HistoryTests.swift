import Custody
import Testing

@Suite struct HistoryTests {
  static let boss = Fixture.actor(Fixture.ann, [.manager])

  /// Whatever was decided fits, applies, and folds to the same asset from the start; and a fold knows nothing of what was
  /// taken back but its place in the count.
  @Test func applyingOneByOneIsFolding() throws {
    var verbs: Set<Verb> = []
    for seed: UInt64 in 1...120 { verbs.formUnion(try walk(seed)) }
    // The dice met every verb; one station's history leaves nothing to settle.
    #expect(verbs == Set(Verb.allCases).subtracting([.settle]))
  }

  /// One random history; the verbs that were recorded in it.
  private func walk(_ seed: UInt64) throws -> Set<Verb> {
    var dice = Dice(state: seed)
    var chain = Chain()
    var verbs: Set<Verb> = []
    for _ in 0..<80 {
      let id = Bool.random(using: &dice) ? Fixture.laptop : Fixture.other
      let parent = id == Fixture.laptop ? Fixture.other : Fixture.laptop
      let details = try random(id, parent, chain, &dice)
      let intent = Intent(
        asset: id, details: details, actor: Self.boss, witness: Fixture.validator, approver: Fixture.manager,
        session: Fixture.session)
      // `record` expects that every draft fits.
      for draft in decide(intent, in: chain.circumstances(id, parent: parent)).drafts {
        verbs.insert(try chain.record(draft).verb)
      }
      for (asset, events) in chain.events {
        #expect(try fold(events) == chain.assets[asset], "seed \(seed)")
        try expectPlainFold(events, gives: chain.assets[asset])
      }
    }
    // From all events at once, in no order, comes the same.
    for (id, events) in chain.events {
      let projection = MemoryProjection()
      projection.state.events = Dictionary(uniqueKeysWithValues: events.map { ($0.eventID, $0) })
      try projection.refold(id)
      var asset = try projection.asset(id)
      // An asset that a correction left nothing of begins anew with the next event: its row is divided.
      let restarts = events.count { $0.prior == nil } > 1
      if restarts {
        asset?.isDivided = nil
        asset?.version = chain.assets[id]?.version ?? 0
      }
      #expect(asset == chain.assets[id], "seed \(seed)")
    }
    return verbs
  }

  /// Folding just the events that were not taken back, without any correction, gives the same but for the count.
  private func expectPlainFold(_ events: [CustodyEvent], gives asset: Asset?) throws {
    // An asset that a correction left nothing of begins anew with the next event.
    var takenBack: Set<EventID> = []
    for event in events { if let corrected = event.corrects { takenBack.insert(corrected) } }
    let plain = events.filter { $0.verb != .correct && !takenBack.contains($0.eventID) }
    var expected = try fold(plain)
    #expect((expected == nil) == (asset == nil))
    guard let asset, let last = events.last else { return }
    expected?.head = last.eventID
    expected?.version = asset.version
    expected?.changedAt = last.wallClock
    expected?.lastVerb = last.verb
    expected?.lastOperator = last.operator
    #expect(expected == asset)
    #expect(asset.head == last.eventID)
  }

  private func random(_ id: AssetID, _ parent: AssetID, _ chain: Chain, _ dice: inout Dice) throws -> EventDetails {
    let rooms = try ["HQ-1", "HQ-2", "LAB/3"].map(Fixture.place)
    let room = try #require(rooms.randomElement(using: &dice))
    let marks = (0..<4).map { BoundIdentifier(.tag, "AT-0000\($0)-\(id.low & 1)") } + [Fixture.serial]
    let mark = try #require(marks.randomElement(using: &dice))
    let drives = ["D1", "D2", "5CG1234XYZ"].map { Medium(serial: $0) }
    let drive = try #require(drives.randomElement(using: &dice))
    var facts = Fixture.laptopFacts(
      media: Array(drives.shuffled(using: &dice).prefix(Int.random(in: 0...2, using: &dice))))
    facts.category = ["laptop", "drive", "dock"].randomElement(using: &dice)
    switch try #require(Verb.allCases.randomElement(using: &dice)) {
    case .expect: return .expect(ExpectDetails(facts: facts, identifiers: [mark], location: room))
    case .register:
      return .register(
        RegisterDetails(facts: facts, identifiers: [mark], state: .inStock, source: .declared(reason: "was here")))
    case .amend: return .amend(AmendDetails(set: facts, reason: "seen"))
    case .bind: return .bind(BindDetails(identifier: mark))
    case .unbind: return .unbind(BindDetails(identifier: mark, reason: "torn"))
    case .attach: return .attach(AttachDetails(parent: parent))
    case .detach: return .detach(AttachDetails(parent: parent))
    case .receive: return .receive(ReceiveDetails(location: room, facts: facts, identifiers: [mark]))
    case .deploy:
      return .deploy(
        DeployDetails(
          recipient: .person(Fixture.bob), location: room, acknowledgement: Fixture.word(Fixture.bob),
          expectedReturn: CalendarDate("2027-01-31")))
    case .transfer: return .transfer(TransferDetails(location: room))
    case .return: return .return(ReturnDetails(condition: "B", location: room))
    case .triage:
      var details = TriageDetails(
        outcome: [.inStock, .inRepair, .retired].randomElement(using: &dice) ?? .inStock, grade: "A")
      details.vendor = "Fixit"
      details.approver = Fixture.bob
      return .triage(details)
    case .repairOut: return .repairOut(RepairOutDetails(vendor: "Fixit", mediaPresent: false))
    case .repairIn: return .repairIn(RepairInDetails(outcome: "ok", mediaRemoved: ["D1"], mediaAdded: [drive]))
    case .ship:
      let order = chain.assets[id]?.state == .retired ? "DO-1" : nil
      return .ship(ShipDetails(carrier: "DHL", toLocation: room, order: order))
    case .arrive: return .arrive(ArriveDetails(location: room))
    case .retire: return .retire(RetireDetails(reason: "old", approver: Fixture.bob))
    case .sanitize:
      let record = Fixture.record(drive, result: Int.random(in: 0..<4, using: &dice) == 0 ? .failed : .passed)
      return .sanitize(SanitizeDetails(record: record))
    case .dispose: return .dispose(DisposeDetails(order: "DO-1", route: .recycle))
    case .declareMissing: return .declareMissing(MissingDetails(reason: "not there"))
    case .found: return .found(FoundDetails(location: room))
    case .label:
      let mark = chain.assets[id]?.identifiers.randomElement(using: &dice) ?? mark
      let again = Bool.random(using: &dice)
      return .label(
        LabelDetails(
          mark: mark, purpose: again ? .reprint : .first, reason: again ? "torn" : nil, template: "asset-tag",
          printer: "desk"))
    case .proveLabel: return .proveLabel(ProveLabelDetails(mark: chain.assets[id]?.label?.mark ?? mark))
    case .settle:
      return .settle(SettleDetails(kind: .contested, claims: [], reason: "asked"))
    case .correct:
      let event = chain.events[id]?.randomElement(using: &dice)?.eventID ?? Fixture.id(1)
      return .correct(CorrectDetails(event: event, reason: "wrong", approver: Fixture.bob))
    }
  }
}
