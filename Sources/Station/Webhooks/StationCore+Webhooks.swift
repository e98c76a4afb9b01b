import Custody
import Foundation
import StationStore
import Webhooks

extension StationCore {
  /// Most receivers of a station.
  static let mostWebhooks = 20

  /// Adds a receiver; it is told of what is recorded from now on. Throws the problem for an address that is none.
  func addWebhook(_ url: String, verbs: [String], by signedIn: SignedIn) async throws -> StoredWebhook {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme),
      let host = parts.host, !host.isEmpty, url.utf8.count <= 2000, parts.fragment == nil
    else {
      throw Problem.malformed(
        "url is no http or https address.", pointer: "/url", remedy: "Give it as https://host/path.")
    }
    let isLoopback = ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
    guard scheme == "https" || isLoopback else {
      throw Problem.malformed(
        "Events would go to \(host) in the clear.", pointer: "/url",
        remedy: "Give an https address; http is for this machine.")
    }
    return try await store.write { transaction in
      guard try transaction.webhooks().count < Self.mostWebhooks else {
        throw Problem(
          .conflict, "webhook.tooMany", "Too many", detail: "A station tells \(Self.mostWebhooks) receivers at most.",
          remedy: "Take one off first.")
      }
      let webhook = StoredWebhook(
        id: transaction.newID(), url: url, verbs: verbs, isActive: true, upTo: try transaction.lastArrival(),
        course: "",
        by: signedIn.person.id, at: transaction.now)
      try transaction.save(webhook)
      return webhook
    }
  }

  /// Sends at once what waits, also to one that wanted no more.
  func resumeWebhook(_ id: StoredWebhook.UUIDBytes) async throws -> (StoredWebhook, deadLetters: Int) {
    let resumed = try await store.write { transaction in
      guard var webhook = try transaction.webhook(id) else { throw Problem.notFound("webhook \(id)") }
      webhook.isActive = true
      try webhook.stands(at: WebhookCourse())
      try transaction.save(webhook)
      return (webhook, try transaction.deadLetterCount(of: id))
    }
    told.signal()
    return resumed
  }

  /// Sends nothing more until somebody resumes; what is recorded meanwhile waits.
  func pauseWebhook(_ id: StoredWebhook.UUIDBytes) async throws {
    try await store.write { transaction in
      guard var webhook = try transaction.webhook(id) else { throw Problem.notFound("webhook \(id)") }
      webhook.isActive = false
      try transaction.save(webhook)
    }
  }

  /// Sends a dead letter once more, now. Throws the problem that says why, when it is not taken.
  func sendAgain(_ letter: Int64, of id: StoredWebhook.UUIDBytes) async throws {
    let (webhook, row) = try await store.read { snapshot in
      guard let webhook = try snapshot.webhook(id), let letter = try snapshot.deadLetter(letter), letter.webhook == id,
        let row = try snapshot.entries(after: letter.arrival - 1, limit: 1).first, row.arrival == letter.arrival
      else { throw Problem.notFound("dead letter \(letter) of webhook \(id)") }
      return (webhook, row)
    }
    switch try await send(row, to: webhook, over: WebhookService.http) {
    case .taken, .answered(200...299): try await store.write { try $0.removeDeadLetter(letter) }
    case .answered(let status):
      throw Problem(
        .badGateway, "webhook.refused", "Not taken", detail: "The receiver answered \(status).",
        remedy: "Mend the receiver; the letter stays here.")
    case .unreachable(let reason):
      throw Problem(
        .badGateway, "webhook.unreachable", "Not reached", detail: "The receiver cannot be reached: \(reason).",
        remedy: "Check the address and the network; the letter stays here.")
    }
  }
}
