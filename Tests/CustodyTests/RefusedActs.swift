import Custody
import Testing

extension RefusedAct {
  static func all() throws -> [RefusedAct] {
    try people() + captured() + intake() + handing() + quarantine() + moving() + marks() + parts() + leaving()
      + corrections() + labels() + settlements()
  }

  private static func receive(
    _ facts: AssetFacts = Fixture.laptopFacts(), _ marks: [BoundIdentifier] = [Fixture.serial]
  ) throws -> EventDetails {
    .receive(ReceiveDetails(location: try Fixture.place("HQ"), facts: facts, identifiers: marks))
  }

  private static func facts(_ change: (inout AssetFacts) -> Void) -> AssetFacts {
    var facts = Fixture.laptopFacts()
    change(&facts)
    return facts
  }

  private static func amend(_ change: (inout AssetFacts) -> Void) -> EventDetails {
    var facts = AssetFacts()
    change(&facts)
    return .amend(AmendDetails(set: facts, reason: "seen"))
  }

  private static func people() throws -> [RefusedAct] {
    let found = EventDetails.found(FoundDetails(location: try Fixture.place("HQ")))
    let missing = try Fixture.asset(.missing)
    return [
      RefusedAct(code: "custody.actor.missing", details: found, asset: missing, actor: nil),
      RefusedAct(
        code: "custody.actor.notAuthenticated", details: found, asset: missing,
        actor: Fixture.actor(Fixture.ann, [.manager], .badge)),
      RefusedAct(
        code: "custody.found.role", details: found, asset: missing, actor: Fixture.actor(Fixture.ann, [.auditor])),
      RefusedAct(code: "custody.found.unknownAsset", details: found),
      RefusedAct(code: "custody.found.state", details: found, asset: try Fixture.asset(.deployed)),
      RefusedAct(code: "custody.asset.mismatch", details: found, asset: try Fixture.asset(.missing, id: Fixture.other)),
    ]
  }

  private static func captured() throws -> [RefusedAct] {
    func taking(_ code: String, _ change: (inout AssetFacts) -> Void) throws -> RefusedAct {
      RefusedAct(code: code, details: try receive(facts(change)))
    }
    func marked(_ code: String, _ value: String) throws -> RefusedAct {
      RefusedAct(
        code: code, details: try receive(Fixture.laptopFacts(), [BoundIdentifier(.serial, value)]),
        claims: [BoundIdentifier(.serial, "TAKEN"): Fixture.other])
    }
    let unsigned = Acknowledgement(method: .signature, person: Fixture.bob, text: "taken", signature: "ab")
    return [
      try taking("custody.text.blank") { $0.owner = " \u{A0}\t" },
      try taking("custody.text.tooLong") { $0.owner = String(repeating: "x", count: 4097) },
      try taking("custody.text.controlCharacter") { $0.custom = ["note": "a\u{0}b"] },
      try taking("custody.money.amount") { $0.price = Money(amount: "1,234.50", currency: "EUR") },
      try taking("custody.money.amount") { $0.price = Money(amount: "12.", currency: "EUR") },
      try taking("custody.money.amount") { $0.price = Money(amount: "-", currency: "EUR") },
      try taking("custody.money.currency") { $0.price = Money(amount: "12", currency: "eur") },
      try taking("custody.date.range") { $0.warrantyEnd = CalendarDate(daysSince1970: 2_932_897) },
      try taking("custody.order.line") { $0.orderLine = OrderLineReference(order: "PO-7", line: 0) },
      try taking("custody.media.duplicate") { $0.media = [Fixture.drive, Fixture.drive] },
      try taking("custody.media.capacity") { $0.media = [Medium(serial: "A", capacity: -1)] },
      try marked("custody.identifier.blank", ""), try marked("custody.identifier.blank", "  "),
      try marked("custody.identifier.tooLong", String(repeating: "9", count: 513)),
      try marked("custody.identifier.controlCharacter", "5CG\u{1D}123"),
      try marked("custody.identifier.taken", "TAKEN"),
      RefusedAct(
        code: "custody.team.length",
        details: .deploy(DeployDetails(recipient: .team(String(repeating: "x", count: 201)))),
        asset: try Fixture.asset()),
      RefusedAct(
        code: "custody.acknowledgement.signatureMissing",
        details: .deploy(DeployDetails(recipient: .person(Fixture.bob), acknowledgement: unsigned)),
        asset: try Fixture.asset()),
    ]
  }

  private static func intake() throws -> [RefusedAct] {
    func register(
      _ code: String, _ state: LifecycleState = .inStock, marks: [BoundIdentifier] = [Fixture.tag],
      custodian: Custodian? = nil, source: RegisterDetails.Source = .declared(reason: "was here"),
      asset: Asset? = nil, actor: Actor? = Fixture.technician, facts: AssetFacts = AssetFacts(),
      approver: PersonID? = nil
    ) -> RefusedAct {
      var details = RegisterDetails(facts: facts, identifiers: marks, state: state, source: source)
      details.custodian = custodian
      details.approver = approver
      return RefusedAct(code: code, details: .register(details), asset: asset, actor: actor)
    }
    let file = RegisterDetails.Source.file(sha256: String(repeating: "0a", count: 32), row: 7)
    var received = try Fixture.asset()
    received.lastVerb = .receive
    var labelled = received
    labelled.lastVerb = .bind
    var announced = try Fixture.asset(.expected)
    announced.facts.legalHold = true
    var travelling = try Fixture.asset(.inTransit)
    travelling.before = Standing(state: .deployed)
    var shipped = try Fixture.asset(.inTransit)
    shipped.before = Standing(state: .inStock)
    return [
      RefusedAct(code: "custody.expect.modelMissing", details: .expect(ExpectDetails(facts: facts { $0.model = nil }))),
      RefusedAct(
        code: "custody.expect.orderMissing", details: .expect(ExpectDetails(facts: facts { $0.orderLine = nil }))),
      RefusedAct(
        code: "custody.expect.exists", details: .expect(ExpectDetails(facts: facts { _ in })),
        asset: try Fixture.asset()),
      register("custody.register.identifierMissing", marks: []), register("custody.register.disposed", .disposed),
      register("custody.register.custodianMissing", .deployed),
      register("custody.register.custodianUnexpected", custodian: .person(Fixture.bob)),
      register("custody.register.source", source: .file(sha256: "ABC", row: 1)),
      register("custody.actor.missing", actor: nil), register("custody.register.exists", asset: try Fixture.asset()),
      register("custody.register.approver", .retired), register("custody.register.approver", .retired, source: file),
      // The manager who is named is not the one who is here.
      register("custody.register.approver", .retired, approver: Fixture.eve),
      register("custody.register.needsManager", facts: facts { $0.media = [] }),
      register("custody.register.needsManager", source: file, facts: facts { $0.media = [] }),
      register("custody.register.needsManager", facts: facts { $0.dataBearing = false }),
      // Nobody said what it is: then it may hold data.
      register(
        "custody.register.needsManager",
        facts: facts {
          $0.category = nil
          $0.media = []
        }),
      RefusedAct(code: "custody.receive.needsManager", details: try receive(facts { $0.media = [] })),
      RefusedAct(
        code: "custody.receive.needsManager", details: try receive(facts { $0.dataBearing = false }),
        asset: try Fixture.asset(.expected)),
      RefusedAct(
        code: "custody.receive.identifierMissing",
        details: try receive(Fixture.laptopFacts(), [BoundIdentifier(.mac, "00:11:22:33:44:55")])),
      RefusedAct(code: "custody.receive.modelMissing", details: try receive(facts { $0.model = nil })),
      RefusedAct(code: "custody.receive.orderMissing", details: try receive(facts { $0.orderLine = nil })),
      RefusedAct(code: "custody.receive.notArrived", details: try receive(), asset: travelling),
      RefusedAct(code: "custody.receive.needsManager", details: try receive(facts { $0.media = [] }), asset: shipped),
      RefusedAct(
        code: "custody.receive.needsManager", details: try receive(facts { $0.legalHold = false }), asset: announced),
      RefusedAct(code: "custody.receive.already", details: try receive(), asset: received),
      RefusedAct(code: "custody.receive.already", details: try receive(), asset: labelled),
      RefusedAct(code: "custody.receive.state", details: try receive(), asset: try Fixture.asset()),
    ]
  }

  private static func handing() throws -> [RefusedAct] {
    let toBob = EventDetails.deploy(
      DeployDetails(recipient: .person(Fixture.bob), acknowledgement: Fixture.word(Fixture.bob)))
    var withBob = try Fixture.asset(.deployed)
    withBob.custodian = .person(Fixture.bob)
    withBob.lastVerb = .deploy
    let deployed = try Fixture.asset(.deployed)
    func transfer(_ code: String, _ details: TransferDetails, _ asset: Asset) -> RefusedAct {
      RefusedAct(code: code, details: .transfer(details), asset: asset)
    }
    return [
      RefusedAct(code: "custody.deploy.already", details: toBob, asset: withBob),
      RefusedAct(code: "custody.deploy.state", details: toBob, asset: deployed),
      RefusedAct(code: "custody.deploy.mediumNotSanitized", details: toBob, asset: try Fixture.asset(.quarantined)),
      RefusedAct(
        code: "custody.deploy.mediaUnknown", details: toBob, asset: try Fixture.asset(.quarantined, media: nil)),
      RefusedAct(
        code: "custody.deploy.acknowledgementMissing",
        details: .deploy(DeployDetails(recipient: .person(Fixture.bob))), asset: try Fixture.asset()),
      RefusedAct(
        code: "custody.deploy.acknowledgementOther",
        details: .deploy(
          DeployDetails(recipient: .person(Fixture.bob), acknowledgement: Fixture.word(Fixture.eve))),
        asset: try Fixture.asset()),
      transfer("custody.transfer.nothingNamed", TransferDetails(), deployed),
      transfer("custody.transfer.custodianNotDeployed", TransferDetails(custodian: .team("IT")), try Fixture.asset()),
      transfer("custody.transfer.already", TransferDetails(location: deployed.location), deployed),
      transfer(
        "custody.transfer.acknowledgementMissing", TransferDetails(custodian: .person(Fixture.bob)), deployed),
      transfer(
        "custody.transfer.acknowledgementOther",
        TransferDetails(custodian: .person(Fixture.bob), acknowledgements: [Fixture.word(Fixture.eve)]), deployed),
    ]
  }

  private static func quarantine() throws -> [RefusedAct] {
    let quarantined = try Fixture.asset(.quarantined)
    var failed = quarantined
    failed.sanitized = [
      Fixture.drive.serial: SanitizationOutcome(event: Fixture.id(5), method: .purge, passes: false)
    ]
    func triage(_ code: String, _ outcome: LifecycleState, _ asset: Asset) -> RefusedAct {
      RefusedAct(code: code, details: .triage(TriageDetails(outcome: outcome, grade: "B")), asset: asset)
    }
    func retire(_ approver: Actor?) throws -> RefusedAct {
      RefusedAct(
        code: "custody.retire.approver", details: .retire(RetireDetails(reason: "old", approver: Fixture.bob)),
        asset: try Fixture.asset(), approver: approver)
    }
    let inRepair = try Fixture.asset(.inRepair)
    var unwiped = TriageDetails(outcome: .inStock, grade: "B")
    unwiped.sanitizationRequired = false
    var replaced = RepairOutDetails(vendor: "Fixit", mediaPresent: true)
    replaced.loanedReplacement = Fixture.laptop
    return [
      triage("custody.triage.outcome", .deployed, quarantined),
      triage("custody.triage.mediumNotSanitized", .inStock, quarantined),
      triage("custody.triage.mediumNotSanitized", .inStock, failed),
      RefusedAct(code: "custody.triage.needsManager", details: .triage(unwiped), asset: quarantined),
      triage("custody.triage.mediaUnknown", .inStock, try Fixture.asset(.quarantined, media: nil)),
      triage("custody.triage.vendorMissing", .inRepair, quarantined),
      triage("custody.triage.approver", .retired, quarantined), try retire(nil),
      try retire(Fixture.actor(Fixture.eve, [.manager])), try retire(Fixture.actor(Fixture.bob, [.technician])),
      try retire(Fixture.actor(Fixture.bob, [.manager], .badge)),
      RefusedAct(code: "custody.repairOut.replacementSelf", details: .repairOut(replaced), asset: quarantined),
      RefusedAct(
        code: "custody.repairIn.mediumNotListed",
        details: .repairIn(RepairInDetails(outcome: "ok", mediaRemoved: ["NOPE"])), asset: inRepair),
      RefusedAct(
        code: "custody.repairIn.needsManager",
        details: .repairIn(RepairInDetails(outcome: "ok", mediaRemoved: [Fixture.drive.serial])), asset: inRepair),
      RefusedAct(
        code: "custody.repairIn.mediumListed",
        details: .repairIn(RepairInDetails(outcome: "ok", mediaAdded: [Fixture.drive])), asset: inRepair),
    ].map { act in
      var act = act
      if act.code == "custody.retire.approver" { act.actor = Fixture.disposer }
      return act
    }
  }

  private static func moving() throws -> [RefusedAct] {
    var held = try Fixture.asset(.retired)
    held.facts.legalHold = true
    var wiped = try Fixture.asset(.retired)
    wiped.sanitized = [Fixture.drive.serial: Fixture.passed]
    var tray = try Fixture.asset(.retired, media: [], id: Fixture.id(78))
    tray.parent = wiped.id
    var inTray = try Fixture.asset(.retired, media: [Medium(serial: "DEEP-1")], id: Fixture.other)
    inTray.parent = tray.id
    let onOrder = EventDetails.ship(ShipDetails(carrier: "Van", destination: "Recycler", order: "DO-1"))
    return [
      RefusedAct(
        code: "custody.ship.destinationMissing", details: .ship(ShipDetails(carrier: "DHL")),
        asset: try Fixture.asset()),
      RefusedAct(code: "custody.ship.orderNotRetired", details: onOrder, asset: try Fixture.asset()),
      RefusedAct(code: "custody.ship.legalHold", details: onOrder, asset: held),
      RefusedAct(code: "custody.ship.legalHold", details: onOrder, asset: wiped, parts: [held]),
      RefusedAct(
        code: "custody.ship.mediumNotSanitized", details: onOrder, asset: wiped, parts: [tray, inTray]),
      RefusedAct(code: "custody.ship.mediumNotSanitized", details: onOrder, asset: try Fixture.asset(.retired)),
      RefusedAct(code: "custody.ship.mediaUnknown", details: onOrder, asset: try Fixture.asset(.retired, media: nil)),
      RefusedAct(
        code: "custody.declareMissing.already", details: .declareMissing(MissingDetails(reason: "gone")),
        asset: try Fixture.asset(.missing)),
    ]
  }

  private static func marks() throws -> [RefusedAct] {
    let asset = try Fixture.asset()
    var held = asset
    held.facts.legalHold = true
    var bare = asset
    bare.identifiers = [Fixture.tag]
    func unbind(_ code: String, _ mark: BoundIdentifier, _ asset: Asset, _ reason: String? = "torn") -> RefusedAct {
      RefusedAct(code: code, details: .unbind(BindDetails(identifier: mark, reason: reason)), asset: asset)
    }
    func loosen(_ asset: Asset, _ change: (inout AssetFacts) -> Void) -> RefusedAct {
      RefusedAct(code: "custody.amend.needsManager", details: amend(change), asset: asset)
    }
    return [
      RefusedAct(code: "custody.bind.already", details: .bind(BindDetails(identifier: Fixture.tag)), asset: asset),
      unbind("custody.unbind.notBound", BoundIdentifier(.tag, "AT-99999"), asset),
      unbind("custody.unbind.last", Fixture.tag, bare), unbind("custody.unbind.reasonMissing", Fixture.tag, asset, nil),
      RefusedAct(code: "custody.amend.already", details: amend { $0.model = "EliteBook 840" }, asset: asset),
      loosen(asset) { $0.dataBearing = false }, loosen(asset) { $0.category = "dock" }, loosen(asset) { $0.media = [] },
      loosen(try Fixture.asset(media: nil)) { $0.media = [] }, loosen(held) { $0.legalHold = false },
    ]
  }

  private static func parts() throws -> [RefusedAct] {
    let asset = try Fixture.asset()
    let parent = try Fixture.asset(id: Fixture.other)
    var inside = parent
    inside.parent = asset.id
    var tray = try Fixture.asset(id: Fixture.id(78))
    tray.parent = asset.id
    var inTray = parent
    inTray.parent = tray.id
    var fitted = asset
    fitted.parent = Fixture.id(77)
    var there = asset
    there.parent = Fixture.other
    let toOther = AttachDetails(parent: Fixture.other)
    return [
      RefusedAct(
        code: "custody.attach.self", details: .attach(AttachDetails(parent: Fixture.laptop)), asset: asset,
        parent: asset),
      RefusedAct(code: "custody.attach.parentUnknown", details: .attach(toOther), asset: asset),
      RefusedAct(
        code: "custody.attach.parentState", details: .attach(toOther), asset: asset,
        parent: try Fixture.asset(.inTransit, id: Fixture.other)),
      RefusedAct(code: "custody.attach.cycle", details: .attach(toOther), asset: asset, parent: inside),
      // A tray is fitted in the asset, and the other in the tray.
      RefusedAct(
        code: "custody.attach.cycle", details: .attach(toOther), asset: asset, parent: inTray, parts: [tray, inTray]),
      RefusedAct(code: "custody.attach.fittedElsewhere", details: .attach(toOther), asset: fitted, parent: parent),
      RefusedAct(code: "custody.attach.already", details: .attach(toOther), asset: there, parent: parent),
      RefusedAct(code: "custody.detach.notFitted", details: .detach(toOther), asset: asset, parent: parent),
      RefusedAct(code: "custody.detach.parentUnknown", details: .detach(toOther), asset: there),
      RefusedAct(
        code: "custody.detach.parentState", details: .detach(toOther), asset: there,
        parent: try Fixture.asset(.missing, id: Fixture.other)),
    ]
  }

  private static func leaving() throws -> [RefusedAct] {
    let retired = try Fixture.asset(.retired)
    var wiped = retired
    wiped.sanitized = [Fixture.drive.serial: Fixture.passed]
    var held = wiped
    held.facts.legalHold = true
    var travelling = wiped
    travelling.state = .inTransit
    travelling.before = Standing(state: .retired)
    var departed = travelling
    departed.disposalOrder = "DO-2"
    var gone = wiped
    gone.state = .disposed
    gone.lastVerb = .dispose
    var late = Fixture.record()
    late.startedAt = late.endedAt.advanced(byMilliseconds: 1)
    var early = Fixture.record()
    early.endedAt = Fixture.now.advanced(byMilliseconds: 1)
    var deployedSince = retired
    deployedSince.exposedAt = Fixture.now
    var old = Fixture.record()
    old.endedAt = Fixture.now.advanced(byMilliseconds: -1)
    var byBob = Fixture.record()
    byBob.performedBy = Fixture.bob
    var reported = Fixture.record()
    reported.reportDigest = "ab"
    func sanitize(
      _ code: String, _ asset: Asset = retired, _ record: SanitizationRecord = Fixture.record(),
      by actor: Actor? = Fixture.disposer, witness: Actor? = Fixture.validator
    ) -> RefusedAct {
      RefusedAct(
        code: "custody.sanitize." + code, details: .sanitize(SanitizeDetails(record: record)), asset: asset,
        actor: actor, witness: witness)
    }
    func dispose(
      _ code: String, _ asset: Asset = wiped, order: String = "DO-1", witness: Actor? = Fixture.validator,
      parts: [Asset] = []
    ) -> RefusedAct {
      RefusedAct(
        code: "custody.dispose." + code, details: .dispose(DisposeDetails(order: order, route: .recycle)),
        asset: asset, witness: witness, parts: parts)
    }
    return [
      sanitize("witnessMissing", witness: nil),
      sanitize("witnessSame", witness: Fixture.actor(Fixture.ann, [.manager])),
      // Bob types in what Ann ran: Ann is no validator of her own work.
      sanitize(
        "witnessSame", by: Fixture.actor(Fixture.bob, [.disposalOperator]),
        witness: Fixture.actor(Fixture.ann, [.validator])),
      sanitize("witnessNotAuthenticated", witness: Fixture.actor(Fixture.eve, [.validator], .badge)),
      sanitize("witnessRole", witness: Fixture.actor(Fixture.eve, [.technician])),
      sanitize("mediaUnknown", try Fixture.asset(.retired, media: nil)),
      sanitize("mediumNotListed", retired, Fixture.record(Medium(serial: "OTHER"))), sanitize("legalHold", held),
      sanitize("future", retired, early), sanitize("performer", retired, byBob), sanitize("times", retired, late),
      sanitize("stale", deployedSince, old),
      sanitize("reportMissing", retired, reported),
      dispose("witnessMissing", witness: nil), dispose("witnessSame", witness: Fixture.disposer),
      dispose("witnessNotAuthenticated", witness: Fixture.actor(Fixture.eve, [.manager], .badge)),
      dispose("legalHold", held), dispose("legalHold", parts: [held]),
      dispose("mediaUnknown", try Fixture.asset(.retired, media: nil)),
      dispose("mediaUnknown", parts: [try Fixture.asset(.retired, media: nil, id: Fixture.other)]),
      dispose("mediumNotSanitized", retired),
      dispose(
        "mediumNotSanitized",
        parts: [try Fixture.asset(.retired, media: [Medium(serial: "B")], id: Fixture.other)]),
      dispose("notDeparted", travelling), dispose("otherOrder", departed), dispose("already", gone),
      RefusedAct(
        code: "custody.text.blank", details: .dispose(DisposeDetails(order: " ", route: .recycle)), asset: wiped),
      dispose("state", try Fixture.asset(.inStock)),
    ]
  }

  private static func corrections() throws -> [RefusedAct] {
    var chain = Chain()
    let receive = try chain.act(try receive())
    let bind = try chain.act(.bind(BindDetails(identifier: Fixture.tag)))
    let undo = try chain.act(
      .correct(CorrectDetails(event: bind.eventID, reason: "wrong label", approver: Fixture.bob)),
      approver: Fixture.manager)
    try chain.act(.deploy(DeployDetails(recipient: .team("IT"))))
    let asset = chain.assets[Fixture.laptop]
    let history = chain.events[Fixture.laptop] ?? []
    func correct(_ code: String, _ event: EventID, _ approver: PersonID? = Fixture.bob) -> RefusedAct {
      RefusedAct(
        code: "custody.correct." + code,
        details: .correct(CorrectDetails(event: event, reason: "wrong", approver: approver)), asset: asset,
        history: history)
    }
    return [
      correct("unknownEvent", Fixture.id(4)), correct("isCorrection", undo.eventID), correct("already", bind.eventID),
      correct("dependent", receive.eventID), correct("approver", try #require(history.last).eventID, nil),
    ]
  }

  private static func settlements() throws -> [RefusedAct] {
    let claims: [EventID] = [Fixture.id(1), Fixture.id(2)]
    var contested = try Fixture.asset()
    contested.discrepancies = [Discrepancy(.contested, claims: claims)]
    var disposed = try Fixture.asset()
    disposed.discrepancies = [Discrepancy(.contestedDisposal, claims: claims)]
    var asked = try Fixture.asset()
    asked.discrepancies = [Discrepancy(.identityQuestion, claims: claims)]
    func settle(
      _ code: String, _ kind: Discrepancy.Kind, _ asset: Asset, _ named: [EventID] = [], holds: EventID? = nil,
      witness: Actor? = Fixture.validator
    ) -> RefusedAct {
      RefusedAct(
        code: code, details: .settle(SettleDetails(kind: kind, claims: named, holds: holds, reason: "asked both")),
        asset: asset, actor: Fixture.manager, witness: witness)
    }
    return [
      settle("custody.settle.nothingOpen", .resurrection, contested),
      settle("custody.settle.claims", .contested, contested, [Fixture.id(3)]),
      settle("custody.settle.claims", .fork, contested),
      settle("custody.settle.holds", .contested, contested),
      settle("custody.settle.holds", .contested, contested, holds: Fixture.id(3)),
      settle("custody.settle.identity", .identityQuestion, asked),
      settle("custody.settle.witnessMissing", .contestedDisposal, disposed, holds: claims[0], witness: nil),
      settle(
        "custody.settle.witnessSame", .contestedDisposal, disposed, holds: claims[0], witness: Fixture.manager),
      settle(
        "custody.settle.witnessNotAuthenticated", .contestedDisposal, disposed, holds: claims[0],
        witness: Fixture.actor(Fixture.eve, [.validator], .badge)),
      RefusedAct(
        code: "custody.asset.contestedDisposal", details: .deploy(DeployDetails(recipient: .team("IT"))),
        asset: disposed),
    ]
  }

  private static func labels() throws -> [RefusedAct] {
    let asset = try Fixture.asset()
    var labelled = asset
    labelled.label = LabelStanding(event: Fixture.id(902), mark: Fixture.tag, printedAt: Fixture.now)
    var proved = labelled
    proved.label?.proof = Fixture.id(903)
    var tagged = asset
    tagged.label = LabelStanding(
      event: Fixture.id(902), mark: Fixture.tag, epc: "3034257BF7194E4000001A85", printedAt: Fixture.now)
    func label(_ code: String, _ change: (inout LabelDetails) -> Void) -> RefusedAct {
      var details = LabelDetails(mark: Fixture.tag, template: "asset-tag", printer: "desk")
      change(&details)
      return RefusedAct(code: code, details: .label(details), asset: asset)
    }
    func prove(
      _ code: String, _ mark: BoundIdentifier = Fixture.tag, epc: String? = nil, on asset: Asset
    ) -> RefusedAct {
      RefusedAct(
        code: "custody.proveLabel." + code, details: .proveLabel(ProveLabelDetails(mark: mark, epc: epc)), asset: asset)
    }
    return [
      label("custody.label.notBound") { $0.mark = BoundIdentifier(.tag, "AT-00099") },
      label("custody.label.epc") { $0.epc = "3034" + "AB" }, label("custody.label.epc") { $0.epc = "30ab" },
      label("custody.label.epc") { $0.epc = String(repeating: "0", count: 128) },
      label("custody.label.copies") { $0.copies = 0 }, label("custody.label.copies") { $0.copies = 1000 },
      label("custody.label.reasonMissing") { $0.purpose = .reprint },
      label("custody.label.replaces") { $0.replaces = Fixture.serial },
      label("custody.label.replaces") {
        $0.purpose = .replacement
        $0.reason = "torn"
      },
      label("custody.text.blank") { $0.template = " " },
      prove("notPrinted", on: asset), prove("otherMark", Fixture.serial, on: labelled), prove("already", on: proved),
      prove("tagUnread", on: tagged), prove("otherTag", epc: "3034257BF7194E4000001A86", on: tagged),
    ]
  }
}
