import CentralStore
import Crypto
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import Synchronization
import TamperEvidence
import Testing

@testable import Central
@testable import Station

/// Files that events name come after custody, and to whoever looks at the event.
@Suite(.timeLimit(.minutes(25))) struct BlobTests {
  private typealias Picture = (bytes: [UInt8], digest: String)

  /// Why a file's first part is not taken; empty when it is.
  private static func code(
    _ client: CentralClient, _ digest: String, _ event: EventID, _ bytes: [UInt8]
  ) async throws -> String {
    do {
      _ = try await client.sendBlob(digest, of: event, at: 0, bytes)
      return ""
    } catch {
      switch error {
      case .refused(let problem), .busy(let problem, _), .unauthorised(let problem): return problem.code
      default: throw error
      }
    }
  }

  /// A file of so many bytes that begins as a JPEG does.
  private func picture(_ count: Int, _ seed: UInt8 = 1) -> (bytes: [UInt8], digest: String) {
    let bytes = [0xFF, 0xD8, 0xFF] + (3..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(seed)) }
    return (bytes, SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined())
  }

  /// An asset whose registration names a file.
  private func register(
    _ tag: String, showing file: (bytes: [UInt8], digest: String), mediaType: String = "image/jpeg",
    at core: StationCore
  ) async throws -> CustodyEvent {
    let reference = EvidenceReference(
      digest: file.digest, length: file.bytes.count, mediaType: mediaType, role: "photo")
    let actor = Actor(
      person: PersonID(high: 7 << 16 | 0x7000, low: 1 << 63), roles: [.manager], authStrength: .badgePINOffline)
    try await core.store.keepBlob(file.bytes, digest: file.digest, mediaType: mediaType)
    let recording = try await core.store.write { transaction in
      try transaction.record(
        Intent(
          asset: transaction.newID(),
          details: .register(
            RegisterDetails(
              facts: AssetFacts(), identifiers: [BoundIdentifier(.tag, tag)], state: .inStock,
              source: .declared(reason: "stock before go-live"))), actor: actor, evidence: [reference],
          commitments: [:]))
    }
    guard case .recorded(let events, _) = recording, let event = events.first else { throw CentreUnderTest.Refused() }
    return event
  }

  @Test("a picture follows its event, in parts, once; another station shows it", arguments: Database.allCases)
  func follows(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      let file = picture(2_500_000)
      try await centre.station("DESK-1") { core, service in
        let event = try await register("AT-1", showing: file, at: core)
        #expect(try await !service.sendBlob(), "custody before pictures")
        // And the centre takes none whose event it does not hold.
        await #expect {
          _ = try await service.client.sendBlob(file.digest, of: event.eventID, at: 0, Array(file.bytes.prefix(100)))
        } throws: { error in
          guard case .some(.refused(let problem)) = error as? SyncError else { return false }
          return problem.code == "blob.beforeEvent"
        }
        #expect(try await service.pushOnce())
        #expect(try await service.sendBlob())
        #expect(try await service.client.blobStanding(file.digest)?.complete == true)
        #expect(try await !service.sendBlob(), "once")
        #expect(try await centre.store.blob(file.digest)?.asset == event.asset)
      }
      try await centre.station("DESK-2") { core, service in
        let before = try await core.store.blob(file.digest)
        #expect(before == nil)
        let shown = try await core.blob(file.digest)
        #expect(shown?.bytes == Data(file.bytes))
        let kept = try await core.store.blob(file.digest)
        #expect(kept?.mediaType == "image/jpeg", "kept from now on")
        #expect(try await !service.sendBlob())
        let nowhere = try await core.blob(picture(10, 9).digest)
        #expect(nowhere == nil)
      }
    }
  }

  @Test("what broke off goes on at its offset; a part at another offset changes nothing", arguments: Database.allCases)
  func resumes(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      let file = picture(1_500_000)
      try await centre.station { core, service in
        let event = try await register("AT-1", showing: file, at: core)
        _ = try await service.pushOnce()
        let first = try await service.client.sendBlob(
          file.digest, of: event.eventID, at: 0, Array(file.bytes[..<600_000]))
        #expect(first.held == 600_000 && !first.complete)
        for offset in [0, 599_999, 600_001] {
          let same = try await service.client.sendBlob(
            file.digest, of: event.eventID, at: offset, Array(file.bytes[..<10]))
          #expect(same.held == 600_000)
        }
        // Not given out before it is whole.
        let range = try #require(ByteRange(first: 0, last: 9))
        #expect(try await service.client.blob(file.digest, range, of: file.bytes.count) == nil)
        #expect(try await service.sendBlob())
        #expect(try await centre.store.blob(file.digest)?.completedAt != nil)
        #expect(try await service.client.blob(file.digest, range, of: file.bytes.count) == Array(file.bytes[..<10]))
        let middle = try #require(ByteRange(first: 599_990, last: 600_009))
        #expect(
          try await service.client.blob(file.digest, middle, of: file.bytes.count)
            == Array(file.bytes[599_990..<600_010]))
      }
    }
  }

  @Test("other bytes, another type, too much: nothing is kept", arguments: Database.allCases)
  func refused(_ database: Database) async throws {
    try await CentreUnderTest.run(database, change: { $0.blobsLimit = 3_000 }) { centre in
      var writer = try ChainWriter(1)
      let good = picture(1_000)
      let large = picture(10)
      writer.evidence = [
        EvidenceReference(digest: good.digest, length: 1_000, mediaType: "image/jpeg", role: "photo"),
        EvidenceReference(digest: picture(20).digest, length: 20, mediaType: "text/html", role: "toolReport"),
        EvidenceReference(digest: picture(30).digest, length: 30, mediaType: "image/png", role: "photo"),
        EvidenceReference(digest: large.digest, length: 1 << 30, mediaType: "image/jpeg", role: "photo"),
        EvidenceReference(digest: picture(2_500).digest, length: 2_500, mediaType: "image/jpeg", role: "photo"),
      ]
      let written = try writer.register("AT-1")
      try await centre.push([written.entry], from: writer)
      let client = try await centre.client()
      let id = written.event.eventID
      @Sendable func code(_ file: Picture, _ bytes: [UInt8]? = nil) async throws -> String {
        try await Self.code(client, file.digest, id, bytes ?? file.bytes)
      }
      var other = good.bytes
      other[500] ^= 1
      #expect(try await code(good, other) == "blob.digest")
      #expect(try await centre.store.blob(good.digest) == nil, "taken away again")
      #expect(try await code(good, Array("<html>".utf8)) == "blob.mediaType")
      #expect(try await code(picture(20)) == "blob.mediaType")
      #expect(try await code(picture(30)) == "blob.mediaType", "said to be PNG")
      #expect(try await code(large) == "blob.tooLarge")
      #expect(try await code(picture(40)) == "blob.beforeEvent", "no event names it")
      #expect(try await code((good.bytes, "../../etc/passwd")) == "http.notFound")
      #expect(try await code((good.bytes, "'%20OR%201=1--")) == "http.badParameter")
      // More bytes than the event says.
      let more = try await client.sendBlob(good.digest, of: id, at: 0, good.bytes + [1])
      #expect(more.held == 0)
      #expect(try await code(good) == "")
      #expect(try await code(picture(2_500)) == "blob.full")
      #expect(try await centre.store.blobTotal() == 1_000)
    }
  }

  @Test(
    "files are let go after so many days, unless something is open about their asset; that they were here stays",
    arguments: Database.allCases)
  func retention(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      var (one, two) = (try ChainWriter(1), try ChainWriter(2))
      let (settled, open) = (picture(100, 1), picture(200, 2))
      one.evidence = [EvidenceReference(digest: settled.digest, length: 100, mediaType: "image/jpeg", role: "photo")]
      let first = try one.register("AT-1")
      one.evidence = [EvidenceReference(digest: open.digest, length: 200, mediaType: "image/jpeg", role: "photo")]
      let second = try one.register("AT-2")
      one.evidence = []
      try two.learn(second)
      try await centre.push([first.entry, second.entry, try one.deploy(second.event.asset).entry], from: one)
      try await centre.push([try two.deploy(second.event.asset, to: "Legal").entry], from: two)
      let client = try await centre.client()
      _ = try await client.sendBlob(settled.digest, of: first.event.eventID, at: 0, settled.bytes)
      _ = try await client.sendBlob(open.digest, of: second.event.eventID, at: 0, open.bytes)
      func retention(after days: Int64) -> BlobRetention {
        BlobRetention(
          store: centre.store, days: 30,
          now: { Instant(milliseconds: 1_795_000_000_000 + days * 86_400_000) }, logger: CentreUnderTest.quiet)
      }
      #expect(try await retention(after: 29).dropSettled() == 0)
      #expect(try await retention(after: 31).dropSettled() == 1)
      #expect(try await retention(after: 32).dropSettled() == 0)
      let standing = try #require(try await client.blobStanding(settled.digest))
      #expect(standing.dropped && !standing.complete && standing.held == 0)
      #expect(
        try await centre.store.blob(settled.digest)?.droppedAt
          == Instant(milliseconds: 1_795_000_000_000 + 31 * 86_400_000))
      #expect(try await client.blobStanding(open.digest)?.complete == true)
      // It does not come back by itself, and the event is as it was.
      #expect(try await client.sendBlob(settled.digest, of: first.event.eventID, at: 0, settled.bytes).dropped)
      #expect(try await centre.store.entry(ofEvent: first.event.eventID)?.bytes == first.entry.entry.bytes)
      let range = try #require(ByteRange(first: 0, last: 9))
      await #expect {
        _ = try await client.blob(settled.digest, range, of: 100)
      } throws: { error in
        guard case .some(.refused(let problem)) = error as? SyncError else { return false }
        return problem.status == 410 && problem.code == "blob.dropped"
      }
    }
  }

  @Test("a file that is named by an HMAC, so that it can be erased, stays where it is")
  func erasable() async throws {
    try await CentreUnderTest.run { centre in
      let file = picture(100)
      let erasable = (bytes: file.bytes, digest: String(repeating: "ab", count: 32))
      try await centre.station { core, service in
        _ = try await register("AT-1", showing: erasable, at: core)
        _ = try await service.pushOnce()
        #expect(try await service.sendBlob())
        #expect(try await !service.sendBlob())
        #expect(try await centre.store.blob(erasable.digest) == nil)
      }
    }
  }

  /// Sends two files past a centre that refuses them until `lift` is called.
  private func withTwoFiles(
    _ refusing: @escaping @Sendable (String) throws -> Refusing.Refusal,
    _ body:
      @escaping @Sendable (
        _ service: SyncService, _ lift: @Sendable () -> Void, _ digests: [String]
      ) async throws -> Void
  ) async throws {
    try await CentreUnderTest.run { centre in
      try await centre.station { core, _ in
        let files = [picture(100, 1), picture(200, 2)].sorted { $0.digest < $1.digest }
        for (index, file) in files.enumerated() { _ = try await register("AT-\(index)", showing: file, at: core) }
        let transport = Refusing(HTTPTransport(to: centre.base), try refusing(files[0].digest))
        let token = try #require(core.options.centreToken)
        let service = SyncService(
          core: core, client: try CentralClient(base: centre.base, token: token, over: transport))
        #expect(try await service.pushOnce())
        try await body(service, { transport.lift() }, files.map { $0.digest })
      }
    }
  }

  @Test(
    "a file that the centre does not take now is sent later: one of version 1 knows no files before its upgrade",
    arguments: [(404, "http.notFound"), (408, "http.tooSlow"), (422, "blob.digest"), (409, "blob.beforeEvent")])
  func later(_ status: Int, _ code: String) async throws {
    try await withTwoFiles { _ in
      .init(status: status, code: code)
    } _: { service, lift, digests in
      var random = SystemRandomNumberGenerator()
      var state = SyncService.BlobState()
      for failures in 1...4 {
        let pause = try await service.blobTurn(&state, using: &random)
        guard case .time = pause else { throw CentreUnderTest.Refused(why: "\(pause)") }
        #expect(state.backoff.failures == failures)
      }
      lift()
      for _ in digests {
        let pause = try await service.blobTurn(&state, using: &random)
        #expect(pause == SyncPause.none)
      }
      #expect(try await !service.sendBlob(), "once each")
      for digest in digests { #expect(try await service.client.blobStanding(digest)?.complete == true) }
    }
  }

  @Test("one file that is refused keeps no other back")
  func passedBy() async throws {
    try await withTwoFiles { first in
      .init(status: 400, code: "http.badParameter", digest: first)
    } _: { service, lift, digests in
      var random = SystemRandomNumberGenerator()
      var state = SyncService.BlobState()
      _ = try await service.blobTurn(&state, using: &random)
      let other = try await service.blobTurn(&state, using: &random)
      #expect(other == SyncPause.none)
      #expect(try await service.client.blobStanding(digests[1])?.complete == true)
      lift()
      let first = try await service.blobTurn(&state, using: &random)
      #expect(first == SyncPause.none)
      #expect(try await service.client.blobStanding(digests[0])?.complete == true)
    }
  }

  @Test(
    "a file that the centre will never take is not sent again",
    arguments: [(413, "blob.tooLarge"), (415, "blob.mediaType"), (410, "blob.dropped")])
  func never(_ status: Int, _ code: String) async throws {
    try await withTwoFiles { _ in
      .init(status: status, code: code)
    } _: { service, lift, digests in
      var random = SystemRandomNumberGenerator()
      var state = SyncService.BlobState()
      for _ in digests {
        let pause = try await service.blobTurn(&state, using: &random)
        #expect(pause == SyncPause.none)
      }
      lift()
      #expect(try await !service.sendBlob())
      #expect(try await service.client.blobStanding(digests[0]) == nil)
    }
  }
}

/// Carries requests to a centre, and answers those that bring a file itself, until it is lifted.
private final class Refusing: CentralTransport {
  struct Refusal: Sendable {
    var status: Int
    var code: String
    /// The file that is refused; nil for all.
    var digest: String?
  }

  private let transport: HTTPTransport
  private let refusal: Mutex<Refusal?>

  init(_ transport: HTTPTransport, _ refusal: Refusal) {
    self.transport = transport
    self.refusal = Mutex(refusal)
  }

  func lift() { refusal.withLock { $0 = nil } }

  func exchange(_ request: CentralRequest) async throws(SyncError) -> CentralAnswer {
    // A centre that does not know the route knows none of its methods.
    guard let refusal = refusal.withLock({ $0 }), request.path.hasPrefix(SyncRoute.blobs),
      request.method == .POST || refusal.status == 404, refusal.digest.map({ request.path.contains($0) }) ?? true
    else { return try await transport.exchange(request) }
    let body: Data
    do {
      body = try JSONEncoder().encode(
        SyncProtocol.Problem(
          status: refusal.status, code: refusal.code, title: "No", detail: "It is not taken.", remedy: "Wait."))
    } catch {
      throw .protocol(reason: "\(error)")
    }
    return CentralAnswer(
      status: refusal.status, headers: ["content-type": SyncProtocol.Problem.mediaType],
      body: AsyncThrowingStream<ByteBuffer, any Error> { continuation in
        continuation.yield(ByteBuffer(bytes: body))
        continuation.finish()
      })
  }
}
