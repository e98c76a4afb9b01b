import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

/// The pages of what waits for a workflow's act.
@Suite("Pages: work lists") struct WorkListPageTests {
  @Test func `what waits for triage is listed with from whom it came, its drives and the next step`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      _ = try await api.scan("DK-00001", "return", as: api.lee)
      try await api.register("NB-00002", "quarantined", category: "laptop", drives: ["D-1", "D-2"])
      try await api.register("NB-00003")
      let page = try await api.page("/triage", as: api.lee)
      for words in ["DK-00001", "Finance", "No data", "Grade it", "NB-00002", "0 of 2 wiped", "Wipe it", "2 in all"] {
        #expect(page.contains(words), "\(words)")
      }
      #expect(!page.contains("NB-00003"))
      #expect(page.contains(#"name="text" value="DK-00001""#) && page.contains("Triage it"))
      let rows = try await api.rows("/triage.csv", as: api.lee)
      #expect(rows.count == 2)
      #expect(
        rows.contains { $0.hasPrefix("DK-00001,,Acme M1,2026-03-02T09:00:00.000Z,Finance,No data,Grade it") }, "\(rows)"
      )
    }
  }

  @Test func `who may not do it sees the list and no button; the file guards what a spreadsheet would run`()
    async throws
  {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "quarantined", maker: "=cmd()")
      let page = try await api.page("/triage", as: api.vic)
      #expect(page.contains("DK-00001") && !page.contains("/desk/begin"))
      let refused = try await api.form("/desk/begin", [("workflow", "triage"), ("text", "DK-00001")], as: api.vic)
      #expect(refused.status == .seeOther)
      #expect(try await api.page("/desk", as: api.vic).contains("custody.triage.role") == false)
      #expect(try await api.core.deskSession()?.0.id == nil)
      #expect(try await api.rows("/triage.csv", as: api.vic).first?.contains("'=cmd() M1") == true)
      #expect(try await api.ask(.get, "/triage", as: nil).status == .unauthorized)
    }
  }

  @Test func `a long list goes page by page, each thing once`() async throws {
    try await APIUnderTest.run { api in
      for number in 10...69 { try await api.register("DK-000\(number)", "quarantined") }
      let first = try await api.page("/triage", as: api.lee)
      let next = try #require(first.firstMatch(of: #/rel="next" href="([^"]+)"/#)?.output.1)
      let second = try await api.page(String(next).replacing("&amp;", with: "&"), as: api.lee)
      let tags = [first, second].map { page in page.matches(of: #/<code>(DK-000[0-9]{2})</code>/#).map(\.output.1) }
      #expect(tags.map(\.count) == [50, 10])
      #expect(Set(tags.joined()).count == 60)
      #expect(try await api.rows("/triage.csv", as: api.lee).count == 60)
      let wrong = try await api.ask(.get, "/triage?after=x", as: api.lee, headers: [.accept: "text/html"])
      #expect(wrong.status == .unprocessableContent)
    }
  }

  @Test func `a thing that is chosen from a list lies on the desk, and nothing is recorded before it is scanned`()
    async throws
  {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001", "quarantined")
      let head = api.core.store.head.seq
      let chosen = try await api.form("/desk/begin", [("workflow", "triage"), ("text", "DK-00001")], as: api.lee)
      #expect(chosen.status == .seeOther && chosen.headers[.location] == "/desk")
      let desk = try await api.page("/desk", as: api.lee)
      #expect(desk.contains("Triage: scan it now") && desk.contains("Triage DK-00001"))
      #expect(desk.contains(#"name="text" value="DK-00001""#))
      #expect(api.core.store.head.seq == head)
      _ = try await api.form(
        "/desk/details", [("outcome", "inStock"), ("grade", "B"), ("location", "HQ-A")], as: api.lee)
      _ = try await api.form("/desk/scans", [("text", "DK-00001")], as: api.lee)
      let asset = try await api.get("/api/v1/assets/\(id)")
      #expect(try asset.text("state") == "inStock")
      #expect(try asset.text("condition") == "B")
      // What is no asset is scanned as it would be at the desk.
      _ = try await api.form("/desk/begin", [("workflow", "triage"), ("text", "NO-SUCH-1")], as: api.lee)
      #expect(try await api.page("/desk", as: api.lee).contains("Unknown code"))
    }
  }

  @Test func `what is in repair is listed with repairer, return number and the drives that went along`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("NB-00001", "quarantined", category: "laptop", drives: ["D-1"])
      let sent = try await api.scan(
        "NB-00001", "repairOut", ["vendor": "FixIt", "rma": "R-77", "mediaPresent": true], as: api.lee)
      try #require(sent.status == .ok, "\(sent)")
      let page = try await api.page("/repairs", as: api.lee)
      for words in ["NB-00001", "FixIt", "RMA R-77", "went along", "Take it back", "Send one to repair"] {
        #expect(page.contains(words), "\(words)")
      }
      #expect(try await api.rows("/repairs.csv", as: api.lee).first?.hasSuffix(",FixIt,R-77,yes,") == true)
      _ = try await api.scan("NB-00001", "repairIn", ["outcome": "new board"], as: api.lee)
      #expect(try await api.page("/repairs", as: api.lee).contains("Nothing is in repair."))
      #expect(try await api.page("/triage", as: api.lee).contains("Repair"))
    }
  }

  @Test func `transfers are listed newest first, with who has the thing now`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      for team in ["Sales", "Legal"] {
        let moved = try await api.scan(
          "DK-00001", "transfer", ["custodian": ["team": .string(team)], "reason": "moved"], as: api.lee)
        try #require(moved.status == .ok, "\(moved)")
      }
      let rows = try await api.rows("/transfers.csv", as: api.lee)
      #expect(rows.count == 2)
      #expect(rows[0].hasSuffix(",Sales,Legal,moved,Legal,Lee"), "\(rows)")
      #expect(rows[1].hasSuffix(",Finance,Sales,moved,Legal,Lee"), "\(rows)")
      let page = try await api.page("/transfers", as: api.lee)
      #expect(page.contains("Transfer something") && page.contains("DK-00001"))
    }
  }

  // MARK: Seals

  private func shipped(_ api: APIUnderTest, seal: String?) async throws -> String {
    let id = try await api.register("DK-00001")
    var details: CanonicalJSON = ["carrier": "DHL", "trackingNumber": "JD-5", "toLocation": "HQ-B"]
    if let seal { details[path: "sealNumber"] = .string(seal) }
    let sent = try await api.scan("DK-00001", "ship", details, as: api.lee)
    try #require(sent.status == .ok, "\(sent)")
    return id
  }

  private func intact(_ id: String, _ api: APIUnderTest) async throws -> CanonicalJSON? {
    let events = try await api.get("/api/v1/assets/\(id)/events").items()
    return events.first { $0[path: "event.type"]?.text == "arrive" }?[path: "event.details.sealIntact"]
  }

  @Test func `what is under way is listed with carrier, tracking number, seal and where it goes`() async throws {
    try await APIUnderTest.run { api in
      _ = try await shipped(api, seal: "S-1")
      let page = try await api.page("/shipments", as: api.lee)
      for words in ["DK-00001", "DHL", "JD-5", "S-1", "Room HQ-B", "It has arrived", "Ship something"] {
        #expect(page.contains(words), "\(words)")
      }
      #expect(try await api.rows("/shipments.csv", as: api.lee).first?.contains(",DHL,JD-5,S-1,") == true)
      _ = try await api.form("/desk/begin", [("workflow", "arrive"), ("text", "DK-00001")], as: api.lee)
      let desk = try await api.page("/desk", as: api.lee)
      #expect(desk.contains("It was bound for Room HQ-B (HQ-B). It left under seal S-1."))
      #expect(desk.contains("bound for Room HQ-B (HQ-B)</"))
    }
  }

  @Test func `what arrives at another place than it was bound for is told, a shelf within that place is not`()
    async throws
  {
    try await APIUnderTest.run { api in
      try await api.core.store.write { transaction in
        let site = try #require(SiteCode("HQ"))
        try transaction.save(
          Location(
            code: try #require(LocationCode("HQ-B-1")), site: site, name: "Shelf 1",
            parent: LocationCode("HQ-B")))
      }
      for (place, result) in [("HQ-A", "acceptedWithNote"), ("HQ-B-1", "accepted"), ("HQ-B", "accepted")] {
        let tag = "DK-\(place)"
        try await api.register(tag)
        let sent = try await api.scan(tag, "ship", ["carrier": "DHL", "toLocation": "HQ-B"], as: api.lee)
        try #require(sent.status == .ok, "\(sent)")
        // Whoever looks it up on its way sees it too.
        _ = try await api.form("/desk/scans", [("text", tag)], as: api.lee)
        #expect(try await api.page("/desk", as: api.lee).contains("Bound for"))
        let answer = try await api.scan(tag, "arrive", ["location": .string(place)], as: api.lee)
        #expect(try answer.text("result") == result, "\(answer)")
        #expect(try answer.text("asset.location") == place)
        guard place == "HQ-A" else { continue }
        #expect(try answer.text("words") == "Bound for another place")
        #expect(
          try answer.text("sentence")
            == "DK-HQ-A was bound for Room HQ-B (HQ-B) and arrived at Room HQ-A (HQ-A).")
      }
      // Of a place in words nobody can tell.
      try await api.register("DK-00009")
      _ = try await api.scan("DK-00009", "ship", ["carrier": "DHL", "destination": "ScreenFix, Hall 2"], as: api.lee)
      let back = try await api.scan("DK-00009", "arrive", ["location": "HQ-A"], as: api.lee)
      #expect(try back.text("result") == "accepted", "\(back)")
      #expect(try back.text("sentence") == "It was bound for ScreenFix, Hall 2.")
    }
  }

  @Test func `the seal that it left under, in any case, is recorded as intact`() async throws {
    try await APIUnderTest.run { api in
      let id = try await shipped(api, seal: "S-1a")
      let answer = try await api.scan("DK-00001", "arrive", ["location": "HQ-B", "sealNumber": "s-1A"], as: api.lee)
      #expect(try answer.text("result") == "accepted", "\(answer)")
      #expect(try await intact(id, api) == .bool(true))
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
    }
  }

  @Test func `another seal arrives all the same, is told and looked into, until it is taken back`() async throws {
    try await APIUnderTest.run { api in
      let id = try await shipped(api, seal: "S-1")
      let session = try await api.open("arrive", ["location": "HQ-B"], as: api.lee)
      let answer = try await api.scan("DK-00001", "arrive", ["sealNumber": "S-2"], as: api.lee, in: session)
      #expect(try answer.text("result") == "acceptedWithNote", "\(answer)")
      #expect(try answer.text("sentence") == "DK-00001 left under seal S-1 and came under seal S-2.")
      #expect(try await intact(id, api) == .bool(false))
      let open = try await api.get("/api/v1/follow-ups").items()
      #expect(open.map { $0[path: "kind"]?.text } == ["seal"])
      #expect(try await api.page("/follow-ups", as: api.lee).contains("Seal not intact"))
      let undone = try await api.post(session + "/undo", as: api.lee)
      #expect(undone.status == .ok, "\(undone)")
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
    }
  }

  @Test func `a broken seal is told; without a word about it, what it left under is`() async throws {
    try await APIUnderTest.run { api in
      _ = try await shipped(api, seal: "S-1")
      let broken = try await api.scan("DK-00001", "arrive", ["location": "HQ-B", "sealIntact": false], as: api.lee)
      #expect(try broken.text("words") == "Seal broken")
      #expect(try await api.get("/api/v1/follow-ups").items().count == 1)
    }
    try await APIUnderTest.run { api in
      let id = try await shipped(api, seal: "S-1")
      let silent = try await api.scan("DK-00001", "arrive", ["location": "HQ-B"], as: api.lee)
      #expect(try silent.text("result") == "accepted")
      #expect(try silent.text("sentence") == "It left under seal S-1.")
      #expect(try await intact(id, api) == nil)
    }
  }

  @Test func `the command label says of one box that it is damaged, and of nothing outside receiving`() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(
        "receive", ["location": "HQ-A", "blindReason": "none", "facts": ["model": "M1", "category": "dock"]],
        as: api.lee)
      _ = try await api.post(session + "/scans", ["text": "CUSTODY:CMD:DAMAGED"], as: api.lee)
      let first = try await api.post(session + "/scans", ["text": "SN-00001"], as: api.lee)
      #expect(try first["findings"] == ["damaged"], "\(first)")
      #expect(try first.text("asset.condition") == "damaged")
      let second = try await api.post(session + "/scans", ["text": "SN-00002"], as: api.lee)
      #expect(try second.text("result") == "accepted", "\(second)")
      let lookup = try await api.open(as: api.lee)
      let refused = try await api.post(lookup + "/scans", ["text": "CUSTODY:CMD:DAMAGED"], as: api.lee)
      try refused.expectProblem(.conflict, "scan.command.damaged")
    }
  }
}
