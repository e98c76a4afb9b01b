import CentralStore
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import SyncProtocol
import SyncTestSupport
import Testing

@testable import Central

@Suite struct SyncRoutesTests {
  @Test("a push is answered entry by entry, after it is in the log")
  func push() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      let deployed = try writer.deploy(registered.event.asset)
      let broken = try deployed.entry.flipping(byte: 0)
      let response = try await central.push([registered.entry, broken, deployed.entry], by: client)
      #expect(response.status == .ok)
      #expect(response.headers[named: "Custody-Protocol"] == "2")
      let answer: PushAnswer = try response.json()
      #expect(answer.results.map(\.status) == [.applied, .rejected, .applied])
      #expect(answer.results.map(\.logIndex) == [1, nil, 2])
      // Index 0 states the station's enrolment. The members that the protocol names, as they stand on the wire.
      #expect(response.text.contains(#"{"epoch":1,"logIndex":1,"seq":1,"status":"applied"}"#))
      #expect(try await central.server.store.asset(registered.event.asset)?.state == .deployed)
    }
  }

  @Test("without the right token nothing is taken and nothing is said")
  func unauthorised() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      let wrong = try await central.push([registered.entry], by: client, token: central.token + "0")
      #expect(wrong.status == .unauthorized)
      #expect(wrong.headers[.wwwAuthenticate] == "Bearer")
      #expect(try wrong.problem().code == "sync.unauthorised")
      for route in [SyncRoute.hello, SyncRoute.entries] {
        let response = try await client.execute(uri: route, method: .get)
        #expect(response.status == .unauthorized)
      }
      #expect(try await central.server.store.headIndex() == 0)
    }
  }

  @Test("a request of another version is refused, naming the versions")
  func version() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      for version in ["3", "", nil] {
        let response = try await client.execute(
          uri: SyncRoute.entries, method: .get, headers: central.headers(version: version))
        #expect(response.status == .badRequest)
        #expect(try response.problem().code == "sync.protocolVersion")
      }
      let hello = try await client.execute(uri: SyncRoute.hello, method: .get, headers: central.headers(version: nil))
      #expect(try hello.json(Hello.self).protocols == [1, 2])
    }
  }

  @Test("what is too long or malformed is refused whole")
  func malformed() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      func post(_ bytes: [UInt8]) async throws -> TestResponse {
        try await client.execute(
          uri: SyncRoute.push, method: .post, headers: central.headers(), body: ByteBuffer(bytes: bytes))
      }
      let oversize = try await post([UInt8](repeating: 0, count: (1 << 20) + 1))
      #expect(oversize.status == .contentTooLarge)
      #expect(try oversize.problem().code == "sync.tooLarge")
      var entry = [UInt8](repeating: 0, count: 67)
      entry[1] = 65
      let tooMany = try await post((0..<501).flatMap { _ in entry })
      #expect(tooMany.status == .contentTooLarge)
      let cut = try await post(Array(entry.dropLast()))
      #expect(cut.status == .badRequest)
      #expect(try cut.problem().detail == "The push ends in the middle of the entry at byte 0.")
      #expect(try await post([]).status == .badRequest)
      #expect(try await central.server.store.figures().rejected == 0)
    }
  }

  @Test("a station is given numbers of asset tags; odd requests get none")
  func tagNumbers() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      func ask(_ body: String, token: String? = nil) async throws -> TestResponse {
        try await client.execute(
          uri: SyncRoute.tagNumbers, method: .post, headers: central.headers(token: token),
          body: ByteBuffer(string: body))
      }
      let good = #"{"request":"r1","letters":"AT","count":1000,"inUse":41}"#
      let given = try await ask(good)
      #expect(given.status == .ok)
      #expect(given.text == #"{"first":42,"last":1041,"letters":"AT"}"#)
      #expect(try await ask(good, token: "x").status == .unauthorized)
      for bad in [
        "", "{}", good.replacing("1000", with: "0"), good.replacing("1000", with: "10001"),
        good.replacing("1000", with: "9223372036854775807"), good.replacing("41", with: "-1"),
        good.replacing("41", with: "9223372036854775807"), good.replacing("AT", with: "at"),
        good.replacing("AT", with: "A'; DROP TABLE tag_numbers; --"), good.replacing("r1", with: ""),
        good.replacing("r1", with: String(repeating: "r", count: 65)),
      ] {
        let answer = try await ask(bad)
        #expect(answer.status == .badRequest, "\(bad)")
        #expect(try answer.problem().code == "sync.malformedTagRequest")
      }
      #expect(try await ask(String(repeating: " ", count: 5000)).status == .contentTooLarge)
    }
  }

  @Test("hello says what is held of the asking station")
  func hello() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      var writer = try ChainWriter(1)
      let before: Hello = try await client.execute(uri: SyncRoute.hello, method: .get, headers: central.headers())
        .json()
      #expect(before.name == "Northgate <centre>")
      #expect(before.version == "1.2.3")
      #expect(before.headIndex == 0)
      #expect(before.held == nil)
      _ = try await central.push(
        [try writer.register("AT-00001").entry, try writer.register("AT-00002").entry], by: client)
      let after: Hello = try await client.execute(uri: SyncRoute.hello, method: .get, headers: central.headers()).json()
      #expect(after.headIndex == 2)
      #expect(after.held == HeldChain(epoch: 1, seq: 2, hash: writer.prevHash.description))
    }
  }

  @Test("pages of the log: exact bytes, after an index, as many as asked for")
  func entries() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      var writer = try ChainWriter(1)
      let entries = try (0..<5).map { try writer.register("AT-\($0)").entry }
      _ = try await central.push(entries, by: client)
      let response = try await client.execute(
        uri: "\(SyncRoute.entries)?after=1&limit=2", method: .get, headers: central.headers())
      #expect(response.headers[.contentType] == "application/x-ndjson")
      let lines = response.text.split(separator: "\n")
      let pulled = try lines.map { try JSONDecoder().decode(PulledEntry.self, from: Data($0.utf8)) }
      #expect(pulled.map(\.logIndex) == [2, 3])
      #expect(pulled.map(\.entry) == entries[1...2].map(\.entry.bytes))
      #expect(pulled.allSatisfy { $0.station == "HQ/S1" && $0.receivedAt == central.clock.now })
      for query in ["after=x", "limit=0", "limit=1001", "wait=31", "after=-2"] {
        let bad = try await client.execute(
          uri: "\(SyncRoute.entries)?\(query)", method: .get, headers: central.headers())
        #expect(try bad.problem().code == "http.badParameter", "\(query)")
      }
    }
  }

  @Test("a long poll is answered by the push that it waited for")
  func longPoll() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      var writer = try ChainWriter(1)
      let entry = try writer.register("AT-00001").entry
      async let poll = client.execute(
        uri: "\(SyncRoute.entries)?after=0&wait=30", method: .get, headers: central.headers())
      let pushed = try await central.push([entry], by: client)
      #expect(pushed.status == .ok)
      let response = try await poll
      #expect(response.text.split(separator: "\n").count == 1)
    }
  }
}

@Suite struct LogSignalTests {
  @Test("those wake whose index is passed; the others wait until they are cancelled", .timeLimit(.minutes(25)))
  func wakes() async {
    let signal = LogSignal(head: 4)
    // The log is past 3 already.
    await signal.wait(past: 3, atMost: .seconds(3600))
    async let five: Void = signal.wait(past: 4, atMost: .seconds(3600))
    let never = Task { await signal.wait(past: 9, atMost: .seconds(3600)) }
    signal.advance(to: 5)
    await five
    never.cancel()
    await never.value
    await signal.wait(past: 5, atMost: .zero)
  }
}

@Suite struct PushGateTests {
  @Test("when every place is taken the next is turned away, and let in once one is free")
  func places() async throws {
    let gate = PushGate(places: 1)
    let inner = try await gate.enter {
      try await gate.enter { true }
    }
    #expect(inner == .some(nil))
    #expect(try await gate.enter { true } == true)
    await #expect(throws: CentralUnderTest.Refused.self) {
      try await gate.enter { throw CentralUnderTest.Refused() }
    }
    #expect(try await gate.enter { true } == true)
  }
}
