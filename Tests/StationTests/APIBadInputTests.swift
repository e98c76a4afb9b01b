import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("API: bad input is answered with what is wrong and what to do, and nothing is lost")
struct APIBadInputTests {
  @Test("an empty, an overlong and a garbled scan name the span that is wrong; their readings are kept as they came")
  func unreadable() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(as: api.kim)
      let cases: [(text: String, code: String, start: Int64, length: Int64)] = [
        ("", "identifier.empty", 0, 0), ("  \r\n", "identifier.empty", 0, 4),
        (String(repeating: "A", count: 10_000), "identifier.tooLong", 4096, 5904),
        ("LT-00\u{01}042", "identifier.controlCharacter", 5, 1),
        ("CUSTODY:CMD:DANCE", "identifier.custody.command", 12, 5),
      ]
      for (text, code, start, length) in cases {
        let answer = try await api.post(session + "/scans", ["text": .string(text)], as: api.kim)
        try answer.expectProblem(.unprocessableContent, code)
        #expect(try answer["span.start"] == .integer(start))
        #expect(try answer["span.length"] == .integer(length))
        let kept = try await api.get("/api/v1/readings?limit=1").items()
        #expect(kept.first?[path: "raw"]?.text == base64(Array(text.utf8)))
        #expect(kept.first?[path: "outcome"]?.text == "refused")
      }
      #expect(api.core.store.head.seq == 0)
    }
  }

  @Test("bytes that are no UTF-8 are kept byte for byte")
  func rawBytes() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(as: api.kim)
      let answer = try await api.post(session + "/scans", ["raw": "/wBB"], as: api.kim)
      try answer.expectProblem(.notFound, "scan.unknown")
      let unknown = try await api.post(session + "/scans", ["raw": "/0E="], as: api.kim)
      try unknown.expectProblem(.notFound, "scan.unknown")
      let kept = try await api.get("/api/v1/readings?outcome=unknown").items()
      #expect(kept.map { $0[path: "raw"]?.text } == ["/0E=", "/wBB"])
      try await api.post(session + "/scans", ["raw": "%%"], as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/raw")
    }
  }

  @Test("a mark that two assets carry is refused with both; a serial is its maker's own")
  func ambiguous() async throws {
    try await APIUnderTest.run { api in
      let one = try await api.register("SN-1", maker: "Acme", kind: "serial")
      try await api.register("X", kind: "serial")
      let details: CanonicalJSON = [
        "state": "inStock", "source": ["declared": ["reason": "there"]],
        "identifiers": [["kind": "serial", "value": "SN-1"], ["kind": "tag", "value": "DK-00002"]],
        "facts": ["manufacturer": "Bolt", "model": "M1", "category": "dock"],
      ]
      let two = try await api.scan("DK-00002", "register", details, as: api.lee).text("asset.id")
      let answer = try await api.scan("SN-1", "retire", ["reason": "old"], as: api.lee)
      try answer.expectProblem(.conflict, "scan.ambiguous")
      #expect(try Set(answer.items("resolution.candidates").compactMap(\.text)) == [one, two])
    }
  }

  @Test("who may not is told which role may; the asset stays as it was")
  func noPermission() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      let viewer = try await api.scan("DK-00001", "deploy", ["recipient": ["team": "Me"]], as: api.vic)
      try viewer.expectProblem(.forbidden, "custody.deploy.role")
      #expect(try viewer.text("remedy").contains("technician"))
      let technician = try await api.scan(
        "DK-00001", "dispose", ["order": "DO-9", "route": "recycle"], as: api.kim)
      try technician.expectProblem(.forbidden, "custody.dispose.role")
      let alone = try await api.scan("DK-00001", "retire", ["reason": "old"], as: api.dana)
      try alone.expectProblem(.forbidden, "scan.approver.missing")
      #expect(try await api.get("/api/v1/assets/\(id)").text("state") == "inStock")
      #expect(try await api.get("/api/v1/readings?outcome=refused").items().count == 3)
    }
  }

  @Test("a wrong state is a conflict that says where the asset stands")
  func wrongState() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "missing")
      let answer = try await api.scan("DK-00001", "deploy", ["recipient": ["team": "Sales"]], as: api.kim)
      try answer.expectProblem(.conflict, "custody.deploy.state")
      #expect(try answer.text("asset.state") == "missing")
    }
  }

  @Test("what is no request of ours is refused at its place")
  func malformed() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(as: api.kim)
      let scans = session + "/scans"
      func send(_ text: String, to path: String) async throws -> APIAnswer {
        try await api.ask(.post, path, as: api.kim, bytes: Array(text.utf8))
      }
      try await send("{", to: scans).expectProblem(.badRequest, "request.notJSON")
      try await send("[1]", to: scans).expectProblem(.unprocessableContent, "request.malformed")
      try await send(#"{"text":"A","details":{"n":1.5}}"#, to: scans)
        .expectProblem(.unprocessableContent, "request.malformed")
      try await send(#"{"text":"A","details":{"n":9007199254740992}}"#, to: scans)
        .expectProblem(.unprocessableContent, "request.malformed")
      try await send("{}", to: scans).expectProblem(.unprocessableContent, "request.malformed", pointer: "/text")
      try await send(#"{"text":"A","verb":"steal"}"#, to: scans)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/verb")
      try await send(#"{"text":"A","source":"dream"}"#, to: scans)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/source")
      try await send(#"{"workflow":"steal"}"#, to: "/api/v1/sessions")
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/workflow")
      try await send(String(repeating: " ", count: 300_000), to: scans)
        .expectProblem(.contentTooLarge, "request.tooLarge")
      let nobody = "/api/v1/sessions/019513a0-1c00-7a00-8000-000000000001"
      try await send(#"{"text":"A"}"#, to: nobody + "/scans").expectProblem(.notFound, "request.notFound")
      try await api.get("/api/v1/sessions/seven").expectProblem(
        .unprocessableContent, "request.malformed", pointer: "/id")
      for path in ["assets?limit=0", "assets?state=lost", "assets?after=x", "events?after=-1", "readings?outcome=odd"] {
        try await api.get("/api/v1/" + path).expectProblem(.unprocessableContent, "request.malformed")
      }
      try await api.get("/api/v1/media/" + String(repeating: "0", count: 64)).expectProblem(
        .notFound, "request.notFound")
      try await api.get("/api/v1/media/..%2Fstation.key").expectProblem(.unprocessableContent, "request.malformed")
      #expect(api.core.store.head.seq == 0)
    }
  }

  @Test("the same Idempotency-Key gets the same answer and one event; another request under it is refused")
  func idempotency() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await api.open("deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      let before = api.core.store.head.seq
      let key: HTTPFields = [.idempotencyKey: "k-1"]
      let first = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim, headers: key)
      let second = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim, headers: key)
      #expect(first.status == .ok)
      #expect(second.status == .ok)
      #expect(first.bytes == second.bytes)
      #expect(api.core.store.head.seq == before + 1)
      let other = try await api.post(session + "/scans", ["text": "DK-00002"], as: api.kim, headers: key)
      try other.expectProblem(.conflict, "request.idempotencyKeyReused")
      let stranger = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.dana, headers: key)
      try stranger.expectProblem(.conflict, "request.idempotencyKeyReused")
    }
  }

  @Test("an answer under a key is durable with what it tells of, or neither is")
  func idempotencyIsAtomic() async throws {
    struct DiskFull: Error {}
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await api.open("deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      let before = api.core.store.head.seq
      let id = try #require(session.split(separator: "/").last.flatMap { SessionID(String($0)) })
      await #expect(throws: DiskFull.self) {
        _ = try await api.core.scan(Scan(raw: Array("DK-00001".utf8), source: .keyed), in: id, by: api.kim) {
          outcome, _ in
          #expect(outcome.result == .accepted)
          throw DiskFull()
        }
      }
      #expect(api.core.store.head.seq == before)
      let again = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      #expect(again.status == .ok)
    }
  }
}
