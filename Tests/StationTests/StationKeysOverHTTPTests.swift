import CentralStore
import CentralStoreSQLite
import Custody
import CustodyLedger
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import RequestTokens
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import Synchronization
import TamperEvidence
import Testing

@testable import Central
@testable import Station

/// Stations and a centre that really listens: enrolled by a code, restored, copied, wiped, revoked. The station's clock is half
/// a year behind the centre's throughout.
@Suite(.timeLimit(.minutes(25))) struct StationKeysOverHTTPTests {
  /// A centre on a free port, whose clock stands still unless it is moved.
  private struct Centre: Sendable {
    let server: CentralServer
    let base: String
    let client: any TestClientProtocol

    func code(_ name: String = "HQ/DESK-1") async throws -> EnrolmentCode {
      let answer = try await server.issueCode(CodeOrder(station: name))
      return try #require(answer.code.flatMap(EnrolmentCode.init))
    }

    func station(_ name: String = "HQ/DESK-1") async throws -> EnrolledStation {
      try #require(try await server.store.station(named: name))
    }

    /// What an auditor finds of the whole log.
    func audit() async throws -> [EvidenceFailure] {
      let entries = try await server.store.entries(after: -1, limit: 10_000, bytes: .max)
      var audit = LogAudit(
        checkpoint: try await server.store.head().checkpoint, key: server.store.logKey,
        statements: entries.compactMap { LogAudit.statement(in: $0.bytes[...]) })
      for entry in entries { audit.next(entry.bytes[...]) }
      audit.finish()
      return audit.failures
    }
  }

  /// A station that is open, with the sync that a test takes turn by turn.
  private final class Desk: Sendable {
    let store: StationStore
    let core: StationCore
    let service: SyncService
    private let pull = Mutex(SyncService.PullState())

    init(_ folder: String, at base: String?, station: String = "DESK-1", token: String? = nil) async throws {
      store = try StationStore(
        folder: folder,
        identity: StationIdentity(site: try #require(SiteCode("HQ")), station: try #require(StationCode(station))),
        clock: MovableClock())
      core = try await StationCore(
        store: store, options: StationOptions(centre: base, centreToken: token, usb: false), demo: nil,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      // However slow the machine is.
      let patience = CentralClient.Timeouts(request: .seconds(900), pull: .seconds(900))
      let known = try await store.centralClient(at: base, token: token, timeouts: patience)
      service = SyncService(core: core, client: try known ?? CentralClient(base: "http://127.0.0.1:1", token: ""))
    }

    var pending: Int { get async throws { try await store.read { try $0.pendingCount() } } }
    var alarm: StationAlarm? { get async throws { try await store.read { try $0.stationAlarm() } } }

    @discardableResult
    func register(_ tag: String) async throws -> CustodyEvent {
      let actor = Actor(
        person: PersonID(high: 1 << 16 | 0x7000, low: 1 << 63), roles: Set(Role.allCases),
        authStrength: .badgePINOffline)
      let details = RegisterDetails(
        facts: AssetFacts(), identifiers: [BoundIdentifier(.tag, tag)], state: .inStock,
        source: .declared(reason: "stock before go-live"))
      let recording = try await store.write { transaction in
        try transaction.record(Intent(asset: transaction.newID(), details: .register(details), actor: actor))
      }
      guard case .recorded(let events, _) = recording, let event = events.first else { throw Refused() }
      return event
    }

    /// Sends what is pending, by a few turns. Tells of the last failure.
    @discardableResult
    func push(_ turns: Int = 4) async throws -> String? {
      var backoff = SyncBackoff()
      var random = SystemRandomNumberGenerator()
      for _ in 0..<turns { _ = try await service.pushTurn(&backoff, using: &random) }
      return backoff.failures > 0 ? core.sync.snapshot.reason ?? "refused" : nil
    }

    /// Sends what is pending, which must not fail.
    func pushes(_ location: SourceLocation = #_sourceLocation) async throws {
      let trouble = try await push()
      #expect(trouble == nil, sourceLocation: location)
    }

    /// Takes in what the centre has, without waiting.
    func pullAll() async throws {
      var random = SystemRandomNumberGenerator()
      for _ in 0..<3 {
        var state = SyncService.PullState()
        _ = try await service.pullTurn(&state, using: &random)
        #expect(state.backoff.failures == 0, "\(core.sync.snapshot.reason ?? "distrusted")")
      }
    }
  }

  private struct Refused: Error {}

  private func withCentre(_ body: @escaping @Sendable (Centre, TemporaryFolder) async throws -> Void) async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      let author = try #require(
        LogAuthor(try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32))))
      // Half a year after the stations' clocks.
      let server = try CentralServer(
        CentralConfiguration(name: "Keys", version: "1", dataFolder: folder.path + "/centre", port: 0),
        store: SQLiteCentralStore(folder: folder.path + "/centre") { _ in author },
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        now: { Instant(milliseconds: 1_795_000_000_000) })
      try await server.application().test(.live) { client in
        let base = "http://127.0.0.1:\(try #require(client.port))"
        try await body(Centre(server: server, base: base, client: client), folder)
      }
      try await server.store.close()
    }
  }

  private func enrolled(
    _ folder: String, at centre: Centre, station: String = "DESK-1", newKey: Bool = false
  ) async throws -> EnrolmentResult {
    let store = try StationStore(
      folder: folder,
      identity: StationIdentity(site: try #require(SiteCode("HQ")), station: try #require(StationCode(station))),
      clock: MovableClock())
    do {
      let result = try await store.enrol(
        at: centre.base, code: try await centre.code("HQ/\(station)"), isNewKey: newKey)
      try store.close()
      return result
    } catch {
      try store.close()
      throw error
    }
  }

  private func copy(_ folder: String, to other: String) throws {
    try FileManager.default.copyItem(atPath: folder, toPath: other)
    try FileManager.default.removeItem(atPath: other + "/station.lock")
  }

  @Test("a station is enrolled by a code, and is let in by what it signs, whatever its clock says")
  func enrolment() async throws {
    try await withCentre { centre, folder in
      let path = folder.path + "/one"
      let result = try await enrolled(path, at: centre)
      #expect(result.epoch == 1 && result.held == nil && result.log == centre.server.store.logKey)
      #expect(try await centre.station().fingerprint?.description == result.fingerprint)
      for file in ["station.key", "request.key"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      }
      #expect(!FileManager.default.fileExists(atPath: path + "/request.key.next"))
      // The station finds its centre by itself.
      let desk = try await Desk(path, at: nil)
      try await desk.register("AT-1")
      try await desk.register("AT-2")
      try await desk.pushes()
      #expect(try await desk.pending == 0)
      try await desk.pullAll()
      #expect(try await desk.store.read { try $0.leftWithCentre().isEmpty })
      #expect(try await centre.server.store.figures().entries == 3)
      #expect(try await centre.audit().isEmpty)
      try desk.store.close()
    }
  }

  @Test("a code that is wrong lets nobody in; a centre of another log is not believed")
  func refused() async throws {
    try await withCentre { centre, folder in
      let store = try StationStore(
        folder: folder.path + "/one",
        identity: StationIdentity(site: try #require(SiteCode("HQ")), station: try #require(StationCode("DESK-1"))),
        clock: MovableClock())
      let wrong = EnrolmentCode(random: [1, 2, 3, 4, 5, 6, 7, 8])
      await #expect {
        _ = try await store.enrol(at: centre.base, code: wrong, isNewKey: false)
      } throws: { error in
        guard case SyncError.unauthorised(let problem) = error else { return false }
        return problem.code == "sync.enrol.code" && problem.status == 403
      }
      let other = try SigningKey(name: "other/log", seed: [UInt8](repeating: 9, count: 32)).verifierKey
      let code = try await centre.code()
      await #expect(throws: StationEnrolmentRefused.self) {
        _ = try await store.enrol(at: centre.base, code: code, isNewKey: false, pinned: other)
      }
      #expect(try await store.read { try $0.enrolment() } == nil)
      try store.close()
      for body in ["", "{}", String(repeating: "x", count: 9000), "[1]", #"{"code":"1"}"#] {
        let answer = try await centre.client.execute(
          uri: SyncRoute.enrol, method: .post, body: ByteBuffer(string: body))
        #expect([400, 413].contains(answer.status.code), "\(body.prefix(20))")
      }
    }
  }

  @Test("a restored station begins a new epoch behind what it had sent before, and has all of it again")
  func restored() async throws {
    try await withCentre { centre, folder in
      let path = folder.path + "/one"
      _ = try await enrolled(path, at: centre)
      var desk = try await Desk(path, at: nil)
      try await desk.register("AT-1")
      try await desk.pushes()
      try desk.store.close()
      try copy(path, to: folder.path + "/backup")
      desk = try await Desk(path, at: nil)
      let lost = try await desk.register("AT-2")
      try await desk.pushes()
      try desk.store.close()

      desk = try await Desk(folder.path + "/backup", at: nil)
      try await desk.pushes()
      #expect(desk.store.headPlace == ChainPlace(epoch: 2, seq: 1))
      try await desk.pullAll()
      #expect(try await desk.store.read { try $0.asset(lost.asset) } != nil)
      try await desk.register("AT-3")
      try await desk.pushes()
      #expect(try await desk.pending == 0)
      #expect(try await desk.alarm == nil)
      #expect(try await centre.station().frozen == nil)
      #expect(try await centre.server.store.figures().forks == 0)
      #expect(try await centre.audit().isEmpty)
      try desk.store.close()
    }
  }

  @Test("a clone is found when it pushes; both are refused until one is enrolled with a new key")
  func cloned() async throws {
    try await withCentre { centre, folder in
      let path = folder.path + "/one"
      _ = try await enrolled(path, at: centre)
      var desk = try await Desk(path, at: nil)
      try await desk.register("AT-1")
      try await desk.pushes()
      try desk.store.close()
      try copy(path, to: folder.path + "/clone")
      // Both go on for themselves, offline.
      desk = try await Desk(path, at: nil)
      let mine = try await desk.register("AT-2")
      var clone = try await Desk(folder.path + "/clone", at: nil)
      let its = try await clone.register("AT-3")
      try await clone.pushes()
      // The first contact of the other exposes it, and gives its entry to the centre as proof.
      #expect(try await desk.push() != nil)
      #expect(try await desk.alarm?.code == "sync.frozen")
      let frozen = try #require(try await centre.station().frozen)
      #expect(frozen.reason.code == "sync.fork" || frozen.reason.code == "sync.ratchet")
      let log = try await centre.server.store.entries(after: -1, limit: 100, bytes: .max)
      #expect(log.contains { $0.content.event?.eventID == mine.eventID && $0.status == .quarantined })
      #expect(log.contains { $0.content.event?.eventID == its.eventID && $0.status == .applied })
      let page = try await centre.client.execute(uri: "/stations", method: .get)
      #expect(String(buffer: page.body).contains("Frozen since"))
      // Refused as well, from now on, is the one that was first.
      try await clone.register("AT-4")
      #expect(try await clone.push() != nil)
      #expect(try await clone.alarm?.code == "sync.frozen")
      let presenter = clone.core.sync.snapshot.refused
      #expect(presenter?.remedy.contains("--new-key") == true)
      #expect(try await clone.pending == 1)
      try clone.store.close()
      try desk.store.close()

      // The same key is not let in again; a new one is.
      await #expect(throws: SyncError.self) { _ = try await enrolled(path, at: centre) }
      let result = try await enrolled(path, at: centre, newKey: true)
      #expect(result.epoch == 2)
      desk = try await Desk(path, at: nil)
      try await desk.pushes()
      #expect(desk.store.headPlace.epoch == 2)
      #expect(try await desk.pending == 0)
      #expect(try await desk.alarm == nil)
      try await desk.pullAll()
      try await desk.pullAll()
      // What the centre has in the old epoch counts; what this station had there is kept aside, to be recorded again.
      #expect(try await desk.store.read { try $0.asset(its.asset) } != nil)
      #expect(try await desk.store.read { try $0.asset(mine.asset) } == nil)
      #expect(try await desk.store.read { try $0.displacedCount() } == 1)
      try await desk.register("AT-5")
      try await desk.pushes()
      #expect(try await desk.pending == 0)
      // The clone has no key any more that lets it in.
      clone = try await Desk(folder.path + "/clone", at: nil)
      #expect(try await clone.push()?.contains("not signed by the station") == true)
      #expect(try await clone.pending == 1)
      try clone.store.close()
      try desk.store.close()
    }
  }

  @Test("a wiped station goes on under its name in the next epoch")
  func wiped() async throws {
    try await withCentre { centre, folder in
      let path = folder.path + "/one"
      _ = try await enrolled(path, at: centre)
      var desk = try await Desk(path, at: nil)
      let before = try await desk.register("AT-1")
      try await desk.pushes()
      try desk.store.close()
      try FileManager.default.removeItem(atPath: path)
      let result = try await enrolled(path, at: centre)
      #expect(result.epoch == 2 && result.held?.seq == 1)
      desk = try await Desk(path, at: nil)
      try await desk.pushes()
      #expect(desk.store.headPlace == ChainPlace(epoch: 2, seq: 1))
      try await desk.pullAll()
      #expect(try await desk.store.read { try $0.asset(before.asset) } != nil)
      try await desk.register("AT-2")
      try await desk.pushes()
      #expect(try await desk.pending == 0)
      #expect(try await centre.audit().isEmpty)
      try desk.store.close()
    }
  }

  @Test("a revocation answers how far the station still counts, also where it takes a rotation back")
  func revocationOfARotation() async throws {
    try await withCentre { centre, folder in
      _ = try await enrolled(folder.path + "/one", at: centre)
      let desk = try await Desk(folder.path + "/one", at: nil)
      try await desk.register("AT-1")
      _ = try await desk.store.rotateKey(reason: "yearly")
      try await desk.pushes()
      let revoked = try await centre.server.revoke(
        RevocationOrder(station: "HQ/DESK-1", lastGood: ChainPlace(epoch: 1, seq: 1), reason: "stolen"))
      #expect(revoked.held?.seq == 1 && revoked.quarantined == 1)
      try desk.store.close()
    }
  }

  @Test("others learn of a rotation and a revocation from the log, proved, and from nothing else")
  func others() async throws {
    try await withCentre { centre, folder in
      _ = try await enrolled(folder.path + "/one", at: centre)
      _ = try await enrolled(folder.path + "/two", at: centre, station: "DESK-2")
      let one = try await Desk(folder.path + "/one", at: nil)
      let two = try await Desk(folder.path + "/two", at: nil, station: "DESK-2")
      let first = try await one.register("AT-1")
      _ = try await one.store.rotateKey(reason: "yearly")
      let second = try await one.register("AT-2")
      try await one.pushes()
      try await two.pullAll()
      #expect(try await two.store.read { try $0.asset(first.asset) } != nil)
      #expect(try await two.store.read { try $0.asset(second.asset) } != nil)
      #expect(try await two.store.read { try $0.statements().count } == 3)
      #expect(try await two.store.read { try $0.leftWithCentre().isEmpty })
      let revoked = try await centre.server.revoke(
        RevocationOrder(station: "HQ/DESK-1", lastGood: ChainPlace(epoch: 1, seq: 2), reason: "stolen"))
      #expect(revoked.refusal == nil && revoked.held?.seq == 2)
      try await two.pullAll()
      #expect(try await two.store.read { try $0.asset(first.asset) } != nil)
      #expect(try await two.store.read { try $0.asset(second.asset) } == nil)
      // What the revoked station still sends is taken, and counts nowhere.
      let late = try await one.register("AT-3")
      try await one.pushes()
      try await two.pullAll()
      #expect(try await two.store.read { try $0.asset(late.asset) } == nil)
      #expect(try await two.store.read { try $0.entries(of: late.asset).first?.misfit?.contains("revoked") } == true)
      #expect(try await centre.server.store.asset(late.asset) == nil)
      try one.store.close()
      try two.store.close()
    }
  }

  @Test("a request is good once, for itself; a refusal says the time, signed")
  func replayed() async throws {
    try await withCentre { centre, folder in
      let path = folder.path + "/one"
      _ = try await enrolled(path, at: centre)
      let desk = try await Desk(path, at: nil)
      let key = try #require(try desk.store.folder.existingRequestKey())
      let now = Mutex(Instant(milliseconds: 1_795_000_000_000))
      let log = centre.server.store.logKey
      let signer = try RequestSigner(key: key, centre: log) { now.withLock { $0 } }
      func ask(_ token: String, _ path: String = SyncRoute.hello) async throws -> TestResponse {
        try await centre.client.execute(uri: path, method: .get, headers: [.authorization: "Bearer \(token)"])
      }
      let made = try await signer.token(method: "GET", target: SyncRoute.hello, body: [])
      #expect(try await ask(made.token).status == .ok)
      let again = try await ask(made.token)
      #expect(again.status == .unauthorized)
      #expect(String(buffer: again.body).contains("sync.token.replayed"))
      // Signed for that token; there is nothing to learn from it, for the clocks agree.
      let name = try #require(HTTPField.Name(SyncHeader.time))
      let field = try #require(again.headers[name])
      #expect(CentreTime(field, about: made.id, by: log)?.milliseconds == 1_795_000_000_000)
      let other = try await signer.token(method: "GET", target: SyncRoute.hello, body: [])
      #expect(try await ask(other.token, SyncRoute.hello + "?epoch=1").status == .unauthorized)
      let withBody = try await signer.token(method: "GET", target: SyncRoute.hello, body: [1])
      #expect(try await ask(withBody.token).status == .unauthorized)
      // A dead clock, and one that is years ahead.
      for milliseconds: Int64 in [0, 4_000_000_000_000] {
        now.withLock { $0 = Instant(milliseconds: milliseconds) }
        let dead = try RequestSigner(key: key, centre: log) { now.withLock { $0 } }
        let client = try CentralClient(base: centre.base, signer: dead)
        #expect(try await client.hello().name == "Keys")
        #expect(dead.clockOffset == 1_795_000_000_000 - milliseconds)
      }
      // Other stations' keys, and stations that nobody knows.
      let stranger = try RequestSigner(
        key: try SigningKey(name: key.name, seed: [UInt8](repeating: 5, count: 32)), centre: log
      ) { Instant(milliseconds: 1_795_000_000_000) }
      let forged = try await stranger.token(method: "GET", target: SyncRoute.hello, body: [])
      #expect(String(buffer: try await ask(forged.token).body).contains("sync.token.signature"))
      let nobody = try RequestSigner(
        key: try SigningKey(name: "HQ/DESK-9", seed: [UInt8](repeating: 5, count: 32)), centre: log
      ) { Instant(milliseconds: 1_795_000_000_000) }
      let unknown = try await nobody.token(method: "GET", target: SyncRoute.hello, body: [])
      #expect(String(buffer: try await ask(unknown.token).body).contains("sync.unauthorised"))
      #expect(try await ask(String(repeating: "a.b.c", count: 2000)).status == .unauthorized)
      // Its own token gives a station no way to push without a ratchet.
      let bundle = try #require(
        EntryBundle(prefixOf: [try UnverifiedEntry(bytes: [UInt8](repeating: 0, count: 70))]))
      now.withLock { $0 = Instant(milliseconds: 1_795_000_000_000) }
      let valid = try await RequestSigner(key: key, centre: log) { now.withLock { $0 } }.token(
        method: "POST", target: SyncRoute.push, body: bundle.bytes)
      var headers: HTTPFields = [.authorization: "Bearer \(valid.token)"]
      let version = try #require(HTTPField.Name(SyncHeader.protocolVersion))
      headers[version] = "1"
      let answer = try await centre.client.execute(
        uri: SyncRoute.push, method: .post, headers: headers, body: ByteBuffer(bytes: bundle.bytes))
      #expect(String(buffer: answer.body).contains("sync.malformedRatchet"))
      try desk.store.close()
    }
  }

  @Test("a station that was enrolled with a token goes on as before, and can be enrolled by a code later")
  func token() async throws {
    try await withCentre { centre, folder in
      let path = folder.path + "/one"
      var desk = try await Desk(path, at: centre.base, token: "none")
      guard case .enrolled(_, let token) = try await centre.server.enrol(verifierKey: desk.store.verifierKey) else {
        throw Refused()
      }
      try await desk.register("AT-1")
      #expect(try await desk.push() != nil)
      try desk.store.close()
      desk = try await Desk(path, at: centre.base, token: token.secret)
      try await desk.pushes()
      try await desk.register("AT-2")
      try await desk.pushes()
      #expect(try await desk.pending == 0)
      try await desk.pullAll()
      try desk.store.close()
      #expect(try await enrolled(path, at: centre).epoch == 1)
      // The token is over; the station signs from now on.
      desk = try await Desk(path, at: centre.base, token: token.secret)
      try await desk.register("AT-3")
      try await desk.pushes()
      #expect(try await desk.pending == 0)
      let plain = try CentralClient(base: centre.base, token: token.secret)
      await #expect(throws: SyncError.self) { try await plain.hello() }
      try desk.store.close()
    }
  }
}
