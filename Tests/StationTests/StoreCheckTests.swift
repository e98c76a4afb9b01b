import Custody
import CustodyLedger
import Foundation
import StationStore
import Testing

@testable import Station

@Suite("What a check of the store says")
struct StoreCheckTests {
  @Test func `that all is well is said, with why there are more entries than events`() async throws {
    try await APIUnderTest.run { api in
      for tag in ["DK-00001", "DK-00002"] { try await api.register(tag, "deployed", custodian: ["team": "Finance"]) }
      let session = try await api.open("return", as: api.kim)
      for tag in ["DK-00001", "DK-00002"] { try await api.scan(tag, "return", as: api.kim, in: session) }
      #expect(try await api.post(session + "/close", as: api.kim).status == .ok)
      let found = StoreCheckResource(try await StoreCheck.run(api.core.store))
      #expect(
        found.lines == [
          "All is well: 5 entries and 2 assets were read, and each is as it was written.",
          "The entries are 4 events of assets; and 1 of the station's own that are about no asset: 1 closing of a session.",
        ])
      // That is the whole chain.
      #expect(api.core.store.head.seq == 5)
      // What programs read stays as it was, and more stands beside it.
      let json = try JSONDecoder().decode(
        CanonicalJSON.self, from: Data(try CanonicalEncoder().encode(found, limit: .max)))
      #expect(json[path: "entries"] == .integer(4) && json[path: "assets"] == .integer(2))
      #expect(json[path: "unsigned"] == .integer(0) && json[path: "findingCount"] == .integer(0))
      #expect(json[path: "findings"] == .array([]))
      #expect(json[path: "otherStations"] == .integer(0) && json[path: "statements.closeSession"] == .integer(1))
      // A station of an earlier program, which runs on, says less.
      let earlier = Data(#"{"entries":4,"assets":2,"unsigned":1,"findingCount":0,"findings":[]}"#.utf8)
      let lines = try JSONDecoder().decode(StoreCheckResource.self, from: earlier).lines
      #expect(
        lines == [
          "All is well: 4 entries and 2 assets were read, and each is as it was written.",
          "1 of them had no key to check the signature by; their hashes were checked.",
        ])
    }
  }
}
