import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("API: CSV files come in over HTTP")
struct APIImportTests {
  private static let orders = """
    Order number,Supplier,Manufacturer,Model,Category,Quantity,Serials
    PO-500,Bechtle,Dell,Latitude 5450,laptop,2,SER-1001; SER-1002

    """

  private static func send(
    _ text: String, _ query: String, _ api: APIUnderTest, as who: SignedIn
  ) async throws -> APIAnswer {
    try await api.ask(
      .post, "/api/v1/imports?" + query, as: who, bytes: Array(text.utf8), headers: [.contentType: "text/csv"])
  }

  @Test func `a ship notice comes in and is received against, all of it in the name of who sent it`() async throws {
    try await APIUnderTest.run { api in
      let report = try await Self.send(Self.orders, "kind=orders&name=notice.csv", api, as: api.lee)
      try #require(report.status == .ok, "\(report)")
      #expect(try report.text("result") == "imported")
      #expect(try report["announced"] == .integer(2))
      let order = try await api.get("/api/v1/orders/PO-500")
      #expect(try order["ordered"] == .integer(2))
      #expect(try order.items("awaited").count == 2)
      let again = try await Self.send(Self.orders, "kind=orders", api, as: api.lee)
      #expect(try again["announced"] == .integer(0))
    }
  }

  @Test func `a file with a bad row is refused whole, with its line and what to do`() async throws {
    try await APIUnderTest.run { api in
      let answer = try await Self.send(Self.orders + ",X,Dell,M,laptop,1,\n", "kind=orders", api, as: api.lee)
      try answer.expectProblem(.unprocessableContent, "import.refused")
      #expect(try answer.text("report.result") == "refused")
      #expect(try answer.items("report.problems").first?[path: "line"] == .integer(3))
      try await api.get("/api/v1/orders/PO-500").expectProblem(.notFound, "request.notFound")
    }
  }

  @Test func `all of a kind goes out as CSV that comes in again, or as JSON`() async throws {
    try await APIUnderTest.run { api in
      _ = try await Self.send(Self.orders, "kind=orders", api, as: api.lee)
      for kind in ["orders", "locations"] {
        let answer = try await api.get("/api/v1/export/\(kind)", as: api.kim)
        try #require(answer.status == .ok, "\(answer)")
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
        let again = try await Self.send(
          String(decoding: answer.bytes, as: UTF8.self), "kind=\(kind)", api, as: api.lee)
        #expect(try again["skipped"] == again["read"], "\(again)")
      }
      let order = try await api.get("/api/v1/export/orders?format=json", as: api.kim)
      #expect(order.headers[.contentType] == "application/json")
      var first: CanonicalJSON?
      if case .array(let orders) = try order.json { first = orders.first }
      #expect(first?[path: "number"]?.text == "PO-500", "\(order)")
      // What people may do is for those who answer for it.
      let (kims, lees) = (
        try await api.get("/api/v1/export/people", as: api.kim), try await api.get("/api/v1/export/people", as: api.lee)
      )
      #expect(!kims.description.contains("roles") && lees.description.contains("Kim,,,,yes,0,technician,no,"))
      try await api.get("/api/v1/export/spells").expectProblem(.notFound, "request.notFound")
      try await api.get("/api/v1/export/orders?format=xml")
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/format")
    }
  }

  @Test func `who may not, what is no kind and what is empty is refused`() async throws {
    try await APIUnderTest.run { api in
      try await Self.send(Self.orders, "kind=orders", api, as: api.kim).expectProblem(.forbidden, "access.forbidden")
      try await Self.send("name\nX\n", "kind=people", api, as: api.lee).expectProblem(.forbidden, "access.forbidden")
      try await Self.send(Self.orders, "kind=spells", api, as: api.lee)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/kind")
      try await Self.send("", "kind=orders", api, as: api.lee).expectProblem(.unprocessableContent, "request.malformed")
    }
  }
}
