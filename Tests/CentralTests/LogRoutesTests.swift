import CentralStore
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Central

@Suite struct LogRoutesTests {
  /// A centre whose log has 301 entries: the enrolment and 300 events.
  private func withLog(
    readToken: String? = nil,
    _ body: @Sendable (CentralUnderTest, any TestClientProtocol, [[UInt8]]) async throws -> Void
  ) async throws {
    let central = try await CentralUnderTest(readToken: readToken)
    try await central.test { client in
      var writer = try ChainWriter(1)
      _ = try await central.push(try (0..<300).map { _ in try writer.register("AT-00001").entry }, by: client)
      let log = try await central.server.store.entries(after: -1, limit: 1000, bytes: .max)
      try await body(central, client, log.map(\.bytes))
    }
  }

  private func get(_ path: String, by client: any TestClientProtocol) async throws -> TestResponse {
    try await client.execute(uri: "/log/\(path)", method: .get)
  }

  @Test("the checkpoint, tiles and entries are what C2SP says, with their types and how long they may be kept")
  func served() async throws {
    try await withLog { _, client, log in
      let checkpoint = try await get("checkpoint", by: client)
      #expect(checkpoint.headers[.contentType] == "text/plain; charset=utf-8")
      #expect(checkpoint.headers[.cacheControl] == "no-cache")
      let head = try VerifiedCheckpoint(
        note: Array(checkpoint.body.readableBytesView), keys: [try CentralUnderTest.author.key.verifierKey],
        origin: "centre.example/log"
      ).checkpoint
      #expect(head.size == 301)

      let leaves = log.map { TreeHash.leaf($0) }
      for (path, wanted) in [
        ("tile/0/000", leaves[0..<256]), ("tile/0/001.p/45", leaves[256..<301]), ("tile/0/001.p/7", leaves[256..<263]),
        ("tile/0/000.p/3", leaves[0..<3]),
      ] {
        let response = try await get(path, by: client)
        #expect(response.status == .ok, "\(path)")
        #expect(response.headers[.contentType] == "application/octet-stream")
        #expect(response.headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(Array(response.body.readableBytesView) == wanted.flatMap(\.bytes), "\(path)")
      }
      // One hash at level 1, which with the 45 leaves makes the root.
      let upper = try await get("tile/1/000.p/1", by: client)
      var edge = CompactRange()
      for leaf in leaves[256...] { edge.append(leaf) }
      let first = try #require(TreeHash(bytes: Array(upper.body.readableBytesView)))
      #expect(TreeHash.node(first, edge.root) == head.root)

      let bundle = try await get("tile/entries/001.p/45", by: client)
      #expect(bundle.headers[.contentType] == "application/octet-stream")
      let entries = try TileEntries(bytes: Array(bundle.body.readableBytesView)).entries
      #expect(entries.map { Array($0) } == Array(log[256...]))
      #expect(try await get("tile/entries/000", by: client).status == .ok)
    }
  }

  @Test("what the log does not have is not found; what is no path of a log is refused")
  func absent() async throws {
    try await withLog { _, client, _ in
      for path in [
        "tile/0/001", "tile/0/001.p/46", "tile/0/002", "tile/1/000", "tile/1/000.p/2", "tile/2/000.p/1",
        "tile/63/x001/x234/067", "tile/entries/001", "tile/entries/001.p/46", "tile/entries/x123/456",
        "tile/0/x072/x057/x594/x037/x927/935", "tile/entries/x072/x057/x594/x037/x927/935",
        "checkpoint/", "tile/0/000/", "tile//0/000",
      ] {
        let response = try await get(path, by: client)
        #expect(response.status == .notFound, "\(path)")
        #expect(try response.problem().code == "http.notFound")
      }
      for path in [
        "tile/0/1", "tile/0/0000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/64/000",
        "tile/00/000",
        "tile/0/x000/067", "tile/0/067/x001", "tile/0", "tile", "tile/x/000", "tile/entries/1",
        "Checkpoint", "tile/0/..%2f000", "tile/0/%30%30%30", "tile/0/x999/x999/x999/x999/x999/999",
        "../central.db",
      ] {
        let response = try await get(path, by: client)
        #expect(response.status == .badRequest, "\(path)")
        #expect(try response.problem().code == "log.badPath", "\(path)")
      }
    }
  }

  @Test("a log that is not for everybody is for who may read, and for stations")
  func access() async throws {
    let secret = "a read token of 30 characters."
    try await withLog(readToken: secret) { central, client, _ in
      for path in ["checkpoint", "tile/0/000", "tile/entries/000"] {
        #expect(try await get(path, by: client).problem().code == "central.signInNeeded")
        for token in [secret, central.token] {
          let response = try await client.execute(
            uri: "/log/\(path)", method: .get, headers: [.authorization: "Bearer \(token)"])
          #expect(response.status == .ok)
          #expect(response.headers[.cacheControl]?.hasPrefix("public") == false)
        }
        let wrong = try await client.execute(
          uri: "/log/\(path)", method: .get, headers: [.authorization: "Bearer \(secret)x"])
        #expect(wrong.status == .unauthorized)
      }
    }
  }

  @Test("an export is the log in files, and goes on where the last one was")
  func export() async throws {
    try await withLog { central, client, log in
      let folder = try TemporaryFolder()
      let files = LogFiles(store: central.server.store)
      let export = LogExport { try await files.bytes(at: $0) }
      #expect(try await export.run(into: folder.path).size == 301)
      func file(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + path)))
      }
      #expect(try file("tile/0/000").count == 8192)
      #expect(try TileEntries(bytes: try file("tile/entries/001.p/45")).entries.count == 45)
      let first = try FileManager.default.attributesOfItem(atPath: folder.path + "/tile/0/000")[.systemFileNumber]
      var writer = try ChainWriter(2)
      _ = try await central.server.store.admit(
        try (0..<300).map { _ in try writer.register("AT-00002").entry },
        from: EnrolledStation(key: writer.key.verifierKey, enrolledAt: central.clock.now), at: central.clock.now)
      #expect(try await export.run(into: folder.path).size == 601)
      #expect(try file("tile/0/001").count == 8192)
      #expect(try file("tile/0/002.p/89").count == 89 * 32)
      let second = try FileManager.default.attributesOfItem(atPath: folder.path + "/tile/0/000")[.systemFileNumber]
      #expect(first as? NSNumber == second as? NSNumber, "a full tile is not written again")

      let other = try await CentralUnderTest()
      let smaller = LogFiles(store: other.server.store)
      await #expect(throws: CentralFault.self, "an older log does not take a newer one's place") {
        try await LogExport { try await smaller.bytes(at: $0) }.run(into: folder.path)
      }
      try await other.server.store.close()
    }
  }

  @Test("the log's key is made once with its origin, in a file of its owner's, and missed when it is gone")
  func keyFile() throws {
    let folder = try TemporaryFolder()
    let first = try LogKeyFile.author(in: folder.path, origin: "centre.example.com/log", isNeeded: false)
    #expect(first.origin == "centre.example.com/log")
    let file = LogKeyFile.path(in: folder.path)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    let again = try LogKeyFile.author(in: folder.path, origin: nil, isNeeded: true)
    #expect(again.key.verifierKey == first.key.verifierKey)
    #expect(throws: CentralFault.self) {
      try LogKeyFile.author(in: folder.path, origin: "other.example.com/log", isNeeded: true)
    }
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: CentralFault.keyLost(file: file)) {
      try LogKeyFile.author(in: folder.path, origin: nil, isNeeded: true)
    }
    #expect(try LogKeyFile.author(in: folder.path, origin: nil, isNeeded: false).origin.hasSuffix("/log"))
  }
}
