import Custody
import Testing

@testable import SanitizationReports

@Suite struct TableTests {
  /// The rules of the field, written down by hand: docs/wipe-reports.md.
  @Test(arguments: [
    ("overwrite", SanitizationMethod.clear), ("ata-security-erase", .clear), ("ata-security-erase-enhanced", .clear),
    ("nvme-format-user-data", .clear), ("nvme-format-crypto", .clear), ("nvme-sanitize-block", .purge),
    ("nvme-sanitize-crypto", .purge), ("nvme-sanitize-overwrite", .purge), ("ata-sanitize-block", .purge),
    ("ata-sanitize-crypto", .purge), ("ata-sanitize-overwrite", .purge), ("firmware-purge", .purge),
    ("shred", .destroy),
    ("disintegrate", .destroy), ("pulverize", .destroy), ("incinerate", .destroy), ("melt", .destroy),
  ])
  func `each technique is one method`(name: String, method: SanitizationMethod) throws {
    #expect(try #require(Technique(rawValue: name)).method(TechniquePolicy()) == method)
  }

  @Test func `the table is whole`() { #expect(Technique.allCases.count == 17) }

  @Test func `format with SES 2 is a purge only by a clause of the site, which the record cites`() throws {
    let clear = try #require(try read("csv/shredder.csv")[0].reports)[1]
    #expect(clear.requested == .purge)
    #expect(clear.achieved == .clear)
    #expect(!clear.passes)
    let policy = TechniquePolicy(formatCryptoPurgeBasis: "ISP-7 §4.2")
    let purge = try #require(
      try read("csv/shredder.csv", circumstances: ReadingCircumstances(policy: policy))[0].reports)[1]
    #expect(purge.achieved == .purge)
    #expect(purge.technique.contains("ISP-7 §4.2"))
    #expect(purge.passes)
  }

  @Test func `our table gives what its rows say`() throws {
    let reports = try #require(try read("csv/shredder.csv")[0].reports)
    #expect(reports.map(\.serial) == ["WD-WCC4N0RT7Y40", "S64GNX0T100001", "S64GNX0T100002"])
    #expect(reports.map(\.place) == ["line 2", "line 3", "line 4"])
    #expect(reports[0].achieved == .destroy)
    #expect(reports[0].passes)
    #expect(reports[1].model == "MZVL2512HCJQ, OEM")
    #expect(reports[1].endedAt?.description == "2026-11-20T09:00:00.000Z")
    #expect(reports[2].residualRisks == ["Format ended with status 0x2002"])
    #expect(!reports[2].passes)
  }

  @Test func `a table that was written is read as the same reports`() throws {
    let reports = try #require(try read("csv/shredder.csv")[0].reports)
    var odd = reports[0]
    odd.model = "a \"quoted\", model\nof two lines"
    odd.residualRisks = ["one, with a comma", "two"]
    #expect(read(text: WipeReportCSV.text(of: reports)).reports == reports)
    let again = try #require(read(text: WipeReportCSV.text(of: [odd])).reports?.first)
    #expect(again.residualRisks == odd.residualRisks)
    #expect(again.model == "a \"quoted\", modelof two lines")
  }

  @Test(arguments: [
    ("serial,technique,result\n", "missingColumn", "line 1"),
    ("serial,tool,technique,ended_at,result,colour\n", "unknownColumn", "line 1"),
    ("serial,tool,technique,ended_at,result,serial\n", "contradictory", "line 1"),
    ("serial,tool,technique,ended_at,result\n", "truncated", "line 1"),
    ("serial,tool,technique,ended_at,result\nS1,x\n", "malformed", "line 2"),
    (
      "serial,tool,technique,ended_at,result\nS1,x,magic,2026-11-20T09:00:00Z,passed\n", "malformed",
      "line 2, technique"
    ),
    (
      "serial,tool,technique,ended_at,result\nS1,x,firmware-purge,2026-11-20T09:00:00Z,passed\n", "malformed",
      "line 2, technique"
    ),
    (
      "serial,tool,technique,ended_at,result\nS1,x,overwrite,2026-11-20 09:00:00,passed\n", "malformed",
      "line 2, ended_at"
    ),
    (
      "serial,tool,technique,ended_at,result\nS1,x,overwrite,2026-11-20T09:00:00Z,done\n", "malformed", "line 2, result"
    ),
    ("serial,tool,technique,ended_at,result\n\"S1,x,overwrite,2026-11-20T09:00:00Z,passed\n", "truncated", "line 2"),
    (
      "serial,tool,technique,ended_at,result,size_bytes\nS1,x,overwrite,2026-11-20T09:00:00Z,passed,9999999999999999999\n",
      "malformed", "line 2, size_bytes"
    ),
    (
      "serial,tool,technique,ended_at,result,started_at\nS1,x,overwrite,2026-11-20T09:00:00Z,passed,2026-11-21T09:00:00Z\n",
      "contradictory", "line 2"
    ),
    (
      "serial,tool,technique,ended_at,result,verification\nS1,x,overwrite,2026-11-20T09:00:00Z,passed,failed\n",
      "contradictory", "line 2"
    ),
  ])
  func `what is wrong in a table is told with its line`(text: String, code: String, place: String) throws {
    let fault = try #require(read(text: text).fault)
    #expect(fault.code == "wipeReport." + code)
    #expect(fault.place == place)
    #expect(!fault.remedy.isEmpty)
  }

  @Test func `Blancco's purge is one, its overwrite is none`() throws {
    let purge = try report("blancco/purge.xml")
    #expect(purge.serial == "S2RBNX0H702455")
    #expect(purge.serialSource == .tool)
    #expect(purge.manufacturer == "Samsung")
    #expect(purge.capacity == 256_060_514_304)
    #expect(purge.tool == "Blancco")
    #expect(purge.toolVersion == "7.16.0")
    #expect(purge.technique == "NIST 800-88 Purge")
    #expect(purge.achieved == .purge)
    #expect(purge.startedAt?.description == "2026-11-20T13:54:12.000Z")
    #expect(purge.passes)
    let overwrite = try report("blancco/overwrite.xml")
    #expect(overwrite.achieved == .clear)
    #expect(overwrite.residualRisks.count == 1)
    #expect(overwrite.passes)
  }

  @Test func `a purge by name alone was a clear, and does not pass as a purge`() throws {
    let report = try report("blancco/purge-without-firmware.xml")
    #expect(report.requested == .purge)
    #expect(report.achieved == .clear)
    #expect(!report.passes)
  }

  @Test func `what Blancco did not finish does not pass`() throws {
    #expect(try report("blancco/exceptions.xml").result == .failed)
    #expect(try report("blancco/cancelled.xml").result == .aborted)
    #expect(try report("blancco/errors-yet-successful.xml").result == .failed)
    for name in ["exceptions", "cancelled", "errors-yet-successful"] {
      #expect(try !report("blancco/\(name).xml").passes)
    }
    #expect(try fault("blancco/other-drive.xml").code == "wipeReport.contradictory")
  }
}
