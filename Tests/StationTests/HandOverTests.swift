import Crypto
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("Words of who takes and who gives back")
struct HandOverTests {
  // Pictures of 160 × 50 pixels made with Python's zlib: nothing, a dot of 4 pixels, a line from one end to the other.
  static let blank =
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAAAyCAAAAAD+Co+5AAAAOElEQVR42u3OIQEAAAACIP+f1hsGWEB6LoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo8GuQwikph/ZDwAAAAASUVORK5CYII="
  private static let dot =
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAAAyCAAAAAD+Co+5AAAAPklEQVR42u3TQREAAAjDsPk3DcjYHamCfJopL4CAgICAgICAgICA74C5AAFNAggICAgICAgICAgICAgIWA9cZcgSotyt3eUAAAAASUVORK5CYII="
  static let line =
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAAAyCAAAAAD+Co+5AAAAsUlEQVR42u3Yyw2AMAwD0O6/NIgTEmrpJ07sgzNA/CSqNqFd4tUMNNBAAw00EAVsT8kD5ZRdoJLy65BTdglKynG6iHISzFeuZFKVy3Es5V4SQXkQUqs87V+mDLWuUMa7JitBDfOU0F4ZSvwnASuTTjZOmXlBQJTp92xUWfNcBZSFr/6Zsnp42lZSZtAdJW+UX1SSN6K5UmGx/FXK7OcjpdZvDnXgq1QGip5BAw000EBW3apYgBhO8b1TAAAAAElFTkSuQmCC"

  /// A deploy session in which Rob is the recipient.
  private static func deploying(_ api: APIUnderTest) async throws -> String {
    try await api.open("deploy", ["recipient": ["person": .string(api.rob.id.description)]], as: api.kim)
  }

  private static func events(_ id: String, _ api: APIUnderTest) async throws -> [CanonicalJSON] {
    try await api.get("/api/v1/assets/\(id)/events").items()
  }

  @Test
  func `one signature stands in the event of each asset that is handed out with it, with the text that was shown`()
    async throws
  {
    try await APIUnderTest.run { api in
      let ids = [try await api.register("DK-00001"), try await api.register("DK-00002")]
      let session = try await Self.deploying(api)
      try await api.scan("DK-00001", "deploy", as: api.kim, in: session)
        .expectProblem(.conflict, "custody.deploy.acknowledgementMissing")
      let signed = try await api.post(session + "/acknowledgement", ["signature": .string(Self.line)], as: api.kim)
      try #require(signed.status == .ok, "\(signed)")
      for tag in ["DK-00001", "DK-00002"] {
        #expect(try await api.scan(tag, "deploy", as: api.kim, in: session).status == .ok)
      }
      let digest = try signed.text("details.acknowledgement.signature")
      for id in ids {
        let event = try #require(
          try await Self.events(id, api).first { $0[path: "event.type"]?.text == "deploy" })
        #expect(event[path: "event.details.acknowledgement.signature"]?.text == digest)
        #expect(event[path: "event.details.acknowledgement.text"]?.text == ScanFlow.acknowledgementText)
        #expect(event[path: "event.details.acknowledgement.person"]?.text == api.rob.id.description)
        guard case .array(let evidence)? = event[path: "event.evidence"] else {
          Issue.record("no evidence in \(event)")
          continue
        }
        #expect(evidence.map { $0[path: "digest"]?.text } == [digest])
        #expect(evidence.first?[path: "role"]?.text == "signature")
      }
      // A commitment, not a hash: who has only the ledger cannot try pictures against it.
      let plain = SHA256.hash(data: try #require(Data(base64Encoded: Self.line)))
      #expect(digest != plain.map { String(format: "%02x", $0) }.joined())
      let picture = try await api.get("/api/v1/media/\(digest)")
      #expect(Data(picture.bytes).base64EncodedString() == Self.line)
    }
  }

  @Test(arguments: ["blank", "dot"])
  func `an empty field is no signature, nor is a touch by mistake`(_ what: String) async throws {
    try await APIUnderTest.run { api in
      let session = try await Self.deploying(api)
      let answer = try await api.post(
        session + "/acknowledgement", ["signature": .string(what == "blank" ? Self.blank : Self.dot)], as: api.kim)
      try answer.expectProblem(.unprocessableContent, "acknowledgement.empty", pointer: "/picture")
    }
  }

  @Test func `what is no picture, is too large or comes before anybody is named is refused with what to do`()
    async throws
  {
    try await APIUnderTest.run { api in
      let session = try await Self.deploying(api)
      func sign(_ text: String, in session: String) async throws -> APIAnswer {
        try await api.post(session + "/acknowledgement", ["signature": .string(text)], as: api.kim)
      }
      try await sign("%%", in: session).expectProblem(.unprocessableContent, "request.malformed", pointer: "/signature")
      try await sign("AAAA", in: session).expectProblem(.unprocessableContent, "picture.unreadable")
      let large = Data(repeating: 7, count: StationCore.largestSignature + 1).base64EncodedString()
      try await sign(large, in: session).expectProblem(.contentTooLarge, "acknowledgement.tooLarge")
      let nobody = try await api.open("deploy", as: api.kim)
      try await sign(Self.line, in: nobody).expectProblem(.conflict, "acknowledgement.nobody")
      try await api.post(session + "/acknowledgement", ["badge": "x"], as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed")
    }
  }

  @Test func `another recipient has signed nothing`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await Self.deploying(api)
      _ = try await api.post(session + "/acknowledgement", ["signature": .string(Self.line)], as: api.kim)
      let other: CanonicalJSON = ["details": ["recipient": ["person": .string(api.vic.person.id.description)]]]
      _ = try await api.ask(.patch, session, as: api.kim, bytes: try other.bytes(limit: .max))
      try await api.scan("DK-00001", "deploy", as: api.kim, in: session)
        .expectProblem(.conflict, "custody.deploy.acknowledgementMissing")
    }
  }

  @Test(arguments: ["acknowledgement", "acknowledgements"])
  func `a signature cannot be put in another's mouth: no request's details bring a word`(_ name: String) async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await Self.deploying(api)
      let signed = try await api.post(session + "/acknowledgement", ["signature": .string(Self.line)], as: api.kim)
      let digest = try signed.text("details.acknowledgement.signature")
      let vic = CanonicalJSON.string(api.vic.person.id.description)
      let word: CanonicalJSON = [
        "method": "signature", "person": vic, "text": "I owe a thousand.", "signature": .string(digest),
      ]
      var details: CanonicalJSON = ["recipient": ["person": vic]]
      details[path: name] = name == "acknowledgement" ? word : [word]
      let before = api.core.store.head.seq
      let pointer = "/details/" + name
      let change: CanonicalJSON = ["details": details]
      try await api.ask(.patch, session, as: api.kim, bytes: try change.bytes(limit: .max))
        .expectProblem(.unprocessableContent, "request.malformed", pointer: pointer)
      try await api.post("/api/v1/sessions", ["workflow": "deploy", "details": details], as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: pointer)
      try await api.scan("DK-00001", "deploy", details, as: api.kim, in: session)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: pointer)
      #expect(api.core.store.head.seq == before)
      // The session still holds what Rob said, and nothing else.
      let now = try await api.get(session)
      #expect(try now.text("details.acknowledgement.person") == api.rob.id.description)
      #expect(try now.text("details.recipient.person") == api.rob.id.description)
    }
  }

  @Test func `what somebody signed as given back is no word for what is handed to them`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await api.open("return", as: api.kim)
      try await api.scan("CUSTODY:BADGE:" + APIUnderTest.robsBadge, "return", as: api.kim, in: session)
      let signed = try await api.post(session + "/acknowledgement", ["signature": .string(Self.line)], as: api.kim)
      try #require(signed.status == .ok, "\(signed)")
      let rob: CanonicalJSON = ["recipient": ["person": .string(api.rob.id.description)]]
      try await api.scan("DK-00001", "deploy", rob, as: api.kim, in: session)
        .expectProblem(.conflict, "custody.deploy.acknowledgementMissing")
    }
  }

  @Test func `badge and PIN of the recipient acknowledge; another person's are refused`() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.rob.id, badge: "ROB-1", pin: "804216")
      try await api.core.store.setCredentials(of: api.lee.person.id, badge: "LEE-1", pin: "915327")
      try await api.register("DK-00001")
      let session = try await Self.deploying(api)
      try await api.post(session + "/acknowledgement", ["badge": "LEE-1", "pin": "915327"], as: api.kim)
        .expectProblem(.conflict, "acknowledgement.other")
      try await api.post(session + "/acknowledgement", ["badge": "ROB-1", "pin": "000000"], as: api.kim)
        .expectProblem(.unauthorized, "access.notRecognised")
      let given = try await api.post(session + "/acknowledgement", ["badge": "ROB-1", "pin": "804216"], as: api.kim)
      #expect(try given.text("details.acknowledgement.method") == "pin")
      #expect(try await api.scan("DK-00001", "deploy", as: api.kim, in: session).status == .ok)
    }
  }

  @Test func `who leaves gives back what is on record, signs for it, and what is another's is told`() async throws {
    try await APIUnderTest.run { api in
      let rob: CanonicalJSON = ["person": .string(api.rob.id.description)]
      let mine = try await api.register("DK-00001", "deployed", category: "laptop", custodian: rob)
      try await api.register("DK-00002", "deployed", custodian: rob)
      let others = try await api.register(
        "DK-00003", "deployed", custodian: ["person": .string(api.vic.person.id.description)])
      let session = try await api.open("return", as: api.kim)
      let named = try await api.post(
        session + "/scans", ["text": .string("CUSTODY:BADGE:" + APIUnderTest.robsBadge)], as: api.kim)
      #expect(try named.text("words") == "From: Rob")
      #expect(try named.text("sentence") == "2 things on record.")
      _ = try await api.post(session + "/acknowledgement", ["signature": .string(Self.line)], as: api.kim)
      let first = try await api.scan("DK-00001", "return", as: api.kim, in: session)
      #expect(try first.text("sentence") == "1 still to come. Quarantined until it is triaged.", "\(first)")
      let foreign = try await api.scan("DK-00003", "return", as: api.kim, in: session)
      #expect(try foreign.text("words") == "Another's, taken back")
      #expect(try foreign.text("sentence") == "It was with Vic.")
      // Who signed has not signed for what was another's.
      let its = try await Self.events(others, api).first { $0[path: "event.type"]?.text == "return" }
      #expect(its?[path: "event.details.acknowledgement"] == nil)
      let word = try await Self.events(mine, api).first { $0[path: "event.type"]?.text == "return" }
      #expect(word?[path: "event.details.acknowledgement.method"]?.text == "signature")
      #expect(
        try await api.scan("DK-00002", "return", as: api.kim, in: session).text("sentence") == "That was the last.")
    }
  }

  @Test func `what is missing or damaged is said of one thing that comes back, not of the next`() async throws {
    try await APIUnderTest.run { api in
      let finance: CanonicalJSON = ["team": "Finance"]
      let ids = [
        try await api.register("DK-00001", "deployed", custodian: finance),
        try await api.register("DK-00002", "deployed", custodian: finance),
      ]
      try await api.register("DK-00003")
      let session = try await api.open(
        "return", ["location": "HQ-A", "condition": "damaged", "missingAccessories": ["charger"]], as: api.kim)
      // What is refused has taken nothing of it.
      #expect(try await api.scan("DK-00003", "return", as: api.kim, in: session).status == .conflict)
      for tag in ["DK-00001", "DK-00002"] {
        #expect(try await api.scan(tag, "return", as: api.kim, in: session).status == .ok)
      }
      var returns: [CanonicalJSON] = []
      for id in ids {
        let events = try await Self.events(id, api)
        returns.append(try #require(events.first { $0[path: "event.type"]?.text == "return" }))
      }
      #expect(returns.map { $0[path: "event.details.condition"]?.text } == ["damaged", nil])
      #expect(returns[0][path: "event.details.missingAccessories"] == ["charger"])
      #expect((returns[1][path: "event.details.missingAccessories"] ?? []) == [])
      #expect(returns.map { $0[path: "event.details.location"]?.text } == ["HQ-A", "HQ-A"])
    }
  }

  @Test func `licences to reclaim wait under the follow-ups, once for each return, and no longer when it is undone`()
    async throws
  {
    try await APIUnderTest.run { api in
      let finance: CanonicalJSON = ["team": "Finance"]
      let details: CanonicalJSON = [
        "state": "deployed", "source": ["declared": ["reason": "was there"]], "custodian": finance,
        "facts": ["manufacturer": "Acme", "model": "M1", "category": "dock", "licences": ["Office 365", "Visio"]],
      ]
      let made = try await api.scan("DK-00001", "register", details, as: api.lee)
      try #require(made.status == .ok, "\(made)")
      let id = try made.text("asset.id")
      try await api.register("DK-00002", "deployed", custodian: finance)
      let session = try await api.open("return", as: api.kim)
      for tag in ["DK-00001", "DK-00002"] {
        #expect(try await api.scan(tag, "return", as: api.kim, in: session).status == .ok)
      }
      let open = try await api.get("/api/v1/follow-ups").items()
      #expect(open.map { $0[path: "kind"]?.text } == ["licence"])
      #expect(open.first?[path: "words"]?.text == "DK-00001 came back: reclaim Office 365, Visio.")
      #expect(open.first?[path: "asset"]?.text == id)
      for _ in 0..<2 { #expect(try await api.post(session + "/undo", as: api.kim).status == .ok) }
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
      _ = try await api.scan("DK-00001", "return", as: api.kim, in: session)
      let again = try #require(try await api.get("/api/v1/follow-ups").items().first)
      guard case .integer(let number)? = again[path: "id"] else {
        Issue.record("no number in \(again)")
        return
      }
      let settled = try await api.post(
        "/api/v1/follow-ups/\(number)/settle", ["words": "Back in the pool"], as: api.kim)
      #expect(settled.status == .ok, "\(settled)")
      #expect(try await api.get("/api/v1/follow-ups").items().isEmpty)
    }
  }

  @Test func `who reads German is shown the text that is recorded, and below it what it says`() async throws {
    try await APIUnderTest.run { api in
      let headers: HTTPFields = [.custodyFragment: "desk", .custodyOperator: api.kim.person.id.description]
      for (path, form) in [
        ("/desk/session", "workflow=deploy"), ("/desk/details", "recipient.person=\(api.rob.id)"),
      ] {
        let answer = try await api.ask(.post, path, as: api.kim, bytes: Array(form.utf8), headers: headers)
        try #require(answer.status == .ok, "\(answer)")
      }
      let page = try await api.get("/desk", as: api.kim, headers: [.acceptLanguage: "de", .accept: "text/html"])
      #expect(page.description.contains("translate=\"no\">\(ScanFlow.acknowledgementText)</p>"), "\(page)")
      let german = "Ich habe diese Geräte erhalten und verantworte sie, bis ich sie zurückgebe."
      #expect(page.description.contains(">\(german)</p>"))
    }
  }

  @Test func `who is erased leaves no picture of a signature, and the events stay as they are`() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      let session = try await Self.deploying(api)
      let signed = try await api.post(session + "/acknowledgement", ["signature": .string(Self.line)], as: api.kim)
      let digest = try signed.text("details.acknowledgement.signature")
      _ = try await api.scan("DK-00001", "deploy", as: api.kim, in: session)
      let file = api.core.store.folder.blobs + "/\(digest.prefix(2))/\(digest)"
      #expect(FileManager.default.fileExists(atPath: file))
      let before = try await Self.events(id, api).map { $0[path: "hash"]?.text }
      _ = try await api.core.store.erase(api.rob.id.description, reason: "asked for it")
      #expect(!FileManager.default.fileExists(atPath: file))
      #expect(try await api.core.store.salt(ofBlob: digest) == nil)
      #expect(try await api.core.store.blob(digest) == nil)
      #expect(try await Self.events(id, api).map { $0[path: "hash"]?.text } == before)
    }
  }
}
