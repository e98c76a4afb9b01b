import CentralStore
import Custody
import CustodyLedger
import Logging
import ServiceLifecycle
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Central

/// A centre that really listens, and a station's client that really connects.
@Suite(.timeLimit(.minutes(25))) struct LiveTests {
  /// Runs a centre on a free port, gives `body` its base address, and shuts it down gracefully.
  private func withCentre(_ body: @Sendable (CentralServer, _ base: String) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let server = try await CentralServer(
      CentralConfiguration(name: "Live", dataFolder: folder.path, port: 0), logger: logger
    ) { port in
      continuation.yield(port)
      continuation.finish()
    }
    let group = ServiceGroup(services: [server], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { continuation.finish() }
        try await group.run()
      }
      for await port in ports { try await body(server, "http://127.0.0.1:\(port)") }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    await #expect(throws: CentralFault.closed) { try await server.store.headIndex() }
  }

  /// No busy machine is slower.
  private static let patient = CentralClient.Timeouts(request: .seconds(600), pull: .seconds(600))

  private func token(_ writer: ChainWriter, _ server: CentralServer) async throws -> String {
    guard case .enrolled(_, let token) = try await server.enrol(verifierKey: writer.key.verifierKey) else {
      throw CentralUnderTest.Refused()
    }
    return token.secret
  }

  @Test("a station greets, pushes, retries and pulls")
  func exchange() async throws {
    try await withCentre { server, base in
      var writer = try ChainWriter(1)
      let client = try CentralClient(base: base, token: try await token(writer, server), timeouts: Self.patient)
      #expect(try await client.hello().headIndex == 0)
      let entries = try (0..<700).map { try writer.register("AT-\($0)").entry }
      var rest = entries[...]
      var indexes: [Int64?] = []
      while let bundle = EntryBundle(prefixOf: rest) {
        let answer = try await client.push(bundle)
        #expect(answer.results.allSatisfy { $0.status == .applied })
        #expect(try await client.push(bundle).results.allSatisfy { $0.status == .duplicate })
        indexes += answer.results.map(\.logIndex)
        rest = rest.dropFirst(bundle.entries.count)
      }
      #expect(indexes == (1...700).map { Int64($0) })
      #expect(try await client.hello().held == HeldChain(epoch: 1, seq: 700, hash: writer.prevHash.description))
      var pulled: [PulledEntry] = []
      while true {
        let page = try await client.pull(after: Int64(pulled.count) - 1, limit: 300)
        if page.isEmpty { break }
        pulled += page
      }
      #expect(pulled.dropFirst().map(\.entry) == entries.map(\.entry.bytes))
    }
  }

  @Test("a pull waits for a push of another station")
  func longPoll() async throws {
    try await withCentre { server, base in
      var one = try ChainWriter(1)
      let two = try ChainWriter(2)
      let pushing = try CentralClient(base: base, token: try await token(one, server), timeouts: Self.patient)
      let pulling = try CentralClient(base: base, token: try await token(two, server), timeouts: Self.patient)
      async let page = pulling.pull(after: 1, wait: .seconds(30))
      let bundle = try #require(EntryBundle(prefixOf: [try one.register("AT-1").entry]))
      _ = try await pushing.push(bundle)
      #expect(try await page.map(\.station) == ["HQ/S1"])
    }
  }

  @Test("a shutdown does not wait for long polls")
  func shutdown() async throws {
    try await withCentre { server, base in
      let client = try CentralClient(
        base: base, token: try await token(try ChainWriter(1), server), timeouts: Self.patient)
      _ = try await client.hello()
      // Left running when the centre is told to stop; whatever it answers, it must not hold that up for 30 seconds.
      Task { try await client.pull(after: 0, wait: .seconds(30)) }
    }
  }

  @Test("errors are told apart")
  func errors() async throws {
    try await withCentre { _, base in
      let stranger = try CentralClient(base: base, token: "cst_0", timeouts: Self.patient)
      await #expect(throws: SyncError.unauthorised(Problem.unknownToken)) { try await stranger.hello() }
      let elsewhere = try CentralClient(base: base + "/other", token: "cst_0", timeouts: Self.patient)
      await #expect {
        try await elsewhere.hello()
      } throws: { error in
        guard case .some(.refused(let problem)) = error as? SyncError else { return false }
        return problem.code == "http.notFound"
      }
    }
    // Port 1 (tcpmux) is closed on any machine that runs tests.
    let nobody = try CentralClient(base: "http://127.0.0.1:1", token: "cst_0")
    await #expect {
      try await nobody.hello()
    } throws: { error in
      if case .some(.unreachable) = error as? SyncError { true } else { false }
    }
    for base in ["centre.example.com", "ftp://centre.example.com", "https://", "http://a@b/", "http://a/?q=1"] {
      #expect(throws: SyncError.self, "\(base)") { try CentralClient(base: base, token: "") }
    }
  }

  @Test("a command enrols through the running centre, and into the folder of one that does not run")
  func control() async throws {
    let key = try ChainWriter(1).key.verifierKey
    try await withCentre { server, base in
      let answer = try await CentralControl.enrol(
        verifierKey: key.description, dataFolder: server.configuration.dataFolder)
      guard case .enrolled(let station, let token) = answer else {
        Issue.record("\(answer)")
        return
      }
      #expect(station == "HQ/S1")
      #expect(try await CentralClient(base: base, token: token, timeouts: Self.patient).hello().name == "Live")
      let bad = try await CentralControl.enrol(verifierKey: "nonsense", dataFolder: server.configuration.dataFolder)
      guard case .refused(let refusal) = bad else {
        Issue.record("\(bad)")
        return
      }
      #expect(refusal.code == "central.enrol.badKey")
    }
    let folder = try TemporaryFolder()
    guard case .enrolled = try await CentralControl.enrol(verifierKey: key.description, dataFolder: folder.path),
      case .enrolled = try await CentralControl.enrol(verifierKey: key.description, dataFolder: folder.path)
    else {
      Issue.record("a folder at rest did not take an enrolment")
      return
    }
  }
}
