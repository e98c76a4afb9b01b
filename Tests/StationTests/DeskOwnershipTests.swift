import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

/// A shared station never records the wrong person: neither by a scanner, nor by a page that another person left behind.
@Suite("Desk: whose scan it is")
struct DeskOwnershipTests {
  /// Does something as the desk's page does.
  private func act(
    _ api: APIUnderTest, _ path: String, _ form: String = "", as who: SignedIn, page person: SignedIn? = nil,
    session: String? = nil, key: String? = nil
  ) async throws -> APIAnswer {
    var headers: HTTPFields = [.custodyFragment: "desk", .custodyOperator: (person ?? who).person.id.description]
    if let session { headers[.custodySession] = session }
    if let key { headers[.idempotencyKey] = key }
    return try await api.ask(.post, path, as: who, bytes: Array(form.utf8), headers: headers)
  }

  private func sessionKey(_ api: APIUnderTest) async throws -> String {
    StationCore.sessionKey(try await api.core.deskSession())
  }

  private func scanner(_ api: APIUnderTest, _ text: String) async throws -> ScanOutcome {
    try await api.core.deskScan(Scan(raw: Array(text.utf8), source: .symbol, device: "05e0:1200/1-2"))
    return try #require(api.core.desk.lastOutcome)
  }

  @Test("while another's session is open, scans at the desk are kept and recorded for nobody, until it is taken over")
  func takesOver() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      _ = try await act(api, "/desk/session", "workflow=return", as: api.kim)
      #expect(api.core.desk.operatorToken == api.kim.token)
      let sequence = api.core.store.head.seq
      let page = try await act(api, "/desk/scans", "text=DK-00001", as: api.dana)
      let shown = String(decoding: page.bytes, as: UTF8.self)
      #expect(shown.contains("Kim’s session is open") && shown.contains(#"action="/desk/takeover""#))
      #expect(api.core.store.head.seq == sequence)
      let kept = try await api.get("/api/v1/readings?outcome=unassigned").items()
      #expect(kept.map { $0[path: "code"]?.text } == ["session.otherOperator"])
      #expect(kept.map { $0[path: "person"]?.text } == [api.dana.person.id.description])
      // The scanner is Kim's all the while.
      #expect(try await scanner(api, "DK-00001").result == .accepted)
      #expect(
        try await api.get("/api/v1/assets/\(id)/events").items().last?[path: "event.operator"]?.text
          == api.kim.person.id.description)
      // Kim goes, and Dana takes the session over.
      api.core.signIns.remove(api.kim.token)
      #expect(try await scanner(api, "DK-00001").code == "access.notSignedIn")
      _ = try await act(api, "/desk/takeover", as: api.dana)
      #expect(api.core.desk.operatorToken == api.dana.token)
      // Dana may not take assets back, so the desk is at nothing before she says what she does.
      #expect(try await api.core.deskSession()?.1.workflow == nil)
      #expect(try await scanner(api, "CUSTODY:CMD:LOOKUP").result == .context)
    }
  }

  @Test("who signs in on a browser takes the place of who was signed in on it; elsewhere the desk's operator stays")
  func oneBrowserOnePerson() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.dana.person.id, badge: "danas", pin: "482915")
      api.core.desk.operatorToken = api.kim.token
      let form = Array("badge=danas&pin=482915".utf8)
      let elsewhere = try await api.ask(.post, "/sign-in", as: nil, bytes: form)
      #expect(elsewhere.status == .seeOther)
      #expect(api.core.desk.operatorToken == api.kim.token)
      let here = try await api.ask(
        .post, "/sign-in", as: nil, bytes: form, headers: [.cookie: "custody=\(api.kim.token)"])
      #expect(here.status == .seeOther)
      #expect(api.core.signIns.find(api.kim.token, at: api.clock.now()) == nil)
      let now = try #require(api.core.desk.operatorToken)
      let cookie: String = try #require(here.headers[.setCookie])
      #expect(cookie.hasPrefix("custody=\(now);"))
    }
  }

  @Test("what a page did as one person is not taken from another who is signed in on that browser by now")
  func refusesAnothersPage() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let before = api.core.store.head.seq
      let answer = try await act(api, "/desk/scans", "text=DK-00001", as: api.dana, page: api.kim)
      try answer.expectProblem(.conflict, "access.otherPerson")
      #expect(try answer.text("detail").contains("Dana"))
      #expect(try await api.core.deskSession() == nil && api.core.store.head.seq == before)
    }
  }

  @Test("a scan that could not be sent at once goes into the session and act it was made in, or nowhere")
  func refusesAnotherSession() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      _ = try await act(api, "/desk/session", "workflow=return", as: api.kim)
      let then = try await sessionKey(api)
      _ = try await act(api, "/desk/session", "workflow=declareMissing", as: api.kim)
      let sequence = api.core.store.head.seq
      let late = try await act(api, "/desk/scans", "text=DK-00001", as: api.kim, session: then, key: "scan-1")
      try late.expectProblem(.conflict, "session.other")
      #expect(api.core.store.head.seq == sequence)
      _ = try await act(api, "/desk/session", "workflow=return", as: api.kim)
      #expect(try await sessionKey(api) == then)
      let sent = try await act(api, "/desk/scans", "text=DK-00001", as: api.kim, session: then, key: "scan-1")
      #expect(sent.status == .ok && api.core.store.head.seq == sequence + 1)
      // Its answer was lost, and the desk has gone on, with the session's closing signed: it was done, and is not done again.
      _ = try await act(api, "/desk/close", as: api.kim)
      #expect(api.core.store.head.seq == sequence + 2)
      let again = try await act(api, "/desk/scans", "text=DK-00001", as: api.kim, session: then, key: "scan-1")
      #expect(again.status == .ok && api.core.store.head.seq == sequence + 2)
      // Without a session a scan looks things up, also in the session that the scan before it opened.
      for _ in 0..<2 {
        #expect(try await act(api, "/desk/scans", "text=DK-00001", as: api.kim, session: "none").status == .ok)
      }
      #expect(api.core.store.head.seq == sequence + 2)
    }
  }

  @Test func `the label that closes a session signs it, as the button does`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      _ = try await act(api, "/desk/session", "workflow=return", as: api.kim)
      #expect(try await scanner(api, "DK-00001").result == .accepted)
      let session = try #require(try await api.core.deskSession()?.0)
      let store = api.core.store
      let before = store.head.seq
      #expect(try await scanner(api, "CUSTODY:CMD:CLOSE").result == .context)
      #expect(store.head.seq == before + 1)
      let sealed = try await store.read { try $0.chain(of: store.identity, after: before, limit: 10) }
      let entry = try #require(sealed.first)
      let statement = try CanonicalDecoder().decode(
        StationStatement.self, from: Array(entry.bytes.dropFirst(LedgerEntry.signatureLength)))
      guard case .closeSession(let closing) = statement.details else {
        Issue.record("no closing: \(statement.details)")
        return
      }
      #expect(closing.session == session.id && closing.tally.events == 1)
      #expect(try await store.read { try $0.session(session.id)?.closedAt } != nil)
      #expect(try await api.core.deskSession() == nil)
    }
  }

  @Test func `a scan that comes as another page closes the session is kept, and says what to do`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      _ = try await act(api, "/desk/session", "workflow=return", as: api.kim)
      let session = try #require(try await api.core.deskSession()?.0)
      _ = try await act(api, "/desk/close", as: api.kim)
      let before = api.core.store.head.seq
      let scan = Scan(raw: Array("DK-00001".utf8), source: .symbol, device: "05e0:1200/1-2")
      try await api.core.deskScan(scan, in: session.id, by: api.kim)
      let shown = try #require(api.core.desk.lastOutcome)
      #expect(shown.result == .refused && shown.code == "session.closed")
      #expect(shown.sentence?.contains("nothing was recorded") == true && shown.remedy?.isEmpty == false)
      #expect(api.core.store.head.seq == before)
      let kept = try await api.get("/api/v1/readings?outcome=unassigned").items()
      #expect(kept.map { $0[path: "code"]?.text } == ["session.closed"])
      #expect(kept.map { $0[path: "raw"]?.text } == [Data("DK-00001".utf8).base64EncodedString()])
      #expect(kept.map { $0[path: "person"]?.text } == [api.kim.person.id.description])
    }
  }

  @Test func `a page is told when another turns the act, notes details, signs or closes, and knows its own acts`()
    async throws
  {
    try await APIUnderTest.run { api in
      let heard = api.core.live.listen(after: nil)
      _ = try await act(api, "/desk/session", "workflow=deploy", as: api.kim, key: "page1-turn")
      let rob = "recipient.person=\(api.rob.id)"
      _ = try await act(api, "/desk/details", rob, as: api.kim, key: "page1-details")
      let drawn: String? = "data:image/png;base64," + HandOverTests.line
      let form = String(DeskPages.query([("picture", drawn)]).dropFirst())
      _ = try await act(api, "/desk/sign", form, as: api.kim, key: "page1-sign")
      let work = try #require(try await api.core.deskSession()?.1)
      #expect(work.signature != nil)
      _ = try await act(api, "/desk/close", as: api.kim, key: "page1-close")
      // A session of no desk is nobody else's matter.
      _ = try await api.open("return", as: api.kim)
      // What no page of the desk did is nobody's own.
      _ = try await api.post("/api/v1/sessions", ["desk": "desk-1"], as: api.kim)
      api.core.live.finish()
      var told: [LiveEvent] = []
      for await event in heard { told.append(event) }
      #expect(told.map(\.name) == Array(repeating: "status", count: 5))
      let acts = try told.map { try JSONDecoder().decode([String: String].self, from: Data($0.data))["act"] }
      #expect(acts == ["page1-turn", "page1-details", "page1-sign", "page1-close", nil])
    }
  }

  @Test func `of two people who close one session the second is told who was first, and nothing is signed twice`()
    async throws
  {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      let session = try await api.open("return", as: api.kim)
      try await api.scan("DK-00001", "return", as: api.kim, in: session)
      #expect(try await api.post(session + "/takeover", as: api.lee).status == .ok)
      #expect(try await api.post(session + "/close", as: api.lee).status == .ok)
      let before = api.core.store.head.seq
      for late in [api.kim, api.lee] {
        let answer = try await api.post(session + "/close", as: late)
        try answer.expectProblem(.conflict, "session.closed")
        #expect(try answer.text("detail") == "The session was closed by Lee.")
      }
      #expect(api.core.store.head.seq == before)
    }
  }

  @Test(arguments: ["receive", "triage", "retire"])
  func `a badge where an asset is expected is told for what it is, and nothing is recorded`(_ workflow: String)
    async throws
  {
    try await APIUnderTest.run { api in
      _ = try await act(api, "/desk/session", "workflow=" + workflow, as: api.lee)
      let before = try await api.core.deskSession()?.1
      let sequence = api.core.store.head.seq
      let known = try await scanner(api, "CUSTODY:BADGE:" + APIUnderTest.robsBadge)
      #expect(known.result == .context && known.words == "Badge: Rob" && known.events.isEmpty)
      #expect(known.sentence == "Rob: a badge names a person, it does not sign for one.")
      #expect(known.remedy == "To act as witness, approver or operator, enter badge and PIN.")
      let unknown = try await scanner(api, "CUSTODY:BADGE:nobodys")
      #expect(unknown.result == .refused && unknown.code == "scan.badge.unknown")
      #expect(unknown.sentence?.isEmpty == false && unknown.remedy?.isEmpty == false)
      #expect(api.core.store.head.seq == sequence)
      #expect(try await api.core.deskSession()?.1 == before)
      // Neither is a code that somebody has to look into, and no token is kept.
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      let kept = String(decoding: try await api.get("/api/v1/readings").bytes, as: UTF8.self)
      let whole = Data(("CUSTODY:BADGE:" + APIUnderTest.robsBadge).utf8).base64EncodedString()
      #expect(!kept.contains(APIUnderTest.robsBadge) && !kept.contains(whole))
    }
  }

  @Test("what a person may not do is said when it is chosen, by page, by label and at a take-over")
  func rolesAtTheChoice() async throws {
    try await APIUnderTest.run { api in
      let page = String(
        decoding: try await act(api, "/desk/session", "workflow=retire", as: api.kim).bytes, as: UTF8.self)
      #expect(page.contains("Not allowed") && page.contains("Ask somebody with the role"))
      #expect(try await api.core.deskSession() == nil)
      #expect(page.contains(#"value="retire" disabled"#) && !page.contains(#"value="deploy" disabled"#))
      _ = try await act(api, "/desk/session", "workflow=deploy", as: api.kim)
      let label = try await scanner(api, "CUSTODY:CMD:RETIRE")
      #expect(label.result == .refused && label.code == "custody.retire.role")
      #expect(try await api.core.deskSession()?.1.workflow == .deploy)
      let taken = try await act(api, "/desk/takeover", as: api.vic)
      #expect(String(decoding: taken.bytes, as: UTF8.self).contains("Not allowed"))
      #expect(try await api.core.deskSession()?.0.operator == api.kim.person.id)
    }
  }

  @Test("a second person who is the operator, or lacks the role, is refused at once; another can take their place")
  func wrongSecondPerson() async throws {
    try await APIUnderTest.run { api in
      for (person, badge) in [(api.kim, "kims"), (api.dana, "danas"), (api.lee, "lees")] {
        try await api.core.store.setCredentials(of: person.person.id, badge: badge, pin: "730164")
      }
      _ = try await act(api, "/desk/session", "workflow=sanitize", as: api.kim)
      func give(_ badge: String) async throws -> String {
        let form = "role=witness&badge=\(badge)&pin=730164"
        return String(decoding: try await act(api, "/desk/operators", form, as: api.kim).bytes, as: UTF8.self)
      }
      #expect(try await give("kims").contains("Another person needed"))
      #expect(try await give("danas").contains("May not be validator"))
      #expect(try await api.core.deskSession()?.1.witness == nil)
      let page = try await give("lees")
      #expect(page.contains("Validator: \(api.lee.person.name)") && page.contains("Another validator"))
      #expect(try await api.core.deskSession()?.1.witness?.person == api.lee.person.id)
    }
  }

  @Test("where goods came in is not where they are handed out; a location scanned before an act is for that act")
  func locationOfAnAct() async throws {
    var work = WorkSession(workflow: .receive, details: ["location": "STORE-A1", "condition": "A"])
    work.turn(to: .arrive)
    #expect(work.details == ["location": "STORE-A1"])
    work.turn(to: .deploy)
    #expect(work.details == [:])
    work.details = ["location": "STORE-A1"]
    work.turn(to: .return)
    #expect(work.details == [:])
    work = WorkSession(details: ["location": "QUARANTINE"])
    work.turn(to: .return)
    #expect(work.details == ["location": "QUARANTINE"])
  }

  @Test("no number of refusals stands above what was taken last, and a link leads to them")
  func oddLines() async throws {
    try await APIUnderTest.run { api in
      _ = try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      _ = try await act(api, "/desk/session", "workflow=return", as: api.kim)
      func lines() async throws -> (states: [Substring], page: String) {
        let page = String(decoding: try await act(api, "/desk/details", as: api.kim).bytes, as: UTF8.self)
        return (page.split(separator: "<li class=\"line is-").dropFirst().map { $0.prefix { $0 != "\"" } }, page)
      }
      #expect(try await scanner(api, "DK-00001").result == .accepted)
      let whole = try await lines()
      #expect(whole.states == ["done"] && !whole.page.contains("to look into"))
      for number in 1...5 { _ = try await scanner(api, "NO-0000\(number)") }
      let odd = try await lines()
      #expect(odd.states == ["unknown", "done", "unknown", "unknown", "unknown", "unknown"])
      #expect(odd.page.contains("5 to look into") && odd.page.contains("href=\"#odd-line\""))
      #expect(odd.page.components(separatedBy: "id=\"odd-line\"").count == 2)
    }
  }

  @Test("in a session's list an odd scan stands above the rest until its asset is taken, and a long code is cut")
  func sessionList() async throws {
    try await APIUnderTest.run { api in
      _ = try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      _ = try await act(api, "/desk/session", "workflow=deploy", as: api.kim)
      _ = try await scanner(api, "DK-00001")
      let long = String(repeating: "A", count: 200)
      _ = try await scanner(api, long)
      _ = try await act(api, "/desk/session", "workflow=return", as: api.kim)
      #expect(try await scanner(api, "DK-00001").result == .accepted)
      let page = String(decoding: try await act(api, "/desk/details", as: api.kim).bytes, as: UTF8.self)
      let lines = page.split(separator: "<li class=\"line is-").dropFirst().map { $0.prefix { $0 != "\"" } }
      #expect(lines == ["done", "unknown", "refused"])
      #expect(!page.contains(long) && page.contains(String(repeating: "A", count: 60) + "…"))
    }
  }
}
