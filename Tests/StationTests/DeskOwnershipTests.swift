import Custody
import CustodyLedger
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
      // Its answer was lost, and the desk has gone on: it was done, and is not done again.
      _ = try await act(api, "/desk/close", as: api.kim)
      let again = try await act(api, "/desk/scans", "text=DK-00001", as: api.kim, session: then, key: "scan-1")
      #expect(again.status == .ok && api.core.store.head.seq == sequence + 1)
      // Without a session a scan looks things up, also in the session that the scan before it opened.
      for _ in 0..<2 {
        #expect(try await act(api, "/desk/scans", "text=DK-00001", as: api.kim, session: "none").status == .ok)
      }
      #expect(api.core.store.head.seq == sequence + 1)
    }
  }
}
