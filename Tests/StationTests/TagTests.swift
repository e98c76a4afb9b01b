import CustodyLedger
import Foundation
import HTTPTypes
import ReaderNetwork
import Testing

@testable import ScannerProtocols
@testable import Station

/// RFID tags at the station: what is shown of them, and that nothing is recorded.
@Suite("Tags", .timeLimit(.minutes(25))) struct TagTests {
  /// SGTIN-96 of GS1's Tag Data Standard 1.13, appendix E.3.
  private static let epc: [UInt8] = [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0x00, 0x00, 0x1A, 0x85]
  private static let digits = "3074257BF7194E4000001A85"
  private static let uri = "urn:epc:tag:sgtin-96:3.0614141.812345.6789"

  private static func options(_ tags: TagField.Configuration = .init()) -> StationOptions {
    var options = StationOptions(usb: false)
    options.tags = tags
    return options
  }

  @Test func `a tag that arrives is shown with the asset that it belongs to, and records nothing`() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register(Self.uri, kind: "epc")
      let before = try await api.get("/health").text("head")
      let readings = try await api.get("/api/v1/readings").items().count
      // As a reader on USB hands them over.
      api.core.tags.take(
        [
          TagRead(epc: Self.epc, control: ProtocolControl(rawValue: 0x3000), antenna: 2, strength: .dBm(-51), count: 3),
          TagRead(epc: [0xAA, 0xBB, 0xCC, 0xDD]),
        ], from: "1a86:7523/1-2")
      let answer = try await api.get("/api/v1/tags")
      let known = try #require(try answer.items().first { $0[path: "epc"]?.text == Self.digits })
      #expect(known[path: "asset.id"]?.text == id)
      #expect(known[path: "uri"]?.text == Self.uri)
      #expect(known[path: "control"]?.text == "3000")
      #expect(known[path: "reader"]?.text == "1a86:7523/1-2")
      #expect(known[path: "antenna"] == 2)
      #expect(known[path: "signal"] == -51)
      #expect(known[path: "signalUnit"]?.text == "dBm")
      #expect(known[path: "count"] == 3)
      // The station's wall clock stands at 09:00; it came some milliseconds before it was asked for.
      #expect(known[path: "firstSeen"]?.text?.hasPrefix("2026-03-02T08:59:5") == true)
      let unknown = try #require(try answer.items().first { $0[path: "epc"]?.text == "AABBCCDD" })
      #expect(unknown[path: "asset"] == nil)
      #expect(unknown[path: "antenna"] == nil)
      #expect(try await api.get("/api/v1/tags?epc=3074").items().count == 1)
      #expect(try await api.get("/api/v1/tags?reader=other").items().isEmpty)
      let first = try await api.get("/api/v1/tags?limit=1")
      #expect(try first.items().count == 1)
      #expect(try await api.get("/api/v1/tags?limit=1&after=\(try first.text("next"))").items().count == 1)
      try APIDescriptionTests.check([
        ("TagPage", answer), ("PassagePage", try await api.get("/api/v1/passages")),
        ("ReaderPage", try await api.get("/api/v1/readers")), ("Health", try await api.get("/health")),
      ])
      let page = String(decoding: try await api.get("/tags").bytes, as: UTF8.self)
      #expect(page.contains(#"href="/assets/\#(id)""#))
      #expect(page.contains("2 tags in view"))
      #expect(page.contains("1a86:7523/1-2, antenna 2"))
      #expect(page.contains("no asset has this tag"))
      #expect(try await api.get("/health").text("head") == before)
      #expect(try await api.get("/api/v1/readings").items().count == readings)
      try await api.ask(.get, "/api/v1/tags", as: nil).expectProblem(.unauthorized, "access.notSignedIn")
      try await api.get("/api/v1/tags?limit=0").expectProblem(
        .unprocessableContent, "request.malformed", pointer: "/limit")
    }
  }

  @Test func `zones name places, and a way through a door is a sighting`() async throws {
    let configuration = try TagField.Configuration(
      zones: ["store=gate:1", "yard=gate:2"], doors: ["gate=gate:1/gate:2"])
    try await APIUnderTest.run(options: Self.options(configuration)) { api in
      let id = try await api.register(Self.uri, kind: "epc")
      let before = try await api.get("/health").text("head")
      let now = api.core.tags.time.elapsed
      for (time, antenna) in [(0, 2), (300, 1), (600, 1), (1_000, 1)] {
        let read = TagRead(epc: Self.epc, antenna: antenna, strength: .dBm(antenna == 1 ? -40 : -60))
        api.core.tags.take([TimedRead(read: read, at: now + .milliseconds(time))], from: "gate")
      }
      #expect(try await api.get("/api/v1/tags?zone=store").items().count == 1)
      await api.core.keepPassages()
      let passages = try await api.get("/api/v1/passages")
      #expect(try passages.items().count == 1)
      #expect(try passages.items().first?[path: "doorway"]?.text == "gate")
      #expect(try passages.items().first?[path: "to"]?.text == "inside")
      #expect(try passages.items().first?[path: "asset.id"]?.text == id)
      try APIDescriptionTests.check([("PassagePage", passages)])
      let page = String(decoding: try await api.get("/tags?place=store").bytes, as: UTF8.self)
      #expect(page.contains("came in"))
      #expect(page.contains("1 tag in view"))
      let empty = String(decoding: try await api.get("/tags?place=yard").bytes, as: UTF8.self)
      #expect(empty.contains("No tag is in view"))
      #expect(try await api.get("/health").text("head") == before)
      #expect(try await api.get("/api/v1/assets/\(id)").text("state") == "inStock")
    }
  }

  @Test func `a passage is kept with the asset of then, page by page, also when the station stops right behind it`()
    async throws
  {
    let configuration = try TagField.Configuration(doors: ["gate=gate:1/gate:2", "yard=gate:3/gate:4"])
    try await APIUnderTest.run(options: Self.options(configuration)) { api in
      let id = try await api.register(Self.uri, kind: "epc")
      func pass(inside: Int, outside: Int, _ epc: [UInt8], at begin: Duration) {
        for (time, antenna) in [(0, outside), (300, inside), (600, inside), (1_000, inside)] {
          let read = TagRead(epc: epc, antenna: antenna, strength: .dBm(antenna == inside ? -40 : -60))
          api.core.tags.take([TimedRead(read: read, at: begin + .milliseconds(time))], from: "gate")
        }
      }
      let now = api.core.tags.time.elapsed
      let service = Task { try await TagService(core: api.core).run() }
      pass(inside: 1, outside: 2, Self.epc, at: now)
      pass(inside: 3, outside: 4, [0xAA, 0xBB], at: now)
      pass(inside: 2, outside: 1, Self.epc, at: now + .seconds(20))
      // It keeps what there is before it ends.
      service.cancel()
      _ = await service.result
      let first = try await api.get("/api/v1/passages?limit=2")
      let second = try await api.get("/api/v1/passages?limit=2&after=\(try first.text("next"))")
      let items = try first.items() + second.items()
      #expect(try second.json[path: "next"] == nil)
      #expect(items.map { $0[path: "id"]?.text } == ["3", "2", "1"])
      #expect(items.map { $0[path: "doorway"]?.text } == ["gate", "yard", "gate"])
      #expect(items.map { $0[path: "to"]?.text } == ["outside", "inside", "inside"])
      #expect(items.map { $0[path: "asset.id"]?.text } == [id, nil, id])
      try APIDescriptionTests.check([("PassagePage", first), ("PassagePage", second)])
      #expect(try await api.get("/api/v1/passages?door=yard").items().count == 1)
      #expect(try await api.get("/api/v1/passages?epc=\(Self.digits)").items().count == 2)
      try await api.get("/api/v1/passages?epc=3").expectProblem(
        .unprocessableContent, "request.malformed", pointer: "/epc")
      try await api.ask(.get, "/api/v1/passages", as: nil).expectProblem(.unauthorized, "access.notSignedIn")
      let kept = try await api.core.store.read { try $0.passages(limit: 9) }
      #expect(kept.map { $0.asset?.description } == [id, nil, id])
      let page = String(decoding: try await api.get("/passages?door=gate").bytes, as: UTF8.self)
      #expect(page.contains("came in") && page.contains("went out") && !page.contains("AABB"))
      #expect(try await api.get("/api/v1/assets/\(id)").text("state") == "inStock")
    }
  }

  @Test func `passages that cannot be kept wait, in order; beyond ten thousand the oldest are counted as lost`() throws
  {
    let tags = StationTags()
    func passages(_ numbers: Range<Int>) -> [TagPassage] {
      numbers.map {
        TagPassage(
          doorway: "gate", passage: Doorway.Passage(epc: [UInt8($0 >> 8), UInt8($0 & 255)], to: .inside, at: .zero))
      }
    }
    #expect(tags.putBack(passages(5..<10)))
    #expect(!tags.putBack(passages(0..<5)))
    let (waiting, lost) = tags.takeUnkept()
    #expect(waiting == passages(0..<10) && lost == 0)
    #expect(!tags.putBack(passages(0..<10_003)))
    let (most, tooMany) = tags.takeUnkept()
    #expect(most == passages(3..<10_003) && tooMany == 3)
    tags.keepingWorks()
    #expect(tags.putBack([]))
  }

  @Test func `what comes and goes is told to who listens, with its asset`() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register(Self.uri, kind: "epc")
      var events = api.core.tagsLive.listen(after: nil).makeAsyncIterator()
      let service = Task { try await TagService(core: api.core).run() }
      defer { service.cancel() }
      api.core.tags.take([TagRead(epc: Self.epc, antenna: 1)], from: "dock")
      let arrived = try #require(await events.next())
      #expect(arrived.name == "tag")
      let told = try JSONDecoder().decode(CanonicalJSON.self, from: Data(arrived.data))
      #expect(told[path: "event"]?.text == "arrived")
      #expect(told[path: "tag.asset.id"]?.text == id)
      // Nobody reads it again: after two seconds it has gone.
      let gone = try JSONDecoder().decode(CanonicalJSON.self, from: Data(try #require(await events.next()).data))
      #expect(gone[path: "event"]?.text == "gone")
    }
  }

  @Test func `a reader on the network is read, written to, and told of in health`() async throws {
    var emulation = try LLRPEmulation()
    emulation.memory[Self.epc] = [.tid: [0xE280, 0x1160, 0x2000, 0, 0, 1], .user: [0, 0]]
    let emulated = EmulatedReader(emulation)
    let port = try await emulated.start()
    var options = StationOptions(usb: false)
    options.readers = [try ReaderSetting("dock=llrp://127.0.0.1:\(port)")]
    try await APIUnderTest.run(options: options) { api in
      var events = api.core.tagsLive.listen(after: nil).makeAsyncIterator()
      let service = Task { try await ReaderService(core: api.core, reader: api.core.readers[0]).run() }
      defer { service.cancel() }
      while api.core.readers[0].status.phase != .reading { _ = await events.next() }
      let health = try await api.get("/health")
      #expect(try health.items("readers").first?[path: "name"]?.text == "dock")
      #expect(try health.items("readers").first?[path: "words"]?.text == "Reading")
      let readers = try await api.get("/api/v1/readers")
      #expect(try readers.items().first?[path: "state"]?.text == "reading")
      #expect(try readers.items().first?[path: "firmware"]?.text == "emulated")
      try APIDescriptionTests.check([("Health", health), ("ReaderPage", readers)])
      let operations = "/api/v1/readers/dock/operations"
      let tid = try await api.post(operations, ["epc": .string(Self.digits), "operation": "readTID"], as: api.kim)
      #expect(try tid.text("bytes") == "E28011602000000000000001")
      let write: CanonicalJSON = [
        "epc": .string(Self.digits), "operation": "write", "bank": "user", "word": 0, "bytes": "CAFE",
      ]
      let written = try await api.post(operations, write, as: api.kim)
      #expect(try written.text("outcome") == "verified")
      try APIDescriptionTests.check([("TagMemory", tid), ("TagMemory", written)])
      // Who only looks may not write.
      try await api.post(operations, write, as: api.vic).expectProblem(.forbidden, "access.forbidden")
      for (change, pointer) in [
        (("epc", "30Z"), "/epc"), (("operation", "erase"), "/operation"), (("bank", "attic"), "/bank"),
        (("word", "x"), "/word"), (("bytes", "CAF"), "/bytes"), (("password", "00"), "/password"),
      ] {
        var wrong = write
        wrong[path: change.0] = .string(change.1)
        try await api.post(operations, wrong, as: api.kim).expectProblem(
          .unprocessableContent, "request.malformed", pointer: pointer)
      }
      var tooMuch = write
      tooMuch[path: "bytes"] = "CAFECAFECAFE"
      try await api.post(operations, tooMuch, as: api.kim).expectProblem(.conflict, "tag.refused")
      try await api.post("/api/v1/readers/attic/operations", write, as: api.kim)
        .expectProblem(.notFound, "request.notFound")
      try await emulated.stop()
      while api.core.readers[0].status.phase != .lost { _ = await events.next() }
      let lost = try await api.get("/health")
      #expect(try lost.items("readers").first?[path: "words"]?.text?.hasPrefix("No connection: ") == true)
      #expect(try lost.items("readers").first?[path: "remedy"]?.text?.isEmpty == false)
      try await api.post(operations, write, as: api.kim).expectProblem(.serviceUnavailable, "tag.noAnswer")
      let devices = String(decoding: try await api.get("/devices").bytes, as: UTF8.self)
      #expect(devices.contains("The reader cannot be used"))
    }
  }

  @Test(arguments: [
    (ReaderStatus.Phase.reading, "The reader reads, with a reservation"),
    (.settingUp, "The reader is being set up, with a reservation"), (.lost, "The reader cannot be used"),
  ])
  func `what is wrong with a reader is told as it stands with it`(_ phase: ReaderStatus.Phase, _ title: String) throws {
    var status = ReaderStatus()
    (status.phase, status.reason, status.remedy) = (phase, "the reader reports: M_ParameterError", "Look at its pages.")
    let view = NetworkReaderView("dock", at: try ReaderAddress("llrp://10.0.0.5"), status)
    #expect(view.problem?.title == title)
    #expect(view.problem?.detail == "The reader reports: M_ParameterError.")
    #expect(view.problem?.remedy == "Look at its pages.")
  }

  // MARK: Settings

  @Test func `zones, doors and filters are read from the settings`() throws {
    let tags = try TagField.Configuration(
      zones: ["shelf=dock:1+dock:2", "05=05e0:1200/1-2:1"], doors: ["gate=dock:3/dock:4+out:1"],
      only: ["3034", "E28/11"],
      never: ["30340000"], goneAfter: .seconds(5))
    #expect(tags.smoothing.zones[TagAntenna(reader: "dock", number: 2)] == "shelf")
    #expect(tags.smoothing.zones[TagAntenna(reader: "05e0:1200/1-2", number: 1)] == "05")
    #expect(
      tags.doorways["gate"]?.outside == [TagAntenna(reader: "dock", number: 4), TagAntenna(reader: "out", number: 1)])
    #expect(tags.smoothing.departure == .seconds(5))
    let filter = tags.smoothing.filter
    #expect(filter.passes(TagRead(epc: [0x30, 0x34, 0x01, 0x00])))
    #expect(!filter.passes(TagRead(epc: [0x30, 0x34, 0x00, 0x00])))
    // E28 to 11 bits: 1110 0010 100x.
    #expect(filter.passes(TagRead(epc: [0xE2, 0x9F])))
    #expect(!filter.passes(TagRead(epc: [0xE2, 0xA0])))
  }

  @Test(arguments: [
    (["zones": "shelf"], "A zone is written"), (["zones": "=dock:1"], "A zone is written"),
    (["zones": "a=dock"], "'dock' is no antenna"), (["zones": "a=dock:x"], "no antenna"),
    (["zones": "a=dock:1+"], "no antenna"), (["zones": "a=dock:1+dock:1"], "two zones"),
    (["doors": "gate=dock:1"], "A door is written"), (["doors": "gate=dock:1/dock:1"], "both sides"),
    (["only": "xyz"], "hexadecimal"), (["only": ""], "hexadecimal"), (["never": "30/9"], "1 to 8"),
    (["never": "30/0"], "1 to 8"),
  ])
  func `what is wrong with them is said`(_ settings: [String: String], _ words: String) {
    #expect {
      try TagField.Configuration(
        zones: settings["zones"].map { [$0] } ?? [], doors: settings["doors"].map { [$0] } ?? [],
        only: settings["only"].map { [$0] } ?? [], never: settings["never"].map { [$0] } ?? [])
    } throws: { error in
      "\(error)".contains(words)
    }
  }

  @Test(arguments: [
    ("dock", "NAME=ADDRESS"), ("=llrp://a", "NAME=ADDRESS"), ("a b=llrp://a", "letters"), ("dock=http://a", "llrp://"),
  ])
  func `what is wrong with a reader's setting is said`(_ text: String, _ words: String) {
    #expect {
      try ReaderSetting(text)
    } throws: { error in
      "\(error)".contains(words)
    }
  }
}
