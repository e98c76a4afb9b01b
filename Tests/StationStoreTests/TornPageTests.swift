import Foundation
import StationStore
import SyncTestSupport
import Testing

/// Pages of which only a part came to the disk before the power went.
struct TornPageTests {
  private static let acknowledged = 12

  /// SQLite's page, and the header of a frame of its log (https://sqlite.org/fileformat2.html#walformat).
  private static let page = 4096, frameHeader = 24

  private func copy(_ from: String, to folder: TemporaryFolder) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: from)
    where name.hasSuffix(".key") || name == "station.db" || name == "station.db-wal" {
      try FileManager.default.copyItem(atPath: from + "/" + name, toPath: folder.path + "/" + name)
    }
  }

  /// A commit that was under way when the power went, nobody having been told of it: it is as if it had not begun, and
  /// what was acknowledged before is there.
  @Test func aTornCommitIsNoCommit() async throws {
    let folder = try TemporaryFolder()
    let store = try Desk.open(folder.path)
    for number in 1...Self.acknowledged { _ = try await store.register("AT-\(number)") }
    let log = URL(filePath: folder.path + "/station.db-wal")
    let before = try Data(contentsOf: log)
    _ = try await store.register("AT-TORN")
    let after = try Data(contentsOf: log)
    try #require(after.count > before.count)
    let frame = Self.frameHeader + Self.page
    // Torn within the header of the commit's first frame, in the middle of that page, and in the middle of its last page.
    for end in [before.count + 10, before.count + frame / 2, after.count - Self.page / 2] {
      for rest in [0 as UInt8, 0xA5] {
        let torn = try TemporaryFolder()
        try copy(folder.path, to: torn)
        let bytes = after.prefix(end) + Data(repeating: rest, count: after.count - end)
        try bytes.write(to: URL(filePath: torn.path + "/station.db-wal"))
        let store = try Desk.open(torn.path)
        #expect(store.head.seq == Self.acknowledged, "torn at \(end)")
        try await store.expectWhole()
        _ = try await store.register("AT-AFTER")
        try await store.expectWhole()
        try store.close()
      }
    }
    try store.close()
  }

  /// A page of the database itself of which one half is not what was written: whichever page, the station tells, at its
  /// start, when it reads or when it writes; or everything is there. It never goes on with less.
  @Test func aTornPageOfTheDatabaseIsToldOrHarmless() async throws {
    let folder = try TemporaryFolder()
    let store = try Desk.open(folder.path)
    for number in 1...Self.acknowledged { _ = try await store.register("AT-\(number)") }
    try store.close()
    let whole = try Data(contentsOf: URL(filePath: folder.path + "/station.db"))
    var told = 0
    for start in stride(from: 0, to: whole.count, by: Self.page / 2) {
      let torn = try TemporaryFolder()
      try copy(folder.path, to: torn)
      var bytes = whole
      bytes.replaceSubrange(start..<start + Self.page / 2, with: repeatElement(0, count: Self.page / 2))
      try bytes.write(to: URL(filePath: torn.path + "/station.db"))
      do {
        let store = try Desk.open(torn.path)
        defer { try? store.close() }
        let rows = try await store.read { try $0.entries(after: 0, limit: .max) }
        #expect(rows.map(\.event.seq) == Array(1...Self.acknowledged), "half page at \(start)")
        let chain = try await store.read { try $0.chain(of: store.identity, after: 0, limit: .max) }
        #expect(chain.count == Self.acknowledged, "half page at \(start)")
        try await store.write { try $0.rebuildProjection() }
        _ = try await store.register("AT-AFTER")
      } catch {
        told += 1
      }
    }
    #expect(told > 0)
  }
}
