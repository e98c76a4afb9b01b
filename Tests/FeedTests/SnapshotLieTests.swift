import Custody
import Foundation
import Hummingbird
import HummingbirdTesting
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Central
@testable import Station

/// What a new station does with a snapshot that is not what it should be.
@Suite(.timeLimit(.minutes(25))) struct SnapshotLieTests {
  private static let now: @Sendable () -> Instant = { Instant(milliseconds: 1_795_000_000_000) }

  /// Sixty assets, a snapshot, and a station whose centre gives it out with a lie.
  private func run(
    _ lie: LyingSnapshot.Lie?,
    _ body: @escaping @Sendable (CentreUnderTest, LyingSnapshot, StationCore, SyncService) async throws -> Void
  ) async throws {
    try await CentreUnderTest.run { centre in
      var one = try ChainWriter(1)
      try await centre.push(try (0..<60).map { try one.register("AT-\(10_000 + $0)").entry }, from: one)
      _ = try await centre.server.makeSnapshot()
      let liar = try await LyingSnapshot(lie, of: centre)
      try await Application(router: try liar.router(of: centre.server, now: Self.now)).test(.live) { client in
        let address = "http://127.0.0.1:\(try #require(client.port))"
        try await centre.station(at: address) { try await body(centre, liar, $0, $1) }
      }
    }
  }

  @Test("a lie is not taken, nothing of it stays, and the log is read instead", arguments: LyingSnapshot.Lie.allCases)
  func lies(_ lie: LyingSnapshot.Lie) async throws {
    try await run(lie) { centre, _, core, service in
      do {
        let fault = try await service.bootstrap()
        switch lie {
        case .otherKey:
          guard case .signature = fault else { throw Unexpected(found: fault) }
        case .flipped, .bomb:
          guard case .bytes = fault else { throw Unexpected(found: fault) }
        case .otherDatabase:
          guard case .contents = fault else { throw Unexpected(found: fault) }
        default: throw Unexpected(found: fault)
        }
        #expect(!FileManager.default.fileExists(atPath: core.store.snapshotFolder))
      } catch let error as SyncError {
        // Found at the range itself: the next try asks again.
        guard case .protocol = error else { throw error }
        #expect([.truncated, .otherRange, .shortRange, .whole].contains(lie), "\(error)")
      } catch let distrust as Distrusted {
        #expect(lie == .otherRoot)
        #expect(distrust.why.code == "log.notExtended")
        #expect(core.sync.snapshot.alarm?.code == "log.notExtended")
      }
      #expect(try await core.assets().isEmpty)
      #expect(try await core.store.read { try $0.ledgerBegins() } == nil)
      try await service.pullAll()
      #expect(try await core.assets() == (try await centre.assets()))
    }
  }

  struct Unexpected: Error { let found: SnapshotFault? }

  @Test("what was fetched before is not fetched again")
  func resumes() async throws {
    try await run(nil) { centre, honest, core, service in
      let whole = try Data(contentsOf: URL(fileURLWithPath: try #require(centre.server.snapshots.newest).path))
      let folder = core.store.snapshotFolder
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try whole.prefix(1000).write(to: URL(fileURLWithPath: "\(folder)/\(honest.manifest.digest).partial"))
      // What an older snapshot left is no part of this one.
      try Data("older".utf8).write(to: URL(fileURLWithPath: folder + "/0123.partial"))
      #expect(try await service.bootstrap() == nil)
      #expect(honest.ranges == ["bytes=1000-\(whole.count - 1)"])
      #expect(try await core.assets().count == 60)
    }
  }

  @Test("a range of any kind is answered as RFC 9110 says")
  func ranges() async throws {
    try await CentreUnderTest.run { centre in
      var one = try ChainWriter(1)
      try await centre.push(try (0..<60).map { try one.register("AT-\(10_000 + $0)").entry }, from: one)
      _ = try await centre.server.makeSnapshot()
      let token = try await centre.enrol(try ChainWriter(3).key.verifierKey)
      let snapshot = try #require(centre.server.snapshots.newest)
      let whole = Array(try Data(contentsOf: URL(fileURLWithPath: snapshot.path)))
      let length = whole.count
      func get(_ range: String?, ifRange: String? = nil) async throws -> (Int, [UInt8], String?) {
        var request = CentralRequest(
          .GET, "\(SyncRoute.snapshot)/\(snapshot.manifest.digest)",
          headers: [
            "authorization": "Bearer \(token)", SyncHeader.protocolVersion: "\(SyncLimits.protocolVersion)",
          ], timeout: .seconds(60))
        if let range { request.headers.add(name: "range", value: range) }
        if let ifRange { request.headers.add(name: "if-range", value: ifRange) }
        let answer = try await HTTPTransport(to: centre.base).exchange(request)
        var bytes: [UInt8] = []
        for try await piece in answer.body { bytes += piece.readableBytesView }
        return (answer.status, bytes, answer.headers.first(name: "content-range"))
      }
      let all = try await get(nil)
      #expect(all.0 == 200 && all.1 == whole)
      let first = try await get("bytes=0-9")
      #expect(first.0 == 206 && first.1 == Array(whole[..<10]) && first.2 == "bytes 0-9/\(length)")
      let tail = try await get("bytes=-5")
      #expect(tail.0 == 206 && tail.1 == Array(whole.suffix(5)))
      let open = try await get("bytes=\(length - 3)-")
      #expect(open.0 == 206 && open.1 == Array(whole.suffix(3)))
      let over = try await get("bytes=\(length - 2)-\(length + 100)")
      #expect(over.0 == 206 && over.2 == "bytes \(length - 2)-\(length - 1)/\(length)")
      let beyond = try await get("bytes=\(length)-")
      #expect(beyond.0 == 416 && beyond.2 == "bytes */\(length)")
      for unheard in ["bytes=9-2", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes=-"] {
        #expect(try await get(unheard).0 == 200, "\(unheard)")
      }
      #expect(try await get("bytes=0-9", ifRange: "\"other\"").0 == 200)
      #expect(try await get("bytes=0-9", ifRange: "\"\(snapshot.manifest.digest)\"").0 == 206)
    }
  }
}
