import Custody
import StationStore
import Testing

/// SplitMix64, so that a history can be told by its seed.
private struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The projection is what the ledger says, whatever the ledger says.
struct RandomHistoryTests {
  private static let validator = Actor(
    person: PersonID(high: 3 << 16 | 0x7000, low: 1 << 63), roles: Set(Role.allCases), authStrength: .badgePINOffline)

  @Test func aRebuildAfterRandomHistoriesOfEveryVerbGivesTheSameRows() async throws {
    var verbs: Set<Verb> = []
    for seed: UInt64 in 1...3 {
      let clock = TestClock()
      try await Desk.run(clock: clock) { store in
        let recorded = try await store.write { try Self.walk(seed, 500, $0, clock) }
        verbs.formUnion(recorded)
        #expect(try await store.count(Self.notTallied) == 0, "seed \(seed)")
        let before = (try await store.rows(of: "asset"), try await store.rows(of: "identifier"))
        try await store.write { try $0.rebuildProjection() }
        let after = (try await store.rows(of: "asset"), try await store.rows(of: "identifier"))
        #expect(before == after, "seed \(seed)")
        #expect(try await store.count("SELECT sum(n) FROM asset_tally") == before.0.count)
        #expect(store.head.seq > 60, "seed \(seed)")
      }
    }
    // The dice met every verb, the last ones of a life included; one station alone has nothing to settle.
    #expect(verbs == Set(Verb.allCases).subtracting([.settle]))
  }

  /// What the database counts of models and states as it goes, against a count of the rows.
  private static let notTallied = """
    SELECT count(*) FROM (
      SELECT ifnull(manufacturer, ''), ifnull(model, ''), ifnull(category, ''), state, count(*) FROM asset GROUP BY 1, 2, 3, 4
      EXCEPT SELECT manufacturer, model, category, state, n FROM asset_tally)
    """

  /// Tries random acts on a handful of assets; the verbs that were recorded.
  private static func walk(
    _ seed: UInt64, _ steps: Int, _ transaction: StoreTransaction, _ clock: TestClock
  ) throws -> Set<Verb> {
    var dice = Dice(state: seed)
    var verbs: Set<Verb> = []
    var assets: [AssetID] = (0..<4).map { _ in transaction.newID() }
    for step in 0..<steps {
      clock.advance(seconds: Int64.random(in: 0...90, using: &dice))
      let index = Int.random(in: 0..<assets.count, using: &dice)
      // What is gone stays in the projection; its place is another asset's now.
      if try transaction.asset(assets[index])?.state == .disposed, step % 3 == 0 { assets[index] = transaction.newID() }
      let others = assets.filter { $0 != assets[index] }
      let parent = try #require(others.randomElement(using: &dice))
      let details = try random(assets[index], index, parent, transaction, &dice)
      let intent = Intent(
        asset: assets[index], details: details, actor: Desk.clerk, witness: validator, approver: Desk.manager)
      if case .recorded(let events, _) = try transaction.record(intent) { verbs.formUnion(events.map(\.verb)) }
    }
    return verbs
  }

  private static func random(
    _ id: AssetID, _ index: Int, _ parent: AssetID, _ transaction: StoreTransaction, _ dice: inout Dice
  ) throws -> EventDetails {
    let asset = try transaction.asset(id)
    let room = LocationCode(["HQ-1", "HQ-2", "LAB/3"].randomElement(using: &dice) ?? "")
    let place = try #require(room)
    let mark = BoundIdentifier(.tag, "AT-\(id.low)-\(Int.random(in: 0..<4, using: &dice))")
    let drives = ["D1", "D2"].map { Medium(serial: "\($0)-\(id.low)") }
    let drive = try #require((asset?.mediaList ?? drives).randomElement(using: &dice) ?? drives.first)
    var facts = AssetFacts()
    facts.model = "EliteBook 840"
    facts.category = ["laptop", "drive", "dock"].randomElement(using: &dice)
    facts.media = Array(drives.prefix(Int.random(in: 0...2, using: &dice)))
    facts.orderLine = OrderLineReference(order: "PO-7", line: 1)
    facts.custom = ["Rack": "A\(Int.random(in: 0..<9, using: &dice))"]
    switch try #require(Verb.allCases.randomElement(using: &dice)) {
    case .expect: return .expect(ExpectDetails(facts: facts, identifiers: [mark], location: place))
    case .register:
      return .register(
        RegisterDetails(facts: facts, identifiers: [mark], state: .inStock, source: .declared(reason: "was here")))
    case .amend: return .amend(AmendDetails(set: facts, reason: "seen"))
    case .bind: return .bind(BindDetails(identifier: mark))
    case .unbind: return .unbind(BindDetails(identifier: mark, reason: "torn"))
    case .attach: return .attach(AttachDetails(parent: parent))
    case .detach: return .detach(AttachDetails(parent: asset?.parent ?? parent))
    case .receive: return .receive(ReceiveDetails(location: place, facts: facts, identifiers: [mark]))
    case .deploy: return .deploy(DeployDetails(recipient: .team("Finance"), location: place))
    case .transfer: return .transfer(TransferDetails(custodian: .team("Legal"), location: place))
    case .return: return .return(ReturnDetails(condition: "B", location: place))
    case .triage:
      var details = TriageDetails(
        outcome: [.inStock, .inRepair, .retired].randomElement(using: &dice) ?? .inStock, grade: "A")
      details.vendor = "Fixit"
      details.approver = Desk.bob
      return .triage(details)
    case .repairOut: return .repairOut(RepairOutDetails(vendor: "Fixit", mediaPresent: Bool.random(using: &dice)))
    case .repairIn: return .repairIn(RepairInDetails(outcome: "ok"))
    case .ship:
      return .ship(
        ShipDetails(carrier: "DHL", toLocation: place, order: asset?.state == .retired ? "DO-1" : nil))
    case .arrive: return .arrive(ArriveDetails(location: place))
    case .retire: return .retire(RetireDetails(reason: "old", approver: Desk.bob))
    case .sanitize:
      let result: SanitizationResult = Int.random(in: 0..<4, using: &dice) == 0 ? .failed : .passed
      var record = SanitizationRecord(
        medium: drive, requested: .purge, achieved: .purge, technique: "NVMe Sanitize", tool: "nvme-cli",
        result: result, endedAt: transaction.now, performedBy: Desk.ann)
      record.verification = result
      record.verificationMethod = "full read"
      return .sanitize(SanitizeDetails(record: record))
    case .dispose: return .dispose(DisposeDetails(order: "DO-1", route: .recycle))
    case .declareMissing: return .declareMissing(MissingDetails(reason: "not there"))
    case .found: return .found(FoundDetails(location: place))
    case .label:
      let mark = asset?.identifiers.randomElement(using: &dice) ?? mark
      let again = Bool.random(using: &dice)
      return .label(
        LabelDetails(
          mark: mark, purpose: again ? .reprint : .first, reason: again ? "torn" : nil, template: "asset-tag",
          printer: "desk"))
    case .proveLabel: return .proveLabel(ProveLabelDetails(mark: asset?.label?.mark ?? mark))
    case .settle: return .settle(SettleDetails(kind: .contested, claims: [], reason: "asked"))
    case .correct:
      let event = try transaction.history(of: id).randomElement(using: &dice)?.eventID
      return .correct(CorrectDetails(event: event ?? EventID(high: 1, low: 1), reason: "wrong", approver: Desk.bob))
    }
  }
}
