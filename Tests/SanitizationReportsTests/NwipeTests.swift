import Custody
import Testing

@testable import SanitizationReports

@Suite struct NwipeTests {
  @Test func `a log says drive, method, times and what was read back`() throws {
    let report = try report("nwipe/042-dodshort.log")
    #expect(report.serial == "WD-WCC4N0RT7Y40")
    #expect(report.serialSource == .tool)
    #expect(report.model == "Loopback device")
    #expect(report.capacity == 8_388_608)
    #expect(report.tool == "nwipe")
    #expect(report.toolVersion == "0.42")
    #expect(report.technique == "DoD Short")
    #expect(report.requested == .clear)
    #expect(report.achieved == .clear)
    #expect(report.startedAt?.description == "2026-11-22T11:28:03.000Z")
    #expect(report.endedAt?.description == "2026-11-22T11:28:03.000Z")
    #expect(report.result == .passed)
    #expect(report.verification == .passed)
    #expect(report.verificationMethod == "full read of the blanked drive")
    #expect(report.residualRisks.isEmpty)
    #expect(report.passes)
  }

  @Test func `times of a log are local and become UTC by the offset`() throws {
    let read = try read("nwipe/042-dodshort.log", circumstances: ReadingCircumstances(offset: 60))
    #expect(read[0].reports?[0].startedAt?.description == "2026-11-22T10:28:03.000Z")
  }

  @Test func `each drive of a log has its own report`() throws {
    let reports = try #require(try read("nwipe/042-two.log")[0].reports)
    #expect(reports.map(\.serial) == ["WD-WCC4N0RT7Y40", "WD-WCC4N0RT7Y41"])
    #expect(reports.map(\.result) == [.passed, .failed])
    #expect(reports.map(\.passes) == [true, false])
    #expect(reports[0].verificationMethod == "full read of all passes")
    #expect(reports[1].verification == nil)
    #expect(reports[1].residualRisks.contains("4194304 of 8388608 bytes were erased."))
    #expect(reports[1].residualRisks.contains("Errors: 1 of writing, 0 of verifying, 0 of flushing."))
  }

  @Test func `bytes that are no serial number leave it to the operator`() throws {
    for name in ["033-random", "033-dodshort"] {
      let report = try report("nwipe/\(name).log")
      #expect(report.serial == nil)
      #expect(report.serialSource == .operatorLinked)
      #expect(report.result == .passed)
      #expect(report.passes)
    }
    #expect(try report("nwipe/033-random.log").verificationMethod == "full read of the last pass")
  }

  @Test(arguments: ["033-failed", "033-aborted", "033-unverified", "042-aborted", "042-unverified"])
  func `what failed, was aborted or not verified does not pass`(name: String) throws {
    #expect(try !report("nwipe/\(name).log").passes)
  }

  @Test func `failed, aborted and unverified are told apart`() throws {
    #expect(try report("nwipe/033-failed.log").result == .failed)
    #expect(try report("nwipe/033-aborted.log").result == .aborted)
    #expect(try report("nwipe/042-aborted.log").result == .aborted)
    let unverified = try report("nwipe/042-unverified.log")
    #expect(unverified.result == .passed)
    #expect(unverified.verification == nil)
  }

  @Test func `reading alone erases nothing`() throws {
    #expect(try fault("nwipe/042-verify.log").code == "wipeReport.nothingErased")
    #expect(try fault("nwipe/042-verify.txt").code == "wipeReport.nothingErased")
  }

  @Test func `a log of several runs gives all of them, and the one that never ended does not pass`() throws {
    let one = try Vectors.bytes("nwipe/042-dodshort.log")
    let cut = try Vectors.bytes("nwipe/042-aborted.log").prefix(4200)
    let file = ReportFile(name: "both.log", bytes: one + one + cut)
    let reports = try #require(WipeReports.read([file], .init())[0].reports)
    #expect(reports.map(\.serial) == ["WD-WCC4N0RT7Y40", "WD-WCC4N0RT7Y40", "WD-WCC4N0RT7Y42"])
    #expect(reports.map(\.passes) == [true, true, false])
    #expect(reports[2].result == .aborted)
  }

  @Test func `a log cut off anywhere never passes`() throws {
    let whole = try Vectors.bytes("nwipe/042-dodshort.log")
    let end = try #require(String(decoding: whole, as: UTF8.self).firstRange(of: "Total Throughput"))
    let table = String(decoding: whole, as: UTF8.self)[..<end.lowerBound].utf8.count
    for length in stride(from: 1, to: table, by: 61) {
      let file = ReportFile(name: "cut.log", bytes: Array(whole.prefix(length)))
      switch WipeReports.read([file], .init())[0] {
      case .refused(let fault): #expect(!fault.remedy.isEmpty)
      case .reports(let reports): #expect(reports.allSatisfy { !$0.passes })
      case .identity: Issue.record("a log is no identity")
      }
    }
  }

  @Test func `a log whose table names another serial than its lines is refused`() throws {
    let text = String(decoding: try Vectors.bytes("nwipe/042-dodshort.log"), as: UTF8.self)
    let edited = text.replacing("Loopback device/WD-WCC4N0RT7Y40", with: "Loopback device/WD-WCC4N0RT7Y99")
    #expect(edited != text)
    #expect(read(text: edited).fault?.code == "wipeReport.contradictory")
  }

  @Test func `a table that says erased does not outvote the errors`() throws {
    let text = String(decoding: try Vectors.bytes("nwipe/042-two.log"), as: UTF8.self)
    let edited = text.replacing("|-FAILED-|", with: "| Erased |")
    let reports = try #require(read(text: edited).reports)
    #expect(reports.map(\.result) == [.passed, .failed])
    #expect(reports.map(\.passes) == [true, false])
  }

  @Test func `hidden sectors and flash are risks that stay`() throws {
    let text = String(decoding: try Vectors.bytes("nwipe/042-dodshort.log"), as: UTF8.self)
      .replacing("/dev/loop0", with: "/dev/nvme0n1").replacing("     loop0 |", with: "   nvme0n1 |")
      .replacing(
        "notice: Invoking method",
        with:
          "warning:  *** HIDDEN SECTORS DETECTED ! *** on /dev/nvme0n1\n[2026/11/22 11:28:03]  notice: Invoking method")
    let report = try #require(read(text: text).reports?.first)
    #expect(report.mediumType == "nvme")
    #expect(report.residualRisks.count == 2)
    #expect(report.residualRisks[0].contains("Hidden sectors"))
    #expect(report.residualRisks[1].contains("flash"))
  }

  @Test func `a certificate says the same as the log of its run`() throws {
    let (log, paper) = (try report("nwipe/042-dodshort.log"), try report("nwipe/042-dodshort.txt"))
    #expect(paper.format == .nwipeCertificate)
    #expect(paper.serial == log.serial)
    #expect(paper.toolVersion == "0.42")
    #expect(paper.technique == log.technique)
    #expect(paper.capacity == log.capacity)
    #expect(paper.startedAt == log.startedAt)
    #expect(paper.endedAt == log.endedAt)
    #expect(paper.passes)
    #expect(try report("nwipe/042-failed.txt").result == .failed)
    #expect(try report("nwipe/042-failed.txt").residualRisks.first == "50.00 % of the bytes were erased.")
    #expect(try report("nwipe/042-aborted.txt").result == .aborted)
    #expect(try report("nwipe/042-unverified.txt").verification == nil)
    for name in ["042-failed", "042-aborted", "042-unverified"] { #expect(try !report("nwipe/\(name).txt").passes) }
  }

  @Test func `the certificate of the whole computer names the remedy`() throws {
    #expect(try fault("nwipe/042-system.txt").code == "wipeReport.unknownFormat")
    #expect(try fault("nwipe/042-system.txt").remedy.contains("each drive"))
  }
}
