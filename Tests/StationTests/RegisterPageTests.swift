import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

/// The pages of people, places and models.
@Suite("Pages: people, locations, models") struct RegisterPageTests {
  // MARK: People

  /// Rob has a dock, which he acknowledged by his badge.
  private func handedToRob(_ api: APIUnderTest) async throws -> String {
    let id = try await api.register("DK-00001")
    let session = try await api.open("deploy", ["expectedReturn": "2026-03-01"], as: api.kim)
    for text in ["CUSTODY:BADGE:\(APIUnderTest.robsBadge)", "DK-00001"] {
      let answer = try await api.post(session + "/scans", ["text": .string(text)], as: api.kim)
      try #require(answer.status == .ok, "\(answer)")
    }
    return id
  }

  @Test
  func `people are listed with what each has; who may do what, and how they sign in, is for those who answer for it`()
    async throws
  {
    try await APIUnderTest.run { api in
      _ = try await handedToRob(api)
      let kims = try await api.page("/people", as: api.kim)
      for name in ["Kim", "Lee", "Dana", "Vic", "Rob"] { #expect(kims.contains(">\(name)</a>"), "\(name)") }
      #expect(kims.contains("Take back all") && !kims.contains("<th scope=\"col\">PIN</th>"))
      let lees = try await api.page("/people", as: api.lee)
      #expect(lees.contains("<th scope=\"col\">PIN</th>") && lees.contains("manager"))
      #expect(lees.contains("disposal operator") && !lees.contains("disposalOperator"))
      #expect(!(try await api.page("/people", as: api.vic)).contains("Take back all"))
      let rows = try await api.rows("/people.csv", as: api.lee)
      #expect(rows.contains("Rob,,,,yes,1,,yes,no"), "\(rows)")
      #expect(rows.contains { $0.hasPrefix("Kim,,,,yes,0,technician,no,") }, "\(rows)")
      #expect(try await api.rows("/people.csv", as: api.kim).contains("Rob,,,,yes,1"))
      #expect(try await api.rows("/people.csv?q=ro", as: api.kim) == ["Rob,,,,yes,1"])
      let one = try await api.page("/people?q=ro", as: api.kim)
      #expect(one.contains(">Rob</a>") && !one.contains(">Lee</a>"))
    }
  }

  @Test func `a person's page shows what they have, when it is due, and to some what they signed`() async throws {
    try await APIUnderTest.run { api in
      _ = try await handedToRob(api)
      let path = "/people/\(api.rob.id)"
      let kims = try await api.page(path, as: api.kim)
      for words in ["DK-00001", "2026-03-01", "overdue", "Receipt", "Take back all"] {
        #expect(kims.contains(words), "\(words)")
      }
      #expect(!kims.contains("Acknowledged</h2>"))
      let lees = try await api.page(path, as: api.lee)
      #expect(lees.contains("Acknowledged</h2>") && lees.contains(ScanFlow.acknowledgementText))
      let nobody = try await api.ask(
        .get, "/people/\(PersonID(high: 1, low: 1))", as: api.lee, headers: [.accept: "text/html"])
      #expect(nobody.status == .notFound)
    }
  }

  @Test func `what somebody has who leaves is taken back in one session that awaits all of it`() async throws {
    try await APIUnderTest.run { api in
      _ = try await handedToRob(api)
      let begun = try await api.form(
        "/desk/begin", [("workflow", "return"), ("leaver", api.rob.id.description)], as: api.kim)
      #expect(begun.status == .seeOther)
      #expect(try await api.page("/desk", as: api.kim).contains("Rob: 0 of 1 given back"))
      _ = try await api.form("/desk/scans", [("text", "DK-00001")], as: api.kim)
      #expect(try await api.page("/desk", as: api.kim).contains("Rob: 1 of 1 given back"))
    }
  }

  @Test func `reading about people is written down, without what was searched for`() async throws {
    try await APIUnderTest.run { api in
      for path in ["/people?q=rob", "/people/\(api.rob.id)", "/people.csv?q=rob", "/triage.csv"] {
        #expect(try await api.ask(.get, path, as: api.lee).status == .ok)
      }
      let kept = try await api.core.store.read { try $0.readRecords(limit: 10) }.map { "\($0.what) \($0.subject)" }
      #expect(
        Array(kept.reversed()) == [
          "people.read /people?…", "people.read /people/\(api.rob.id)", "document.export /people.csv?…",
          "document.export /triage.csv",
        ])
    }
  }

  @Test func `people go page by page, two of one name each once`() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.write { transaction in
        for _ in 0..<60 { try transaction.save(Person(id: transaction.newID(), name: "Sam & Sons")) }
      }
      let first = try await api.page("/people", as: api.kim)
      let next = try #require(first.firstMatch(of: #/rel="next" href="([^"]+)"/#)?.output.1)
      let second = try await api.page(String(next).replacing("&amp;", with: "&"), as: api.kim)
      let people = [first, second].flatMap { page in
        page.matches(of: #/href="\/people\/([0-9a-f-]{36})"/#).map(\.output.1)
      }
      #expect(people.count == 65 && Set(people).count == 65)
    }
  }

  // MARK: Locations

  @Test func `places stand below the ones that they are in, with what is there and what their labels say`() async throws
  {
    try await APIUnderTest.run { api in
      let site = try #require(SiteCode("HQ"))
      try await api.core.store.write { transaction in
        try transaction.save(
          Location(code: try #require(LocationCode("A-1")), site: site, name: "Shelf", parent: LocationCode("HQ-B")))
      }
      try await api.register("DK-00001")
      _ = try await api.scan("DK-00001", "transfer", ["location": "A-1"], as: api.lee)
      let rows = try await api.rows("/locations.csv", as: api.kim)
      #expect(
        rows == [
          "HQ-A,Room HQ-A,HQ,Head office,,0,,,CUSTODY:LOC:HQ-A",
          "HQ-B,Room HQ-B,HQ,Head office,,0,,,CUSTODY:LOC:HQ-B",
          "A-1,Shelf,HQ,Head office,HQ-B,1,,,CUSTODY:LOC:A-1",
        ])
      let page = try await api.page("/locations", as: api.kim)
      #expect(page.contains("class=\"depth-1\"") && page.contains("3 places"))
      let shelf = try await api.page("/location?code=A-1", as: api.kim)
      for words in ["DK-00001", "CUSTODY:LOC:A-1", "/labels/location-100x50?location=A-1", "Room HQ-B (HQ-B)"] {
        #expect(shelf.contains(words), "\(words)")
      }
      #expect(try await api.page("/location?code=HQ-B", as: api.kim).contains("Below it"))
      let none = try await api.ask(.get, "/location?code=%3Cb%3E", as: api.kim, headers: [.accept: "text/html"])
      #expect(none.status == .notFound && none.description.contains("&lt;b&gt;"))
    }
  }

  @Test func `a closed count stands beside its place and on the overview`() async throws {
    try await APIUnderTest.run { api in
      for tag in ["DK-00001", "DK-00002"] {
        try await api.register(tag)
        _ = try await api.scan(tag, "transfer", ["location": "HQ-A"], as: api.lee)
      }
      let opened = try await api.post("/api/v1/counts", ["scope": ["location": "HQ-A"], "blind": false], as: api.lee)
      let path = "/api/v1/counts/" + (try opened.text("id"))
      let counter: CanonicalJSON = ["device": "phone", "held": 0]
      let phone = "01990000-0000-7000-8000-000000000900"
      _ = try await api.ask(.put, path + "/counters/" + phone, as: api.lee, bytes: try counter.bytes(limit: .max))
      let seen: CanonicalJSON = [
        "id": "01990000-0000-7000-8000-000000000001", "at": "2026-03-02T09:00:00.000Z", "text": "DK-00001",
        "place": "HQ-A",
      ]
      _ = try await api.post(path + "/observations", ["counter": .string(phone), "observations": [seen]], as: api.lee)
      let closed = try await api.post(path + "/close", as: api.lee)
      try #require(closed.status == .ok, "\(closed)")
      #expect(try await api.rows("/locations.csv", as: api.lee).first?.contains(",50 %,") == true)
      let overview = try await api.page("/overview", as: api.lee)
      for state in LifecycleState.allCases { #expect(overview.contains("/assets?state=\(state.rawValue)"), "\(state)") }
      #expect(overview.contains("Last counts: % found where recorded"))
      #expect(overview.contains(">50</text>") && overview.contains("bar-bad"))
    }
  }

  // MARK: Models

  @Test func `models are listed with how they stand, and lead to their assets`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      try await api.register("DK-00002", "quarantined")
      try await api.register("DK-00003", maker: "Über & Co")
      let rows = try await api.rows("/models.csv", as: api.kim)
      #expect(rows == ["Acme,M1,dock,2,0,1,0,1,0,0,0,0,0,", "Über & Co,M1,dock,1,0,1,0,0,0,0,0,0,0,"])
      let page = try await api.page("/models?q=uber", as: api.kim)
      let link = try #require(page.firstMatch(of: #/href="(\/assets[^"]+)"/#)?.output.1)
      let assets = try await api.page(String(link).replacing("&amp;", with: "&"), as: api.kim)
      #expect(assets.contains("DK-00003") && !assets.contains("DK-00001") && assets.contains("Only Über &amp; Co M1."))
    }
  }
}
