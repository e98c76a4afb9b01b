import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import StationStore
import StationSync
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Station

/// What a station does when its centre lies about its log.
@Suite struct LyingCentreTests {
  /// A station, and a centre that listens; `options` may pin the key of the centre's log.
  private func run(
    pinned: VerifierKey? = nil,
    _ body: @escaping @Sendable (APIUnderTest, LyingCentre, SyncService) async throws -> Void
  ) async throws {
    let centre = try LyingCentre()
    try await Application(router: centre.router()).test(.live) { client in
      var options = StationOptions(usb: false)
      options.centre = "http://127.0.0.1:\(try #require(client.port))"
      options.centreKey = pinned
      let base = options.centre ?? ""
      try await APIUnderTest.run(options: options) { api in
        try await body(
          api, centre, SyncService(core: api.core, client: try CentralClient(base: base, token: "any")))
      }
    }
  }

  struct Refused: Error {}

  /// Seals an entry at the station.
  private func seal(_ tag: String, at api: APIUnderTest) async throws -> CustodyEvent {
    let details = RegisterDetails(
      facts: AssetFacts(), identifiers: [BoundIdentifier(.tag, tag)], state: .inStock,
      source: .declared(reason: "stock before go-live"))
    let recording = try await api.core.store.write { transaction in
      try transaction.record(Intent(asset: transaction.newID(), details: .register(details), actor: api.lee.actor))
    }
    guard case .recorded(let events, _) = recording, let event = events.first else {
      throw Refused()
    }
    return event
  }

  private func pending(_ api: APIUnderTest) async throws -> Int {
    try await api.core.store.read { try $0.pendingCount() }
  }

  @Test("an honest centre proves what it holds; the next entry says what was seen; the API gives the proof")
  func honest() async throws {
    try await run { api, centre, service in
      let first = try await seal("AT-00001", at: api)
      #expect(first.seenCheckpoint == nil)
      #expect(try await service.pushOnce())
      #expect(try await pending(api) == 0)
      let answer = try await api.get("/api/v1/assets/\(first.asset)/events/\(first.eventID)/proof")
      #expect(answer.status == .ok)
      #expect(try answer["leafIdx"] == .integer(1))
      #expect(try answer["treeSize"] == .integer(2))
      let note = try VerifiedCheckpoint(
        note: Array(try answer.text("checkpoint").utf8), keys: [await centre.key], origin: "centre.example/log")
      #expect(try answer.text("root") == note.checkpoint.root.base64)
      let second = try await seal("AT-00002", at: api)
      #expect(second.seenCheckpoint == SeenCheckpoint(size: 2, root: note.checkpoint.root.description))
      // Not proved yet.
      let none = try await api.get("/api/v1/assets/\(second.asset)/events/\(second.eventID)/proof")
      #expect(none.status == .notFound)
      #expect(try await service.pushOnce())
      let third = try await seal("AT-00003", at: api)
      #expect(third.seenCheckpoint?.size == 3)
    }
  }

  @Test(
    "a lie is told, nothing is noted as held, and all goes on once the log is shown again",
    arguments: LyingCentre.Lie.allCases)
  func lies(_ lie: LyingCentre.Lie) async throws {
    try await run { api, centre, service in
      _ = try await seal("AT-00001", at: api)
      #expect(try await service.pushOnce())
      await centre.lies(lie)
      let event = try await seal("AT-00002", at: api)
      for _ in 0..<2 {
        let distrust = await #expect(throws: Distrusted.self) { try await service.pushOnce() }
        #expect(distrust?.why.code == lie.code)
      }
      #expect(try await pending(api) == 1)
      let row = try #require(try await api.core.store.read { try $0.entries(of: event.asset) }.first)
      #expect(row.logIndex == nil && !row.isProved)
      // Told by the API, on every page, and after a restart.
      let health = try await api.get("/api/v1/health", as: nil)
      #expect(health.description.contains("\"\(lie.code)\""))
      let page = try await api.ask(.get, "/events", as: api.kim, headers: [.accept: "text/html"])
      #expect(page.description.contains("Centre not believed since"))
      #expect(try await api.core.store.read { try $0.logAlarm() }?.code == lie.code)
      // What is sealed meanwhile goes on saying what was verified, not what was shown.
      let meanwhile = try await seal("AT-00003", at: api)
      #expect(meanwhile.seenCheckpoint?.size == 2)

      await centre.lies(nil)
      #expect(try await service.pushOnce())
      #expect(try await pending(api) == 0)
      #expect(api.core.sync.snapshot.alarm == nil)
      let after = try await api.get("/api/v1/health", as: nil)
      #expect(!after.description.contains("logAlarm"))
    }
  }

  @Test("a station that was told the log's key believes no other, from the first push on")
  func pinned() async throws {
    let other = try ChainWriter(201, site: "centre.example", station: "log").key.verifierKey
    try await run(pinned: other) { api, _, service in
      _ = try await seal("AT-00001", at: api)
      let distrust = await #expect(throws: Distrusted.self) { try await service.pushOnce() }
      #expect(distrust?.why.code == "log.checkpoint")
      #expect(try await pending(api) == 1)
    }
  }
}
