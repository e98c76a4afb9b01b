import Custody
import Foundation
import GRDB
import StationStore
import SyncTestSupport
import Testing

/// Opening a data folder: durable settings, one owner, one identity, one key.
struct OpeningTests {
  @Test func theWriterRunsWithWALAndFullSync() async throws {
    try await Desk.run { store in
      let settings = try await store.write { transaction in
        (
          try String.fetchOne(transaction.db, sql: "PRAGMA journal_mode"),
          try Int.fetchOne(transaction.db, sql: "PRAGMA synchronous")
        )
      }
      #expect(settings.0 == "wal")
      #expect(settings.1 == 2)  // FULL: https://sqlite.org/pragma.html#pragma_synchronous
    }
  }

  @Test func aSecondStoreOnTheFolderIsRefusedUntilTheFirstIsClosed() throws {
    let folder = try TemporaryFolder()
    let first = try Desk.open(folder.path)
    #expect(throws: StoreFault.inUse(folder: first.folder.path, owner: "process \(getpid())")) {
      try Desk.open(folder.path)
    }
    try first.close()
    // The first object still lives: closing, not forgetting it, gives the folder back.
    let second = try withExtendedLifetime(first) { try Desk.open(folder.path) }
    try second.close()
    try second.close()
  }

  @Test func anotherProcessOnTheFolderIsRefusedWithTheOwnersName() async throws {
    let folder = try await Prepared.folder(assets: 0)
    let store = try Desk.open(folder.path + "/data")
    let station = try StationProgram.station(in: folder.path)
    #expect(try await station.ends() == 3)
    #expect(try station.complaints.contains("is in use by process \(getpid())."))
    #expect(try station.complaints.contains("Stop the other process"))
    try store.close()
  }

  @Test func aFolderKeepsItsStation() throws {
    let folder = try TemporaryFolder()
    try Desk.open(folder.path).close()
    #expect(
      throws: StoreFault.foreignFolder(
        folder: URL(filePath: folder.path).standardizedFileURL.path, found: "station HQ/DESK-1",
        wanted: "station HQ/DESK-2")
    ) { try StationStore(folder: folder.path, identity: try Desk.identity("HQ", "DESK-2")) }
    #expect(throws: StoreFault.self) { try StationStore(folder: folder.path, identity: try Desk.identity("LAB")) }
    let reopened = try StationStore(folder: folder.path, identity: nil)
    #expect(try reopened.identity == Desk.identity())
    try reopened.close()
  }

  @Test func anEmptyFolderNeedsAnIdentity() throws {
    let folder = try TemporaryFolder()
    let fault = #expect(throws: StoreFault.self) { try StationStore(folder: folder.path, identity: nil) }
    #expect(fault?.code == "store.unreachable")
  }

  @Test func anotherKeyOnTheLedgerIsRefused() async throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    for path in [folder.path, other.path] { try Desk.open(path).close() }
    let key = URL(filePath: folder.path + "/station.key")
    let own = try Data(contentsOf: key)
    try Data(contentsOf: URL(filePath: other.path + "/station.key")).write(to: key)
    #expect(throws: StoreFault.damaged(reason: "station.key is not the key that this ledger was signed with")) {
      try Desk.open(folder.path)
    }
    try Data("not a key".utf8).write(to: key)
    let fault = #expect(throws: StoreFault.self) { try Desk.open(folder.path) }
    #expect(fault?.code == "store.damaged" && fault?.description.contains("station.key") == true)
    try own.write(to: key)
    try Desk.open(folder.path).close()
  }

  @Test func aNewerDatabaseIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try Desk.open(folder.path).close()
    let database = try DatabaseQueue(path: folder.path + "/station.db")
    try database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 of the future')") }
    try database.close()
    let fault = #expect(throws: StoreFault.self) { try Desk.open(folder.path) }
    #expect(fault?.code == "store.newer")
    #expect(fault?.description.contains("station.db was made by a newer version") == true)
  }

  @Test func aDamagedDatabaseIsNamed() throws {
    let folder = try TemporaryFolder()
    try Desk.open(folder.path).close()
    try Data(repeating: 0x5A, count: 8192).write(to: URL(filePath: folder.path + "/station.db"))
    let fault = #expect(throws: StoreFault.self) { try Desk.open(folder.path) }
    #expect(fault?.code == "store.damaged")
    #expect(fault?.remedy.contains("backup") == true)
  }

  @Test func aHeadThatWasTamperedWithIsSeenAtTheStart() async throws {
    let folder = try TemporaryFolder()
    let store = try Desk.open(folder.path)
    _ = try await store.register("AT-1")
    try store.close()
    let database = try DatabaseQueue(path: folder.path + "/station.db")
    try await database.write { try $0.execute(sql: "UPDATE entry SET hash = zeroblob(32)") }
    try database.close()
    #expect(throws: StoreFault.damaged(reason: "entry 1 does not have the hash that was stored with it")) {
      try Desk.open(folder.path)
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/file"
    try Data("x".utf8).write(to: URL(filePath: file))
    // Nobody makes a folder in /proc, not even root.
    for path in [file, "/proc/custody"] {
      let fault = #expect(throws: StoreFault.self) { try Desk.open(path) }
      #expect(fault?.code == "store.unreachable" && fault?.description.contains(path) == true)
    }
  }

  @Test func secretsAreForTheOwnerOnly() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    try Desk.open(folder.path).close()
    for (file, mode) in [("", 0o700), ("station.key", 0o600), ("pepper.key", 0o600), ("station.lock", 0o600)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + file)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode, "\(file)")
    }
  }

  /// A new key would open nothing of what the lost one made: everybody would be locked out, and no proof would verify.
  @Test func aLostKeyIsSaidAndNotMadeAnew() async throws {
    let folder = try TemporaryFolder()
    var store = try Desk.open(folder.path)
    try await store.write { try $0.save(Person(id: Desk.ann, name: "Ann Lee")) }
    try await store.setCredentials(of: Desk.ann, badge: Prepared.badge, pin: nil)
    _ = try await store.register("AT-1")
    try store.close()
    for name in ["pepper.key", "station.key"] {
      let file = folder.path + "/" + name
      let key = try Data(contentsOf: URL(filePath: file))
      try FileManager.default.removeItem(atPath: file)
      let fault = #expect(throws: StoreFault.keyLost(file: file)) { try Desk.open(folder.path) }
      #expect(fault?.remedy.contains(file) == true)
      #expect(!FileManager.default.fileExists(atPath: file))
      try key.write(to: URL(filePath: file))
    }
    store = try Desk.open(folder.path)
    #expect(try await store.badge(Prepared.badge)?.holder.id == Desk.ann)
    try store.close()
  }

  /// Two who keep the same file at once write beside one another, never into one another.
  @Test func aFileKeptByManyAtOnceIsWhole() async throws {
    let folder = try TemporaryFolder()
    let store = try Desk.open(folder.path)
    let bytes = [UInt8](repeating: 7, count: 300_000)
    let digest = String(repeating: "ab", count: 32)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { try await store.keepBlob(bytes, digest: digest, mediaType: "image/png") }
      }
      try await group.waitForAll()
    }
    #expect(try await store.blob(digest)?.bytes == Data(bytes))
    #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder.blobs + "/ab") == [digest])
    try store.close()
  }

  @Test func aClosedDatabaseIsOneFileThatHoldsEverything() async throws {
    let folder = try TemporaryFolder()
    let store = try Desk.open(folder.path)
    let asset = try await store.register("AT-1")
    #expect(try await store.read { try $0.resolve("AT-1") } == .asset(asset))
    try store.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("station.db") }
    #expect(files == ["station.db"])
  }

  /// Whatever is under way on whichever thread while the store is closed is either recorded or told that it is not.
  @Test func closingAnswersEverybodyAndLosesNothing() async throws {
    let folder = try TemporaryFolder()
    for round in 0..<10 {
      let store = try Desk.open(folder.path)
      let recorded = try await withThrowingTaskGroup(of: AssetID?.self) { group in
        for number in 0..<40 {
          group.addTask {
            do {
              return try await store.write(urgent: number % 2 == 0) { try $0.register("AT-\(round)-\(number)") }
            } catch StoreFault.closed {
              return nil
            }
          }
        }
        try store.close()
        return try await group.reduce(into: [AssetID]()) { all, asset in if let asset { all.append(asset) } }
      }
      let again = try Desk.open(folder.path)
      for asset in recorded { #expect(try await again.read { try $0.asset(asset) } != nil) }
      try again.close()
    }
  }

  @Test func aClosedStoreTakesNoMoreWork() async throws {
    let folder = try TemporaryFolder()
    let store = try Desk.open(folder.path)
    try store.close()
    await #expect(throws: StoreFault.closed) { try await store.register("AT-1") }
  }
}
