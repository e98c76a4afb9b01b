import Custody
import Foundation
import Testing

@Suite struct CodableTests {
  static func everyDetails() throws -> [EventDetails] {
    let room = try Fixture.place("HQ-1")
    var facts = Fixture.laptopFacts()
    facts.owner = "Lessor"
    facts.price = Money(amount: "1234.50", currency: "EUR")
    facts.purchaseDate = CalendarDate("2026-02-28")
    facts.legalHold = true
    facts.dataBearing = true
    facts.licences = ["Office"]
    facts.custom = ["colour": "grün"]
    var register = RegisterDetails(
      facts: facts, identifiers: [Fixture.tag], state: .deployed, source: .file(sha256: "00", row: 7))
    register.custodian = .team("Sales")
    var amend = AmendDetails(set: facts, reason: "lease")
    amend.was = AssetFacts()
    let word = Acknowledgement(method: .signature, person: Fixture.bob, text: "taken", signature: "ab")
    var repairOut = RepairOutDetails(vendor: "Fixit", mediaPresent: true, rma: "R1")
    repairOut.loanedReplacement = Fixture.other
    var ship = ShipDetails(carrier: "DHL", destination: "Recycler", order: "DO-1")
    ship.contents = [Fixture.laptop]
    var triage = TriageDetails(outcome: .retired, grade: "C")
    triage.approver = Fixture.bob
    var record = Fixture.record(result: .aborted)
    record.residualRisks = ["HPA left"]
    var dispose = DisposeDetails(order: "DO-1", route: .resale)
    dispose.fittedIn = Fixture.other
    register.approver = Fixture.bob
    var proof = ProveLabelDetails(mark: Fixture.tag, epc: "3034257BF7194E4000001A85")
    proof.label = Fixture.id(8)
    return [
      .expect(ExpectDetails(facts: facts, identifiers: [Fixture.serial], location: room)), .register(register),
      .amend(amend), .bind(BindDetails(identifier: Fixture.tag)),
      .unbind(BindDetails(identifier: Fixture.tag, reason: "torn")),
      .attach(AttachDetails(parent: Fixture.other, slot: "bay 2")), .detach(AttachDetails(parent: Fixture.other)),
      .receive(ReceiveDetails(location: room, facts: facts, identifiers: [Fixture.tag], blindReason: "gift")),
      .deploy(DeployDetails(recipient: .person(Fixture.bob), location: room, acknowledgement: word)),
      .transfer(TransferDetails(custodian: .place(room), acknowledgements: [word])),
      .return(ReturnDetails(from: .person(Fixture.bob), missingAccessories: ["charger"])), .triage(triage),
      .repairOut(repairOut),
      .repairIn(RepairInDetails(outcome: "swapped", mediaRemoved: ["A"], mediaAdded: [Fixture.drive])), .ship(ship),
      .arrive(ArriveDetails(location: room)), .retire(RetireDetails(reason: "old", approver: Fixture.bob)),
      .sanitize(SanitizeDetails(record: record)), .dispose(dispose),
      .declareMissing(MissingDetails(reason: "gone", since: CalendarDate("2026-11-01"))),
      .found(FoundDetails(location: room)), .correct(CorrectDetails(event: Fixture.id(3), reason: "wrong")),
      .label(
        LabelDetails(
          mark: Fixture.tag, epc: "3034257BF7194E4000001A85", purpose: .replacement, reason: "torn",
          replaces: Fixture.serial, template: "asset-tag", printer: "desk", copies: 2, outcome: .unknown)),
      .proveLabel(proof),
      .settle(
        SettleDetails(
          kind: .contestedDisposal, claims: [Fixture.id(3), Fixture.id(4)], holds: Fixture.id(3), identity: .different,
          reason: "seen on the pallet")),
    ]
  }

  @Test func everyTypeOfEventSurvivesJSON() throws {
    let all = try Self.everyDetails()
    #expect(all.map(\.verb) == Verb.allCases)
    for details in all {
      let intent = Intent(
        asset: Fixture.laptop, details: details, actor: Fixture.technician, witness: Fixture.validator,
        session: Fixture.session,
        readings: [ReadingEvidence(kind: "symbol", raw: "QVQ=", symbologyIdentifier: "]C1", device: "desk")],
        evidence: [EvidenceReference(digest: "ab", length: 3, mediaType: "image/png", role: "signature")],
        commitments: ["name": "00ff"])
      let standing = Standing(state: .inStock, custodian: .team("IT"), location: try Fixture.place("HQ"))
      let event = try Chain().seal(
        EventDraft(
          intent, asset: Fixture.laptop, details: details, from: standing, to: standing,
          prior: Prior(head: Fixture.id(5), version: 4), corrects: Fixture.id(6),
          settles: [Fixture.id(3), Fixture.id(4)]))
      let data = try JSONEncoder().encode(event)
      #expect(try JSONDecoder().decode(CustodyEvent.self, from: data) == event)
    }
  }

  /// Documents of an earlier program have no such field; those that it could have written stay byte for byte what they were.
  @Test func `an asset whose media nobody could write to is written without the time`() throws {
    let asset = try Fixture.asset()
    let data = try JSONEncoder().encode(asset)
    #expect(!String(decoding: data, as: UTF8.self).lowercased().contains("exposed"))
    #expect(try JSONDecoder().decode(Asset.self, from: data) == asset)
    var exposed = asset
    exposed.exposedAt = Fixture.now
    exposed.mediaExposedAt = [Fixture.drive.serial: Fixture.now]
    #expect(try JSONDecoder().decode(Asset.self, from: JSONEncoder().encode(exposed)) == exposed)
  }

  @Test func anUnknownTypeIsSaidToBeUnsupported() throws {
    let text = #"{"v":1,"type":"teleport"}"#
    #expect(throws: UnsupportedEvent(version: 1, type: "teleport")) {
      try JSONDecoder().decode(CustodyEvent.self, from: Data(text.utf8))
    }
  }
}
