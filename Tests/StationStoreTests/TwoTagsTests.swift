import Custody
import CustodyLedger
import StationStore
import SyncTestSupport
import Testing

/// Two stations that each stick a label on one asset before they have heard of one another.
struct TwoTagsTests {
  /// What a station has recorded, as the centre hands it out.
  private static func own(_ store: StationStore, from index: Int64) async throws -> [HeldEntry] {
    try await store.read { try $0.pendingEntries(limit: 99, maximumBytes: .max) }.enumerated().map { offset, entry in
      HeldEntry(
        logIndex: index + Int64(offset),
        entry: try #require(try UnverifiedEntry(bytes: entry.bytes).verify(with: store.verifierKey)))
    }
  }

  @Test func bothLabelsLeadToTheAssetAtBothStationsAndNothingIsLost() async throws {
    try await Desk.run { one in
      let folder = try Desk.folder()
      let two = try StationStore(folder: folder.path, identity: try Desk.identity("HQ", "DESK-2"), clock: TestClock())
      var writer = try ChainWriter(9)
      let registered = try writer.register("SN-1")
      let asset = registered.event.asset
      let entry = try #require(registered.entry.verify(with: writer.key.verifierKey))
      for store in [one, two] {
        _ = try await store.write { try $0.admit([HeldEntry(logIndex: 0, entry: entry)], upTo: 0) }
      }
      _ = try await one.act(.bind(BindDetails(identifier: BoundIdentifier(.tag, "AT-00001"), reason: nil)), on: asset)
      _ = try await two.act(.bind(BindDetails(identifier: BoundIdentifier(.tag, "AT-01001"), reason: nil)), on: asset)
      // The centre took that of the first station first, and hands both out in this order.
      let log = try await Self.own(one, from: 1) + Self.own(two, from: 2)
      for store in [one, two] {
        for _ in 0..<2 { _ = try await store.write { try $0.admit(log, upTo: 2) } }
        for tag in ["AT-00001", "AT-01001"] {
          #expect(try await store.read { try $0.resolve(tag) } == .asset(asset), "\(tag)")
        }
        let entries = try await store.read { try $0.entries(of: asset) }
        #expect(entries.count == 3)
        // Two notes contest nothing: both count.
        #expect(entries.allSatisfy { $0.misfit == nil })
        let tags = try await store.read { try $0.asset(asset)?.identifiers.filter { $0.kind == .tag }.map(\.value) }
        #expect(Set(tags ?? []) == ["SN-1", "AT-00001", "AT-01001"])
        try await store.write { try $0.rebuildProjection() }
        for tag in ["AT-00001", "AT-01001"] {
          #expect(try await store.read { try $0.resolve(tag) } == .asset(asset), "\(tag), rebuilt")
        }
      }
      // Nobody can give the label's number to another thing.
      let other = try await one.register("SN-2")
      let taken = BindDetails(identifier: BoundIdentifier(.tag, "AT-01001"), reason: nil)
      let refused = try await one.write { transaction in
        try transaction.record(Intent(asset: other, details: .bind(taken), actor: Desk.clerk))
      }
      guard case .refused = refused else {
        Issue.record("the tag of another asset was bound: \(refused)")
        return
      }
      // Both stations have the same asset.
      let (first, second) = (try await one.read { try $0.asset(asset) }, try await two.read { try $0.asset(asset) })
      #expect(first == second)
      try two.close()
    }
  }
}
