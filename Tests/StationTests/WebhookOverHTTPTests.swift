import AsyncHTTPClient
import Crypto
import Custody
import CustodyLedger
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceLifecycle
import StationStore
import Synchronization
import Testing

@testable import Station

@Suite("Webhooks, to a receiver on a socket")
struct WebhookOverHTTPTests {
  /// A receiver that answers as it is told, and keeps what it got.
  private final class Receiver: Sendable {
    struct Got: Sendable {
      let id: String
      let timestamp: String
      let signature: String
      let type: String
      let body: [UInt8]
    }
    let got = Mutex<[Got]>([])
    let answers: Mutex<[HTTPResponse.Status]>

    init(_ answers: [HTTPResponse.Status]) { self.answers = Mutex(answers) }

    func take(_ request: Request) async throws -> Response {
      let body = Array(try await request.body.collect(upTo: 1 << 20).readableBytesView)
      func header(_ name: String) -> String { HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
      got.withLock {
        $0.append(
          Got(
            id: header("webhook-id"), timestamp: header("webhook-timestamp"), signature: header("webhook-signature"),
            type: header("content-type"), body: body))
      }
      return Response(status: answers.withLock { $0.isEmpty ? .ok : $0.removeFirst() })
    }
  }

  private static func run(
    answers: [HTTPResponse.Status] = [], types: CanonicalJSON = [],
    _ body: @escaping @Sendable (APIUnderTest, Receiver, String, String) async throws -> Void
  ) async throws {
    let receiver = Receiver(answers)
    let router = Router()
    router.post("/hook") { request, _ in try await receiver.take(request) }
    try await Application(router: router).test(.live) { client in
      let port = try #require(client.port)
      try await APIUnderTest.run { api in
        let added = try await api.post(
          "/api/v1/webhooks", ["url": .string("http://127.0.0.1:\(port)/hook"), "types": types], as: api.lee)
        try #require(added.status == .created, "\(added)")
        try await body(api, receiver, "/api/v1/webhooks/" + (try added.text("id")), try added.text("secret"))
      }
    }
  }

  /// Holds a message to its signature as the specification says: HMAC-SHA256 of id, time and body, joined by full stops.
  private static func isSigned(_ message: Receiver.Got, _ secret: String) throws -> Bool {
    let key = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count))))
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("\(message.id).\(message.timestamp).".utf8) + message.body, using: SymmetricKey(data: key))
    return message.signature == "v1," + Data(code).base64EncodedString()
  }

  @Test func `each event goes out once, in order, signed, as a CloudEvent 1.0`() async throws {
    try await Self.run { api, receiver, _, secret in
      let id = try await api.register("DK-00001")
      _ = try await api.scan("DK-00001", "deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      for _ in 0..<2 { try await api.core.tellReceivers(over: WebhookService.http) }
      let got = receiver.got.withLock { $0 }
      #expect(got.count == 2)
      let bodies = try got.map { try JSONDecoder().decode(CanonicalJSON.self, from: Data($0.body)) }
      #expect(bodies.map { $0[path: "type"]?.text } == ["custody.register", "custody.deploy"])
      for (message, body) in zip(got, bodies) {
        #expect(message.type.hasPrefix("application/cloudevents+json"))
        #expect(try Self.isSigned(message, secret))
        #expect(body[path: "specversion"]?.text == "1.0")
        #expect(body[path: "id"]?.text == message.id)
        #expect(body[path: "subject"]?.text == id)
        #expect(body[path: "source"]?.text?.hasPrefix("/stations/HQ/") == true)
        #expect(body[path: "data.eventID"]?.text == message.id)
      }
      #expect(bodies.last?[path: "entryhash"]?.text == api.core.store.head.hash.description)
    }
  }

  @Test func `only what was asked for is told`() async throws {
    try await Self.run(types: ["custody.deploy"]) { api, receiver, _, _ in
      try await api.register("DK-00001")
      _ = try await api.scan("DK-00001", "deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      try await api.core.tellReceivers(over: WebhookService.http)
      #expect(receiver.got.withLock { $0.count } == 1)
    }
  }

  @Test func `a receiver in trouble is tried again with the same id once its pause is over, and nothing overtakes`()
    async throws
  {
    try await Self.run(answers: [.serviceUnavailable]) { api, receiver, path, _ in
      try await api.register("DK-00001")
      try await api.register("DK-00002")
      for _ in 0..<2 { try await api.core.tellReceivers(over: WebhookService.http) }
      #expect(receiver.got.withLock { $0.count } == 1)
      let shown = try #require(try await api.get("/api/v1/webhooks", as: api.lee).items().first)
      #expect(shown[path: "trouble"]?.text == "The receiver answered 503.")
      api.clock.advance(seconds: 5)
      try await api.core.tellReceivers(over: WebhookService.http)
      let got = receiver.got.withLock { $0 }
      #expect(got.count == 3)
      #expect(got[0].id == got[1].id && got[1].id != got[2].id)
      #expect(got[0].timestamp != got[1].timestamp)
      #expect(try await api.get("/api/v1/webhooks", as: api.lee).items().first?[path: "trouble"] == nil)
      _ = path
    }
  }

  @Test func `what is refused three times is a dead letter that is seen and sent again, and the next event goes on`()
    async throws
  {
    try await Self.run(answers: [.badRequest, .badRequest, .badRequest]) { api, receiver, path, _ in
      try await api.register("DK-00001")
      try await api.register("DK-00002")
      for _ in 0..<3 {
        try await api.core.tellReceivers(over: WebhookService.http)
        api.clock.advance(seconds: 60)
      }
      #expect(receiver.got.withLock { $0.count } == 4)
      let letters = try await api.get(path + "/dead-letters", as: api.lee).items()
      #expect(letters.count == 1)
      #expect(letters.first?[path: "reason"]?.text == "The receiver answered 400.")
      #expect(letters.first?[path: "type"]?.text == "custody.register")
      guard case .integer(let number)? = letters.first?[path: "id"] else { return }
      #expect(try await api.post(path + "/dead-letters/\(number)/again", as: api.lee).status == .noContent)
      #expect(try await api.get(path + "/dead-letters", as: api.lee).items().isEmpty)
      #expect(receiver.got.withLock { $0[0].id == $0[4].id })
    }
  }

  @Test func `one that answers 410 is left alone until somebody resumes`() async throws {
    try await Self.run(answers: [.gone]) { api, receiver, path, _ in
      try await api.register("DK-00001")
      for _ in 0..<2 {
        try await api.core.tellReceivers(over: WebhookService.http)
        api.clock.advance(seconds: 60)
      }
      #expect(receiver.got.withLock { $0.count } == 1)
      #expect(try await api.post(path + "/resume", as: api.lee).status == .ok)
      try await api.core.tellReceivers(over: WebhookService.http)
      #expect(receiver.got.withLock { $0.count } == 2)
    }
  }

  @Test func `who administers nothing learns of no receiver; an address in the clear or none is refused`() async throws
  {
    try await Self.run { api, _, path, _ in
      try await api.get("/api/v1/webhooks", as: api.kim).expectProblem(.forbidden, "access.forbidden")
      try await api.ask(.delete, path, as: api.vic).expectProblem(.forbidden, "access.forbidden")
      for url in ["", "ftp://host/x", "http://example.com/x", "https://", "javascript:alert(1)", "https://host/#x"] {
        try await api.post("/api/v1/webhooks", ["url": .string(url)], as: api.lee)
          .expectProblem(.unprocessableContent, "request.malformed", pointer: "/url")
      }
      try await api.post("/api/v1/webhooks", ["url": "https://host/x", "types": ["custody.dance"]], as: api.lee)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/types")
      #expect(try await api.ask(.delete, path, as: api.lee).status == .noContent)
      try await api.ask(.delete, path, as: api.lee).expectProblem(.notFound, "request.notFound")
    }
  }

  @Test func `the secret is told once, when the receiver is added, and stands in no list`() async throws {
    try await Self.run { api, _, _, secret in
      let list = try await api.get("/api/v1/webhooks", as: api.lee)
      #expect(!list.description.contains(secret) && secret.hasPrefix("whsec_"))
    }
  }
}
