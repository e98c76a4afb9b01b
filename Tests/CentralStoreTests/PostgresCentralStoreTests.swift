import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import CustodyLedger
import Foundation
import PostgresTestSupport
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

/// What only the PostgreSQL backend promises: several processes on one database, and a server that comes and goes.
@Suite(.timeLimit(.minutes(25))) struct PostgresCentralStoreTests {
  /// An address of a database that no other test has.
  private func address(on server: PostgresServer? = nil) async throws -> String {
    let server = if let server { server } else { try await PostgresServer.shared }
    return try await server.address(schema: "s_" + UUID().uuidString.replacing("-", with: "").lowercased())
  }

  private func open(_ address: String) async throws -> PostgresCentralStore {
    try await PostgresCentralStore(try PostgresAddress(address)) { _ in try .ofTests }
  }

  /// What is thrown; nil when nothing is.
  private func faultOf<Value>(_ body: () async throws -> Value) async -> CentralFault? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? CentralFault
    }
  }

  /// The log as a SQLite centre has it that received the same entries one by one, in their order.
  private func sameOnSQLite(_ log: [LogEntry], _ writers: [ChainWriter]) async throws -> (
    log: [LogEntry], assets: [AssetID: Asset], head: LogHead
  ) {
    let folder = try TemporaryFolder()
    let store = try SQLiteCentralStore(folder: folder.path) { _ in try .ofTests }
    let keys = Dictionary(uniqueKeysWithValues: writers.map { ($0.key.name, $0) })
    for entry in log {
      _ = try await store.push(
        [try UnverifiedEntry(bytes: entry.bytes)], from: try #require(keys[entry.station]), at: entry.receivedAt)
    }
    let result = (try await store.wholeLog(), try await store.allAssets(), try await store.head())
    try await store.close()
    return result
  }

  @Test("two centres on one database: no gap, no double, one tree, and what SQLite makes of the same history")
  func twoCentres() async throws {
    let address = try await address()
    let centres = [try await open(address), try await open(address)]
    // Six stations that register, hand around each other's assets, retry at the other centre, and send what is no good.
    var writers = try (1...6).map { try ChainWriter(UInt8($0)) }
    var pushes: [[[UnverifiedEntry]]] = []
    for number in writers.indices {
      var own: [[UnverifiedEntry]] = []
      for tag in 0..<12 {
        let registered = try writers[number].register("AT-\(number)-\(tag)")
        let deployed = try writers[number].deploy(registered.event.asset)
        var push = [registered.entry, deployed.entry]
        if tag % 3 == 0 { push.swapAt(0, 1) }
        if tag % 4 == 1 { push.append(try deployed.entry.flipping(byte: 70)) }
        // Another station claims the same asset: which of the two stands depends on who comes first.
        let other = (number + 1) % writers.count
        if tag % 5 == 2 {
          try writers[other].learn(registered)
          own.append([try writers[other].deploy(registered.event.asset, to: "Legal").entry])
        }
        own.append(push)
      }
      pushes.append(own)
    }
    let names = Dictionary(uniqueKeysWithValues: writers.map { ("\($0.site)/\($0.station)", $0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, own) in pushes.enumerated() {
        group.addTask {
          for (count, push) in own.enumerated() {
            // Each entry under its own station's token.
            for entry in push {
              let content = EntryContent(eventBytes: entry.entry.event)
              let writer = try #require(names[content.header?.station ?? "HQ/S\(number + 1)"])
              let first = try await centres[(number + count) % 2].push([entry], from: writer)
              let again = try await centres[(number + count + 1) % 2].push([entry], from: writer)
              #expect(again.indexes == first.indexes)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let log = try await centres[0].wholeLog()
    #expect(log.map(\.index) == Array(0..<Int64(log.count)))
    #expect(Set(log.map(\.hash)).count == log.count)
    #expect(try await centres[1].wholeLog() == log)
    #expect(log.contains { $0.status == .contested } && log.contains { $0.status == .applied })
    let (ours, theirs) = (try await centres[0].figures(), try await centres[1].figures())
    #expect(ours == theirs)
    #expect(try await centres[0].stations() == centres[1].stations())
    #expect(ours.rejected == 6 * 3)

    let sqlite = try await sameOnSQLite(log, writers)
    // Whoever comes first is applied at once on either; a late one may have released others meanwhile.
    #expect(sqlite.log == log)
    #expect(try await centres[1].allAssets() == sqlite.assets)
    #expect(try await centres[0].head().checkpoint == sqlite.head.checkpoint)
    try await centres[1].rebuildProjection()
    #expect(try await centres[0].allAssets() == sqlite.assets)
    for centre in centres { try await centre.close() }
  }

  @Test("centres that begin a log at the same moment begin one")
  func beginning() async throws {
    let address = try await address()
    let centres = try await withThrowingTaskGroup(of: PostgresCentralStore.self) { group in
      for _ in 0..<4 { group.addTask { try await open(address) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    var writer = try ChainWriter(1)
    #expect(try await centres[3].push([try writer.register("AT-1").entry], from: writer).indexes == [0])
    #expect(try await centres[0].headIndex() == 0)
    for centre in centres { try await centre.close() }
    // The log's key is told to be needed from then on, and another is refused.
    await #expect(throws: CentralFault.keyLost(file: "log.key")) {
      try await PostgresCentralStore(try PostgresAddress(address)) { isNeeded in
        #expect(isNeeded)
        throw CentralFault.keyLost(file: "log.key")
      }
    }
    let other = try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 1, count: 32))
    let fault = await faultOf {
      try await PostgresCentralStore(try PostgresAddress(address)) { _ in try #require(LogAuthor(other)) }
    }
    guard case .foreignLog = fault else {
      Issue.record("another key was answered with \(String(describing: fault))")
      return
    }
  }

  @Test("a centre hears of what another one appends")
  func heads() async throws {
    let address = try await address()
    let (one, two) = (try await open(address), try await open(address))
    var writer = try ChainWriter(1)
    _ = try await one.push([try writer.register("AT-0").entry], from: writer)
    var heads = try #require(two.heads()).makeAsyncIterator()
    #expect(await heads.next() == 0)
    _ = try await one.push([try writer.register("AT-1").entry, try writer.register("AT-2").entry], from: writer)
    #expect(await heads.next() == 2)
    try await two.close()
    #expect(await heads.next() == nil)
    try await one.close()
  }

  @Test(
    "a server that is stopped, or loses power: told at once, nothing lost, and back by itself",
    arguments: [false, true])
  func serverGone(crash: Bool) async throws {
    let server = try await PostgresServer()
    let store = try await open(try await address(on: server))
    var writer = try ChainWriter(1)
    let first = try writer.register("AT-0").entry
    _ = try await store.push([first], from: writer)
    // Connections of all kinds are open.
    async let warm: [LogEntry] = store.wholeLog()
    _ = try await (warm, store.figures())
    if crash { try await server.crash() } else { try await server.stop() }

    let second = try writer.register("AT-1").entry
    for _ in 0..<2 {
      let writing = await faultOf { try await store.push([second], from: writer) }
      let reading = await faultOf { try await store.headIndex() }
      for fault in [writing, reading] {
        #expect(fault?.code == "central.unavailable", "\(String(describing: fault))")
        #expect(fault?.remedy.contains("comes back by itself") == true)
      }
    }
    try await server.start()
    // The first calls after its return succeed, on every connection.
    #expect(try await store.push([first, second], from: writer).statuses == [.duplicate, .applied])
    #expect(try await store.headIndex() == 1)
    #expect(try await store.allAssets() == writer.assets)
    // Again while nobody asks: what was open is stale, and nobody sees it.
    if crash { try await server.crash() } else { try await server.stop() }
    try await server.start()
    #expect(try await store.headIndex() == 1)
    #expect(try await store.push([second], from: writer).statuses == [.duplicate])
    try await store.close()
  }

  @Test("a server that loses power in the middle of pushes: what was acknowledged is there, once, under one tree")
  func crashUnderLoad() async throws {
    let server = try await PostgresServer()
    let address = try await address(on: server)
    let centres = [try await open(address), try await open(address)]
    let acknowledged = try await withThrowingTaskGroup(of: [EntryHash: Int64].self) { group in
      for number in 1...6 {
        group.addTask {
          var writer = try ChainWriter(UInt8(number))
          var known: [EntryHash: Int64] = [:]
          for tag in 0..<40 {
            let entries = try (0..<5).map { try writer.register("AT-\(number)-\(tag)-\($0)").entry }
            while true {
              do {
                let results = try await centres[tag % 2].push(entries, from: writer)
                for (entry, result) in zip(entries, results) { known[entry.entry.hash] = result.logIndex }
                break
              } catch let fault as CentralFault {
                #expect(fault.code == "central.unavailable", "\(fault)")
              }
            }
          }
          return known
        }
      }
      group.addTask {
        for size in [200, 500, 800] {
          while try await Self.headIndex(centres[0]) < size { await Task.yield() }
          try await server.crash()
          try await server.start()
        }
        return [:]
      }
      return try await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
    let log = try await centres[0].wholeLog()
    #expect(log.map(\.index) == Array(0..<1200))
    #expect(acknowledged.count == 1200)
    for entry in log { #expect(acknowledged[entry.hash] == entry.index) }
    #expect(log.allSatisfy { $0.status == .applied })
    try await LogTreeConformance.check(centres[1])
    for centre in centres { try await centre.close() }
  }

  /// The head's index; -1 while the server is away.
  private static func headIndex(_ store: PostgresCentralStore) async throws -> Int64 {
    do { return try await store.headIndex() } catch is CentralFault { return -1 }
  }

  @Test("a server that stands still: whoever gives up is let go at once, and the centre goes on when it answers again")
  func frozen() async throws {
    let server = try await PostgresServer()
    let store = try await open(try await address(on: server))
    var writer = try ChainWriter(1)
    _ = try await store.push([try writer.register("AT-0").entry], from: writer)
    _ = try await store.wholeLog()
    try await server.freeze()
    let reading = Task { try await store.wholeLog() }
    let waiting = (0..<20).map { _ in Task { try await store.figures() } }
    for task in waiting { task.cancel() }
    reading.cancel()
    for task in waiting { await #expect(throws: CancellationError.self) { _ = try await task.value } }
    await #expect(throws: CancellationError.self) { _ = try await reading.value }
    let pushing = Task { [writer] in try await store.push([], from: writer) }
    try await server.thaw()
    #expect(try await pushing.value.isEmpty)
    #expect(try await store.wholeLog().count == 1)
    try await store.close()
  }

  @Test("what one push meets does not befall those that share its transaction")
  func poison() async throws {
    let server = try await PostgresServer.shared
    let schema = "s_" + UUID().uuidString.replacing("-", with: "").lowercased()
    let store = try await open(try await server.address(schema: schema))
    var bad = try ChainWriter(1)
    let registered = try bad.register("AT-0")
    _ = try await store.push([registered.entry], from: bad)
    try await server.sql("UPDATE \(schema).asset SET doc = '\\x00'")
    let broken = try bad.deploy(registered.event.asset).entry
    let badWriter = bad
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 2...9 {
        group.addTask {
          var writer = try ChainWriter(UInt8(number))
          for tag in 0..<5 {
            #expect(try await store.push([try writer.register("AT-\(tag)").entry], from: writer).statuses == [.applied])
          }
        }
        group.addTask {
          let fault = await faultOf { try await store.push([broken], from: badWriter) }
          #expect(fault?.code == "central.damaged")
        }
      }
      try await group.waitForAll()
    }
    #expect(try await store.headIndex() == 40)
    try await store.rebuildProjection()
    #expect(try await store.push([broken], from: bad).statuses == [.applied])
    try await LogTreeConformance.check(store)
    try await store.close()
  }

  @Test("a database that cannot be used says why, and never shows a password")
  func refused() async throws {
    let server = try await PostgresServer.shared
    try await server.sql(
      "DROP ROLE IF EXISTS with_password; CREATE ROLE with_password LOGIN SUPERUSER PASSWORD 'open sesame'")
    let schema = "s_" + UUID().uuidString.replacing("-", with: "").lowercased()
    let secured = try await server.address(schema: schema, user: "with_password")
    func fault(_ address: String, _ password: String?) async throws -> CentralFault? {
      await faultOf {
        let store = try await PostgresCentralStore(try PostgresAddress(address, password: password)) { _ in try .ofTests
        }
        try await store.close()
      }
    }
    let wrong = try await fault(secured, "wrong sesame")
    #expect(wrong?.code == "central.databaseRefused")
    #expect(wrong?.description.contains("sesame") == false)
    #expect(wrong?.description.contains("password authentication failed") == true, "\(String(describing: wrong))")
    #expect(try await fault(secured, nil)?.code == "central.databaseRefused")
    #expect(try await fault("postgresql://custody@%2Fnowhere/postgres", nil)?.code == "central.databaseRefused")
    let missing = secured.replacing("/postgres?", with: "/elsewhere?").replacing("with_password@", with: "custody@")
    #expect(try await fault(missing, nil)?.description.contains("elsewhere") == true)
    for address in [
      "mysql://x/y", "postgresql://custody:sesame@localhost/x", "postgresql://x/y?nonsense=1", "postgresql://x\u{0}",
    ] {
      let fault = await faultOf { try PostgresAddress(address) }
      #expect(fault?.code == "central.databaseAddress")
      #expect(fault?.description.contains("sesame") == false)
    }
    let store = try await PostgresCentralStore(try PostgresAddress(secured, password: "open sesame")) { _ in
      try .ofTests
    }
    #expect("\(store.address) \(String(reflecting: store.address.description))".contains("sesame") == false)
    try await store.close()
  }

  @Test("a server that would acknowledge what is not on disk is refused")
  func durability() async throws {
    let server = try await PostgresServer()
    let address = try await address(on: server)
    try await server.sql("ALTER SYSTEM SET synchronous_commit = off")
    try await server.sql("SELECT pg_reload_conf()")
    // This one every connection can set for itself.
    let store = try await open(address)
    try await store.close()
    try await server.sql("ALTER SYSTEM SET fsync = off")
    try await server.stop()
    try await server.start()
    await #expect(throws: CentralFault.settingRefused(name: "fsync", wanted: "on", found: "off")) {
      try await open(address)
    }
  }

  @Test("tables of a newer program are left alone")
  func newer() async throws {
    let server = try await PostgresServer.shared
    let schema = "s_" + UUID().uuidString.replacing("-", with: "").lowercased()
    let address = try await server.address(schema: schema)
    try await open(address).close()
    try await server.sql("INSERT INTO \(schema).migration(version) VALUES (99)")
    let fault = await faultOf { try await open(address) }
    #expect(fault?.description.contains("newer program") == true)
  }

  @Test("a byte flipped by hand in the newest entry, or in a tile, is told")
  func damage() async throws {
    let server = try await PostgresServer.shared
    let schema = "s_" + UUID().uuidString.replacing("-", with: "").lowercased()
    let address = try await server.address(schema: schema)
    let store = try await open(address)
    var writer = try ChainWriter(1)
    _ = try await store.push([try writer.register("AT-0").entry], from: writer)
    try await server.sql("UPDATE \(schema).tile SET bytes = set_byte(bytes, 3, 255 - get_byte(bytes, 3))")
    let next = try writer.register("AT-1").entry
    let tile = await faultOf { try await store.push([next], from: writer) }
    #expect(tile?.code == "central.damaged")
    try await store.close()
    try await server.sql("UPDATE \(schema).log SET bytes = set_byte(bytes, 80, 255 - get_byte(bytes, 80))")
    let entry = await faultOf { try await open(address) }
    #expect(entry?.description.contains("log entry 0") == true, "\(String(describing: entry))")
  }
}
