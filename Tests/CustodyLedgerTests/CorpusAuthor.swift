import Custody
import CustodyLedger
import SyncTestSupport
import TamperEvidence
import Testing

/// Writes one entry of every type of event and statement that this program knows, as a station signs them: what is frozen in
/// Tests/Vectors/CustodyLedger/events when a type or a field is new.
enum CorpusAuthor {
  private enum Fixture {
    static func id<Kind>(_ number: UInt64) -> EntityID<Kind> {
      EntityID(high: 0x019B_0000_0000_7000, low: 1 << 63 | number)
    }
    static let laptop: AssetID = id(1)
    static let other: AssetID = id(2)
    static let ann: PersonID = id(101)
    static let bob: PersonID = id(102)
    static let tag = BoundIdentifier(.tag, "AT-00042")
    static let serial = BoundIdentifier(.serial, "5CG1234XYZ")
    static let drive = Medium(serial: "S4EWNX0R1", type: "nvme")
    static func place(_ text: String) throws -> LocationCode { try #require(LocationCode(text)) }
    static func laptopFacts() -> AssetFacts {
      var facts = AssetFacts()
      facts.manufacturer = "HP"
      facts.model = "EliteBook 840"
      facts.category = "laptop"
      facts.media = [drive]
      facts.orderLine = OrderLineReference(order: "PO-7", line: 1)
      return facts
    }
    static func record(result: SanitizationResult) -> SanitizationRecord {
      var record = SanitizationRecord(
        medium: drive, requested: .purge, achieved: .purge, technique: "NVMe Sanitize, crypto erase", tool: "nvme-cli",
        result: result, endedAt: Instant(milliseconds: 1_780_000_000_000), performedBy: ann)
      record.verification = result
      record.verificationMethod = "sanitize-log"
      return record
    }
  }

  private static func everyDetails() throws -> [EventDetails] {
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
    record.reportedModel = "Acme X-1"
    record.modelConfirmed = true
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

  /// All of them as one chain of a station.
  static func chain() throws -> (entries: [LedgerEntry], keys: [VerifierKey]) {
    var writer = try ChainWriter(42, site: "corpus.example", station: "S-1")
    var keys = [writer.key.verifierKey]
    var entries: [LedgerEntry] = []
    let standing = Standing(state: .inStock, custodian: .team("Storeroom"), location: LocationCode("HQ-1"))
    writer.seenCheckpoint = SeenCheckpoint(size: 7, root: String(repeating: "ab", count: 32))
    writer.commitments = ["badge": String(repeating: "cd", count: 32)]
    writer.evidence = [
      EvidenceReference(digest: String(repeating: "ef", count: 32), length: 9, mediaType: "image/jpeg", role: "photo")
    ]
    for details in try everyDetails() {
      entries.append(try writer.write(details, Fixture.laptop, to: standing, changing: { _ in }).entry)
    }
    let stranger = try ChainWriter(43, site: "corpus.example", station: "S-2")
    for statement: StationStatement.Details in [
      .enrol(KeyEnrolment(key: stranger.key.verifierKey, epoch: 1)),
      .revoke(KeyRevocation(subject: "corpus.example/S-2", epoch: 1, lastGoodSeq: 3, reason: "stolen")),
      .erase(ErasureRecord(person: Fixture.ann, reason: "asked for it")),
      .closeCount(Self.closing(of: .custodian(.person(Fixture.ann)))),
      .closeSession(Self.sessionClosing), .disposalOrder(Self.disposal),
    ] {
      entries.append(try writer.state(statement).entry)
    }
    entries.append(try writer.rotate(to: 44).entry)
    keys.append(writer.key.verifierKey)
    entries.append(try writer.openEpoch().entry)
    return (entries, keys)
  }

  /// A session's closing with every field.
  static var sessionClosing: SessionClosing {
    let moment = Instant(milliseconds: 1_772_442_000_000)
    return SessionClosing(
      session: SessionID(at: moment, random: (5, 6)), order: "PO-2031", openedAt: moment,
      tally: .init(readings: 9, events: 4, duplicate: 2, unknown: 1, refused: 1), events: EntryHash(of: [1, 2, 3]))
  }

  /// An act on a disposal order with every field.
  static var disposal: DisposalStatement {
    var act = DisposalStatement(
      act: .closed, order: "DO-7", route: .recycle, vendor: "GreenCycle GmbH", assets: 2,
      lines: DisposalStatement.hash(of: [Fixture.laptop, Fixture.other]))
    act.seal = "SEAL 4471920"
    act.witness = .init(person: Fixture.bob, authStrength: .badgePINOffline)
    act.approver = .init(person: Fixture.bob, authStrength: .badgePIN)
    act.list = .init(digest: EntryHash(of: [1]), rows: 1)
    act.open = [Fixture.laptop]
    act.reason = "bankrupt"
    return act
  }

  /// A closing with every field.
  static func closing(of scope: CountScope) -> CountClosing {
    let moment = Instant(milliseconds: 1_772_442_000_000)
    return CountClosing(
      count: CountID(at: moment, random: (1, 2)), recountOf: CountID(at: moment, random: (3, 4)), scope: scope,
      blind: true, openedAt: moment, file: String(repeating: "ab", count: 32), observations: 12,
      tally: CountTally(found: 9, missing: 2, provisional: 1), outstanding: 3)
  }
}
