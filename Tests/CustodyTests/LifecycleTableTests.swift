import Custody
import Testing

@Suite struct LifecycleTableTests {
  /// The table of the design, written out by hand: for each verb the letter of each state that it may start from and the
  /// state it leads to. Letters: n new, e expected, s inStock, d deployed, q quarantined, p inRepair, r retired,
  /// x disposed, t inTransit, m missing. The asset has its one drive sanitized, and in transit it was shipped as retired
  /// on a disposal order (so it may not be received, may arrive as retired, may be disposed of).
  static let matrix: [(verb: Verb, from: String, to: @Sendable (LifecycleState) -> LifecycleState?)] = [
    (.expect, "n", { _ in .expected }),
    (.register, "n", { _ in .inStock }),
    (.amend, "esdqprtm", { $0 }),
    (.bind, "esdqprtm", { $0 }),
    (.unbind, "esdqprtm", { $0 }),
    (.attach, "sdqpr", { $0 }),
    (.detach, "sdqpr", { $0 }),
    (.receive, "ne", { _ in .inStock }),
    (.deploy, "sq", { _ in .deployed }),
    (.transfer, "sd", { $0 }),
    (.return, "dm", { _ in .quarantined }),
    (.triage, "q", { _ in .inStock }),
    (.repairOut, "qs", { _ in .inRepair }),
    (.repairIn, "p", { _ in .quarantined }),
    (.ship, "sdqpr", { _ in .inTransit }),
    (.arrive, "t", { _ in .retired }),
    (.retire, "sqm", { _ in .retired }),
    (.sanitize, "qrs", { $0 }),
    (.dispose, "rt", { _ in .disposed }),
    (.declareMissing, "esdqprt", { _ in .missing }),
    (.found, "m", { _ in .quarantined }),
    (.correct, "esdqprxtm", { _ in .inStock }),
    (.label, "esdqprtm", { $0 }),
    (.proveLabel, "esdqprtm", { $0 }),
    (.settle, "esdqprxtm", { _ in .inStock }),
  ]

  static let letters: [(Character, LifecycleState?)] = [
    ("n", nil), ("e", .expected), ("s", .inStock), ("d", .deployed), ("q", .quarantined), ("p", .inRepair),
    ("r", .retired), ("x", .disposed), ("t", .inTransit), ("m", .missing),
  ]

  @Test func everyStateAndVerbMeetsAsTheDesignSays() throws {
    #expect(Self.matrix.map(\.verb) == Verb.allCases)
    #expect(Self.letters.compactMap(\.1).count == LifecycleState.allCases.count)
    for (verb, from, to) in Self.matrix {
      for (letter, state) in Self.letters {
        let circumstances = try circumstances(verb, state)
        let decision = decide(try intent(verb), in: circumstances)
        if from.contains(letter) {
          #expect(decision.refusal == nil, "\(verb) from \(letter)")
          let draft = try #require(decision.drafts.first, "\(verb) from \(letter)")
          #expect(draft.to?.state == to(state ?? .inStock), "\(verb) from \(letter)")
          #expect(draft.from?.state == state, "\(verb) from \(letter)")
        } else {
          let code = decision.refusal?.code ?? "recorded"
          let allowed = ["state", "unknownAsset", "exists", "already", "notArrived", "notDeparted"]
          #expect(allowed.contains { code == "custody.\(verb.rawValue).\($0)" }, "\(verb) from \(letter): \(code)")
        }
      }
    }
  }

  @Test func whatWasShippedAsStockIsReceivedAndWhatNeedsQuarantineIsNot() throws {
    var asset = try Fixture.asset(.inTransit)
    for (before, received) in [
      (LifecycleState.inStock, true), (.expected, true), (.deployed, false), (.quarantined, false), (.inRepair, false),
      (.retired, false),
    ] {
      asset.before = Standing(state: before)
      let refusal = decide(try intent(.receive), in: Circumstances(at: Fixture.now, asset: asset)).refusal
      #expect(refusal?.code == (received ? nil : "custody.receive.notArrived"))
    }
    asset.before = nil
    #expect(
      decide(try intent(.receive), in: Circumstances(at: Fixture.now, asset: asset)).refusal?.code
        == "custody.receive.notArrived")
    // Nobody knows what it was: it is looked at first.
    #expect(
      decide(try intent(.arrive), in: Circumstances(at: Fixture.now, asset: asset)).drafts.first?.to?.state
        == .quarantined)
  }

  private func circumstances(_ verb: Verb, _ state: LifecycleState?) throws -> Circumstances {
    guard let state else {
      return Circumstances(at: Fixture.now, asset: nil, parent: try Fixture.asset(id: Fixture.other))
    }
    var asset = try Fixture.asset(state)
    asset.sanitized = [Fixture.drive.serial: Fixture.passed]
    if state == .inTransit {
      asset.before = Standing(state: .retired)
      asset.disposalOrder = "DO-1"
    }
    if verb == .detach { asset.parent = Fixture.other }
    if verb == .proveLabel {
      asset.label = LabelStanding(event: Fixture.id(902), mark: Fixture.tag, printedAt: Fixture.now)
    }
    var circumstances = Circumstances(at: Fixture.now, asset: asset, parent: try Fixture.asset(id: Fixture.other))
    if verb == .settle {
      asset.discrepancies = [Discrepancy(.contested, claims: [Fixture.id(10_001), Fixture.id(10_002)])]
    }
    circumstances.asset = asset
    if verb == .correct || verb == .settle {
      // A history whose newest event, a bind, can be taken back; the asset stood in stock before it.
      var chain = Chain()
      try chain.act(
        .receive(
          ReceiveDetails(
            location: Fixture.place("HQ"), facts: Fixture.laptopFacts(), identifiers: [Fixture.tag])))
      let bind = try chain.act(.bind(BindDetails(identifier: Fixture.serial)))
      #expect(bind.eventID == Fixture.id(10_002))
      circumstances.history = chain.events[Fixture.laptop] ?? []
    }
    return circumstances
  }

  private func intent(_ verb: Verb) throws -> Intent {
    let room = try Fixture.place("HQ-1")
    let details: EventDetails
    switch verb {
    case .expect: details = .expect(ExpectDetails(facts: Fixture.laptopFacts()))
    case .register:
      details = .register(
        RegisterDetails(
          facts: AssetFacts(), identifiers: [Fixture.tag], state: .inStock, source: .declared(reason: "was here")))
    case .amend:
      var facts = AssetFacts()
      facts.owner = "Lessor"
      details = .amend(AmendDetails(set: facts, reason: "lease"))
    case .bind: details = .bind(BindDetails(identifier: BoundIdentifier(.mac, "00:11:22:33:44:55")))
    case .unbind: details = .unbind(BindDetails(identifier: Fixture.serial, reason: "misread"))
    case .attach: details = .attach(AttachDetails(parent: Fixture.other))
    case .detach: details = .detach(AttachDetails(parent: Fixture.other))
    case .receive:
      details = .receive(
        ReceiveDetails(location: room, facts: Fixture.laptopFacts(), identifiers: [Fixture.serial]))
    case .deploy:
      details = .deploy(DeployDetails(recipient: .person(Fixture.bob), acknowledgement: Fixture.word(Fixture.bob)))
    case .transfer: details = .transfer(TransferDetails(location: room))
    case .return: details = .return(ReturnDetails())
    case .triage: details = .triage(TriageDetails(outcome: .inStock, grade: "A"))
    case .repairOut: details = .repairOut(RepairOutDetails(vendor: "Fixit", mediaPresent: true))
    case .repairIn: details = .repairIn(RepairInDetails(outcome: "new keyboard"))
    case .ship: details = .ship(ShipDetails(carrier: "DHL", toLocation: room))
    case .arrive: details = .arrive(ArriveDetails(location: room))
    case .retire: details = .retire(RetireDetails(reason: "old", approver: Fixture.bob))
    case .sanitize: details = .sanitize(SanitizeDetails(record: Fixture.record()))
    case .dispose: details = .dispose(DisposeDetails(order: "DO-1", route: .recycle))
    case .declareMissing: details = .declareMissing(MissingDetails(reason: "not on its shelf"))
    case .found: details = .found(FoundDetails(location: room))
    case .label: details = .label(LabelDetails(mark: Fixture.tag, template: "asset-tag", printer: "desk"))
    case .proveLabel: details = .proveLabel(ProveLabelDetails(mark: Fixture.tag))
    case .settle:
      details = .settle(
        SettleDetails(kind: .contested, claims: [], holds: Fixture.id(10_002), reason: "both were asked"))
    case .correct: details = .correct(CorrectDetails(event: Fixture.id(10_002), reason: "wrong", approver: Fixture.bob))
    }
    let boss = Fixture.actor(Fixture.ann, [.manager])
    return Intent(
      asset: Fixture.laptop, details: details, actor: boss, witness: Fixture.validator, approver: Fixture.manager)
  }
}
