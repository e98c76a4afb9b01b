import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("What a phone asks of a station") struct PhoneTests {
  private static func uuid(_ number: Int) -> String {
    "01990000-0000-7000-8000-" + String(repeating: "0", count: 12 - String(number).count) + String(number)
  }

  /// A count of HQ-A with one dock in it; gives back its path.
  private func opened(_ api: APIUnderTest, blind: Bool = false) async throws -> String {
    try await api.register("DK-00001")
    try #require(try await api.scan("DK-00001", "transfer", ["location": "HQ-A"], as: api.lee).status == .ok)
    let answer = try await api.post(
      "/api/v1/counts", ["scope": ["location": "HQ-A"], "blind": .bool(blind)], as: api.kim)
    return "/api/v1/counts/" + (try answer.text("id"))
  }

  @Test("a sheet has every mark of what is expected, and the places; a blind count's has the places alone")
  func sheet() async throws {
    try await APIUnderTest.run { api in
      let guided = try await opened(api)
      let sheet = try await api.get(guided + "/sheet")
      try #require(sheet.status == .ok, "\(sheet)")
      let lines = try sheet.items("lines")
      #expect(lines.count == 1)
      #expect(lines.first?[path: "name"]?.text == "DK-00001" && lines.first?[path: "place"]?.text == "HQ-A")
      #expect(lines.first?[path: "marks"] == ["DK-00001"] && lines.first?[path: "result"]?.text == "missing")
      #expect(try sheet["complete"] == .bool(true))
      #expect(try sheet["expected"] == .integer(1))
      #expect(try sheet.items("places").compactMap { $0[path: "code"]?.text }.sorted() == ["HQ-A", "HQ-B"])
    }
    try await APIUnderTest.run { api in
      let blind = try await opened(api, blind: true)
      let sheet = try await api.get(blind + "/sheet")
      #expect(try sheet.items("lines").isEmpty)
      #expect(try sheet["complete"] == .bool(false))
      #expect(try !sheet.json.names.contains("expected"), "a blind count does not say how many")
      #expect(!String(decoding: sheet.bytes, as: UTF8.self).contains("DK-00001"))
      #expect(try sheet.items("places").count == 2)
    }
  }

  @Test("a picture's codes are read for the phone, and no scan is made of them")
  func symbols() async throws {
    let label = try Fixture.bytes(Fixture.label)
    try await APIUnderTest.run { api in
      for path in ["/api/v1/symbols", "/api/v1/symbols?still=true"] {
        let answer = try await api.ask(.post, path, as: api.kim, bytes: label)
        try #require(answer.status == .ok, "\(answer)")
        #expect(try answer.items("symbols").contains { $0[path: "text"]?.text?.hasSuffix("AT-00042") == true })
      }
      #expect(try await api.get("/api/v1/readings").items().isEmpty)
      try await api.ask(.post, "/api/v1/symbols", as: api.kim, bytes: [1, 2, 3])
        .expectProblem(.unprocessableContent, "picture.unreadable")
      try await api.ask(.post, "/api/v1/symbols", as: nil, bytes: label)
        .expectProblem(.unauthorized, "access.notSignedIn")
    }
  }

  @Test("what one person kept is never taken as another's")
  func ofOnePerson() async throws {
    try await APIUnderTest.run { api in
      let path = try await opened(api)
      let (counter, observation) = (Self.uuid(900), Self.uuid(1))
      func join(_ who: SignedIn) async throws -> APIAnswer {
        try await api.ask(
          .put, path + "/counters/" + counter, as: who, bytes: Array(#"{"device":"phone"}"#.utf8))
      }
      #expect(try await join(api.kim).status == .ok)
      let body: CanonicalJSON = [
        "counter": .string(counter),
        "observations": [
          ["id": .string(observation), "at": "2026-03-02T09:00:01.000Z", "text": "DK-00001", "place": "HQ-A"]
        ],
      ]
      let ofKim: HTTPFields = [.custodyOperator: "\(api.kim.person.id)"]
      let refused = try await api.post(path + "/observations", body, as: api.lee, headers: ofKim)
      try refused.expectProblem(.conflict, "access.otherPerson")
      // Also without a word of whose they are: the counter is Kim's.
      let other = try await api.post(path + "/observations", body, as: api.lee)
      #expect(try other.items().first?[path: "code"]?.text == "count.counter.other", "\(other)")
      let taken = try await api.post(path + "/observations", body, as: api.kim, headers: ofKim)
      #expect(try taken.items().first?[path: "outcome"]?.text == "counted", "\(taken)")
      let again = try await api.post(path + "/observations", body, as: api.kim, headers: ofKim)
      #expect(try again.items().first?[path: "outcome"]?.text == "again", "\(again)")
    }
  }

  @Test("an observation keeps the time of the phone, unless that cannot be")
  func ownTime() async throws {
    try await APIUnderTest.run(options: StationOptions(usb: false, idleMinutes: 600)) { api in
      let path = try await opened(api)
      let counter = Self.uuid(900)
      _ = try await api.ask(
        .put, path + "/counters/" + counter, as: api.kim, bytes: Array(#"{"device":"phone"}"#.utf8))
      // The station's clock stands at 09:00, when the count was opened; three hours pass.
      api.clock.advance(seconds: 3 * 3600)
      let times = ["2026-03-02T10:15:30.123Z", "2031-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"]
      let wanted = ["2026-03-02T10:15:30.123Z", "2026-03-02T12:00:00.000Z", "2026-03-02T09:00:00.000Z"]
      let observations = times.enumerated().map { index, time -> CanonicalJSON in
        ["id": .string(Self.uuid(index + 1)), "at": .string(time), "text": .string("ZZ-\(index)")]
      }
      let taken = try await api.post(
        path + "/observations", ["counter": .string(counter), "observations": .array(observations)], as: api.kim)
      #expect(try taken.items().map { $0[path: "line.seen.at"]?.text } == wanted, "\(taken)")
    }
  }

  @Test("a signature that comes late is nobody's but who drew it, and the same again is answered the same")
  func lateSignature() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(
        "deploy", ["recipient": ["person": .string("\(api.rob.id)")]], as: api.kim)
      let drawn: CanonicalJSON = ["signature": .string(HandOverTests.line), "person": .string("\(api.rob.id)")]
      let key: HTTPFields = [.idempotencyKey: Self.uuid(7)]
      let first = try await api.post(session + "/acknowledgement", drawn, as: api.kim, headers: key)
      try #require(first.status == .ok, "\(first)")
      // Somebody else takes things by now.
      _ = try await api.ask(
        .patch, session, as: api.kim,
        bytes: Array(#"{"details":{"recipient":{"person":"\#(api.vic.person.id)"}}}"#.utf8))
      try await api.post(session + "/acknowledgement", drawn, as: api.kim)
        .expectProblem(.conflict, "acknowledgement.other")
      let again = try await api.post(session + "/acknowledgement", drawn, as: api.kim, headers: key)
      #expect(again.bytes == first.bytes)
    }
  }

  @Test("who is to sign is told on the phone, and signs there")
  func signs() async throws {
    try await APIUnderTest.run { api in
      let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"]
      func page() async throws -> String { String(decoding: try await api.get("/phone").bytes, as: UTF8.self) }
      let session = try #require(try await page().firstMatch(of: /data-session="([^"]+)"/)?.1)
      try await api.ask(.post, "/phone/session", as: api.kim, bytes: Array("workflow=deploy".utf8), headers: form)
      _ = try await api.ask(
        .patch, "/api/v1/sessions/\(session)", as: api.kim,
        bytes: Array(#"{"details":{"recipient":{"person":"\#(api.rob.id)"}}}"#.utf8))
      let path = "/phone/sign/\(session)"
      let told = try await page()
      #expect(told.contains(path) && told.contains("Rob signs"), "\(told)")
      #expect(String(decoding: try await api.get(path).bytes, as: UTF8.self).contains(ScanFlow.acknowledgementText))
      func sign(_ picture: String, by who: SignedIn) async throws -> APIAnswer {
        let encoded = picture.replacing("+", with: "%2B")
        let body = "person=\(api.rob.id)&picture=data:image/png;base64,\(encoded)"
        return try await api.ask(.post, path, as: who, bytes: Array(body.utf8), headers: form)
      }
      let empty = try await sign(HandOverTests.blank, by: api.kim)
      #expect(empty.status == .unprocessableContent)
      #expect(String(decoding: empty.bytes, as: UTF8.self).contains("The field of the signature is empty."))
      let signed = try await sign(HandOverTests.line, by: api.kim)
      #expect(signed.status == .seeOther && signed.headers[.location] == "/phone")
      #expect(try await !page().contains(path))
    }
  }

  @Test("what a phone recorded is closed at a change of act, on another day and at the sign-out; undo stops there")
  func stretches() async throws {
    try await APIUnderTest.run(options: StationOptions(usb: false, idleMinutes: 1440)) { api in
      var assets: [String] = []
      for number in 1...3 { assets.append(try await api.register("DK-0000\(number)")) }
      func session() async throws -> String {
        String(try #require(try await api.page("/phone", as: api.lee).firstMatch(of: /data-session="([^"]+)"/)?.1))
      }
      func isClosed(_ id: String) async throws -> Bool {
        try await api.get("/api/v1/sessions/\(id)", as: api.lee)["closedAt"] != nil
      }
      func scan(_ texts: String...) async throws {
        for text in texts {
          #expect(try await api.form("/phone/scans", [("text", text)], as: api.lee).status == .seeOther)
        }
      }
      func turn(to workflow: String) async throws {
        _ = try await api.form("/phone/session", [("workflow", workflow)], as: api.lee)
      }
      func place(_ index: Int) async throws -> CanonicalJSON? {
        try await api.get("/api/v1/assets/\(assets[index])")["location"]
      }
      let first = try await session()
      try await turn(to: "transfer")
      #expect(try await session() == first, "nothing was recorded in it yet")
      try await scan("CUSTODY:LOC:HQ-A", "DK-00001")
      try #require(try await place(0) == "HQ-A")
      try await turn(to: "lookup")
      let second = try await session()
      #expect(try await isClosed(first))
      #expect(second != first)
      _ = try await api.form("/phone/undo", as: api.lee)
      #expect(try await place(0) == "HQ-A")

      try await turn(to: "transfer")
      try await scan("CUSTODY:LOC:HQ-B", "DK-00002")
      try #require(try await place(1) == "HQ-B")
      api.clock.advance(seconds: 23 * 3600)
      _ = try await api.form("/phone/undo", as: api.lee)
      #expect(try await isClosed(second))
      #expect(try await place(1) == "HQ-B")

      try await scan("CUSTODY:LOC:HQ-A", "DK-00003")
      let third = try await session()
      #expect(third != second)
      // The act goes on; what was set for it does not.
      #expect(try await place(2) == "HQ-A")
      #expect(try await api.form("/sign-out", as: api.lee).status == .seeOther)
      #expect(try await api.get("/api/v1/sessions/\(third)", as: api.kim)["closedAt"] != nil)
    }
  }

  @Test("the worker reaches the phone's page, carries a version, and all that it keeps is served")
  func worker() async throws {
    try await APIUnderTest.run { api in
      let worker = try await api.ask(.get, "/phone/worker.js", as: nil)
      #expect(worker.status == .ok && worker.headers[.serviceWorkerAllowed] == "/phone")
      let text = String(decoding: worker.bytes, as: UTF8.self)
      #expect(!text.contains("VERSION-OF-THE-ASSETS"))
      let assets = text.matches(of: /"(\/(?:static|phone)\/[a-z.-]+)"/).map { String($0.1) }
      #expect(assets.count >= 10)
      for asset in assets {
        let answer = try await api.ask(.get, asset, as: nil)
        #expect(answer.status == .ok, "\(asset)")
      }
    }
  }

  @Test("the address that a phone is told is the one that the desk is asked by")
  func connect() async throws {
    for (asked, host, port) in [
      ("Station.example:8443", "station.example", "8443"), ("[fe80::1]:80", "fe80::1", "80"),
      ("10.0.0.9", "10.0.0.9", nil), ("a\"><script>:1", "localhost", nil),
    ] as [(String, String, String?)] {
      let parts = DeskPages.parts(ofAuthority: asked)
      #expect(parts.host == host && parts.port == port, "\(asked)")
    }
    try await APIUnderTest.run { api in
      let page = try await api.ask(.get, "/phone/connect", as: nil)
      #expect(page.status == .ok)
      #expect(String(decoding: page.bytes, as: UTF8.self).contains("This address is not encrypted."))
    }
  }
}
