import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

/// A carton on the desk, from the picture to the sealed event. The pictures are a third party's: see
/// Tests/Vectors/CartonReading/README.md.
@Suite("API: cartons")
struct APICartonTests {
  private static func picture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try [UInt8](Data(contentsOf: folder.appending(path: "Vectors/CartonReading/\(name)")))
  }

  private static let details: CanonicalJSON = ["location": "HQ-A", "blindReason": "no order"]

  /// Opens a receive session and shows a carton to it.
  private func show(
    _ name: String, to api: APIUnderTest, _ details: CanonicalJSON = details
  ) async throws -> (session: String, answer: APIAnswer) {
    let session = try await api.open("receive", details, as: api.kim)
    return (session, try await api.ask(.post, session + "/pictures", as: api.kim, bytes: try Self.picture(name)))
  }

  private func finding(_ field: String, in answer: APIAnswer, at path: String = "") throws -> CanonicalJSON? {
    try answer.items(path + "findings").first { $0[path: "field"]?.text == field }
  }

  @Test("a picture of a carton is answered with fields, reasons, confidence and corners; nothing is recorded")
  func shows() async throws {
    try await APIUnderTest.run { api in
      let (session, answer) = try await show("carton-165340.png", to: api)
      #expect(answer.status == .ok)
      #expect(try answer.items("scans").isEmpty)
      let mac = try finding("mac", in: answer, at: "carton.")
      #expect(mac?[path: "value"]?.text == "001EC9476B0A")
      #expect(mac?[path: "confidence"]?.text == "likely")
      #expect(mac?[path: "reason"]?.text == "12 hexadecimal digits, the address of one interface")
      let serial = try finding("serial", in: answer, at: "carton.")
      #expect(serial?[path: "value"]?.text == "165340")
      #expect(serial?[path: "confidence"]?.text == "guess")
      #expect(try answer["carton.width"] == .integer(640))
      #expect(try answer["carton.height"] == .integer(480))
      for mark in try answer.items("carton.marks") {
        guard case .array(let corners)? = mark[path: "corners"] else {
          Issue.record("no corners")
          return
        }
        #expect(corners.count == 4)
      }
      #expect(try await api.get("/api/v1/assets").items().isEmpty)
      #expect(try await api.get(session + "/carton").json == answer["carton"])
      let digest = try answer.text("carton.picture.digest")
      #expect(try await api.get("/api/v1/media/\(digest)").bytes == Self.picture("carton-165340.png"))
    }
  }

  @Test("a correction holds at once, is sealed with the event when confirmed, and wins on the next carton of the model")
  func corrects() async throws {
    try await APIUnderTest.run { api in
      let (session, first) = try await show("carton-165627.png", to: api)
      let number = try #require(try first.items("carton.marks").firstIndex { $0[path: "text"]?.text == "165627" })
      let corrected = try await api.post(
        session + "/corrections", ["mark": .integer(Int64(number)), "field": "assetTag"], as: api.kim)
      #expect(corrected.status == .created)
      #expect(try finding("assetTag", in: corrected)?[path: "reason"]?.text == "chosen by Kim")
      // The model is not known yet: nothing can be remembered for it.
      #expect(try await api.get("/api/v1/corrections").items().isEmpty)
      let received = try await api.post(
        session + "/carton/receive",
        ["details": ["facts": ["manufacturer": "Dell", "model": "OptiPlex 755", "category": "desktop"]]], as: api.kim)
      #expect(try received.text("result") == "accepted")
      #expect(try received.text("asset.tag") == "165627")
      let event = try #require(
        try await api.get("/api/v1/assets/\(try received.text("asset.id"))/events").items().last)
      #expect(
        event[path: "event.details.identifiers"] == [
          ["kind": "tag", "value": "165627"], ["kind": "mac", "value": "001EC947D49B"],
        ])
      guard case .array(let readings)? = event[path: "event.readings"],
        case .array(let evidence)? = event[path: "event.evidence"]
      else {
        Issue.record("no readings or evidence in \(event)")
        return
      }
      #expect(
        Set(readings.compactMap { $0[path: "raw"]?.text })
          == [base64(Array("165627".utf8)), base64(Array("001EC947D49B".utf8))])
      #expect(evidence.first?[path: "digest"]?.text == (try first.text("carton.picture.digest")))
      try await api.get(session + "/carton").expectProblem(.conflict, "carton.none")

      let kept = try await api.get("/api/v1/corrections").items()
      #expect(kept.map { $0[path: "field"]?.text } == ["assetTag"])
      #expect(kept.first?[path: "model"]?.text == "OptiPlex 755")
      #expect(kept.first?[path: "by"]?.text == "Kim")
      let (_, second) = try await show(
        "carton-165340.png", to: api,
        Self.details.overlaid(with: ["facts": ["manufacturer": "Dell", "model": "OptiPlex 755"]]))
      let tag = try finding("assetTag", in: second, at: "carton.")
      #expect(tag?[path: "value"]?.text == "165340")
      #expect(tag?[path: "confidence"]?.text == "corrected")
      #expect(tag?[path: "reason"]?.text == "corrected by Kim on 2026-03-02")
      let (_, unknown) = try await show("carton-165340.png", to: api)
      #expect(
        try finding("assetTag", in: unknown, at: "carton.")?[path: "reason"]?.text
          == "matches the pattern learned for Dell OptiPlex 755")
      // Forgotten, it holds no longer.
      guard case .integer(let id)? = kept.first?[path: "id"] else {
        Issue.record("no id in \(kept)")
        return
      }
      #expect(try await api.ask(.delete, "/api/v1/corrections/\(id)", as: api.kim).status == .noContent)
      try await api.ask(.delete, "/api/v1/corrections/\(id)", as: api.kim).expectProblem(.notFound, "request.notFound")
      let ended = try await api.get("/api/v1/corrections?ended=true").items()
      #expect(ended.map { $0[path: "endedBy"] } == [.string(api.kim.person.id.description)])
      #expect(ended.first?[path: "endedAt"] == ended.first?[path: "at"])
      #expect(try await api.get("/api/v1/corrections").items().isEmpty)
      let (_, third) = try await show("carton-165340.png", to: api)
      #expect(try finding("serial", in: third, at: "carton.")?[path: "value"]?.text == "165340")
    }
  }

  @Test("the page of corrections lists what holds; who may receive forgets, and who did so and when stays")
  func correctionsPage() async throws {
    try await APIUnderTest.run { api in
      func page(_ path: String, as who: SignedIn) async throws -> String {
        String(decoding: try await api.get(path, as: who).bytes, as: UTF8.self)
      }
      #expect(try await page("/corrections", as: api.kim).contains("Nothing was corrected yet"))
      let known = Self.details.overlaid(with: ["facts": ["manufacturer": "Dell", "model": "OptiPlex 755"]])
      let (session, answer) = try await show("carton-165627.png", to: api, known)
      let mark = try #require(try answer.items("carton.marks").firstIndex { $0[path: "text"]?.text == "165627" })
      try await api.post(
        session + "/corrections",
        ["mark": .integer(Int64(mark)), "field": "assetTag", "model": "OptiPlex 755", "manufacturer": "Dell"],
        as: api.kim)
      guard case .integer(let id)? = try await api.get("/api/v1/corrections").items().first?[path: "id"] else {
        Issue.record("nothing was kept")
        return
      }
      let forget = "/corrections/\(id)/forget"
      let mine = try await page("/corrections", as: api.kim)
      for words in ["Dell OptiPlex 755", "165627", "Asset tag", "Kim", forget] {
        #expect(mine.contains(words), "\(words)")
      }
      // Who only looks sees it, and is told why there is no button.
      let theirs = try await page("/corrections", as: api.vic)
      #expect(
        theirs.contains("Dell OptiPlex 755") && !theirs.contains(forget) && theirs.contains("needs one of the roles"),
        "\(theirs)")
      #expect(try await api.ask(.post, forget, as: api.vic).status == .forbidden)
      #expect(try await api.get("/api/v1/corrections").items().count == 1)

      api.clock.advance(seconds: 600)
      #expect(try await api.ask(.post, forget, as: api.lee).status == .seeOther)
      #expect(try await api.ask(.post, forget, as: api.lee).status == .notFound)
      #expect(!(try await page("/corrections", as: api.kim)).contains("OptiPlex"))
      let ended = try await page("/corrections?ended=true", as: api.kim)
      #expect(ended.contains("OptiPlex 755") && ended.contains("by Lee") && !ended.contains(forget))
      let kept = try #require(try await api.get("/api/v1/corrections?ended=true").items().first)
      #expect(kept[path: "by"]?.text == "Kim" && kept[path: "endedAt"]?.text == "2026-03-02T09:10:00.000Z", "\(kept)")
    }
  }

  @Test("the asset tag that is stuck on the carton receives it when it is scanned, and so does its own serial number")
  func nextScan() async throws {
    try await APIUnderTest.run { api in
      let known = Self.details.overlaid(with: ["facts": ["model": "OptiPlex 755"]])
      for (picture, text, marks) in [
        ("carton-165340.png", "AT-00077", ["tag AT-00077", "serial 165340", "mac 001EC9476B0A"]),
        ("carton-165627.png", "165627", ["serial 165627", "mac 001EC947D49B"]),
      ] {
        let (session, _) = try await show(picture, to: api, known)
        let answer = try await api.post(session + "/scans", ["text": .string(text)], as: api.kim)
        #expect(try answer.text("result") == "accepted")
        let identifiers = try answer.items("asset.identifiers").map {
          "\($0[path: "kind"]?.text ?? "") \($0[path: "value"]?.text ?? "")"
        }
        #expect(identifiers == marks)
      }
    }
  }

  @Test("a carton whose serial number was announced is received at once, and is that asset")
  func announced() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("165340", "expected", kind: "serial")
      let (_, answer) = try await show("carton-165340.png", to: api)
      #expect(try answer.items("scans").first?[path: "result"]?.text == "accepted")
      #expect(try answer.items("scans").first?[path: "asset.id"]?.text == id)
      #expect(try answer["carton"] == nil)
    }
  }

  @Test("what was not received is kept among the unknown codes, whatever takes the carton off the desk")
  func setAside() async throws {
    try await APIUnderTest.run { api in
      for way in ["aside", "close", "turn", "label", "next"] {
        let before = try await api.get("/api/v1/readings?outcome=unknown").items().count
        let (session, _) = try await show("carton-165340.png", to: api)
        #expect(try await api.get("/api/v1/readings?outcome=unknown").items().count == before)
        switch way {
        case "aside": try await api.ask(.delete, session + "/carton", as: api.kim)
        case "close": try await api.post(session + "/close", as: api.kim)
        case "turn": try await api.ask(.patch, session, as: api.kim, bytes: Array(#"{"workflow":"deploy"}"#.utf8))
        case "label": try await api.post(session + "/scans", ["text": "CUSTODY:CMD:RETURN"], as: api.kim)
        default:
          try await api.ask(.post, session + "/pictures", as: api.kim, bytes: try Self.picture("carton-165627.png"))
        }
        #expect(try await api.get("/api/v1/readings?outcome=unknown").items().count == before + 2, "\(way)")
      }
    }
  }

  @Test("what cannot be done with a carton is refused with a code")
  func refusals() async throws {
    try await APIUnderTest.run { api in
      let empty = try await api.open("receive", Self.details, as: api.kim)
      try await api.get(empty + "/carton").expectProblem(.conflict, "carton.none")
      try await api.post(empty + "/carton/receive", as: api.kim).expectProblem(.conflict, "carton.none")
      try await api.post(empty + "/corrections", ["mark": 0, "field": "serial"], as: api.kim)
        .expectProblem(.conflict, "carton.none")
      let (session, _) = try await show("carton-165340.png", to: api)
      for (body, pointer) in [
        (["field": "serial"], "/mark"), (["mark": 0, "field": "colour"], "/field"),
        (["mark": 9, "field": "serial"], "/mark"), (["mark": 0, "part": 3, "field": "serial"], "/mark"),
        (["mark": -1, "field": "serial"], "/mark"),
      ] as [(CanonicalJSON, String)] {
        try await api.post(session + "/corrections", body, as: api.kim)
          .expectProblem(.unprocessableContent, "request.malformed", pointer: pointer)
      }
      try await api.post(session + "/carton/receive", as: api.kim).expectProblem(.conflict, "carton.modelMissing")
      // Neither number is a serial number or tag any more.
      for mark in 0...1 {
        try await api.post(session + "/corrections", ["mark": .integer(Int64(mark)), "field": "other"], as: api.kim)
      }
      try await api.post(session + "/carton/receive", ["details": ["facts": ["model": "M"]]], as: api.kim)
        .expectProblem(.conflict, "carton.nameless")
      // All that while it lies there.
      #expect(try await api.get(session + "/carton").items("leftovers").count == 2)
    }
  }

  @Test("codes of equal right have to be chosen before anything is received")
  func unsettled() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("receive", Self.details, as: api.kim)
      let answer = try await api.ask(
        .post, session + "/pictures", as: api.kim, bytes: try APIPictureTests.picture("two-ean13.png"))
      #expect(try answer["carton.settled"] == .bool(false))
      let candidates = try #require(try answer.items("carton.conflicts").first)
      guard case .array(let both)? = candidates[path: "candidates"] else { return }
      #expect(Set(both.compactMap { $0[path: "value"]?.text }) == ["9784872348880", "1920081045006"])
      let refused = try await api.post(
        session + "/scans", ["text": "AT-00077", "details": ["facts": ["model": "M"]]], as: api.kim)
      try refused.expectProblem(.conflict, "carton.unsettled")
      let chosen = try #require(
        try answer.items("carton.marks").firstIndex { $0[path: "text"]?.text == "9784872348880" })
      try await api.post(session + "/corrections", ["mark": .integer(Int64(chosen)), "field": "gtin"], as: api.kim)
      let received = try await api.post(
        session + "/scans", ["text": "AT-00077", "details": ["facts": ["model": "M"]]], as: api.kim)
      #expect(try received.text("result") == "accepted")
      #expect(try received.text("asset.facts.custom.gtin") == "9784872348880")
    }
  }

  /// The codes of a switch's label, and what they are by the standards that their identifiers are of.
  private static let burst: CanonicalJSON = [
    "scans": [
      ["text": "1PC9200L-24T-4G-E", "symbologyIdentifier": "]C0"],
      ["text": "SFOC2614X0AB", "symbologyIdentifier": "]C0"],
      // Application identifier 00 and an SSCC, 001061414123456787.
      ["raw": "MDAwMDEwNjE0MTQxMjM0NTY3ODc=", "symbologyIdentifier": "]C1"],
      ["text": "001EC947D49B"], ["text": "Q2"], ["text": "9D2525"], ["text": "K4500123456"],
    ]
  ]

  @Test(
    "a burst of scans is a carton as a picture's codes are, in whatever order, and is recorded with all that it says")
  func burst() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(
        "receive", Self.details.overlaid(with: ["facts": ["model": "Catalyst 9200L"]]), as: api.kim)
      let answer = try await api.post(session + "/carton", Self.burst, as: api.kim)
      #expect(answer.status == .created)
      for (field, value) in [
        ("serial", "FOC2614X0AB"), ("partNumber", "C9200L-24T-4G-E"), ("mac", "001EC947D49B"), ("quantity", "2"),
        ("date", "2525"), ("purchaseOrder", "4500123456"), ("sscc", "001061414123456787"),
      ] {
        #expect(try finding(field, in: answer)?[path: "value"]?.text == value, "\(field)")
      }
      #expect(try answer["picture"] == nil)
      guard case .array(let scans)? = Self.burst[path: "scans"] else { return }
      let turned = try await api.post(session + "/carton", ["scans": .array(scans.reversed())], as: api.kim)
      #expect(
        try turned.items("findings").map { $0[path: "value"] } == answer.items("findings").map { $0[path: "value"] })
      let received = try await api.post(session + "/carton/receive", as: api.kim)
      #expect(try received.text("result") == "accepted")
      #expect(
        try received["asset.facts.custom"] == [
          "partNumber": "C9200L-24T-4G-E", "quantity": "2", "date": "2525", "purchaseOrder": "4500123456",
          "sscc": "001061414123456787",
        ])
    }
  }

  @Test("what is no burst of a carton's codes is refused with a code, and kept nowhere")
  func noBurst() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("receive", Self.details, as: api.kim)
      let long = String(repeating: "7", count: 5000)
      for (scans, pointer) in [
        ([], "/scans"), (["text"], "/scans/0/text"), ([["text": "AT-00042"], ["text": ""]], "/scans/1"),
        ([["text": .string(long)]], "/scans/0"), ([["text": "CUSTODY:BADGE:SECRET"]], "/scans"),
        (.array(Array(repeating: ["text": "AT-00042"], count: 65)), "/scans"), ("AT-00042", "/scans"),
      ] as [(CanonicalJSON, String)] {
        try await api.post(session + "/carton", ["scans": scans], as: api.kim)
          .expectProblem(.unprocessableContent, "request.malformed", pointer: pointer)
      }
      let deploy = try await api.open("deploy", as: api.kim)
      try await api.post(deploy + "/carton", Self.burst, as: api.kim).expectProblem(.conflict, "carton.notReceiving")
      #expect(try await api.get("/api/v1/readings").items().isEmpty)
      // Too much at once: what has no room is kept among the unknown codes.
      let many: [CanonicalJSON] = (0..<6).map { ["text": .string(String(long.prefix(4000)) + "\($0)")] }
      let answer = try await api.post(session + "/carton", ["scans": .array(many)], as: api.kim)
      #expect(try answer.items("marks").count == 4)
      #expect(try await api.get("/api/v1/readings?outcome=unknown").items().count == 2)
    }
  }

  @Test("what the confirmation empties is not recorded, whether the session or the codes say it")
  func emptied() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(
        "receive", Self.details.overlaid(with: ["facts": ["manufacturer": "Cisco", "model": "Catalyst 9200L"]]),
        as: api.kim)
      try await api.post(session + "/carton", Self.burst, as: api.kim)
      let received = try await api.post(
        session + "/carton/receive",
        ["details": ["facts": ["manufacturer": .null, "custom": ["quantity": .null, "gtin": .null]]]], as: api.kim)
      #expect(try received.text("result") == "accepted")
      #expect(try received["asset.facts.manufacturer"] == nil)
      #expect(try received["asset.facts.custom.quantity"] == nil)
      #expect(try received.text("asset.facts.custom.date") == "2525")
    }
  }

  @Test("a carton of two that names two serial numbers is no one asset")
  func severalSerials() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open(
        "receive", Self.details.overlaid(with: ["facts": ["model": "Catalyst 9200L"]]), as: api.kim)
      let scans: CanonicalJSON = ["scans": [["text": "SN:FOC2614X0AB"], ["text": "SN:FOC2614X0AC"], ["text": "Q2"]]]
      let answer = try await api.post(session + "/carton", scans, as: api.kim)
      #expect(try answer["settled"] == .bool(true))
      try await api.post(session + "/carton/receive", as: api.kim).expectProblem(.conflict, "carton.severalSerials")
    }
  }

  @Test("only who may receive says what a code is for everybody's next carton, and a value has to stand in the code")
  func whoMay() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("receive", Self.details, as: api.vic)
      try await api.post(session + "/carton", Self.burst, as: api.vic)
      let said: CanonicalJSON = ["mark": 1, "field": "assetTag", "model": "Catalyst 9200L"]
      try await api.post(session + "/corrections", said, as: api.vic).expectProblem(.forbidden, "access.forbidden")
      let own = try await api.open("receive", Self.details, as: api.kim)
      try await api.post(own + "/carton", Self.burst, as: api.kim)
      try await api.post(own + "/corrections", said.overlaid(with: ["value": "FOC9999"]), as: api.kim)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/value")
      try await api.post(own + "/corrections", said, as: api.kim)
      let kept = try await api.get("/api/v1/corrections").items()
      guard case .integer(let id)? = kept.first?[path: "id"] else {
        Issue.record("nothing was kept")
        return
      }
      try await api.ask(.delete, "/api/v1/corrections/\(id)", as: api.vic)
        .expectProblem(.forbidden, "access.forbidden")
      #expect(try await api.get("/api/v1/corrections").items().count == 1)
      // Said otherwise later, by somebody else: the first ends, and both are on record.
      let lees = try await api.open("receive", Self.details, as: api.lee)
      try await api.post(lees + "/carton", Self.burst, as: api.lee)
      try await api.post(lees + "/corrections", said.overlaid(with: ["field": "serial"]), as: api.lee)
      let all = try await api.get("/api/v1/corrections?ended=true").items()
      #expect(all.map { $0[path: "by"]?.text } == ["Kim", "Lee"])
      #expect(all.map { $0[path: "endedBy"] } == [.string(api.lee.person.id.description), nil])
    }
  }

  @Test("the answers are as they are described")
  func described() async throws {
    try await APIUnderTest.run { api in
      let (session, answer) = try await show("carton-165340.png", to: api)
      try await api.post(
        session + "/corrections", ["mark": 0, "field": "serial", "model": "OptiPlex 755"], as: api.kim)
      try APIDescriptionTests.check(
        [
          ("Pictures", answer), ("Carton", try await api.get(session + "/carton")),
          ("CorrectionPage", try await api.get("/api/v1/corrections")),
        ])
    }
  }

  @Test("Enter confirms a carton only while the banner speaks of it")
  func enterAfterAnotherScan() async throws {
    try await APIUnderTest.run { api in
      func page(_ path: String, _ bytes: [UInt8]) async throws -> String {
        let headers: HTTPFields = [.custodyFragment: "desk", .custodyOperator: api.kim.person.id.description]
        return String(
          decoding: try await api.ask(.post, path, as: api.kim, bytes: bytes, headers: headers).bytes, as: UTF8.self)
      }
      let confirms = #"data-confirms="carton""#
      #expect(try await !page("/desk/session", Array("workflow=receive".utf8)).contains(confirms))
      #expect(try await page("/desk/pictures", Self.picture("carton-165340.png")).contains(confirms))
      #expect(try await page("/desk/scans", Array("text=CUSTODY:LOC:HQ-A".utf8)).contains(confirms))
      let other = try await page("/desk/scans", Array("text=673023".utf8))
      #expect(other.contains("Unknown code") && !other.contains(confirms))
    }
  }
}
