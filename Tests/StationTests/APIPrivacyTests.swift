import Crypto
import Custody
import CustodyLedger
import Foundation
import GRDB
import Hummingbird
import StationStore
import Synchronization
import Testing

@testable import Station

@Suite("API: a badge's token leaves no trace")
struct APIPrivacyTests {
  @Test("no answer, no row, no event and no export holds the token, however the badge was scanned")
  func noTrace() async throws {
    try await APIUnderTest.run { api in
      let code = "CUSTODY:BADGE:" + APIUnderTest.robsBadge
      try await api.register("DK-00001")
      let session = try await api.open("deploy", as: api.kim)
      let key: HTTPFields = [.idempotencyKey: "k-1"]
      try await api.post(session + "/scans", ["text": .string(code)], as: api.kim, headers: key)
      try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      // Mistyped, in the wrong case, of nobody, and with no session at a desk that nobody signed in to.
      for text in [code + "!", code.lowercased(), code + "x", "]C1" + code] {
        try await api.post(session + "/scans", ["text": .string(text)], as: api.kim)
      }
      try await api.core.deskScan(Scan(raw: Array(code.utf8), source: .symbol, device: "scanner"))
      _ = try await api.get("/api/v1/readings")
      _ = try await api.get("/api/v1/events")
      _ = try await api.get(session)
      let chain = Mutex<[UInt8]>([])
      _ = try await CatalogueExport(from: api.core.store).chain { bytes in chain.withLock { $0 += bytes } }
      var places = [("answers", Data(api.answered.bytes)), ("chain", Data(chain.withLock { $0 }))]
      for file in ["", "-wal"] {
        places.append(
          ("database\(file)", try Data(contentsOf: URL(filePath: api.core.store.folder.database + file))))
      }
      let secrets = [
        APIUnderTest.robsBadge, base64(Array(APIUnderTest.robsBadge.utf8)), base64(Array(code.utf8)),
        base64(Array((code + "!").utf8)), base64(Array((code + "x").utf8)),
      ]
      for (place, bytes) in places {
        for secret in secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(place)") }
      }
      // The search would find what is there.
      #expect(places[0].1.range(of: Data("DK-00001".utf8)) != nil)
      #expect(places[3].1.range(of: Data("HQ-A".utf8)) != nil || places[2].1.range(of: Data("HQ-A".utf8)) != nil)
    }
  }

  @Test("the event names a commitment to the badge that acknowledged; its salt and value stand apart, and fit it")
  func commits() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      let session = try await api.open("deploy", as: api.kim)
      try await api.scan("CUSTODY:BADGE:" + APIUnderTest.robsBadge, as: api.kim, in: session)
      try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      let event = try #require(try await api.get("/api/v1/assets/\(id)/events").items().last)
      let commitment = try #require(event[path: "event.commitments.recipientBadge"]?.text)
      guard case .array(let readings)? = event[path: "event.readings"] else {
        Issue.record("the event has no readings")
        return
      }
      #expect(readings.contains { $0[path: "kind"]?.text == "badge" && $0[path: "raw"]?.text == commitment })
      let (salt, value, person) = try await api.core.store.read { snapshot -> (Data, String, PersonID) in
        let row = try #require(
          try Row.fetchOne(snapshot.db, sql: "SELECT * FROM personal WHERE commitment = ?", arguments: [commitment]))
        return (row["salt"], row["value"], row["person"])
      }
      #expect(salt.count == 32)
      #expect(person == api.rob.id)
      let code = HMAC<SHA256>.authenticationCode(for: Data(value.utf8), using: SymmetricKey(data: salt))
      #expect(hexadecimal(code) == commitment)
    }
  }
}
