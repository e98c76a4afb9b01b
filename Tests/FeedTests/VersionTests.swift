import CentralStore
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import Testing

@testable import Central
@testable import Station

/// Stations and centres of different versions, and a centre that has enough to do.
@Suite(.timeLimit(.minutes(25))) struct VersionTests {
  /// Asks a centre as a station of a version does.
  private func ask(
    _ centre: CentreUnderTest, _ path: String, token: String, version: String?, push: [UInt8]? = nil
  ) async throws -> (status: Int, body: Data) {
    var request = CentralRequest(
      push == nil ? .GET : .POST, path, headers: ["authorization": "Bearer \(token)"], body: push ?? [],
      timeout: .seconds(60))
    if let version { request.headers.add(name: SyncHeader.protocolVersion, value: version) }
    let answer = try await HTTPTransport(to: centre.base).exchange(request)
    var body = Data()
    for try await piece in answer.body { body += Data(piece.readableBytesView) }
    return (answer.status, body)
  }

  @Test("a station of version 1 is served, in words that it knows", arguments: Database.allCases)
  func olderStation(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      var (one, two) = (try ChainWriter(1), try ChainWriter(2))
      let written = try (0..<2).map { try one.register("AT-\($0)") }
      for event in written { try two.learn(event) }
      let ids = written.map(\.event.asset)
      try await centre.push(written.map(\.entry) + ids.map { try one.deploy($0).entry }, from: one)
      let token = try await centre.enrol(two.key.verifierKey)
      let claims = try ids.map { try two.deploy($0, to: "Legal").entry }
      for (version, claim, status) in [("1", claims[0], "applied"), ("2", claims[1], "contested")] {
        let bundle = try #require(EntryBundle(prefixOf: [claim]))
        let answer = try await ask(centre, SyncRoute.push, token: token, version: version, push: bundle.bytes)
        let result = try #require(try JSONDecoder().decode(PushAnswer.self, from: answer.body).results.first)
        #expect(result.status.rawValue == status)
        #expect(result.code == "custody.contested", "what is the matter is said all the same")
      }
      let hello = try JSONDecoder().decode(
        Hello.self, from: try await ask(centre, SyncRoute.hello, token: token, version: "1").body)
      #expect(hello.protocols == [1, 2])
      for unknown in ["0", "3", "-1", "1.0", "'; DROP TABLE log", nil] {
        let answer = try await ask(centre, SyncRoute.entries + "?after=-1", token: token, version: unknown)
        #expect(answer.status == 400)
        #expect(try JSONDecoder().decode(Problem.self, from: answer.body).code == "sync.protocolVersion")
      }
    }
  }

  /// A centre that speaks only some versions, and holds nothing.
  private func withCentre(
    of versions: [Int], _ body: @escaping @Sendable (CentralClient) async throws -> Void
  ) async throws {
    let router = Router()
    @Sendable func marked(_ response: Response) -> Response {
      var response = response
      response.headers[named: SyncHeader.protocolVersion] = "\(versions[0])"
      return response
    }
    router.get(RouterPath(SyncRoute.hello)) { _, _ in
      let hello = Hello(name: "Other", version: "0", protocols: versions, headIndex: -1, held: nil)
      return marked(try JSONAnswer.response(hello))
    }
    router.get(RouterPath(SyncRoute.entries)) { request, _ in
      let version = request.headers[named: SyncHeader.protocolVersion]
      guard versions.map(String.init).contains(version ?? "") else {
        let problem = Problem.protocolVersion(version)
        return marked(try JSONAnswer.response(problem, status: .badRequest, mediaType: Problem.mediaType))
      }
      return marked(Response(status: .ok))
    }
    try await Application(router: router).test(.live) { client in
      try await body(try CentralClient(base: "http://127.0.0.1:\(try #require(client.port))", token: "any"))
    }
  }

  @Test("a station goes down to the version of an older centre, and knows that it is older")
  func olderCentre() async throws {
    try await withCentre(of: [1]) { client in
      #expect(!client.centreIsOlder)
      let page = try await client.pull(after: -1)
      #expect(page.isEmpty)
      #expect(client.centreIsOlder)
    }
  }

  @Test("with a centre of no common version it says which of the two is to be brought up")
  func noCommonVersion() async throws {
    try await withCentre(of: [7, 8]) { client in
      await #expect {
        try await client.pull(after: -1)
      } throws: { error in
        guard case .some(.protocol(let reason)) = error as? SyncError else { return false }
        return reason.contains("bring the station up")
      }
    }
  }

  @Test("a station leaves a busy centre alone for as long as it asks", arguments: [7, 90])
  func retryAfter(_ seconds: Int) async throws {
    let router = Router()
    router.get("/sync/**") { _, _ in
      var response = try JSONAnswer.response(Problem.busy, status: .tooManyRequests, mediaType: Problem.mediaType)
      response.headers[.retryAfter] = "\(seconds)"
      response.headers[named: SyncHeader.protocolVersion] = "2"
      return response
    }
    try await Application(router: router).test(.live) { client in
      let address = "http://127.0.0.1:\(try #require(client.port))"
      try await CentreUnderTest.run { centre in
        try await centre.station(at: address) { core, service in
          var random = SystemRandomNumberGenerator()
          var pull = SyncService.PullState()
          var backoff = SyncBackoff(ceiling: .seconds(600))
          for pause in [
            try await service.pullTurn(&pull, using: &random),
            try await service.referenceTurn(&backoff, using: &random),
          ] {
            guard case .time(let time) = pause else { throw CentreUnderTest.Refused() }
            #expect(time >= .seconds(seconds) && time <= .seconds(seconds) * 1.1)
          }
        }
      }
    }
  }

  @Test("a body of 100 MB is refused before it is read", arguments: [SyncRoute.push, SyncRoute.blobs + "/DIGEST"])
  func oversize(_ path: String) async throws {
    try await CentreUnderTest.run { centre in
      var writer = try ChainWriter(1)
      let digest = String(repeating: "ab", count: 32)
      writer.evidence = [EvidenceReference(digest: digest, length: 9, mediaType: "image/jpeg", role: "photo")]
      let written = try writer.register("AT-1")
      try await centre.push([written.entry], from: writer)
      let token = try await centre.enrol(writer.key.verifierKey)
      let port = try #require(centre.base.split(separator: ":").last.flatMap { Int($0) })
      let target = path.replacing("DIGEST", with: digest) + "?event=\(written.event.eventID)&offset=0"
      // The head alone: whoever waited for the body would wait for ever.
      let line = try await RawConnection.firstLine(
        port: port,
        sending: "POST \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
          + "\(SyncHeader.protocolVersion): 2\r\nContent-Length: 104857600\r\n\r\n")
      #expect(line.hasPrefix("HTTP/1.1 413"), "\(line)")
    }
  }

  @Test("a body that comes byte by byte is given up after its time")
  func slow() async throws {
    try await CentreUnderTest.run { centre in
      let router = Router(context: CentralContext.self)
      router.add(
        middleware: AnswerMiddleware(
          pages: try Pages(centre: "x") { false }, stations: centre.server.stationAccess))
      // One time that is over before a body that never ends, and one that no machine is too slow for.
      for (path, time) in [("/sync/slow", Duration.milliseconds(50)), ("/sync/patient", .seconds(3600))] {
        router.post(RouterPath(path)) { request, _ in
          let bytes = try await request.wholeBody(upTo: 100, within: time)
          return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
      }
      try await Application(router: router).test(.live) { client in
        let port = try #require(client.port)
        let slow = try await RawConnection.firstLine(
          port: port, sending: "POST /sync/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx")
        #expect(slow.hasPrefix("HTTP/1.1 408"), "\(slow)")
        let whole = try await RawConnection.firstLine(
          port: port, sending: "POST /sync/patient HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nxyz")
        #expect(whole.hasPrefix("HTTP/1.1 200"), "\(whole)")
      }
    }
  }
}
