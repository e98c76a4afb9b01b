import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

/// Everything was scanned into the wrong session.
@Suite("A whole session is taken back")
struct TakeBackTests {
  private static let reason = "Scanned into the wrong session"

  /// Five docks that Kim handed to Finance in one session, of which the third moved on to another room.
  private static func fiveDeployed(_ api: APIUnderTest) async throws -> (session: String, ids: [String]) {
    let session = try await api.open("deploy", ["recipient": ["team": "Finance"]], as: api.kim)
    var ids: [String] = []
    for number in 1...5 {
      ids.append(try await api.register("DK-0000\(number)"))
      let deployed = try await api.scan("DK-0000\(number)", "deploy", as: api.kim, in: session)
      try #require(deployed.status == .ok, "\(deployed)")
    }
    let moved = try await api.scan("DK-00003", "transfer", ["location": "HQ-B"], as: api.kim)
    try #require(moved.status == .ok, "\(moved)")
    return (session, ids)
  }

  @Test func `newest first, each by an event of its own; what was changed afterwards stays, with why`() async throws {
    try await APIUnderTest.run { api in
      let (session, ids) = try await Self.fiveDeployed(api)
      let before = api.core.store.head.seq
      let answer = try await api.post(session + "/take-back", ["reason": .string(Self.reason)], as: api.kim)
      try #require(answer.status == .ok, "\(answer)")
      #expect(try answer["taken"] == .integer(4))
      let left = try answer.items("left")
      #expect(left.map { $0[path: "asset"]?.text } == [ids[2]])
      #expect(left.first?[path: "name"]?.text == "DK-00003")
      #expect(left.first?[path: "code"]?.text == "custody.correct.approver")
      #expect(left.first?[path: "remedy"]?.text?.isEmpty == false)
      try APIDescriptionTests.check([("SessionTakenBack", answer)])
      #expect(api.core.store.head.seq == before + 4)
      var states: [String] = []
      for id in ids { states.append(try await api.get("/api/v1/assets/\(id)").text("state")) }
      #expect(states == ["inStock", "inStock", "deployed", "inStock", "inStock"])
      let events = try await api.core.store.read { try $0.entries(before: .max, limit: 4) }.map(\.event)
      #expect(events.map { $0.asset.description } == [ids[0], ids[1], ids[3], ids[4]])
      let reasons = events.map { event -> String? in
        guard case .correct(let details) = event.details else { return nil }
        return details.reason
      }
      #expect(reasons == Array(repeating: Self.reason, count: 4))
      // With a manager beside them it is told what depends on the one that stays.
      try await api.second(api.lee, as: .approver, in: session, beside: api.kim)
      let again = try await api.post(session + "/take-back", ["reason": .string(Self.reason)], as: api.kim)
      #expect(try again["taken"] == .integer(0))
      #expect(try again.items("left").map { $0[path: "code"]?.text } == ["custody.correct.dependent"])
      #expect(api.core.store.head.seq == before + 4)
    }
  }

  @Test func `only its operator takes a session back, with a reason, and while it is open`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await api.open("deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      let path = session + "/take-back"
      let why: CanonicalJSON = ["reason": .string(Self.reason)]
      try await api.post(path, why, as: api.kim).expectProblem(.conflict, "session.undo.nothing")
      try await api.scan("DK-00001", "deploy", as: api.kim, in: session)
      let before = api.core.store.head.seq
      try await api.post(path, why, as: api.dana).expectProblem(.conflict, "session.otherOperator")
      try await api.post(path, ["reason": "  "], as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/reason")
      try await api.post(path, as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/reason")
      #expect(api.core.store.head.seq == before)
      try await api.post(session + "/close", as: api.kim)
      try await api.post(path, why, as: api.kim).expectProblem(.conflict, "session.closed")
    }
  }

  @Test func `the desk offers it once two things are recorded, and says how many were taken back`() async throws {
    try await APIUnderTest.run { api in
      let finance: CanonicalJSON = ["team": "Finance"]
      for tag in ["DK-00001", "DK-00002"] { try await api.register(tag, "deployed", custodian: finance) }
      _ = try await api.form("/desk/session", [("workflow", "return")], as: api.kim)
      _ = try await api.form("/desk/scans", [("text", "DK-00001")], as: api.kim)
      #expect(try await !api.page("/desk", as: api.kim).contains(#"action="/desk/take-back""#))
      _ = try await api.form("/desk/scans", [("text", "DK-00002")], as: api.kim)
      #expect(try await api.page("/desk", as: api.kim).contains(#"action="/desk/take-back""#))
      _ = try await api.form("/desk/take-back", [("reason", Self.reason)], as: api.kim)
      #expect(api.core.desk.lastOutcome?.words == "Taken back: 2 of 2")
      #expect(api.core.desk.lastOutcome?.result == .accepted)
      #expect(try await api.page("/desk", as: api.kim).contains("Taken back: 2 of 2"))
      let states = try await api.core.store.read { try $0.countByState() }
      #expect(states == [.deployed: 2])
    }
  }
}
