import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

/// Whatever a station writes is data: no backend may take a part of it for anything else, lose it, or break on it.
@Suite struct HostileTextConformance {
  private static let texts = [
    "'; DROP TABLE log; --", "\" OR 1=1 --", "$1::bytea", "\\x41\\", "100%_", "a\u{0}b", "\u{0}", "é🏷\u{FEFF}\u{202E}x",
    "E\u{301}", "line\nline\r\ttab", String(repeating: "long ", count: 2000),
  ]

  @Test("every text comes back as it was, and is found by its beginning", arguments: Backend.all)
  func texts(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      for (number, text) in Self.texts.enumerated() {
        let asset = writer.newAssetID()
        var facts = AssetFacts()
        facts.manufacturer = text
        facts.model = "M\(number)"
        facts.custom = [text.prefix(50).description: text]
        let details = RegisterDetails(
          facts: facts, identifiers: [BoundIdentifier(.tag, "T\(number)"), BoundIdentifier(.serial, text)],
          state: .inStock, source: .declared(reason: text))
        let written = try writer.write(.register(details), asset, to: Standing(state: .inStock))
        #expect(try await store.push([written.entry], from: writer).statuses == [.applied], "text \(number)")
        #expect(try await store.asset(asset) == writer.assets[asset], "text \(number)")
        #expect(try await store.entries(about: asset).map(\.bytes) == [written.entry.entry.bytes])
        #expect(try await store.assets(AssetQuery(text: "t\(number)", limit: 9)).map(\.id).contains(asset))
        // SQLite's LIKE ends a text at a zero byte; nobody can type one.
        if !text.contains("\u{0}") {
          #expect(try await store.assets(AssetQuery(text: text, limit: 9)).map(\.id) == [asset], "text \(number)")
          #expect(try await store.assets(AssetQuery(text: text + "!", limit: 9)).isEmpty, "text \(number)")
          let beginning = String(text.dropLast(text.count / 2))
          #expect(try await store.assets(AssetQuery(text: beginning, limit: 99)).map(\.id).contains(asset))
        }
      }
      #expect(try await store.figures().entries == Int64(Self.texts.count))
    }
  }

  @Test("signed bytes that are no text at all are kept as they are", arguments: Backend.all)
  func bytes(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let writer = try ChainWriter(1)
      let events: [[UInt8]] = [
        [0], [0xFF, 0xFE, 0x00], Array("{\"v\":1,\"type\":\"\u{0}\"}".utf8),
        [UInt8](repeating: 0x80, count: 60_000),
        Array("{\"site\":\"\\u0000\"}".utf8),
      ]
      let entries = try events.map { event in
        let message = PreAuthenticationEncoding.bytes(payloadType: LedgerEntry.payloadType, payload: event)
        return try UnverifiedEntry(bytes: try writer.key.sign(message) + event)
      }
      let results = try await store.push(entries, from: writer)
      #expect(results.statuses == entries.map { _ in .quarantined })
      #expect(try await store.wholeLog().map(\.bytes) == entries.map(\.entry.bytes))
      let reasons = try await store.wholeLog().map(\.reason)
      #expect(reasons.map { $0?.sentence } == results.map(\.message))
      #expect(try await store.push(entries, from: writer).statuses == entries.map { _ in .duplicate })
    }
  }

  @Test("a station's name that no event could carry is refused", arguments: Backend.all)
  func names(_ backend: Backend) async throws {
    try await backend.withStore { store in
      for (length, isEnrolled) in [(600, true), (601, false), (100_000, false)] {
        let key = try SigningKey(name: String(repeating: "n", count: length), seed: [UInt8](repeating: 3, count: 32))
        switch try await store.enrol(key.verifierKey, at: Instant(milliseconds: 1)) {
        case .enrolled: #expect(isEnrolled)
        case .refused(let refusal): #expect(!isEnrolled && refusal.code == "central.enrol.badKey")
        }
      }
    }
  }

  @Test("requests for tag numbers are told apart, whatever they are called", arguments: Backend.all)
  func requests(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let station = EnrolledStation(key: try ChainWriter(1).key.verifierKey, enrolledAt: Instant(milliseconds: 1))
      var firsts: [Int] = []
      for request in ["a", "A", "a%", "'; --", "a"] {
        firsts.append(
          try await store.tagNumbers(
            TagNumberRequest(request: request, letters: "AT", count: 10, inUse: 0), for: station,
            at: Instant(milliseconds: 1)
          ).first)
      }
      #expect(firsts == [1, 11, 21, 31, 1])
    }
  }
}
