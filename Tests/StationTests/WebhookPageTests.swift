import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("Pages: webhooks") struct WebhookPageTests {
  private func added(_ api: APIUnderTest) async throws -> (id: StoredWebhook.UUIDBytes, page: String) {
    let answer = try await api.form(
      "/webhooks", [("url", "http://127.0.0.1:9/hook"), ("verb-deploy", "true")], as: api.lee)
    try #require(answer.status == .seeOther, "\(answer)")
    let webhook = try #require(try await api.core.store.read { try $0.webhooks() }.first)
    return (webhook.id, answer.headers[.location] ?? "")
  }

  @Test func `a receiver is added by a form, and its secret is shown once, to who added it`() async throws {
    try await APIUnderTest.run { api in
      let (id, page) = try await added(api)
      let secret = api.core.store.webhookSecret(of: id)
      #expect(secret.count == 32)
      #expect(try await api.core.store.read { try $0.webhook(id) }?.verbs == ["deploy"])
      let first = try await api.page(page, as: api.lee)
      #expect(first.contains("whsec_") && first.contains("127.0.0.1"))
      #expect(!(try await api.page(page, as: api.lee)).contains("whsec_"))
    }
  }

  @Test func `nobody but administrators and managers sees receivers or switches them`() async throws {
    try await APIUnderTest.run { api in
      let (id, _) = try await added(api)
      for path in ["/webhooks", "/webhooks/\(id)", "/webhooks/\(id)/letters.csv"] {
        #expect(try await api.ask(.get, path, as: api.kim).status == .forbidden, "\(path)")
      }
      for path in ["/webhooks", "/webhooks/\(id)/remove", "/webhooks/\(id)/pause", "/webhooks/\(id)/letters/1/again"] {
        #expect(try await api.form(path, as: api.kim).status == .forbidden, "\(path)")
      }
      #expect(!(try await api.page("/orders", as: api.kim)).contains("href=\"/webhooks\""))
      #expect(try await api.page("/orders", as: api.lee).contains("href=\"/webhooks\""))
    }
  }

  @Test func `it is switched off and on and deleted; an address that is none is told beside what was typed`()
    async throws
  {
    try await APIUnderTest.run { api in
      let (id, _) = try await added(api)
      let path = "/webhooks/\(id)"
      _ = try await api.form(path + "/pause", as: api.lee)
      #expect(try await api.page(path, as: api.lee).contains("Off: nothing is sent."))
      _ = try await api.form(path + "/resume", as: api.lee)
      #expect(try await api.core.store.read { try $0.webhook(id) }?.isActive == true)
      let wrong = try await api.form("/webhooks", [("url", "http://example.com/x")], as: api.lee)
      #expect(wrong.status == .unprocessableContent)
      #expect(wrong.description.contains("in the clear") && wrong.description.contains("http://example.com/x"))
      _ = try await api.form(path + "/remove", as: api.lee)
      #expect(try await api.page("/webhooks", as: api.lee).contains("Nobody is told."))
      #expect(try await api.ask(.get, path, as: api.lee).status == .notFound)
    }
  }

  @Test func `dead letters stand with their reason, and stay when the receiver still does not take them`() async throws
  {
    try await APIUnderTest.run { api in
      let (id, _) = try await added(api)
      try await api.register("DK-00001")
      try await api.core.store.write { transaction in
        try transaction.setAside(try transaction.lastArrival(), for: id, reason: "The receiver answered 400, =twice.")
      }
      let page = try await api.page("/webhooks/\(id)", as: api.lee)
      for words in ["DK-00001", "Registered", "The receiver answered 400, =twice.", "Send again"] {
        #expect(page.contains(words), "\(words)")
      }
      #expect(try await api.rows("/webhooks/\(id)/letters.csv", as: api.lee).first?.contains("register") == true)
      let letter = try #require(try await api.core.store.read { try $0.deadLetters(of: id, limit: 1) }.first)
      let again = try await api.form("/webhooks/\(id)/letters/\(letter.id)/again", as: api.lee)
      #expect(again.status == .badGateway && again.description.contains("Not reached"))
      #expect(try await api.core.store.read { try $0.deadLetterCount(of: id) } == 1)
    }
  }
}
