import Custody
import CustodyLedger
import Testing

@testable import StationStore

struct AwaitingWipeTests {
  @Test func `what awaits a wipe is told to be all only where nothing was left to look at`() async throws {
    try await Desk.run { store in
      try await store.write { transaction in
        for tag in ["AT-00001", "AT-00002", "AT-00003"] {
          guard case .register(var details) = Desk.registration(tag) else { return }
          details.state = .quarantined
          _ = try transaction.record(
            Intent(asset: transaction.newID(), details: .register(details), actor: Desk.clerk))
        }
      }
      for (limit, found, isAll) in [(2, 2, false), (3, 3, true), (4, 3, true)] {
        let wipes = try await store.read { try $0.awaitingWipe(limit: limit) }
        #expect(wipes.assets.count == found)
        #expect(wipes.isAll == isAll)
      }
    }
  }
}
