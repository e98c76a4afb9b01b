import Custody
import CustodyLedger
import Foundation
import HTTPTypes
import ReaderNetwork
import StationStore
import Testing

@testable import ScannerProtocols
@testable import Station

/// What goes through a door, compared with the record; no custody follows from it.
@Suite("Doors", .timeLimit(.minutes(25))) struct DoorTests {
  /// SGTIN-96 of GS1's Tag Data Standard 1.13, appendix E.3, and those of the serial numbers that follow.
  private static func epc(_ number: Int) -> [UInt8] {
    [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0x00, 0x00, 0x1A, UInt8(0x85 + number)]
  }

  private static func uri(_ number: Int) -> String { "urn:epc:tag:sgtin-96:3.0614141.812345.\(6789 + number)" }
  private static let settling: CanonicalJSON = ["words": "brought back"]

  private struct UnexpectedAnswer: Error {}

  /// What the doorway makes of a tag that went through, on its way to the store.
  private static func pass(
    _ api: APIUnderTest, _ epc: [UInt8], _ side: Doorway.Side?, door: String = "gate"
  ) async {
    let passage = Doorway.Passage(epc: epc, to: side, at: api.core.tags.time.elapsed)
    _ = api.core.tags.putBack([TagPassage(doorway: door, passage: passage)])
    await api.core.keepPassages()
  }

  private static func newest(_ api: APIUnderTest) async throws -> CanonicalJSON {
    try #require(try await api.get("/api/v1/passages?limit=1").items().first)
  }

  private static func followUps(_ api: APIUnderTest) async throws -> [CanonicalJSON] {
    try await api.get("/api/v1/follow-ups").items()
  }

  @Test func `what goes out of stock waits for somebody once for each door, and stays judged as it was`() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register(Self.uri(0), kind: "epc")
      let before = try await api.get("/health").text("head")
      for _ in 0..<3 {
        await Self.pass(api, Self.epc(0), .outside)
        await Self.pass(api, Self.epc(0), .inside)
      }
      let passages = try await api.get("/api/v1/passages")
      let items = try passages.items()
      let verdicts = items.map { $0[path: "verdict"]?.text }
      #expect(verdicts == ["expected", "notExpected", "expected", "notExpected", "expected", "notExpected"])
      let out = try #require(items.last)
      #expect(out[path: "code"]?.text == "door.out.inStock")
      #expect(out[path: "state"]?.text == "inStock")
      #expect(out[path: "to"]?.text == "outside")
      #expect(out[path: "sentence"]?.text?.contains("is in stock, so it should not have gone out.") == true)
      #expect(out[path: "remedy"]?.text?.contains("Bring it back") == true)
      try APIDescriptionTests.check([("PassagePage", passages)])
      // One, however often it went to and fro; another door has one of its own.
      let list = try await api.get("/api/v1/follow-ups")
      #expect(try list.items().count == 1)
      let first = try #require(try list.items().first)
      #expect(first[path: "kind"]?.text == "door")
      #expect(first[path: "door"]?.text == "gate")
      #expect(first[path: "asset"]?.text == id)
      #expect(first[path: "words"]?.text?.contains("Door gate. Bring it back") == true, "\(first)")
      try APIDescriptionTests.check([("FollowUpPage", list)])
      await Self.pass(api, Self.epc(0), .outside, door: "yard")
      #expect(try await Self.followUps(api).map { $0[path: "door"]?.text } == ["yard", "gate"])
      let page = try await api.page("/follow-ups", as: api.lee)
      #expect(page.contains("Door: not expected") && page.contains("so it should not have gone out."), "\(page)")
      // They age on the overview with the others.
      let now = api.clock.now()
      #expect(try await api.core.store.read { try $0.openByAge(at: now).followUps } == [2, 0, 0])
      // No custody follows from any of it.
      #expect(try await api.get("/health").text("head") == before)
      #expect(try await api.get("/api/v1/assets/\(id)").text("state") == "inStock")
      // Settled, the next time is news again.
      guard case .integer(let number)? = first[path: "id"] else { throw UnexpectedAnswer() }
      let settled = try await api.post("/api/v1/follow-ups/\(number)/settle", Self.settling, as: api.kim)
      try #require(settled.status == .ok, "\(settled)")
      await Self.pass(api, Self.epc(0), .outside)
      #expect(try await Self.followUps(api).map { $0[path: "door"]?.text } == ["gate", "yard"])
      // Handed out, it may go; what was judged before stays as it was.
      let handed = try await api.scan(Self.uri(0), "deploy", ["recipient": ["team": "Finance"]], as: api.kim)
      try #require(handed.status == .ok, "\(handed)")
      await Self.pass(api, Self.epc(0), .outside)
      let last = try await Self.newest(api)
      #expect(last[path: "code"]?.text == "door.out.deployed")
      #expect(last[path: "custodian"]?.text == "team:Finance")
      #expect(try await api.get("/api/v1/passages?finding=outNotExpected").items().count == 5)
      #expect(try await Self.followUps(api).count == 2)
    }
  }

  @Test func `what is missing and comes in is found: somebody is told what to scan`() async throws {
    try await APIUnderTest.run { api in
      try await api.register(Self.uri(0), "missing", kind: "epc")
      try await api.register(Self.uri(1), "inTransit", kind: "epc")
      await Self.pass(api, Self.epc(0), .inside)
      #expect(try await Self.newest(api)[path: "code"]?.text == "door.in.missing")
      #expect(try await Self.followUps(api).first?[path: "words"]?.text?.contains("it is found") == true)
      await Self.pass(api, Self.epc(1), .inside)
      #expect(try await Self.newest(api)[path: "verdict"]?.text == "expected")
      #expect(try await Self.newest(api)[path: "remedy"]?.text == "Book its arrival at the desk.")
      #expect(try await Self.followUps(api).count == 1)
    }
  }

  @Test func `a disposal order lets its assets out from its sealing on, and is said not to have departed`()
    async throws
  {
    try await DisposalUnderTest.run { test in
      let api = test.api
      try await api.register(Self.uri(0), "retired", kind: "epc")
      let asset: CanonicalJSON = ["text": .string(Self.uri(0))]
      let added = try await api.post(test.order + "/assets", asset, as: api.dana)
      try #require(added.status == .ok, "\(added)")
      await Self.pass(api, Self.epc(0), .outside)
      #expect(try await Self.newest(api)[path: "code"]?.text == "door.out.retired")
      let sealed = try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness])
      try #require(sealed.status == .ok, "\(sealed)")
      await Self.pass(api, Self.epc(0), .outside)
      let waiting = try await Self.newest(api)
      #expect(waiting[path: "verdict"]?.text == "expected")
      #expect(waiting[path: "sentence"]?.text?.hasSuffix("is on order DO-9, not yet departed.") == true)
      #expect(waiting[path: "remedy"]?.text?.hasPrefix("Scan it onto the vehicle") == true)
      try #require(try await api.post(test.order + "/loads", asset, as: api.dana).status == .ok)
      await Self.pass(api, Self.epc(0), .outside)
      #expect(try await Self.newest(api)[path: "remedy"]?.text?.hasPrefix("Let the order depart") == true)
      let departed = try await test.act("depart", ["carrier": "Rhein Spedition"])
      try #require(departed.status == .ok, "\(departed)")
      await Self.pass(api, Self.epc(0), .outside)
      #expect(try await Self.newest(api)[path: "code"]?.text == "door.out.inTransit")
      await Self.pass(api, Self.epc(0), .inside)
      #expect(try await Self.newest(api)[path: "code"]?.text == "door.in.onOrder")
      // It was seen before it departed by record, on the same day.
      #expect(try await api.get("/api/v1/passages/not-seen").items().isEmpty)
    }
  }

  @Test func `the reader's reads become judged passages; without a direction there is no verdict`() async throws {
    var options = StationOptions(usb: false)
    options.tags = try TagField.Configuration(doors: ["gate=gate:1/gate:2"])
    try await APIUnderTest.run(options: options) { api in
      try await api.register(Self.uri(0), kind: "epc")
      let now = api.core.tags.time.elapsed
      func read(_ epc: [UInt8], _ antenna: Int, _ dBm: Int, at time: Int) {
        let read = TagRead(epc: epc, antenna: antenna, strength: .dBm(dBm))
        api.core.tags.take([TimedRead(read: read, at: now + .milliseconds(time))], from: "gate")
      }
      for (time, antenna) in [(0, 1), (300, 2), (600, 2), (1_000, 2)] {
        read(Self.epc(0), antenna, antenna == 2 ? -40 : -60, at: time)
      }
      // Both hear it alike until it has gone.
      for (time, antenna) in [(20_000, 1), (20_050, 2), (20_100, 1), (20_150, 2)] {
        read(Self.epc(0), antenna, -50, at: time)
      }
      read([0xAA, 0xBB], 1, -50, at: 40_000)
      await api.core.keepPassages()
      let passages = try await api.get("/api/v1/passages")
      #expect(try passages.items().map { $0[path: "verdict"]?.text } == ["undirected", "notExpected"])
      #expect(try passages.items().first?[path: "to"]?.text == "unknown")
      #expect(try passages.items().first?[path: "sentence"]?.text?.contains("could not be told") == true)
      try APIDescriptionTests.check([("PassagePage", passages)])
      #expect(try await Self.followUps(api).count == 1)
      let page = try await api.page("/tags", as: api.kim)
      #expect(page.contains("was in the doorway") && page.contains("No verdict"), "\(page)")
      #expect(page.contains("Not expected") && page.contains("Bring it back"), "\(page)")
    }
  }

  @Test func `a tag that lies in a doorway is kept once in ten minutes`() async throws {
    try await APIUnderTest.run { api in
      try await api.register(Self.uri(0), kind: "epc")
      for _ in 0..<3 { await Self.pass(api, Self.epc(0), nil) }
      await Self.pass(api, Self.epc(0), nil, door: "yard")
      #expect(try await api.get("/api/v1/passages").items().map { $0[path: "doorway"]?.text } == ["yard", "gate"])
      #expect(try await Self.followUps(api).isEmpty)
      api.clock.advance(seconds: 601)
      await Self.pass(api, Self.epc(0), nil, door: "yard")
      #expect(try await api.core.store.read { try $0.passages(finding: .noVerdict, limit: 9).count } == 3)
    }
  }

  @Test func `the desk is told once of what waits, the page of tags of every passage`() async throws {
    try await APIUnderTest.run { api in
      try await api.register(Self.uri(0), kind: "epc")
      var told = api.core.live.listen(after: nil).makeAsyncIterator()
      var seen = api.core.tagsLive.listen(after: nil).makeAsyncIterator()
      for _ in 0..<2 { await Self.pass(api, Self.epc(0), .outside) }
      api.core.live.publish("end", Array("{}".utf8))
      var notices: [CanonicalJSON] = []
      while let event = await told.next(), event.name != "end" {
        guard event.name == "door" else { continue }
        notices.append(try JSONDecoder().decode(CanonicalJSON.self, from: Data(event.data)))
      }
      // The second passage raised nothing.
      #expect(notices.count == 1)
      #expect(notices.first?[path: "door"]?.text == "gate")
      #expect(notices.first?[path: "to"]?.text == "outside")
      #expect(notices.first?[path: "asset"]?.text?.isEmpty == false)
      for _ in 0..<2 {
        let event = try #require(await seen.next())
        #expect(event.name == "passage")
        let passage = try JSONDecoder().decode(CanonicalJSON.self, from: Data(event.data))
        #expect(passage[path: "verdict"]?.text == "notExpected")
        #expect(passage[path: "id"]?.text != nil)
      }
    }
  }

  @Test func `a door is compared with what left by record: seen, unseen, untagged, taken back`() async throws {
    try await APIUnderTest.run { api in
      let finance: CanonicalJSON = ["recipient": ["team": "Finance"]]
      for number in 0..<4 { try await api.register(Self.uri(number), kind: "epc") }
      try await api.register("DK-00001")
      for mark in [Self.uri(0), Self.uri(1), "DK-00001"] {
        let handed = try await api.scan(mark, "deploy", finance, as: api.kim)
        try #require(handed.status == .ok, "\(handed)")
      }
      let parcel: CanonicalJSON = ["carrier": "DHL", "toLocation": "HQ-B"]
      let shipped = try await api.scan(Self.uri(2), "ship", parcel, as: api.kim)
      try #require(shipped.status == .ok, "\(shipped)")
      // Handed out by mistake, and taken back: nobody expects it at a door.
      let wrong = try await api.scan(Self.uri(3), "deploy", finance, as: api.kim)
      let event = try #require(try wrong.items("decision.recorded").first?[path: "eventID"])
      let corrected = try await api.scan(
        Self.uri(3), "correct", ["event": event, "reason": "wrong one"], as: api.lee)
      try #require(corrected.status == .ok, "\(corrected)")

      await Self.pass(api, Self.epc(0), .outside)
      await Self.pass(api, Self.epc(3), .outside)
      await Self.pass(api, [0xAA, 0xBB], .outside)
      // Coming in is no going out; and another door has seen nothing of it.
      await Self.pass(api, Self.epc(1), .inside)
      await Self.pass(api, Self.epc(2), .outside, door: "yard")

      let answer = try await api.get("/api/v1/passages/comparison?door=gate")
      func number(_ name: String) throws -> CanonicalJSON? { try answer[name] }
      #expect(try number("outExpected") == 1)
      #expect(try number("outNotExpected") == 1)
      #expect(try number("inExpected") == 1)
      #expect(try number("inNotExpected") == 0)
      #expect(try number("unknown") == 1)
      #expect(try number("noVerdict") == 0)
      #expect(try number("notSeen") == 3)
      #expect(try number("notSeenUntagged") == 1)
      #expect(try answer.text("from") == "2026-03-02")
      #expect(try answer.text("door") == "gate")
      let unseen = try await api.get("/api/v1/passages/not-seen?door=gate")
      #expect(try unseen.items().map { $0[path: "verb"]?.text } == ["ship", "deploy", "deploy"])
      #expect(try unseen.items().map { $0[path: "isTagged"] } == [true, false, true])
      try APIDescriptionTests.check([("DoorComparison", answer), ("UnseenPage", unseen)])
      // Page by page the same.
      let first = try await api.get("/api/v1/passages/not-seen?door=gate&limit=2")
      let second = try await api.get("/api/v1/passages/not-seen?door=gate&limit=2&after=\(try first.text("next"))")
      #expect(try first.items() + second.items() == unseen.items())
      // At any door, the parcel was seen.
      let anywhere = try await api.get("/api/v1/passages/not-seen").items()
      #expect(anywhere.map { $0[path: "verb"]?.text } == ["deploy", "deploy"])
      #expect(try await api.get("/api/v1/passages/comparison")["outExpected"] == 2)
      // Of another day there is nothing.
      let past = try await api.get("/api/v1/passages/comparison?from=2026-03-01&to=2026-03-01")
      #expect(try past["outExpected"] == 0 && past["notSeen"] == 0)
      #expect(try await api.get("/api/v1/passages?from=2026-03-01&to=2026-03-01").items().isEmpty)

      let page = try await api.page("/passages?door=gate", as: api.vic)
      for words in ["Went out as expected <b>1<", "Went out unexpectedly <b>1<", "Expected but not seen <b>3<"] {
        #expect(page.contains(words), "\(words): \(page)")
      }
      #expect(page.contains("1 have no RFID tag on record"), "\(page)")
      let gone = try await api.page("/passages?door=gate&finding=notSeen", as: api.vic)
      #expect(gone.contains("DK-00001") && gone.contains("no RFID tag on record") && gone.contains("Finance"))
      #expect(gone.contains("/passages/not-seen.csv?door=gate"), "\(gone)")
      let rows = try await api.rows("/passages/not-seen.csv?door=gate", as: api.vic)
      let untagged = try #require(rows.first { $0.contains(",DK-00001,") })
      #expect(rows.count == 3 && untagged.hasSuffix(",deploy,,no,deployed,gate"), "\(rows)")
      let out = try await api.rows("/passages.csv?door=gate&finding=outNotExpected", as: api.vic)
      #expect(out.count == 1 && out[0].contains(",notExpected,door.out.inStock,"), "\(out)")
      let german = try await api.ask(
        .get, "/passages?door=gate", as: api.vic, headers: [.accept: "text/html", .acceptLanguage: "de"])
      #expect(german.description.contains("und hätte nicht hinausgehen dürfen"), "\(german)")
    }
  }

  @Test(arguments: [
    ("from=yesterday", "/from"), ("to=2026-02-30", "/to"), ("from=2026-03-02&to=2026-03-01", "/to"),
    ("from=2025-01-01&to=2026-03-01", "/from"), ("finding=lost", "/finding"),
  ])
  func `what is wrong with a comparison that is asked for is said`(_ query: String, _ pointer: String) async throws {
    try await APIUnderTest.run { api in
      for path in ["/api/v1/passages", "/api/v1/passages/comparison", "/api/v1/passages/not-seen"] {
        try await api.get(path + "?" + query).expectProblem(
          .unprocessableContent, "request.malformed", pointer: pointer)
      }
      try await api.ask(.get, "/api/v1/passages/comparison", as: nil).expectProblem(
        .unauthorized, "access.notSignedIn")
    }
  }

  @Test func `thousands of tags that nobody knows are counted, listed by the page and wait for nobody`() async throws {
    try await APIUnderTest.run { api in
      let at = api.core.tags.time.elapsed
      let flood = (0..<5_000).map { (number: Int) -> TagPassage in
        let epc: [UInt8] = [0xE2, UInt8(number / 256), UInt8(number % 256)]
        let passage = Doorway.Passage(epc: epc, to: number.isMultiple(of: 2) ? .outside : .inside, at: at)
        return TagPassage(doorway: "gate", passage: passage)
      }
      _ = api.core.tags.putBack(flood)
      await api.core.keepPassages()
      let answer = try await api.get("/api/v1/passages/comparison?door=gate")
      #expect(try answer["unknown"] == 5_000)
      #expect(try answer["outNotExpected"] == 0)
      #expect(try await Self.followUps(api).isEmpty)
      #expect(try await api.get("/api/v1/passages?finding=unknown&limit=500").items().count == 500)
      let page = try await api.page("/passages?door=gate&finding=unknown", as: api.vic)
      #expect(page.components(separatedBy: "data-passage=").count == 51)
      #expect(page.contains("No asset has this tag."))
      #expect(try await api.rows("/passages.csv?door=gate&finding=unknown", as: api.vic).count == 5_000)
    }
  }
}
