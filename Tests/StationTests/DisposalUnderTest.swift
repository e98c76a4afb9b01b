import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

/// A station with Dana, who disposes of things, Kim, who witnesses, Lee, who manages, and one order.
struct DisposalUnderTest: Sendable {
  static let orders = "/api/v1/disposal-orders"
  /// Kim's badge and PIN, and Lee's.
  static let witness: CanonicalJSON = ["badge": "CUSTODY:BADGE:tok-kim-second", "pin": "918273"]
  static let manager: CanonicalJSON = ["badge": "tok-lee-second", "pin": "827364"]

  let api: APIUnderTest
  /// The path of the order.
  let order: String
  let number: String

  static func run(
    number: String? = "DO-9", _ body: @escaping @Sendable (DisposalUnderTest) async throws -> Void
  ) async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.kim.person.id, badge: "tok-kim-second", pin: "918273")
      try await api.core.store.setCredentials(of: api.lee.person.id, badge: "tok-lee-second", pin: "827364")
      var asked: CanonicalJSON = ["route": "recycle", "vendor": "GreenCycle GmbH", "plannedOn": "2026-03-09"]
      if let number { asked[path: "number"] = .string(number) }
      let made = try await api.post(orders, asked, as: api.dana)
      try #require(made.status == .created, "\(made)")
      let number = try made.text("number")
      try await body(DisposalUnderTest(api: api, order: orders + "/" + number, number: number))
    }
  }

  /// Something that bears no data, retired, with tag and serial number.
  @discardableResult
  func retired(_ number: Int, _ state: String = "retired") async throws -> String {
    try await thing(number, state, ["manufacturer": "Acme", "model": "M1", "category": "dock"])
  }

  @discardableResult
  func thing(_ number: Int, _ state: String, _ facts: CanonicalJSON) async throws -> String {
    let details: CanonicalJSON = [
      "state": .string(state), "source": ["declared": ["reason": "was on the shelf"]], "facts": facts,
      "identifiers": [
        ["kind": "tag", "value": .string(Self.tag(number))], ["kind": "serial", "value": .string("SN-\(number)")],
      ],
    ]
    let answer = try await api.scan(Self.tag(number), "register", details, as: api.lee)
    try #require(answer.status == .ok, "\(answer)")
    return try answer.text("asset.id")
  }

  static func tag(_ number: Int) -> String { "DK-\(10_000 + number)" }

  @discardableResult
  func add(_ number: Int) async throws -> APIAnswer {
    try await api.post(order + "/assets", ["text": .string(Self.tag(number))], as: api.dana)
  }

  func load(_ number: Int) async throws -> APIAnswer {
    try await api.post(order + "/loads", ["text": .string(Self.tag(number))], as: api.dana)
  }

  func act(_ act: String, _ body: CanonicalJSON = [:], as who: SignedIn? = nil) async throws -> APIAnswer {
    try await api.post(order + "/" + act, body, as: who ?? api.dana)
  }

  func list(_ text: String) async throws -> APIAnswer {
    try await api.ask(.put, order + "/recycler-list", as: api.dana, bytes: Array(text.utf8))
  }

  /// Registers so many and brings the order that far.
  func departed(_ count: Int) async throws {
    for number in 1...count {
      try await retired(number)
      #expect(try await add(number).status == .ok)
    }
    #expect(try await act("seal", ["seal": "S-1", "witness": Self.witness]).status == .ok)
    for number in 1...count { #expect(try await load(number).status == .ok) }
    let answer = try await act("depart", ["carrier": "Rhein Spedition", "vehicle": "B-GC 2047"])
    try #require(answer.status == .ok, "\(answer)")
  }

  func standings() async throws -> [String] {
    try await api.get(order).items("lines").compactMap { $0[path: "standing"]?.text }
  }

  func state() async throws -> String { try await api.get(order).text("state") }

  func events(_ id: String) async throws -> [CanonicalJSON] {
    try await api.get("/api/v1/assets/\(id)/events").items()
  }

  /// A plain form, as a browser without our script sends it.
  func form(_ path: String, _ body: String, as who: SignedIn? = nil) async throws -> APIAnswer {
    try await api.ask(
      .post, path, as: who ?? api.dana, bytes: Array(body.utf8),
      headers: [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"])
  }

  func page(_ path: String? = nil) async throws -> APIAnswer {
    try await api.ask(.get, path ?? "/disposals/\(number)", as: api.dana, headers: [.accept: "text/html"])
  }
}
