import Custody
import CustodyLedger
import LabelDesign
import LabelPrinting
import StationStore
import Testing

@testable import Station

/// A label with an RFID tag: written and read back by its printer, then scanned back at the desk.
@Suite("Labels: RFID tags are written, read back and proved", .timeLimit(.minutes(15)))
struct PrintedTagTests {
  /// A mark of an asset, and what its tag is to say: the examples of GS1's Tag Data Standard with filter value 0, for nothing is said
  /// of what the asset is packed in. The second digit pair is filter (3 bits), partition (3 bits) and the first two of the prefix.
  static let marks: [(kind: String, text: String, epc: String)] = [
    // TDS 1.13, GIAI-96 of 0614141.5678: header 34, partition 5.
    ("giai", "(8004)06141415678", "3414257BF40000000000162E"),
    // TDS 2.0, GRAI-96 of 9521141.12345.5678: header 33, partition 5.
    ("grai", "(8003)095211411234545678", "3316451FD40C0E400000162E"),
    // TDS 1.13, SGTIN-96 of 0614141.812345.6789: header 30, partition 5.
    ("gtinSerial", "(01)80614141123458(21)6789", "3014257BF7194E4000001A85"),
  ]

  private static func options(_ prefix: String) -> StationOptions {
    var options = StationOptions(usb: false)
    options.companyPrefix = prefix
    return options
  }

  /// A station with a desk that Kim works at, a printer that writes tags, and an asset with a label of its tag.
  private func withTags(
    _ mark: String = marks[0].text, prefix: String = "0614141",
    _ body: @escaping @Sendable (PrintingUnderTest, String) async throws -> Void
  ) async throws {
    try await PrintingUnderTest.run(options: Self.options(prefix)) { test in
      let setting = PrinterSetting(
        address: "tcp://127.0.0.1:\(test.port)", profile: "zebra-zd621-300-rfid", labels: ["50x25+3"])
      _ = try await test.api.core.setPrinter("rfid", setting, by: LabelOrderer(test.api.kim))
      test.api.core.desk.operatorToken = test.api.kim.token
      let id = try await test.api.register(mark)
      try await test.api.scan(
        mark, "bind", ["identifier": ["kind": "tag", "value": "DK-00001"]], as: test.api.kim)
      try await body(test, id)
    }
  }

  private func order(
    _ test: PrintingUnderTest, _ id: String, _ change: (inout LabelOrder) -> Void = { _ in }
  ) async throws -> LabelJobID {
    try await test.order(id) {
      ($0.printer, $0.encodesTag, $0.desk) = ("rfid", true, test.api.core.desk.name)
      change(&$0)
    }
  }

  private func scan(_ test: PrintingUnderTest, _ text: String) async throws -> ScanOutcome {
    try await test.api.core.deskScan(Scan(raw: Array(text.utf8), source: .symbol, device: "05e0:1200/1-2"))
    return try #require(test.api.core.desk.lastOutcome)
  }

  @Test(
    "the EPC of the asset's GIAI, GRAI or SGTIN is written and read back; the scanned code then proves both",
    arguments: 0..<3)
  func proved(_ number: Int) async throws {
    let (_, mark, epc) = Self.marks[number]
    try await withTags(mark, prefix: number == 1 ? "9521141" : "0614141") { test, id in
      let job = try await order(test, id)
      try await test.printing {
        let printed = try await test.until(job, is: .printed)
        #expect(printed.epc == epc)
        #expect(printed.tagRead == epc)
        #expect(printed.confirmation == .printer)
      }
      let sent = String(decoding: try #require(test.printer.printed.first), as: UTF8.self)
      // PC word: six words of EPC, and nothing else: 00110 0 0 0 00000000 (Gen2 V2, 6.3.2.1.2.2).
      #expect(sent.contains("^RFW,H,1,2,1^FD3000^FS"))
      #expect(sent.contains("^RFW,H,2,12,1^FD\(epc)^FS"))
      #expect(sent.contains("^RFR,H,2,12,1^FN1^FS") && sent.contains("^HV1,24,"))
      #expect(try await test.labelEvents(id).map(\.epc) == [epc])
      #expect(try await test.asset(id).label?.isProven == false)
      let proof = try await scan(test, "DK-00001")
      #expect(proof.words == "Label proved", "\(proof.sentence ?? "")")
      let standing = try #require(try await test.asset(id).label)
      #expect(standing.isProven && standing.epc == epc)
      let asset = try #require(AssetID(id))
      let proofs = try await test.api.core.store.read { try $0.entries(of: asset) }.compactMap { row in
        if case .proveLabel(let details) = row.event.details { details } else { nil }
      }
      #expect(proofs.map(\.epc) == [epc])
      #expect(proofs.map(\.mark) == [BoundIdentifier(.tag, "DK-00001")])
    }
  }

  @Test(
    "a tag that says another EPC stops the printer and asks; its label cannot be said to be good, only printed again")
  func other() async throws {
    try await withTags { test, id in
      let other = "3414257BF40000000000162F"
      test.printer.change { $0.tagRead = other }
      let next = try await test.api.register("DK-00002")
      let job = try await order(test, id)
      let behind = try await test.order(next) { $0.printer = "rfid" }
      try await test.printing {
        let asked = try await test.until(job, is: .unknown)
        #expect(
          asked.words
            == "The label came out, and its RFID tag says \(other) in place of \(Self.marks[0].epc).")
        #expect(asked.remedy == "Take it off the roll and destroy it; then have it printed again.")
        #expect(asked.tagRead == other)
        #expect(try await test.api.core.printerState("rfid").state == .asks)
        #expect(try await test.api.core.labelJob(behind).state == .queued)
        #expect(try await test.labelEvents(id).map(\.outcome) == [.unknown])
        let page = try await test.api.ask(.get, "/printers", as: test.api.kim)
        let html = String(decoding: page.bytes, as: UTF8.self)
        #expect(html.contains("its RFID tag says \(other)") && !html.contains("It is there"))
        try await test.api.post("/api/v1/labels/\(job)/confirm", as: test.api.kim).expectProblem(
          .conflict, "label.otherTag")
        // Nothing is awaited that could prove the wrong label.
        #expect(try await scan(test, "DK-00001").result == .lookup)
        test.printer.change { $0.tagRead = nil }
        let again = try await test.api.post("/api/v1/labels/\(job)/again", as: test.api.kim)
        #expect(again.status == .ok, "\(again)")
        let printed = try await test.until(job, is: .printed)
        #expect(printed.tagRead == Self.marks[0].epc)
        _ = try await test.until(behind, is: .printed)
      }
      let events = try await test.labelEvents(id)
      #expect(events.map(\.outcome) == [.unknown, .printed])
      #expect(events.last?.purpose == .reprint)
      #expect(events.last?.reason == "The RFID tag of the one before says \(other).")
      #expect(try await scan(test, "DK-00001").words == "Label proved")
    }
  }

  @Test(
    "a tag of which the printer says nothing asks; a person who says that it is there proves it with a reader, not without"
  )
  func silent() async throws {
    try await withTags { test, id in
      // What cannot be read comes back as nothing between the brackets.
      test.printer.change { $0.tagRead = "" }
      let job = try await order(test, id)
      try await test.printing {
        let asked = try await test.until(job, is: .unknown)
        #expect(asked.words == "The label came out, and the printer could not read its RFID tag back.")
        #expect(asked.remedy?.contains(Self.marks[0].epc) == true)
        #expect(asked.tagRead == nil)
      }
      #expect(try await scan(test, "DK-00001").result == .lookup)
      let there = try await test.api.post("/api/v1/labels/\(job)/confirm", as: test.api.kim)
      #expect(try there.text("confirmation") == "person")
      #expect(try await scan(test, "DK-00001").code == "custody.proveLabel.tagUnread")
      #expect(try await test.asset(id).label?.isProven == false)
    }
  }

  @Test("a printer that goes silent over the tag asks too")
  func noAnswer() async throws {
    try await withTags { test, id in
      test.printer.change { $0.forgetsTags = true }
      let job = try await order(test, id)
      try await test.printing(withLittlePatience: true) {
        let asked = try await test.until(job, is: .unknown)
        #expect(asked.words == "The label came out, and the printer could not read its RFID tag back.")
      }
      #expect(try await test.labelEvents(id).map(\.outcome) == [.unknown])
    }
  }

  @Test(
    "an asset without a mark that a tag could say, or a printer that writes none, is refused before anything is kept")
  func refused() async throws {
    try await withTags { test, id in
      let plain = try await test.api.register("DK-00003")
      #expect(try await test.refused(plain) { ($0.printer, $0.encodesTag) = ("rfid", true) } == "label.epc.none")
      #expect(
        try await test.refused(id) { ($0.printer, $0.encodesTag) = ("desk", true) } == "print.tag.noEncoder")
      #expect(try await test.api.core.labelJobs().isEmpty)
    }
  }
}
