import Custody
import CustodyLedger
import Hummingbird
import Kits
import StationStore
import Testing

@testable import Station

@Suite("Kits, over the API and the pages")
struct KitsOverAPITests {
  private static let badge = "CUSTODY:BADGE:" + APIUnderTest.robsBadge

  /// A station with a kit of a laptop, a dock and two monitors, some of each in stock, and somebody's deploy session.
  private static func withKit(
    _ body: @escaping @Sendable (APIUnderTest, String, [String: String]) async throws -> Void
  ) async throws {
    try await APIUnderTest.run { api in
      let code = try #require(KitCode("JOINER"))
      let kit = KitTemplate(
        code: code, title: "Joiner",
        slots: [
          KitSlot("Laptop", category: "laptop"), KitSlot("Dock", category: "dock"),
          KitSlot("Monitor", category: "monitor", quantity: 2), KitSlot("Bag", category: "bag", isOptional: true),
        ])
      try await api.core.store.write { try $0.save(kit) }
      var ids: [String: String] = [:]
      for (tag, category) in [
        ("LT-00001", "laptop"), ("DK-00001", "dock"), ("MO-00001", "monitor"), ("MO-00002", "monitor"),
        ("MO-00003", "monitor"), ("PH-00001", "phone"),
      ] {
        ids[tag] = try await api.register(tag, category: category)
      }
      let opened = try await api.post("/api/v1/sessions", ["workflow": "deploy", "kit": "JOINER"], as: api.kim)
      try #require(opened.status == .created, "\(opened)")
      #expect(try opened.text("kit") == "JOINER")
      try await body(api, "/api/v1/sessions/" + (try opened.text("id")), ids)
    }
  }

  private static func take(_ texts: String..., in session: String, _ api: APIUnderTest) async throws -> APIAnswer {
    var answer: APIAnswer?
    for text in texts { answer = try await api.post(session + "/scans", ["text": .string(text)], as: api.kim) }
    return try #require(answer)
  }

  private static func states(_ ids: [String: String], _ tags: [String], _ api: APIUnderTest) async throws -> [String] {
    var states: [String] = []
    for tag in tags { states.append(try await api.get("/api/v1/assets/\(try #require(ids[tag]))").text("state")) }
    return states
  }

  private static let four = ["LT-00001", "DK-00001", "MO-00001", "MO-00002"]

  @Test func `a complete kit is handed over by the badge that is shown again, each asset with an event of its own`()
    async throws
  {
    try await Self.withKit { api, session, ids in
      let seq = api.core.store.head.seq
      #expect(try await Self.take(Self.badge, in: session, api).text("words") == "Recipient: Rob")
      let first = try await Self.take("MO-00001", in: session, api)
      #expect(try first.text("words") == "Monitor · 1 of 4")
      #expect(try first.text("sentence") == "Still to scan: Laptop, Dock, Monitor.")
      try await Self.take("PH-00001", in: session, api).expectProblem(.conflict, "kit.notOfThis")
      let twice = try await Self.take("MO-00001", in: session, api)
      #expect(try twice.text("result") == "duplicate" && twice.text("words") == "In the kit already")
      _ = try await Self.take("LT-00001", "DK-00001", in: session, api)
      // The badge names whom it goes to as long as something is missing.
      #expect(try await Self.take(Self.badge, in: session, api).text("words") == "Recipient: Rob")
      _ = try await Self.take("MO-00002", in: session, api)
      try await Self.take("MO-00003", in: session, api).expectProblem(.conflict, "kit.slotFull")
      // Nothing is recorded so far.
      #expect(api.core.store.head.seq == seq)
      let handed = try await Self.take(Self.badge, in: session, api)
      try #require(handed.status == .ok, "\(handed)")
      #expect(try handed.text("result") == "accepted" && handed.text("words") == "Kit JOINER handed over")
      #expect(try handed.items("decision.recorded").count == 4)
      #expect(api.core.store.head.seq == seq + 4)
      #expect(try await Self.states(ids, Self.four, api) == ["deployed", "deployed", "deployed", "deployed"])
      for tag in Self.four {
        let id = try #require(ids[tag])
        let event = try #require(
          try await api.get("/api/v1/assets/\(id)/events").items()
            .first { $0[path: "event.type"]?.text == "deploy" })
        #expect(event[path: "event.details.kit"]?.text == "JOINER")
        #expect(event[path: "event.details.acknowledgement.person"]?.text == api.rob.id.description)
        #expect(event[path: "event.details.acknowledgement.text"]?.text == ScanFlow.acknowledgementText)
        // By what it was recognised: the label that was scanned, and the badge.
        guard case .array(let readings)? = event[path: "event.readings"] else {
          Issue.record("no readings in \(event)")
          continue
        }
        #expect(readings.compactMap { $0[path: "raw"]?.text }.first == base64(Array(tag.utf8)))
        #expect(readings.count == 2)
      }
      // The next thing is for somebody else: nobody's word is left over.
      let after = try await api.get(session)
      #expect(try after["kit"] == nil && after["filling"] == nil && after["details.recipient"] == nil)
      #expect(try after["tally.accepted"] == .integer(4))
      try await api.get(session + "/kit").expectProblem(.notFound, "request.notFound")
    }
  }

  @Test func `when one asset went out elsewhere meanwhile nothing is handed over, and it is named`() async throws {
    try await Self.withKit { api, session, ids in
      _ = try await Self.take(Self.badge, "LT-00001", "DK-00001", "MO-00001", "MO-00002", in: session, api)
      let other = try await api.open("deploy", ["recipient": ["team": "Design"]], as: api.lee)
      #expect(try await api.post(other + "/scans", ["text": "DK-00001"], as: api.lee).status == .ok)
      let seq = api.core.store.head.seq
      let refused = try await api.post(session + "/kit/hand-over", as: api.kim)
      try refused.expectProblem(.conflict, "custody.deploy.state")
      #expect(try refused.text("sentence").contains("DK-00001"))
      #expect(try refused.text("remedy").contains("DK-00001"))
      #expect(api.core.store.head.seq == seq)
      #expect(
        try await Self.states(ids, Self.four, api) == ["inStock", "deployed", "inStock", "inStock"])
      // Out with it; the kit waits for another dock.
      let out = try await api.ask(
        .delete, session + "/kit/assets/\(try #require(ids["DK-00001"]))", as: api.kim)
      #expect(try out.text("sentence") == "Still to scan: Dock.")
      try await api.post(session + "/kit/hand-over", as: api.kim).expectProblem(.conflict, "kit.incomplete")
      try await api.register("DK-00002", category: "dock")
      _ = try await Self.take("DK-00002", in: session, api)
      let handed = try await api.post(session + "/kit/hand-over", as: api.kim)
      #expect(try handed.items("decision.recorded").count == 4, "\(handed)")
    }
  }

  @Test func `without a recipient, or without their word, nothing is handed over`() async throws {
    try await Self.withKit { api, session, _ in
      let full = try await Self.take("LT-00001", "DK-00001", "MO-00001", "MO-00002", in: session, api)
      #expect(try full.text("remedy") == "Scan the badge of who gets it.")
      try await api.post(session + "/kit/hand-over", as: api.kim).expectProblem(.conflict, "kit.nobody")
      let rob: CanonicalJSON = ["details": ["recipient": ["person": .string(api.rob.id.description)]]]
      _ = try await api.ask(.patch, session, as: api.kim, bytes: try rob.bytes(limit: .max))
      let refused = try await api.post(session + "/kit/hand-over", as: api.kim)
      try refused.expectProblem(.conflict, "custody.deploy.acknowledgementMissing")
      // The named person's badge is their word for all of it.
      #expect(try await Self.take(Self.badge, in: session, api).text("words") == "Kit JOINER handed over")
    }
  }

  @Test func `a kit in hand is neither closed nor left for another act, and let go it leaves nothing`() async throws {
    try await Self.withKit { api, session, ids in
      _ = try await Self.take(Self.badge, "LT-00001", in: session, api)
      let seq = api.core.store.head.seq
      try await api.post(session + "/close", as: api.kim).expectProblem(.conflict, "kit.unfinished")
      try await Self.take("CUSTODY:CMD:CLOSE", in: session, api).expectProblem(.conflict, "kit.unfinished")
      try await Self.take("CUSTODY:CMD:RETURN", in: session, api).expectProblem(.conflict, "kit.unfinished")
      let turn: CanonicalJSON = ["workflow": "return"]
      try await api.ask(.patch, session, as: api.kim, bytes: try turn.bytes(limit: .max))
        .expectProblem(.conflict, "kit.unfinished")
      // Its own label does not begin it anew; another kit's is refused.
      #expect(try await Self.take("CUSTODY:KIT:JOINER", in: session, api).text("sentence").contains("Dock"))
      let other = KitTemplate(code: try #require(KitCode("OTHER")), title: "", slots: [KitSlot("A", category: "bag")])
      try await api.core.store.write { try $0.save(other) }
      try await Self.take("CUSTODY:KIT:OTHER", in: session, api).expectProblem(.conflict, "kit.unfinished")
      try await Self.take("CUSTODY:KIT:NONE", in: session, api).expectProblem(.notFound, "scan.kit.unknown")
      #expect(try await api.get(session)["filling.filled"] == .integer(1))
      #expect(try await api.ask(.delete, session + "/kit", as: api.kim).text("words") == "Kit JOINER let go")
      try await api.ask(.delete, session + "/kit", as: api.kim).expectProblem(.conflict, "kit.none")
      #expect(api.core.store.head.seq == seq)
      #expect(try await Self.states(ids, ["LT-00001"], api) == ["inStock"])
      #expect(try await api.post(session + "/close", as: api.kim).status == .ok)
    }
  }

  @Test func `undo takes the last thing out of the kit, and after the hand-over one deployment after the other back`()
    async throws
  {
    try await Self.withKit { api, session, ids in
      _ = try await Self.take(Self.badge, "LT-00001", "DK-00001", in: session, api)
      let undone = try await api.post(session + "/undo", as: api.kim)
      #expect(try undone.text("words") == "Taken out: DK-00001")
      #expect(try await Self.take("CUSTODY:CMD:UNDO", in: session, api).text("words") == "Taken out: LT-00001")
      _ = try await Self.take("LT-00001", "DK-00001", "MO-00001", "MO-00002", Self.badge, in: session, api)
      #expect(try await api.post(session + "/undo", as: api.kim).text("words") == "Taken back")
      #expect(try await Self.states(ids, Self.four, api) == ["deployed", "deployed", "deployed", "inStock"])
      #expect(try await api.post(session + "/undo", as: api.kim).text("words") == "Taken back")
      #expect(try await Self.states(ids, Self.four, api) == ["deployed", "deployed", "inStock", "inStock"])
    }
  }

  @Test func `a licence is recorded on its thing with the hand-over, named at the return, and taken back with it`()
    async throws
  {
    try await Self.withKit { api, _, ids in
      func send(_ rows: String) async throws -> APIAnswer {
        let text = "kit,title,slot,category,asset tag,licence,licence number\n" + rows
        return try await api.ask(
          .post, "/api/v1/imports?kind=kits", as: api.lee, bytes: Array(text.utf8), headers: [.contentType: "text/csv"])
      }
      let report = try await send(
        """
        OFFICE,Office,Dock,dock,,,
        OFFICE,,Laptop,laptop,,,
        OFFICE,,,,,Microsoft 365 E3,4711-22
        OFFICE,,,Dock,,DisplayLink,

        """)
      #expect(try report["imported"] == .integer(4), "\(report)")
      let kit = try await api.get("/api/v1/kits/OFFICE")
      #expect(try kit.items("slots").count == 2)
      #expect(try kit.items("licences").map { $0[path: "product"]?.text } == ["Microsoft 365 E3", "DisplayLink"])
      #expect(try kit.items("licences").map { $0[path: "category"]?.text } == [nil, "dock"])
      try APIDescriptionTests.check([("Kit", kit)])
      // What goes out comes in again as it is.
      let csv = String(decoding: try await api.get("/kits.csv").bytes, as: UTF8.self)
      let commas = String(repeating: ",", count: 8)
      #expect(csv.contains("\r\nOFFICE,Office\(commas)Microsoft 365 E3,4711-22\r\n"), "\(csv)")
      let again = try await api.ask(
        .post, "/api/v1/imports?kind=kits", as: api.lee, bytes: Array(csv.utf8), headers: [.contentType: "text/csv"])
      #expect(try again["skipped"] == .integer(8), "\(again)")

      let opened = try await api.post("/api/v1/sessions", ["workflow": "deploy", "kit": "OFFICE"], as: api.kim)
      let session = "/api/v1/sessions/" + (try opened.text("id"))
      let ready = try await Self.take(Self.badge, "DK-00001", "LT-00001", in: session, api)
      #expect(try ready.text("words") == "Laptop · 2 of 2", "a licence is not scanned")
      let filling = try await api.get(session + "/kit")
      #expect(try filling.items("licences").count == 2)
      try APIDescriptionTests.check([("KitFilling", filling)])
      let seq = api.core.store.head.seq
      let handed = try await Self.take(Self.badge, in: session, api)
      #expect(try handed.text("words") == "Kit OFFICE handed over", "\(handed)")
      #expect(try handed.text("sentence").hasSuffix("Licences with it: Microsoft 365 E3, DisplayLink."))
      #expect(api.core.store.head.seq == seq + 4)
      func licences(_ tag: String) async throws -> CanonicalJSON? {
        try await api.get("/api/v1/assets/\(try #require(ids[tag]))")["facts.licences"]
      }
      #expect(try await licences("LT-00001") == ["Microsoft 365 E3 (4711-22)"])
      #expect(try await licences("DK-00001") == ["DisplayLink"])

      // Undo takes a thing and its licences back at once, and only its own.
      #expect(try await api.post(session + "/undo", as: api.kim).text("words") == "Taken back")
      #expect(try await Self.states(ids, ["LT-00001", "DK-00001"], api) == ["inStock", "deployed"])
      #expect(try await licences("LT-00001") == nil)
      #expect(try await licences("DK-00001") == ["DisplayLink"])
      #expect(try await api.post(session + "/undo", as: api.kim).text("words") == "Taken back")
      #expect(try await Self.states(ids, ["LT-00001", "DK-00001"], api) == ["inStock", "inStock"])
      #expect(try await licences("DK-00001") == nil)

      // Handed out again, the return names what to reclaim.
      _ = try await Self.take("CUSTODY:KIT:OFFICE", Self.badge, "LT-00001", "DK-00001", Self.badge, in: session, api)
      #expect(try await licences("LT-00001") == ["Microsoft 365 E3 (4711-22)"])
      let returning = try await api.open("return", as: api.kim)
      #expect(try await api.scan("LT-00001", "return", as: api.kim, in: returning).status == .ok)
      #expect(
        try await api.get("/api/v1/follow-ups").items().map { $0[path: "words"]?.text } == [
          "LT-00001 came back: reclaim Microsoft 365 E3 (4711-22)."
        ])
    }
  }

  @Test func `a kit with a licence that nothing in it takes is not handed over; of a file such a row is told`()
    async throws
  {
    try await Self.withKit { api, _, ids in
      let kit = KitTemplate(
        code: try #require(KitCode("ODD")), title: "", slots: [KitSlot("Dock", category: "dock")],
        licences: [KitLicence("Windows Server", category: "server")])
      try await api.core.store.write { try $0.save(kit) }
      let opened = try await api.post("/api/v1/sessions", ["workflow": "deploy", "kit": "ODD"], as: api.kim)
      let session = "/api/v1/sessions/" + (try opened.text("id"))
      _ = try await Self.take(Self.badge, "DK-00001", in: session, api)
      let seq = api.core.store.head.seq
      let refused = try await api.post(session + "/kit/hand-over", as: api.kim)
      try refused.expectProblem(.conflict, "kit.licence")
      #expect(try refused.text("sentence").contains("Windows Server"))
      #expect(api.core.store.head.seq == seq)
      #expect(try await Self.states(ids, ["DK-00001"], api) == ["inStock"])
      for (row, code) in [
        ("X,,T-1,Office,", "import.kit.licence"), ("X,laptop,,,4711", "import.kit.licence"),
        ("X,laptop,,Office,4711", "import.kit.slot"),
      ] {
        let text = "kit,category,asset tag,licence,licence number\n\(row)\n"
        let bad = try await api.ask(
          .post, "/api/v1/imports?kind=kits", as: api.lee, bytes: Array(text.utf8), headers: [.contentType: "text/csv"])
        try bad.expectProblem(.unprocessableContent, "import.refused")
        #expect(try bad.items("report.problems").first?[path: "code"]?.text == code, "\(row): \(bad)")
      }
    }
  }

  @Test func `what another kit asks for by its tag stays for that kit`() async throws {
    try await Self.withKit { api, session, _ in
      let other = KitTemplate(
        code: try #require(KitCode("BOARD")), title: "", slots: [KitSlot("Screen", tag: "MO-00003")])
      try await api.core.store.write { try $0.save(other) }
      let refused = try await Self.take("MO-00003", in: session, api)
      try refused.expectProblem(.conflict, "kit.otherKit")
      #expect(try refused.text("sentence").contains("BOARD"))
    }
  }

  @Test func `what cannot be handed out now is refused when it is scanned`() async throws {
    try await Self.withKit { api, session, _ in
      try await api.register("LT-00009", "retired", category: "laptop")
      let refused = try await Self.take("LT-00009", in: session, api)
      try refused.expectProblem(.conflict, "custody.deploy.state")
      #expect(try await api.get(session)["filling.filled"] == .integer(0))
    }
  }

  @Test func `kits come in and go out as CSV, and a formula in one runs nowhere`() async throws {
    try await Self.withKit { api, _, _ in
      func send(_ text: String) async throws -> APIAnswer {
        try await api.ask(
          .post, "/api/v1/imports?kind=kits", as: api.lee, bytes: Array(text.utf8), headers: [.contentType: "text/csv"])
      }
      let report = try await send(
        """
        kit,title,slot,manufacturer,model,category,asset tag,quantity,optional
        PHONE,Phone set,Phone,,,Phone,,1,
        PHONE,,"=HYPERLINK(""x"")",,,case,,2,yes
        PHONE,,,,,,LT-00001,,no

        """)
      try #require(report.status == .ok, "\(report)")
      #expect(try report["imported"] == .integer(3))
      let kit = try await api.get("/api/v1/kits/PHONE")
      #expect(try kit.text("label") == "CUSTODY:KIT:PHONE" && kit.text("title") == "Phone set")
      // The laptop and a phone are in stock: one can be made.
      #expect(try kit["makeable"] == .integer(1))
      let slots = try kit.items("slots")
      #expect(slots.map { $0[path: "title"]?.text } == ["Phone", "=HYPERLINK(\"x\")", "LT-00001"])
      #expect(slots.map { $0[path: "optional"] } == [false, true, false])
      #expect(slots[2][path: "assetTag"]?.text == "LT-00001")
      let csv = String(decoding: try await api.get("/kits.csv").bytes, as: UTF8.self)
      #expect(csv.contains("\r\nPHONE,Phone set,\"'=HYPERLINK(\"\"x\"\")\",,,case,,2,yes,,\r\n"), "\(csv)")
      // What was exported is there already, formula and all.
      let again = try await send(csv)
      #expect(try again["skipped"] == .integer(7), "\(again)")
      // Another version stands in the place of the first, the other kit stays.
      #expect(try await send("kit,category\nPHONE,phone\n")["updated"] == .integer(1))
      #expect(try await api.get("/api/v1/kits/PHONE").items("slots").count == 1)
      #expect(try await api.get("/api/v1/kits").items().count == 2)
      for (row, code) in [
        ("A B,laptop,,", "import.code"), ("X,,,", "import.kit.slot"), (",laptop,,", "import.kit.unnamed"),
        ("X,,T-1,2", "import.kit.quantity"), ("X,laptop,,0", "import.number"),
        ("X,,T-1,\nY,,T-1,", "import.row.twice"),
      ] {
        // Of a file without columns for licences, as they were written before there were any.
        let bad = try await send("kit,category,asset tag,quantity\n\(row)\n")
        try bad.expectProblem(.unprocessableContent, "import.refused")
        #expect(try bad.items("report.problems").first?[path: "code"]?.text == code, "\(row)")
      }
    }
  }

  @Test func `answers about kits have what the description says, and a kit that is not there is refused`() async throws
  {
    try await Self.withKit { api, session, _ in
      _ = try await Self.take("LT-00001", in: session, api)
      try APIDescriptionTests.check([
        ("KitPage", try await api.get("/api/v1/kits")), ("Kit", try await api.get("/api/v1/kits/JOINER")),
        ("KitFilling", try await api.get(session + "/kit")), ("Session", try await api.get(session)),
      ])
      try await api.get("/api/v1/kits/NONE").expectProblem(.notFound, "request.notFound")
      let body: CanonicalJSON = ["workflow": "deploy", "kit": "NONE"]
      try await api.post("/api/v1/sessions", body, as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/kit")
      try await api.post("/api/v1/sessions", ["workflow": "return", "kit": "JOINER"], as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/kit")
      for page in ["/kits", "/kits/JOINER"] {
        let shown = try await api.get(page)
        #expect(shown.status == .ok)
        #expect(String(decoding: shown.bytes, as: UTF8.self).contains("CUSTODY:KIT:JOINER"))
      }
      // Its label is printed as an order's is: a page with what stands on it filled in.
      let kit = String(decoding: try await api.get("/kits/JOINER").bytes, as: UTF8.self)
      let path = "/labels/kit-100x50?kit=JOINER"
      #expect(kit.contains(#"href="\#(path)""#), "\(kit)")
      let label = try await api.get(path)
      #expect(label.status == .ok)
      #expect(String(decoding: label.bytes, as: UTF8.self).contains(#"value="JOINER""#))
      #expect(try await api.get("/labels/kit-100x50?kit=NONE").status == .notFound)
    }
  }
}
