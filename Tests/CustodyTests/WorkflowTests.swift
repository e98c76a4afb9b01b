import Custody
import Testing

@Suite struct WorkflowTests {
  private func receive(_ facts: AssetFacts = Fixture.laptopFacts(), _ mark: BoundIdentifier = Fixture.serial) throws
    -> EventDetails
  { .receive(ReceiveDetails(location: try Fixture.place("HQ-STORE-A1"), facts: facts, identifiers: [mark])) }

  private let toEve = EventDetails.deploy(
    DeployDetails(recipient: .person(Fixture.eve), acknowledgement: Fixture.word(Fixture.eve)))

  @Test func aLaptopGoesThroughItsLifeAndIsDisposedOfOnlyWhenItsDriveIsWiped() throws {
    var facts = Fixture.laptopFacts()
    facts.licences = ["Office"]
    var chain = Chain()
    try chain.act(try receive(facts))
    try chain.act(.bind(BindDetails(identifier: Fixture.tag)))
    let deploy = try chain.act(toEve)
    #expect(deploy.from == Standing(state: .inStock, location: try Fixture.place("HQ-STORE-A1")))
    #expect(deploy.to == Standing(state: .deployed, custodian: .person(Fixture.eve)))
    let back = try chain.act(.return(ReturnDetails(condition: "B")))
    guard case .return(let details) = back.details else { return }
    #expect(details.from == .person(Fixture.eve) && details.licencesToReclaim == ["Office"])
    #expect(chain.assets[Fixture.laptop]?.custodian == nil)
    try chain.act(
      .retire(RetireDetails(reason: "old", approver: Fixture.bob)), by: Fixture.disposer, approver: Fixture.manager)
    let dispose = EventDetails.dispose(DisposeDetails(order: "DO-1", route: .recycle))
    for result in [SanitizationResult.failed, .aborted] {
      try chain.act(
        .sanitize(SanitizeDetails(record: Fixture.record(result: result))), by: Fixture.disposer,
        witness: Fixture.validator)
      #expect(
        chain.refusal(dispose, by: Fixture.disposer, witness: Fixture.manager)?.code
          == "custody.dispose.mediumNotSanitized")
    }
    try chain.act(
      .sanitize(SanitizeDetails(record: Fixture.record())), by: Fixture.disposer, witness: Fixture.validator)
    let gone = try chain.act(dispose, by: Fixture.disposer, witness: Fixture.manager)
    #expect(gone.witness == Fixture.bob)
    #expect(chain.assets[Fixture.laptop]?.state == .disposed)
  }

  /// Registering leads around neither the approval of a retirement nor a wipe; a manager and an import may say so.
  @Test func aManagerAndAnImportRegisterWhatAlreadyStandsSo() throws {
    var facts = Fixture.laptopFacts(media: [])
    var details = RegisterDetails(
      facts: facts, identifiers: [Fixture.tag], state: .retired, source: .declared(reason: "was here"))
    details.approver = Fixture.bob
    var chain = Chain()
    try chain.act(.register(details), by: Fixture.manager, approver: Fixture.manager)
    #expect(chain.assets[Fixture.laptop]?.isFreeOfData == true)
    // A technician with the manager beside them, and nothing said of drives.
    details.facts.media = nil
    chain = Chain()
    try chain.act(.register(details), approver: Fixture.manager)
    #expect(chain.assets[Fixture.laptop]?.state == .retired)
    #expect(chain.assets[Fixture.laptop]?.isFreeOfData == false)
    details = RegisterDetails(
      facts: Fixture.laptopFacts(media: []), identifiers: [Fixture.tag], state: .retired,
      source: .file(sha256: String(repeating: "0a", count: 32), row: 7))
    chain = Chain()
    try chain.act(.register(details), by: nil)
    // What holds no data anyway needs nobody's word for it.
    facts.category = "dock"
    chain = Chain()
    try chain.act(try receive(facts))
  }

  @Test func aWipeBeforeDeploymentSaysNothingAfterIt() throws {
    var chain = Chain()
    try chain.act(try receive())
    try chain.act(.sanitize(SanitizeDetails(record: Fixture.record())), witness: Fixture.validator)
    #expect(chain.assets[Fixture.laptop]?.unsanitizedMedia == [])
    try chain.act(toEve)
    #expect(chain.assets[Fixture.laptop]?.unsanitizedMedia == [Fixture.drive])
  }

  @Test func `a wipe from before a deployment is not taken after it, though nobody had recorded it before`() throws {
    var chain = Chain()
    try chain.act(try receive())
    let deploy = try chain.act(toEve)
    let back = try chain.act(.return(ReturnDetails()))
    var old = Fixture.record()
    old.endedAt = deploy.wallClock.advanced(byMilliseconds: -1)
    let refusal = try #require(
      chain.refusal(.sanitize(SanitizeDetails(record: old)), witness: Fixture.validator))
    #expect(refusal.code == "custody.sanitize.stale")
    for moment in ["1970-01-01T00:00:01.999Z", "1970-01-01T00:00:02.000Z"] {
      #expect(refusal.sentence.contains(moment))
    }
    // What failed then is recorded, and opens nothing.
    var failed = old
    failed.result = .failed
    try chain.act(.sanitize(SanitizeDetails(record: failed)), witness: Fixture.validator)
    #expect(chain.assets[Fixture.laptop]?.unsanitizedMedia == [Fixture.drive])
    var new = old
    new.endedAt = back.wallClock
    try chain.act(.sanitize(SanitizeDetails(record: new)), witness: Fixture.validator)
    #expect(chain.assets[Fixture.laptop]?.unsanitizedMedia == [])
  }

  @Test func `a deployment that is taken back has exposed nothing`() throws {
    var chain = Chain()
    try chain.act(try receive())
    let deploy = try chain.act(toEve)
    #expect(chain.assets[Fixture.laptop]?.exposedAt == deploy.wallClock)
    try chain.act(
      .correct(CorrectDetails(event: deploy.eventID, reason: "another laptop", approver: Fixture.bob)),
      approver: Fixture.manager)
    #expect(chain.assets[Fixture.laptop]?.exposedAt == nil)
    var old = Fixture.record()
    old.endedAt = Instant(milliseconds: 1)
    try chain.act(.sanitize(SanitizeDetails(record: old)), witness: Fixture.validator)
  }

  @Test func `what is registered with somebody is written to from then on, what is registered in stock is not`()
    throws
  {
    var details = RegisterDetails(
      facts: Fixture.laptopFacts(), identifiers: [Fixture.tag], state: .deployed, source: .declared(reason: "was here"))
    details.custodian = .person(Fixture.bob)
    var chain = Chain()
    let event = try chain.act(.register(details))
    #expect(chain.assets[Fixture.laptop]?.exposedAt == event.wallClock)
    details = RegisterDetails(
      facts: Fixture.laptopFacts(), identifiers: [Fixture.tag], state: .inStock, source: .declared(reason: "was here"))
    chain = Chain()
    try chain.act(.register(details))
    #expect(chain.assets[Fixture.laptop]?.exposedAt == nil)
  }

  @Test func whatWasRetiredAndDepartedIsConfirmedOutOfTransit() throws {
    var chain = Chain()
    try chain.act(try receive(Fixture.laptopFacts(media: [])), by: Fixture.manager)
    try chain.act(
      .retire(RetireDetails(reason: "old", approver: Fixture.bob)), by: Fixture.disposer, approver: Fixture.manager)
    try chain.act(.ship(ShipDetails(carrier: "Van", destination: "Recycler", order: "DO-1")), by: Fixture.disposer)
    #expect(chain.assets[Fixture.laptop]?.before?.state == .retired)
    try chain.act(
      .dispose(DisposeDetails(order: "DO-1", route: .recycle)), by: Fixture.disposer, witness: Fixture.manager)
    #expect(chain.assets[Fixture.laptop]?.before == nil)
  }

  @Test func partsGoWithWhatTheyAreFittedInAndTheMissingOneStaysMissing() throws {
    func part(_ serial: String) throws -> EventDetails {
      var facts = Fixture.laptopFacts(media: [])
      facts.category = "dock"
      return try receive(facts, BoundIdentifier(.serial, serial))
    }
    let (tray, card, lost): (AssetID, AssetID, AssetID) = (Fixture.id(11), Fixture.id(12), Fixture.id(13))
    var chain = Chain()
    try chain.act(try part("SERVER"))
    for (id, parent) in [(tray, Fixture.laptop), (card, tray), (lost, tray)] {
      try chain.act(try part("PART-\(id.low)"), on: id)
      try chain.act(.attach(AttachDetails(parent: parent)), on: id, parent: parent)
    }
    try chain.act(.declareMissing(MissingDetails(reason: "not in its slot")), on: lost)
    try chain.act(
      .retire(RetireDetails(reason: "old", approver: Fixture.bob)), by: Fixture.disposer, approver: Fixture.manager)
    var claimed = DisposeDetails(order: "DO-1", route: .recycle)
    // What a client says of it is not taken.
    claimed.fittedIn = card
    let gone = try chain.act(.dispose(claimed), by: Fixture.disposer, witness: Fixture.manager)
    guard case .dispose(let details) = gone.details else { return }
    #expect(details.fittedIn == nil)
    for (id, parent) in [(tray, Fixture.laptop), (card, tray)] {
      let last = try #require(chain.events[id]?.last)
      guard case .dispose(let details) = last.details else {
        Issue.record("the part's last event is \(last.verb)")
        continue
      }
      #expect(details.fittedIn == parent && details.order == "DO-1" && last.witness == Fixture.bob)
      #expect(last.from?.state == .inStock && chain.assets[id]?.state == .disposed)
      #expect(try fold(chain.events[id] ?? []) == chain.assets[id])
    }
    #expect(chain.assets[lost]?.state == .missing)
    try chain.act(.found(FoundDetails(location: try Fixture.place("HQ-1"))), on: lost)
    try chain.act(.detach(AttachDetails(parent: tray)), on: lost, parent: tray)
    #expect(chain.assets[lost]?.parent == nil)
  }

  @Test func aPartIsDisposedOfFromTheShelfOnlyWithWhatItIsFittedIn() throws {
    var part = try Fixture.asset(.inStock, media: [])
    part.parent = Fixture.other
    func event(_ fittedIn: AssetID?) throws -> CustodyEvent {
      var details = DisposeDetails(order: "DO-1", route: .recycle)
      details.fittedIn = fittedIn
      let intent = Intent(asset: part.id, details: .dispose(details), actor: Fixture.disposer)
      return try Chain().seal(
        EventDraft(
          intent, asset: part.id, details: .dispose(details), from: part.standing, to: Standing(state: .disposed),
          prior: Prior(head: part.head, version: part.version)))
    }
    #expect(try fits(event(Fixture.other), on: part) == nil)
    let arrow = Misfit.arrow(verb: .dispose, from: .inStock, to: .disposed)
    #expect(try fits(event(nil), on: part) == arrow)
    #expect(try fits(event(Fixture.laptop), on: part) == arrow)
  }

  @Test func anArrivalBringsBackStateAndCustodian() throws {
    var chain = Chain()
    try chain.act(try receive())
    try chain.act(toEve)
    try chain.act(.ship(ShipDetails(carrier: "DHL", toLocation: try Fixture.place("LAB"))))
    #expect(chain.assets[Fixture.laptop]?.standing == Standing(state: .inTransit, custodian: .person(Fixture.eve)))
    try chain.act(.arrive(ArriveDetails(location: try Fixture.place("LAB"))))
    #expect(
      chain.assets[Fixture.laptop]?.standing
        == Standing(state: .deployed, custodian: .person(Fixture.eve), location: try Fixture.place("LAB")))
  }

  @Test func aDrivePulledFromALaptopLeavesItsListWithoutAManager() throws {
    var chain = Chain()
    try chain.act(try receive())
    var drive = AssetFacts()
    drive.category = "drive"
    drive.model = "PM9A1"
    drive.orderLine = OrderLineReference(order: "PO-8", line: 1)
    try chain.act(try receive(drive, BoundIdentifier(.serial, "NEW-1")), on: Fixture.other)
    try chain.act(.attach(AttachDetails(parent: Fixture.laptop)), on: Fixture.other, parent: Fixture.laptop)
    #expect(chain.assets[Fixture.laptop]?.mediaList?.map(\.serial) == ["S4EWNX0R1", "NEW-1"])
    #expect(chain.assets[Fixture.other]?.parent == Fixture.laptop)
    try chain.act(.detach(AttachDetails(parent: Fixture.laptop)), on: Fixture.other, parent: Fixture.laptop)
    #expect(chain.assets[Fixture.laptop]?.mediaList == [Fixture.drive])
    let last = try #require(chain.events[Fixture.laptop]?.last)
    guard case .amend(let details) = last.details else {
      Issue.record("the laptop's list was not amended")
      return
    }
    #expect(details.reason.contains("NEW-1") && details.was?.media?.count == 2)
  }

  @Test func anOperatorTakesBackTheirOwnNewestStepOfTheSession() throws {
    var chain = Chain()
    let received = try chain.act(try receive(), session: Fixture.session)
    let bound = try chain.act(.bind(BindDetails(identifier: Fixture.tag)), session: Fixture.session)
    func undo(_ event: CustodyEvent) -> EventDetails { .correct(CorrectDetails(event: event.eventID, reason: "undo")) }
    // Not without the session, not by another person, not an older one.
    #expect(chain.refusal(undo(bound))?.code == "custody.correct.approver")
    #expect(
      chain.refusal(undo(bound), by: Fixture.actor(Fixture.bob), session: Fixture.session)?.code
        == "custody.correct.approver")
    #expect(chain.refusal(undo(received), session: Fixture.session)?.code == "custody.correct.approver")
    try chain.act(undo(bound), session: Fixture.session)
    #expect(chain.assets[Fixture.laptop]?.tag == nil)
    #expect(chain.assets[Fixture.laptop]?.version == 3)
    let gone = try chain.act(undo(received), session: Fixture.session)
    #expect(gone.to == nil && chain.assets[Fixture.laptop] == nil)
  }

  @Test func aCorrectionNamesWhatDependsOnItNewestFirst() throws {
    var chain = Chain()
    try chain.act(try receive())
    let deploy = try chain.act(toEve)
    let back = try chain.act(.return(ReturnDetails()))
    let out = try chain.act(.repairOut(RepairOutDetails(vendor: "Fixit", mediaPresent: false)))
    let refusal = chain.refusal(
      .correct(CorrectDetails(event: deploy.eventID, reason: "wrong", approver: Fixture.bob)),
      approver: Fixture.manager)
    #expect(refusal?.code == "custody.correct.dependent")
    let sentence = try #require(refusal?.sentence)
    #expect(sentence.contains("repairOut of \(out.wallClock), return of \(back.wallClock)."))
  }

  /// Only the tool's own report among the evidence says that another person ran it; a photograph does not.
  @Test(arguments: [("toolReport", nil), ("photo", "custody.sanitize.performer")] as [(String, String?)])
  func aToolReportNamesWhoRanIt(_ role: String, _ code: String?) throws {
    var record = Fixture.record()
    record.performedBy = Fixture.bob
    record.reportDigest = "ab"
    let intent = Intent(
      asset: Fixture.laptop, details: .sanitize(SanitizeDetails(record: record)), actor: Fixture.technician,
      witness: Fixture.validator,
      evidence: [EvidenceReference(digest: "ab", length: 3, mediaType: "application/pdf", role: role)])
    let circumstances = Circumstances(at: Fixture.now, asset: try Fixture.asset(.retired))
    #expect(decide(intent, in: circumstances).refusal?.code == code)
  }

  @Test func aWipeRecordIsNotTakenBackWhileADisposalReliesOnIt() throws {
    var chain = Chain()
    try chain.act(try receive())
    let wipe = try chain.act(
      .sanitize(SanitizeDetails(record: Fixture.record())), by: Fixture.disposer, witness: Fixture.validator)
    try chain.act(
      .retire(RetireDetails(reason: "old", approver: Fixture.bob)), by: Fixture.disposer, approver: Fixture.manager)
    let correct = EventDetails.correct(
      CorrectDetails(event: wipe.eventID, reason: "other drive", approver: Fixture.bob))
    #expect(chain.refusal(correct, approver: Fixture.manager) == nil)
    try chain.act(
      .dispose(DisposeDetails(order: "DO-1", route: .recycle)), by: Fixture.disposer, witness: Fixture.manager)
    #expect(chain.refusal(correct, approver: Fixture.manager)?.code == "custody.correct.dependent")
  }

  @Test func aDuplicateSaysWhenAndByWhomAndNamesNobody() throws {
    var chain = Chain()
    try chain.act(try receive())
    let bound = try chain.act(.bind(BindDetails(identifier: Fixture.tag)))
    let again = try #require(chain.refusal(try receive()))
    #expect(again.kind == .duplicate && again.previousAt == bound.wallClock && again.previousBy == Fixture.ann)
    #expect(!again.sentence.contains(Fixture.ann.description))
    try chain.act(toEve)
    #expect(chain.refusal(toEve)?.kind == .duplicate)
    try chain.act(.return(ReturnDetails()))
    #expect(chain.refusal(.return(ReturnDetails()))?.kind == .duplicate)
  }

  @Test(arguments: [
    ("laptop", true), ("server", true), ("phone", true), ("drive", true), ("nas", true), ("printer", true),
    ("switch", true), ("router", true), ("firewall", true), ("sculpture", true), ("Dock", false), ("monitor", false),
    ("keyboard", false), ("ups", false),
  ]) func categoriesTellWhatBearsData(_ category: String, _ bears: Bool) throws {
    var asset = try Fixture.asset(media: nil)
    asset.facts.category = category
    #expect(asset.isDataBearing == bears)
    asset.facts.dataBearing = !bears
    #expect(asset.isDataBearing == !bears)
    asset.facts.category = nil
    asset.facts.dataBearing = nil
    #expect(asset.isDataBearing)
  }

  @Test func anAnnouncementMayComeWithoutAPerson() throws {
    var chain = Chain()
    let event = try chain.act(.expect(ExpectDetails(facts: Fixture.laptopFacts())), by: nil)
    #expect(event.operator == nil && event.authStrength == .system)
  }

  @Test func anEventThatDoesNotContinueTheHistoryIsTold() throws {
    var chain = Chain()
    try chain.act(try receive())
    var event = try chain.act(toEve)
    let deployed = try #require(chain.assets[Fixture.laptop])
    // Decided on an older head: somebody else was faster.
    #expect(
      fits(event, on: deployed)
        == .prior(recorded: event.prior, here: Prior(head: deployed.head, version: deployed.version)))
    event.prior = Prior(head: deployed.head, version: deployed.version)
    #expect(fits(event, on: deployed) == .standing(recorded: event.from, here: deployed.standing))
    event.from = deployed.standing
    #expect(fits(event, on: deployed) == .arrow(verb: .deploy, from: .deployed, to: .deployed))
    #expect(throws: UnfittingEvent.self) { try apply(event, to: nil) { [] } }
    var stranger = deployed
    stranger = try Fixture.asset(id: Fixture.other)
    #expect(fits(event, on: stranger) == .asset)
  }
}
