import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("Receiving against an order, over the API")
struct OrderReceivingOverAPITests {
  /// 3 laptops of which no number is announced, and 2 docks of which both are.
  private static func withOrder(
    lines: [(String, String?, Int)] = [("Latitude 5450", "210-BLYZ", 3)],
    _ body: @escaping @Sendable (APIUnderTest, String) async throws -> Void
  ) async throws {
    try await APIUnderTest.run { api in
      let order = PurchaseOrder(
        number: "PO-77", supplier: "Bechtle", orderedOn: nil,
        lines: lines.enumerated().map { index, line in
          .init(
            line: index + 1, manufacturer: "Dell", model: line.0, category: "laptop", partNumber: line.1,
            quantity: line.2)
        })
      try await api.core.store.write { try $0.save(order) }
      let opened = try await api.post("/api/v1/sessions", ["workflow": "receive", "order": "PO-77"], as: api.kim)
      try #require(opened.status == .created, "\(opened)")
      #expect(try opened.text("order") == "PO-77")
      let session = "/api/v1/sessions/" + (try opened.text("id"))
      try await api.post(session + "/scans", ["text": "CUSTODY:LOC:HQ-A"], as: api.kim)
      try await body(api, session)
    }
  }

  private static func take(_ text: String, _ api: APIUnderTest, _ session: String) async throws -> APIAnswer {
    try await api.post(session + "/scans", ["text": .string(text)], as: api.kim)
  }

  private static func announce(_ serials: [String], line: Int64, _ api: APIUnderTest, order: String = "PO-77")
    async throws
  {
    for serial in serials {
      let answer = try await api.scan(
        serial, "expect",
        ["facts": ["model": "WD22TB4", "orderLine": ["order": .string(order), "line": .integer(line)]]], as: api.kim)
      try #require(answer.status == .ok, "\(answer)")
    }
  }

  private static func findings(_ answer: APIAnswer) throws -> [String] {
    try answer.items("findings").compactMap(\.text)
  }

  @Test
  func `a serial number that nobody announced is received on the only line, and the answer says how far the order is`()
    async throws
  {
    try await Self.withOrder { api, session in
      for (index, serial) in ["7QX4ML3", "7QX4ML4", "7QX4ML5"].enumerated() {
        let answer = try await Self.take(serial, api, session)
        try #require(answer.status == .ok, "\(answer)")
        #expect(try answer.text("result") == "accepted")
        #expect(try answer.text("asset.facts.model") == "Latitude 5450")
        #expect(try answer.text("asset.facts.orderLine.order") == "PO-77")
        #expect(try answer.text("asset.serial") == serial)
        #expect(try answer.text("sentence") == "\(index + 1) of 3 received.")
        #expect(try answer["orderLine.line"] == .integer(1))
      }
      let order = try await api.get("/api/v1/orders/PO-77")
      #expect(try order["received"] == .integer(3))
      #expect(try order.items("lines").first?[path: "awaited"] == .integer(0))
    }
  }

  @Test
  func `one more than was ordered is received, told, and kept to be looked into until somebody says what came of it`()
    async throws
  {
    try await Self.withOrder(lines: [("Latitude 5450", nil, 1)]) { api, session in
      _ = try await Self.take("7QX4ML3", api, session)
      let over = try await Self.take("7QX4ML4", api, session)
      #expect(over.status == .ok)
      #expect(try over.text("result") == "acceptedWithNote")
      #expect(try Self.findings(over) == ["over"])
      #expect(try over.text("words") == "One too many")
      #expect(try await api.get("/api/v1/orders/PO-77")["followUps.over"] == .integer(1))
      let open = try await api.get("/api/v1/follow-ups?order=PO-77").items()
      #expect(open.count == 1)
      let page = try await api.page("/follow-ups", as: api.kim)
      #expect(page.contains("seals that did not hold"))
      #expect(page.contains(">PO-77</a>") && page.contains("<a class=\"nowrap\" href=\"/order?number=PO-77\""))
      let id = try #require(open.first?[path: "id"])
      guard case .integer(let number) = id else { return }
      let path = "/api/v1/follow-ups/\(number)/settle"
      try await api.post(path, ["words": " "], as: api.kim).expectProblem(
        .unprocessableContent, "request.malformed", pointer: "/words")
      try await api.post(path, ["words": "sent back"], as: api.vic).expectProblem(.forbidden, "access.forbidden")
      let settled = try await api.post(path, ["words": "sent back"], as: api.kim)
      #expect(try settled.text("settlement") == "sent back")
      #expect(try settled.text("settledBy") == api.kim.person.id.description)
      try await api.post(path, ["words": "kept"], as: api.lee).expectProblem(.conflict, "followUp.settled")
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      #expect(try await api.get("/api/v1/follow-ups?settled=true").items().count == 1)
    }
  }

  @Test func `what was over and is taken back waits for nobody`() async throws {
    try await Self.withOrder(lines: [("Latitude 5450", nil, 1)]) { api, session in
      _ = try await Self.take("7QX4ML3", api, session)
      _ = try await Self.take("7QX4ML4", api, session)
      #expect(try await api.post(session + "/undo", as: api.kim).status == .ok)
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      #expect(try await api.get("/api/v1/orders/PO-77")["over"] == .integer(0))
    }
  }

  @Test func `with several lines open it is asked which, and the line's label says it`() async throws {
    try await Self.withOrder(lines: [("Latitude 5450", "210-BLYZ", 2), ("WD22TB4", nil, 1)]) { api, session in
      let seq = api.core.store.head.seq
      let asked = try await Self.take("7QX4ML3", api, session)
      try asked.expectProblem(.notFound, "scan.order.line")
      #expect(api.core.store.head.seq == seq)
      let chosen = try await Self.take("CUSTODY:ORDER:PO-77/2", api, session)
      #expect(try chosen.text("words") == "PO-77, line 2")
      let taken = try await Self.take("7QX4ML3", api, session)
      #expect(try taken.text("asset.facts.model") == "WD22TB4")
      // A question is no unknown code: nothing waits for anybody.
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      try await Self.take("CUSTODY:ORDER:PO-78", api, session).expectProblem(.notFound, "scan.order.unknown")
    }
  }

  /// Buttons that answer which line it is.
  private static func lineButtons(_ page: String) -> [Int] {
    (1...60).filter { page.contains(">Line \($0): M\($0)<") }
  }

  /// An order of lines of one each, received at the desk; asks of which line `7QX4ML3` is.
  private static func asked(_ count: Int, _ api: APIUnderTest) async throws -> String {
    try await api.core.store.write { transaction in
      try transaction.save(
        PurchaseOrder(
          number: "PO-90", supplier: nil, orderedOn: nil,
          lines: (1...count).map { line in
            .init(
              line: line, manufacturer: nil, model: "M\(line)", category: "laptop", partNumber: nil, quantity: 1)
          }))
    }
    for text in ["CUSTODY:ORDER:PO-90", "CUSTODY:LOC:HQ-A", "7QX4ML3"] {
      _ = try await api.form("/desk/scans", [("text", text)], as: api.kim)
    }
    let page = try await api.page("/desk", as: api.kim)
    try #require(page.contains("Which line is it?"), "\(page)")
    return page
  }

  @Test func `every line that awaits something is a button of the question`() async throws {
    try await APIUnderTest.run { api in
      let asked = try await Self.asked(7, api)
      #expect(Self.lineButtons(asked) == Array(1...7))
    }
  }

  @Test func `of more lines than fit it is said how many there are, and any of them is chosen on the order's page`()
    async throws
  {
    try await APIUnderTest.run { api in
      let page = try await Self.asked(30, api)
      #expect(Self.lineButtons(page) == Array(1...24))
      #expect(page.contains("More lines: 6"))
      let asked = try #require(try await api.get("/api/v1/readings?outcome=unknown").items().first)
      guard case .integer(let reading)? = asked[path: "id"] else { return }
      let order = try await api.page("/order?number=PO-90&reading=\(reading)", as: api.kim)
      #expect(order.contains("7QX4ML3"))
      #expect(order.components(separatedBy: "It is this one").count == 31)
      _ = try await api.form(
        "/order/receive", [("number", "PO-90"), ("line", "30"), ("reading", "\(reading)")], as: api.kim)
      let received = try await api.core.store.read { try $0.arrivals(of: "PO-90").mapValues(\.received) }
      #expect(received == [30: 1])
    }
  }

  @Test func `a part number, a model and an order's number are on every carton and receive nothing`() async throws {
    try await Self.withOrder { api, session in
      let seq = api.core.store.head.seq
      for text in ["210-BLYZ", "latitude 5450", "PO-77", "Made in China", "00:00:5e:00:53:01"] {
        let answer = try await Self.take(text, api, session)
        #expect(answer.status == .notFound, "\(text): \(answer)")
      }
      #expect(api.core.store.head.seq == seq)
    }
  }

  @Test func `what is no serial number is told for what it is, and is not offered as a new thing`() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.write {
        try $0.save(
          PurchaseOrder(
            number: "PO-77", supplier: nil, orderedOn: nil,
            lines: [
              .init(
                line: 1, manufacturer: "Dell", model: "Latitude 5450", category: "laptop", partNumber: "210-BLYZ",
                quantity: 3)
            ]))
      }
      for text in ["CUSTODY:ORDER:PO-77", "CUSTODY:LOC:HQ-A"] {
        _ = try await api.form("/desk/scans", [("text", text)], as: api.kim)
      }
      for (text, words) in [
        ("210-BLYZ", "210-BLYZ is the part number of line 1."),
        ("LATITUDE 5450", "LATITUDE 5450 is the model of line 1."), ("PO-77", "PO-77 is the number of this order."),
        ("00:00:5e:00:53:01", "is the address of a network card."),
        ("Made in China", "Made in China does not look like a serial number."),
      ] {
        _ = try await api.form("/desk/scans", [("text", text)], as: api.kim)
        let page = try await api.page("/desk", as: api.kim)
        #expect(page.contains("Not a serial number") && page.contains(words), "\(text)")
        #expect(!page.contains("Receive as new"), "\(text)")
      }
      // Without an order nothing says what it is of: then it can be.
      _ = try await api.form("/desk/session", [("workflow", "lookup")], as: api.kim)
      _ = try await api.form("/desk/session", [("workflow", "receive")], as: api.kim)
      _ = try await api.form("/desk/scans", [("text", "7QX4ML3")], as: api.kim)
      #expect(try await api.page("/desk", as: api.kim).contains("Receive as new"))
    }
  }

  @Test func `a number beside the list of numbers is unlisted, one of another order says so`() async throws {
    try await Self.withOrder(lines: [("WD22TB4", nil, 2)]) { api, session in
      try await Self.announce(["DOCK-00011", "DOCK-00012"], line: 1, api)
      try await api.core.store.write {
        try $0.save(
          PurchaseOrder(
            number: "PO-78", supplier: nil, orderedOn: nil,
            lines: [.init(line: 1, manufacturer: nil, model: "WD22TB4", category: nil, partNumber: nil, quantity: 1)]))
      }
      try await Self.announce(["DOCK-00099"], line: 1, api, order: "PO-78")
      #expect(try await api.get("/api/v1/orders/PO-77").items("awaited").count == 2)
      let listed = try await Self.take("DOCK-00011", api, session)
      #expect(try listed.text("result") == "accepted", "\(listed)")
      #expect(try Self.findings(try await Self.take("7QX4ML3", api, session)) == ["unlisted"])
      #expect(try Self.findings(try await Self.take("DOCK-00099", api, session)) == ["otherOrder"])
      // The announced one still comes: with the unlisted it is one more than was ordered.
      #expect(try Self.findings(try await Self.take("DOCK-00012", api, session)) == ["over"])
      #expect(try await api.get("/api/v1/orders/PO-78")["received"] == .integer(1))
      let again = try await Self.take("DOCK-00012", api, session)
      #expect(try again.text("result") == "duplicate")
    }
  }

  @Test func `what was announced counts on its own line, also after another one was chosen by its label`() async throws
  {
    try await Self.withOrder(lines: [("WD22TB4", nil, 2), ("U2723QE", nil, 2)]) { api, session in
      try await Self.announce(["DOCK-00011"], line: 1, api)
      _ = try await Self.take("CUSTODY:ORDER:PO-77/2", api, session)
      let listed = try await Self.take("DOCK-00011", api, session)
      #expect(try listed.text("result") == "accepted", "\(listed)")
      let received = try await api.core.store.read { try $0.arrivals(of: "PO-77").mapValues(\.received) }
      #expect(received == [1: 1])
    }
  }

  @Test func `another model than any line's is received outside the order, with the reason`() async throws {
    try await Self.withOrder { api, session in
      let answer = try await api.post(
        session + "/scans",
        ["text": "PF-4K7XYZ", "details": ["facts": ["model": "ThinkPad T14", "manufacturer": "Lenovo"]]],
        as: api.kim)
      #expect(try Self.findings(answer) == ["wrongModel"], "\(answer)")
      #expect(try answer["asset.facts.orderLine"] == nil)
      #expect(try await api.get("/api/v1/orders/PO-77")["received"] == .integer(0))
    }
  }

  @Test func `damaged is said of one box, not of the next`() async throws {
    try await Self.withOrder { api, session in
      let damaged: CanonicalJSON = ["details": ["condition": "damaged"]]
      _ = try await api.ask(.patch, session, as: api.kim, bytes: try damaged.bytes(limit: .max))
      #expect(try Self.findings(try await Self.take("7QX4ML3", api, session)) == ["damaged"])
      #expect(try Self.findings(try await Self.take("7QX4ML4", api, session)) == [])
    }
  }

  @Test func `an unknown code waits once, and no longer when the thing was received after all`() async throws {
    try await Self.withOrder { api, _ in
      let deploy = try await api.open("deploy", as: api.kim)
      for _ in 0..<3 { _ = try await Self.take("7QX4ML9", api, deploy) }
      let open = try await api.get("/api/v1/follow-ups").items()
      #expect(open.compactMap { $0[path: "kind"]?.text } == ["unknown"])
      let session = try await api.open("receive", ["location": "HQ-A"], as: api.kim)
      _ = try await Self.take("CUSTODY:ORDER:PO-77", api, session)
      #expect(try await Self.take("7QX4ML9", api, session).status == .ok)
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      let settled = try await api.get("/api/v1/follow-ups?settled=true").items()
      #expect(settled.first?[path: "settlement"]?.text == "Received as 7QX4ML9.")
    }
  }

  @Test func `an unknown code waits nowhere once an asset carries it, whoever gave it that in whatever session`()
    async throws
  {
    try await APIUnderTest.run { api in
      let deploy = try await api.open("deploy", as: api.kim)
      for text in ["SN-90001", "SN-90002"] { _ = try await Self.take(text, api, deploy) }
      #expect(try await api.page("/readings", as: api.kim).contains("SN-90001"))
      #expect(try await api.get("/api/v1/follow-ups").items().count == 2)
      let first = try await api.register("DK-00001")
      for mark in ["SN-90001", "SN-90002"] {
        let answer = try await api.scan(
          "DK-00001", "bind", ["identifier": ["kind": "thirdParty", "value": .string(mark)], "reason": "read off"],
          as: api.kim)
        try #require(answer.status == .ok, "\(answer)")
      }
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      let page = try await api.page("/readings", as: api.kim)
      #expect(!page.contains("SN-90001") && !page.contains("SN-90002"))
      #expect(try await api.rows("/readings.csv", as: api.kim).isEmpty)
      // What it was stays, with what came of it and by whom.
      let kept = try await api.get("/api/v1/readings?outcome=unknown").items()
      #expect(kept.compactMap { $0[path: "knownAs"]?.text } == [first, first])
      let settled = try await api.get("/api/v1/follow-ups?settled=true").items()
      #expect(settled.compactMap { $0[path: "asset"]?.text } == [first, first])
      #expect(Set(settled.compactMap { $0[path: "settledBy"]?.text }) == [api.kim.person.id.description])
      #expect(try await api.page("/follow-ups?settled=true", as: api.kim).contains("DK-00001"))
    }
  }

  @Test func `a code whose receipt is taken back waits again`() async throws {
    try await Self.withOrder { api, session in
      let deploy = try await api.open("deploy", as: api.kim)
      _ = try await Self.take("7QX4ML9", api, deploy)
      #expect(try await Self.take("7QX4ML9", api, session).status == .ok)
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      #expect(try await api.post(session + "/undo", as: api.kim).status == .ok)
      let open = try await api.get("/api/v1/follow-ups").items()
      #expect(open.compactMap { $0[path: "kind"]?.text } == ["unknown"])
      #expect(try await api.page("/readings", as: api.kim).contains("7QX4ML9"))
    }
  }

  @Test func `what no more is coming of is told once, with how many`() async throws {
    try await Self.withOrder { api, session in
      _ = try await Self.take("7QX4ML3", api, session)
      let line = OrderLineReference(order: "PO-77", line: 1)
      try await api.core.reportShort(line, "Supplier credits them.", by: api.kim)
      let short = try #require(try await api.get("/api/v1/follow-ups").items().first)
      #expect(short[path: "quantity"] == .integer(2))
      #expect(short[path: "words"]?.text == "2 of 3 did not come. Supplier credits them.")
      await #expect(throws: Problem.self) { try await api.core.reportShort(line, "", by: api.kim) }
      await #expect(throws: Problem.self) { try await api.core.reportShort(line, "", by: api.vic) }
    }
  }

  @Test func `an order that nobody has imported is refused when the session is opened`() async throws {
    try await APIUnderTest.run { api in
      try await api.post("/api/v1/sessions", ["workflow": "receive", "order": "PO-0"], as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/order")
      try await api.post("/api/v1/sessions", ["workflow": "deploy", "order": "PO-0"], as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/order")
      try await api.get("/api/v1/orders/PO-0").expectProblem(.notFound, "request.notFound")
    }
  }
}
