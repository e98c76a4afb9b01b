import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("API: every verb over POST /sessions/{id}/scans")
struct APIVerbTests {
  struct Act: Sendable, CustomTestStringConvertible {
    let verb: String
    let from: String
    let details: CanonicalJSON
    let to: String
    var byManager = false
    var testDescription: String { "\(verb) from \(from)" }
  }

  static let acts = [
    Act(verb: "deploy", from: "inStock", details: ["recipient": ["team": "Finance"]], to: "deployed"),
    Act(verb: "deploy", from: "inStock", details: ["recipient": ["place": "HQ-B"]], to: "deployed"),
    Act(verb: "transfer", from: "inStock", details: ["location": "HQ-B"], to: "inStock"),
    Act(verb: "return", from: "deployed", details: ["condition": "B"], to: "quarantined"),
    Act(verb: "triage", from: "quarantined", details: ["outcome": "inStock", "grade": "A"], to: "inStock"),
    Act(
      verb: "triage", from: "quarantined", details: ["outcome": "inRepair", "grade": "B", "vendor": "FixIt"],
      to: "inRepair"),
    Act(
      verb: "triage", from: "quarantined", details: ["outcome": "retired", "grade": "C"], to: "retired", byManager: true
    ),
    Act(verb: "repairOut", from: "inStock", details: ["vendor": "FixIt", "mediaPresent": false], to: "inRepair"),
    Act(verb: "repairIn", from: "inRepair", details: ["outcome": "new fan"], to: "quarantined"),
    Act(verb: "ship", from: "inStock", details: ["carrier": "DHL", "toLocation": "HQ-B"], to: "inTransit"),
    Act(verb: "arrive", from: "inTransit", details: ["location": "HQ-B"], to: "quarantined"),
    Act(verb: "retire", from: "inStock", details: ["reason": "old"], to: "retired", byManager: true),
    Act(verb: "declareMissing", from: "inStock", details: ["reason": "not on its shelf"], to: "missing"),
    Act(verb: "found", from: "missing", details: ["location": "HQ-B"], to: "quarantined"),
    Act(verb: "amend", from: "inStock", details: ["set": ["model": "M2"], "reason": "label says so"], to: "inStock"),
    Act(
      verb: "bind", from: "inStock",
      details: ["identifier": ["kind": "mac", "value": "00:00:5e:00:53:01"], "reason": "read off"], to: "inStock"),
  ]

  @Test("a scan records the act and answers reading, identifier, resolution, decision and asset", arguments: acts)
  func records(_ act: Act) async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register(
        "DK-00001", act.from, custodian: act.from == "deployed" ? ["team": "Finance"] : nil)
      let before = api.core.store.head.seq
      let answer = try await api.scan("DK-00001", act.verb, act.details, as: act.byManager ? api.lee : api.kim)
      try #require(answer.status == .ok, "\(answer)")
      #expect(try answer.text("result") == "accepted")
      #expect(try answer.text("reading.raw") == base64(Array("DK-00001".utf8)))
      #expect(try answer.text("identifier.kind") == "assetTag")
      #expect(try answer.text("resolution.asset") == id)
      #expect(try answer.text("asset.state") == act.to)
      let recorded = try answer.items("decision.recorded")
      #expect(recorded.count == 1)
      #expect(recorded.first?[path: "type"]?.text == act.verb)
      #expect(recorded.first?[path: "from.state"]?.text == act.from)
      #expect(recorded.first?[path: "to.state"]?.text == act.to)
      #expect(api.core.store.head.seq == before + 1)
      #expect(try answer.text("decision.entryHash") == api.core.store.head.hash.description)
      let shown = try await api.get("/api/v1/assets/\(id)")
      #expect(try shown.text("state") == act.to)
    }
  }

  @Test("an announced asset is received by its tag; the same scan again is a duplicate and records nothing")
  func receivesAnnounced() async throws {
    try await APIUnderTest.run { api in
      let line: CanonicalJSON = ["order": "PO-2031", "line": 4]
      let announced = try await api.scan(
        "LT-00042", "expect", ["facts": ["model": "Latitude 5440", "orderLine": line]], as: api.kim)
      #expect(try announced.text("asset.state") == "expected")
      let session = try await api.open("receive", as: api.kim)
      let unplaced = try await api.scan("LT-00042", "receive", as: api.kim, in: session)
      try unplaced.expectProblem(.unprocessableContent, "scan.detail.missing")
      let place = try await api.post(session + "/scans", ["text": "CUSTODY:LOC:HQ-A"], as: api.kim)
      #expect(try place.text("result") == "context")
      let received = try await api.post(session + "/scans", ["text": "LT-00042"], as: api.kim)
      #expect(try received.text("asset.location") == "HQ-A")
      #expect(try received["asset.facts.orderLine"] == line)
      let sequence = api.core.store.head.seq
      let again = try await api.post(session + "/scans", ["text": "LT-00042"], as: api.kim)
      #expect(again.status == .ok)
      #expect(try again.text("result") == "duplicate")
      #expect(try again.text("code") == "custody.receive.already")
      // The station's clock stands at 09:00 UTC, an hour east of it.
      #expect(try again.text("sentence").hasSuffix(": nothing was recorded again. Recorded 10:00 by Kim."), "\(again)")
      #expect(api.core.store.head.seq == sequence)
      let shown = try await api.get(session)
      #expect(try shown["tally"] == ["accepted": 1, "context": 1, "duplicate": 1, "refused": 1])
    }
  }

  @Test("an unannounced asset is received once somebody says what it is; the scanned serial is bound to it")
  func receivesNew() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("receive", ["location": "HQ-A", "blindReason": "gift"], as: api.kim)
      let unknown = try await api.post(session + "/scans", ["text": "5CD1234XYZ"], as: api.kim)
      try unknown.expectProblem(.notFound, "scan.unknown")
      #expect(try unknown.text("result") == "unknown")
      let received = try await api.post(
        session + "/scans", ["text": "5CD1234XYZ", "details": ["facts": ["model": "ProBook"]]], as: api.kim)
      #expect(try received.text("asset.serial") == "5CD1234XYZ")
      #expect(try received.text("asset.state") == "inStock")
    }
  }

  @Test("a badge names the recipient and acknowledges; choosing another recipient drops what it acknowledged")
  func deploysToPerson() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      try await api.register("DK-00002")
      let session = try await api.open("deploy", as: api.kim)
      let named = try await api.post(
        session + "/scans", ["text": .string("CUSTODY:BADGE:" + APIUnderTest.robsBadge)], as: api.kim)
      #expect(try named.text("words") == "Recipient: Rob")
      let deployed = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      #expect(try deployed.text("asset.custodian.person") == api.rob.id.description)
      let other = try await api.ask(
        .patch, session, as: api.kim,
        bytes: try (["details": ["recipient": ["person": .string(api.vic.person.id.description)]]] as CanonicalJSON)
          .bytes())
      #expect(other.status == .ok)
      let refused = try await api.post(session + "/scans", ["text": "DK-00002"], as: api.kim)
      try refused.expectProblem(.conflict, "custody.deploy.acknowledgementMissing")
    }
  }

  @Test("a deployed asset goes over to the person whose badge is scanned")
  func transfersToPerson() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      let session = try await api.open("transfer", as: api.kim)
      try await api.scan("CUSTODY:BADGE:" + APIUnderTest.robsBadge, as: api.kim, in: session)
      let answer = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      #expect(try answer.text("asset.custodian.person") == api.rob.id.description)
    }
  }

  @Test("a client cannot say that somebody showed a badge")
  func refusesClaimedAcknowledgement() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let rob = CanonicalJSON.string(api.rob.id.description)
      let details: CanonicalJSON = [
        "recipient": ["person": rob], "acknowledgement": ["method": "badge", "person": rob, "text": "mine"],
      ]
      let sequence = api.core.store.head.seq
      let answer = try await api.scan("DK-00001", "deploy", details, as: api.kim)
      try answer.expectProblem(.unprocessableContent, "request.malformed")
      #expect(api.core.store.head.seq == sequence)
    }
  }

  @Test("disposal is refused naming each drive without a passing record, and passes once every drive has one")
  func disposes() async throws {
    try await APIUnderTest.run { api in
      try await api.register("LT-00007", "retired", category: "laptop", drives: ["D-ONE", "D-TWO"])
      let details: CanonicalJSON = ["order": "DO-9", "route": "recycle", "vendor": "ReCo"]
      let session = try await api.open("dispose", details, as: api.dana)
      try await api.second(api.lee, as: .witness, in: session, beside: api.dana)
      // Who validates the wipes has not witnessed the disposal: each act has its own second person.
      let wiping = try await api.open("sanitize", as: api.dana)
      try await api.second(api.lee, as: .witness, in: wiping, beside: api.dana)
      func dispose() async throws -> APIAnswer { try await api.scan("LT-00007", "dispose", as: api.dana, in: session) }
      func wipe(_ drive: String, _ result: String) async throws -> APIAnswer {
        try await api.scan(
          "LT-00007", "sanitize",
          [
            "record": [
              "medium": ["serial": .string(drive)], "requested": "purge", "achieved": "purge",
              "technique": "NVMe Sanitize", "tool": "nvme-cli", "verificationMethod": "full read",
              "verification": .string(result), "result": .string(result),
            ], "order": .null, "route": .null, "vendor": .null,
          ], as: api.dana, in: wiping)
      }
      let first = try await dispose()
      try first.expectProblem(.conflict, "custody.dispose.mediumNotSanitized")
      #expect(try first.text("detail").contains("D-ONE") && first.text("detail").contains("D-TWO"))
      #expect(try first.text("asset.state") == "retired")
      #expect(try await wipe("D-ONE", "passed").text("result") == "accepted")
      let failed = try await wipe("D-TWO", "failed")
      #expect(try failed.text("result") == "acceptedWithNote")
      #expect(try failed.text("sentence").contains("D-TWO"))
      let second = try await dispose()
      try second.expectProblem(.conflict, "custody.dispose.mediumNotSanitized")
      #expect(try second.text("detail").contains("D-TWO") && !second.text("detail").contains("D-ONE"))
      #expect(try await wipe("D-TWO", "passed").status == .ok)
      let done = try await dispose()
      #expect(try done.text("asset.state") == "disposed")
      let events = try await api.get("/api/v1/assets/\(try done.text("asset.id"))/events")
      let types = try events.items().compactMap { $0[path: "event.type"]?.text }
      #expect(types == ["register", "sanitize", "sanitize", "sanitize", "dispose"])
      #expect(try events.items().last?[path: "event.witness"]?.text == api.lee.person.id.description)
    }
  }

  @Test("a mark that was bound leads to the asset, and no longer once it is unbound")
  func bindsAndUnbinds() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      let mark: CanonicalJSON = ["identifier": ["kind": "serviceTag", "value": "7XK2"], "reason": "on its lid"]
      try await api.scan("DK-00001", "bind", mark, as: api.kim)
      #expect(try await api.scan("7XK2", as: api.kim).text("asset.id") == id)
      #expect(try await api.scan("DK-00001", "unbind", mark, as: api.kim).status == .ok)
      try await api.scan("7XK2", as: api.kim).expectProblem(.notFound, "scan.unknown")
    }
  }

  @Test("fitting a drive amends the other asset's list too; undo takes both events back, detach both facts")
  func attachesAndUndoes() async throws {
    try await APIUnderTest.run { api in
      let laptop = try await api.register("LT-00007", category: "laptop", drives: ["D-ONE"])
      try await api.register("D-NEW", category: "ssd", kind: "serial")
      let session = try await api.open("attach", ["parent": .string(laptop), "slot": "M.2"], as: api.kim)
      func drives() async throws -> [String?] {
        try await api.get("/api/v1/assets/\(laptop)").items("facts.media").map { $0[path: "serial"]?.text }
      }
      let fitted = try await api.post(session + "/scans", ["text": "D-NEW"], as: api.kim)
      #expect(try fitted.items("decision.recorded").compactMap { $0[path: "type"]?.text } == ["attach", "amend"])
      #expect(try await drives() == ["D-ONE", "D-NEW"])
      let undone = try await api.post(session + "/undo", as: api.kim)
      try #require(undone.status == .ok, "\(undone)")
      #expect(try undone.items("decision.recorded").compactMap { $0[path: "type"]?.text } == ["correct", "correct"])
      #expect(try undone["asset.parent"] == nil)
      #expect(try await drives() == ["D-ONE"])
      try await api.post(session + "/undo", as: api.kim).expectProblem(.conflict, "session.undo.nothing")
      #expect(try await api.post(session + "/scans", ["text": "D-NEW"], as: api.kim).status == .ok)
      let out = try await api.scan("D-NEW", "detach", ["parent": .string(laptop)], as: api.kim)
      #expect(try out["asset.parent"] == nil)
      #expect(try await drives() == ["D-ONE"])
    }
  }

  @Test("parts are disposed of with what they are fitted in, and one undo takes all of it back")
  func disposesWithPartsAndUndoes() async throws {
    try await APIUnderTest.run { api in
      let server = try await api.register("SV-00001")
      let ids = try await [
        "TR-00001": api.register("TR-00001"), "CA-00001": api.register("CA-00001"),
      ]
      try await api.scan("TR-00001", "attach", ["parent": .string(server)], as: api.kim)
      try await api.scan("CA-00001", "attach", ["parent": .string(try #require(ids["TR-00001"]))], as: api.kim)
      try await api.scan("SV-00001", "retire", ["reason": "old"], as: api.lee)
      let session = try await api.open("dispose", ["order": "DO-9", "route": "recycle"], as: api.dana)
      try await api.second(api.lee, as: .witness, in: session, beside: api.dana)
      func states() async throws -> [String] {
        var states: [String] = []
        for id in [server] + ids.values.sorted() {
          states.append(try await api.get("/api/v1/assets/\(id)").text("state"))
        }
        return states
      }
      let gone = try await api.scan("SV-00001", "dispose", as: api.dana, in: session)
      #expect(try gone.items("decision.recorded").count == 3)
      #expect(try gone.text("asset.id") == server)
      #expect(try await states() == ["disposed", "disposed", "disposed"])
      let undone = try await api.post(session + "/undo", as: api.dana)
      try #require(undone.status == .ok, "\(undone)")
      #expect(try await states() == ["retired", "inStock", "inStock"])
    }
  }

  @Test("an undo of which one half is refused records neither half")
  func undoesAllOrNothing() async throws {
    try await APIUnderTest.run { api in
      let laptop = try await api.register("LT-00007", category: "laptop", drives: ["D-ONE"])
      try await api.register("D-NEW", category: "ssd", kind: "serial")
      let session = try await api.open("attach", ["parent": .string(laptop)], as: api.kim)
      try await api.scan("D-NEW", "attach", as: api.kim, in: session)
      try await api.scan("LT-00007", "amend", ["set": ["model": "M2"], "reason": "label"], as: api.lee)
      let sequence = api.core.store.head.seq
      let refused = try await api.post(session + "/undo", as: api.kim)
      try refused.expectProblem(.forbidden, "custody.correct.approver")
      #expect(api.core.store.head.seq == sequence)
      try await api.second(api.lee, as: .approver, in: session, beside: api.kim)
      #expect(try await api.post(session + "/undo", as: api.kim).status == .ok)
    }
  }

  @Test func `undo passes over what was corrected on the asset's page meanwhile, and takes back the one before`()
    async throws
  {
    try await APIUnderTest.run { api in
      let first = try await api.register("DK-00001")
      try await api.register("DK-00002")
      let session = try await api.open("deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      try await api.scan("DK-00001", "deploy", as: api.kim, in: session)
      let second = try await api.scan("DK-00002", "deploy", as: api.kim, in: session)
      let event = try #require(try second.items("decision.recorded").first?[path: "eventID"])
      let corrected = try await api.scan("DK-00002", "correct", ["event": event, "reason": "wrong one"], as: api.lee)
      try #require(corrected.status == .ok, "\(corrected)")
      let undone = try await api.post(session + "/undo", as: api.kim)
      try #require(undone.status == .ok, "\(undone)")
      #expect(try undone.text("asset.id") == first)
      #expect(try undone.text("asset.state") == "inStock")
      let id = try #require(SessionID(String(session.suffix(36))))
      #expect(try await api.core.store.read { try $0.tally(of: id)[.undone] } == 2)
      try await api.post(session + "/undo", as: api.kim).expectProblem(.conflict, "session.undo.nothing")
    }
  }

  @Test("undo takes back the newest event, then the one before; a manager corrects an older one by its id")
  func undoesAndCorrects() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      let session = try await api.open("deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      try await api.scan("DK-00001", "deploy", as: api.kim, in: session)
      try await api.scan("DK-00001", "return", as: api.kim, in: session)
      #expect(try await api.post(session + "/undo", as: api.kim).text("asset.state") == "deployed")
      // By the command label, as gloves do it.
      let label = try await api.post(session + "/scans", ["text": "CUSTODY:CMD:UNDO"], as: api.kim)
      #expect(try label.text("asset.state") == "inStock")
      #expect(try label.text("identifier.kind") == "command")
      let event = try await api.scan("DK-00001", "deploy", ["recipient": ["team": "Sales"]], as: api.kim)
        .items("decision.recorded").first?[path: "eventID"]
      let wrong: CanonicalJSON = ["event": try #require(event), "reason": "wrong team"]
      let alone = try await api.scan("DK-00001", "correct", wrong, as: api.kim)
      try alone.expectProblem(.forbidden, "custody.correct.approver")
      let corrected = try await api.scan("DK-00001", "correct", wrong, as: api.lee)
      #expect(try corrected.text("asset.state") == "inStock")
      let kept = try await api.get("/api/v1/assets/\(id)/events").items().compactMap { $0[path: "event.type"]?.text }
      #expect(kept == ["register", "deploy", "return", "correct", "correct", "deploy", "correct"])
    }
  }

  @Test("a session takes only its operator's scans; who takes it over says so, and is named from then on")
  func belongsToItsOperator() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      let session = try await api.open("declareMissing", ["reason": "not there"], as: api.kim)
      let sequence = api.core.store.head.seq
      let refused = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.dana)
      try refused.expectProblem(.conflict, "session.otherOperator")
      #expect(try refused.text("detail").contains("Kim"))
      for act in ["/undo", "/close"] {
        try await api.post(session + act, as: api.dana).expectProblem(.conflict, "session.otherOperator")
      }
      let turned = try await api.ask(
        .patch, session, as: api.dana, bytes: try (["workflow": "dispose"] as CanonicalJSON).bytes())
      try turned.expectProblem(.conflict, "session.otherOperator")
      #expect(api.core.store.head.seq == sequence)
      let taken = try await api.post(session + "/takeover", as: api.dana)
      #expect(try taken.text("operator") == api.dana.person.id.description)
      #expect(try taken.text("workflow") == "declareMissing")
      #expect(try await api.post(session + "/scans", ["text": "DK-00001"], as: api.dana).status == .ok)
      let last = try await api.get("/api/v1/assets/\(id)/events").items().last
      #expect(last?[path: "event.operator"]?.text == api.dana.person.id.description)
      try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
        .expectProblem(.conflict, "session.otherOperator")
      let kept = try await api.get("/api/v1/readings?session=" + String(session.suffix(36))).items()
      let words = kept.compactMap { $0[path: "words"]?.text }
      #expect(words.contains("Taken over from Kim"))
    }
  }

  @Test("what was given in the presence of the operator before is given again after a takeover")
  func forgetsWordsOnTakeover() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await api.open("deploy", as: api.kim)
      try await api.scan("CUSTODY:BADGE:" + APIUnderTest.robsBadge, as: api.kim, in: session)
      try await api.second(api.lee, as: .witness, in: session, beside: api.kim)
      let taken = try await api.post(session + "/takeover", as: api.lee)
      #expect(try taken["witness"] == nil)
      #expect(try taken.text("details.recipient.person") == api.rob.id.description)
      let refused = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.lee)
      try refused.expectProblem(.conflict, "custody.deploy.acknowledgementMissing")
    }
  }

  @Test("nobody opens a session at a desk where another's is open")
  func oneSessionAtADesk() async throws {
    try await APIUnderTest.run { api in
      let mine = try await api.post("/api/v1/sessions", ["desk": "desk-1", "workflow": "receive"], as: api.kim)
      let other = try await api.post("/api/v1/sessions", ["desk": "desk-1"], as: api.dana)
      try other.expectProblem(.conflict, "session.otherOperator")
      #expect(try await api.get("/api/v1/sessions/" + mine.text("id"))["closedAt"] == nil)
      let again = try await api.post("/api/v1/sessions", ["desk": "desk-1"], as: api.kim)
      #expect(again.status == .created)
      #expect(try await api.get("/api/v1/sessions/" + mine.text("id"))["closedAt"] != nil)
    }
  }

  @Test("a command label turns the session; lookup shows the asset and records nothing")
  func turnsSessions() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      let session = try await api.open(as: api.kim)
      let sequence = api.core.store.head.seq
      let seen = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      #expect(try seen.text("result") == "lookup")
      #expect(try seen.text("asset.custodian.team") == "Finance")
      #expect(api.core.store.head.seq == sequence)
      let turned = try await api.post(session + "/scans", ["text": "CUSTODY:CMD:RETURN"], as: api.kim)
      #expect(try turned.text("workflow") == "return")
      #expect(try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim).text("result") == "accepted")
      #expect(try await api.post(session + "/scans", ["text": "CUSTODY:CMD:CLOSE"], as: api.kim).status == .ok)
      let late = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      try late.expectProblem(.conflict, "session.closed")
    }
  }
}
