import Custody
import CustodyLedger
import Foundation
import GRDB
import StationStore
import Testing

@testable import Station

/// The undo control of the desk is shown with every scan: what it costs must not grow with an asset's history.
@Suite("What Undo would take back")
struct UndoWordsTests {
  /// A dock that was handed out in an open session, as the last of many things that were done with it.
  private static func deployed(_ api: APIUnderTest, after acts: Int) async throws -> (
    asset: AssetID, session: SessionID
  ) {
    let id = try await api.register("DK-00001")
    let asset = try #require(AssetID(id))
    for number in 1...acts {
      let place: CanonicalJSON = ["location": number.isMultiple(of: 2) ? "HQ-A" : "HQ-B"]
      let moved = try await api.scan("DK-00001", "transfer", place, as: api.kim)
      try #require(moved.status == .ok, "\(moved)")
    }
    let path = try await api.open("deploy", ["recipient": ["team": "Finance"]], as: api.kim)
    let handed = try await api.scan("DK-00001", "deploy", as: api.kim, in: path)
    try #require(handed.status == .ok, "\(handed)")
    return (asset, try #require(SessionID(String(path.suffix(36)))))
  }

  @Test func `of an asset's history only what came since the act is read`() async throws {
    try await APIUnderTest.run { api in
      let (asset, session) = try await Self.deployed(api, after: 30)
      // Whoever reads one of the older events now, fails.
      let spoilt = try await api.core.store.write { transaction -> Int in
        try transaction.db.execute(
          sql: "UPDATE entry SET bytes = x'00' WHERE type <> 'deploy'")
        return transaction.db.changesCount
      }
      #expect(spoilt == 31)
      let words = try await api.core.store.read { try $0.undoWords(in: session) }
      #expect(words == "Undo deploy of DK-00001")
      let act = try await api.core.store.read { try $0.newestAct(in: session).act }
      #expect(act?.asset == asset && act?.events.count == 1)
    }
  }

  @Test func `what was corrected on the asset's page meanwhile is not offered, and the act before it is`() async throws
  {
    try await APIUnderTest.run { api in
      let (_, session) = try await Self.deployed(api, after: 2)
      let path = "/api/v1/sessions/\(session)"
      try await api.register("DK-00002")
      let second = try await api.scan("DK-00002", "deploy", as: api.kim, in: path)
      try #require(second.status == .ok, "\(second)")
      #expect(try await api.core.store.read { try $0.undoWords(in: session) } == "Undo deploy of DK-00002")
      let event = try #require(try second.items("decision.recorded").first?[path: "eventID"]?.text)
      let corrected = try await api.scan(
        "DK-00002", "correct", ["event": .string(event), "reason": "the wrong box"], as: api.lee)
      try #require(corrected.status == .ok, "\(corrected)")
      #expect(try await api.core.store.read { try $0.undoWords(in: session) } == "Undo deploy of DK-00001")
      #expect(try await api.post(path + "/undo", as: api.kim).status == .ok)
      #expect(try await api.core.store.read { try $0.undoWords(in: session) } == nil)
    }
  }
}
