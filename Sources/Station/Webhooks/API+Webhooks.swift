import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Webhooks

extension API {
  func addWebhooks(to v1: RouterGroup<StationContext>) {
    v1.get("/webhooks", use: webhooks)
    v1.post("/webhooks", use: addWebhook)
    v1.delete("/webhooks/{id}", use: removeWebhook)
    v1.post("/webhooks/{id}/resume", use: resumeWebhook)
    v1.get("/webhooks/{id}/dead-letters", use: deadLetters)
    v1.post("/webhooks/{id}/dead-letters/{letter}/again", use: sendAgain)
  }

  @Sendable func webhooks(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let found = try await core.store.read { snapshot in
      try snapshot.webhooks().map { ($0, try snapshot.deadLetterCount(of: $0.id)) }
    }
    return try .page(
      Page(items: try found.map { try WebhookResource($0.0, deadLetters: $0.1, secret: nil) }, next: nil), for: request)
  }

  @Sendable func addWebhook(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try signedIn.requireWebhooks()
    let body = try await request.json()
    var verbs: [String] = []
    if case .array(let given)? = body[path: "types"] {
      verbs = try given.map { type in
        guard let text = type.text, text.hasPrefix(CloudEvent.typePrefix),
          let verb = Verb(rawValue: String(text.dropFirst(CloudEvent.typePrefix.count)))
        else {
          throw Problem.malformed(
            "types are \(Verb.allCases.map { CloudEvent.typePrefix + $0.rawValue }.joined(separator: ", ")).",
            pointer: "/types")
        }
        return verb.rawValue
      }
    }
    let webhook = try await core.addWebhook(body[path: "url"]?.text ?? "", verbs: verbs, by: signedIn)
    let secret = WebhookSecret(bytes: core.store.webhookSecret(of: webhook.id))
    return try .json(
      try WebhookResource(webhook, deadLetters: 0, secret: secret?.description), status: .created)
  }

  @Sendable func removeWebhook(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    guard try await core.store.write({ try $0.removeWebhook(id) }) else { throw Problem.notFound("webhook \(id)") }
    return Response(status: .noContent)
  }

  @Sendable func resumeWebhook(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    let (webhook, count) = try await core.resumeWebhook(id)
    return try .json(try WebhookResource(webhook, deadLetters: count, secret: nil))
  }

  @Sendable func deadLetters(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.number("after", default: Int.max, in: 0...Int.max)
    struct Letter: Encodable {
      let id: Int64
      let at: Instant
      let reason: String
      let eventID: EventID?
      let type: String?
      let asset: AssetID?
    }
    let found = try await core.store.read { snapshot -> [Letter] in
      guard try snapshot.webhook(id) != nil else { throw Problem.notFound("webhook \(id)") }
      return try snapshot.deadLetters(of: id, before: Int64(before), limit: limit + 1).map { letter in
        let event = try snapshot.entries(after: letter.arrival - 1, limit: 1).first { $0.arrival == letter.arrival }?
          .event
        return Letter(
          id: letter.id, at: letter.at, reason: letter.reason, eventID: event?.eventID,
          type: event.map { CloudEvent.typePrefix + $0.verb.rawValue }, asset: event?.asset)
      }
    }
    return try .page(
      Page(items: Array(found.prefix(limit)), next: found.count > limit ? String(found[limit - 1].id) : nil),
      for: request)
  }

  @Sendable func sendAgain(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    guard let letter = Int64(context.parameters.get("letter") ?? "") else {
      throw Problem.malformed("A dead letter has a number.", pointer: "/letter")
    }
    try await core.sendAgain(letter, of: id)
    return Response(status: .noContent)
  }
}

/// A webhook as the API shows it.
struct WebhookResource: Encodable {
  let id: String
  let url: String
  let types: [String]
  let isActive: Bool
  /// What it was told last failed of; absent while all is well.
  let trouble: String?
  let failures: Int
  let nextTry: Instant?
  let deadLetters: Int
  /// Told once, when it is added.
  let secret: String?

  init(_ webhook: StoredWebhook, deadLetters: Int, secret: String?) throws {
    let course = try webhook.whereItStands()
    id = webhook.id.description
    url = webhook.url
    types = webhook.verbs.map { CloudEvent.typePrefix + $0 }
    isActive = webhook.isActive
    trouble = course.trouble
    failures = course.failures
    nextTry = course.notBefore
    self.deadLetters = deadLetters
    self.secret = secret
  }
}

extension SignedIn {
  /// Receivers learn every act: it is for those who administer the station.
  var mayAdministerWebhooks: Bool { !actor.roles.isDisjoint(with: [.admin, .manager]) }

  /// Throws the problem for anybody else.
  func requireWebhooks() throws {
    guard mayAdministerWebhooks else {
      throw Problem.forbidden("Webhooks", needs: "admin, manager")
    }
  }
}
