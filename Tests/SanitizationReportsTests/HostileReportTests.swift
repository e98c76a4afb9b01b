import Custody
import Testing

@testable import SanitizationReports

@Suite struct HostileReportTests {
  @Test(arguments: [
    ("", "empty"), ("hello", "unknownFormat"), ("{}", "unknownFormat"), ("[]", "unknownFormat"), ("{", "truncated"),
    ("{\"a\":1,\"a\":2}", "contradictory"), ("<a/>", "unknownFormat"), ("<a>", "truncated"), ("<a></b>", "malformed"),
    ("\u{0}nwipe", "notText"), ("{\"sprog\":1e400}", "malformed"),
    (#"{"nvme0":{"sprog":70000,"sstat":{},"cdw10_info":2}}"#, "malformed"),
    (
      #"{"nvme0":{"sprog":65535,"sstat":{"global_erased":1,"status":"(99999999999999999999) x"},"cdw10_info":2}}"#,
      "malformed"
    ),
    (#"{"nvme0":{"sprog":65535,"sstat":{"global_erased":7,"status":"(1) x"},"cdw10_info":2}}"#, "malformed"),
    (#"{"nvme0":{"sprog":65535,"sstat":{"global_erased":1,"status":"(1) x"},"cdw10_info":99999999999}}"#, "malformed"),
    ("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "unsafeXML"),
    ("<?xml version=\"1.0\"?><a><?php echo 1 ?></a>", "unsafeXML"),
    ("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>", "malformed"), ("<a>&lol;</a>", "malformed"),
    ("<a>&#0;</a>", "malformed"), ("<a b='1' b='2'/>", "contradictory"), ("<a/>x", "malformed"),
    ("%PDF-1.4 not one", "noText"),
  ])
  func `what is no report is refused with code and remedy`(text: String, code: String) throws {
    let fault = try #require(read(text: text).fault)
    #expect(fault.code == "wipeReport." + code)
    #expect(!fault.remedy.isEmpty)
  }

  @Test func `what is not UTF-8 is refused with its line`() throws {
    let bytes = Array("serial,technique,result\n".utf8) + [0xFF, 0xFE, 0x0A]
    let fault = try #require(WipeReports.read([ReportFile(name: "x.csv", bytes: bytes)], .init())[0].fault)
    #expect(fault.code == "wipeReport.notUTF8")
    #expect(fault.place == "line 2")
  }

  @Test func `nesting without end is refused before it overflows anything`() throws {
    for text in [
      String(repeating: "{\"a\":", count: 100_000), String(repeating: "[", count: 1_000_000),
      String(repeating: "<a>", count: 500_000),
    ] {
      let fault = try #require(read(text: text).fault)
      #expect(fault.code == "wipeReport.malformed")
      #expect(fault.sentence.contains("deep"))
    }
  }

  @Test func `more than 50 MB is refused unread, and as much is read`() throws {
    let large = [UInt8](repeating: 0x61, count: 50_000_001)
    let fault = try #require(WipeReports.read([ReportFile(name: "x", bytes: large)], .init())[0].fault)
    #expect(fault.code == "wipeReport.tooLarge")
  }

  @Test func `a file that is refused does not hold up the others`() throws {
    let files = [ReportFile(name: "x", bytes: [0]), try Vectors.file("nvme/1.8-block-erase.json")]
    let read = WipeReports.read(files, .init())
    #expect(read[0].fault != nil)
    #expect(read[1].reports?.count == 1)
  }

  @Test func `whatever byte is changed, what comes out keeps the rules`() throws {
    var random = Seeded(state: 20_261_122)
    for name in try Vectors.all where !name.hasSuffix(".csv") {
      let file = try Vectors.file(name)
      for _ in 0..<40 {
        var bytes = file.text.map { Array($0.utf8) } ?? file.bytes
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        let changed =
          file.text == nil
          ? ReportFile(name: name, bytes: bytes)
          : ReportFile(name: name, bytes: file.bytes, text: String(decoding: bytes, as: UTF8.self))
        for report in WipeReports.read([changed], .init())[0].reports ?? [] { checkProperty(report) }
      }
    }
  }

  @Test func `no report that is not completed and verified gives a record that passes`() throws {
    for name in try Vectors.all { for report in try read(name)[0].reports ?? [] { checkProperty(report) } }
    // Every combination that the fields can have, whatever wrote them.
    for kind in Technique.allCases {
      for result in SanitizationResult.allCases {
        for verification in SanitizationResult.allCases.map(Optional.some) + [nil] {
          for method in [nil, "full read"] {
            for requested in SanitizationMethod.allCases {
              var report = WipeReport(
                format: .csv, place: "line 2", tool: "x", technique: "x", kind: kind, result: result, policy: .init())
              report.requested = requested
              report.verification = verification
              report.verificationMethod = method
              checkProperty(report)
            }
          }
        }
      }
    }
  }

  private func checkProperty(_ report: WipeReport) {
    let record = report.record(
      of: Medium(serial: "S1"), by: PersonID(high: 0, low: 1), at: Instant(milliseconds: 1_700_000_000_000))
    let destroys = [.shred, .disintegrate, .pulverize, .incinerate, .melt].contains(report.kind)
    if record.passes {
      #expect(report.result == .passed)
      #expect(report.verification == .passed && report.verificationMethod != nil || destroys)
    }
    #expect(report.result == .passed || record.achieved == .clear)
    let purges: Set<Technique> = [
      .nvmeSanitizeBlock, .nvmeSanitizeCrypto, .nvmeSanitizeOverwrite, .ataSanitizeBlock, .ataSanitizeCrypto,
      .ataSanitizeOverwrite, .firmwarePurge,
    ]
    #expect(record.achieved != .purge || purges.contains(report.kind))
    #expect(record.achieved != .destroy || destroys)
  }
}

/// SplitMix64: the same bytes in every run.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
