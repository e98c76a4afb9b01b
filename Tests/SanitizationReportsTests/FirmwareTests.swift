import Custody
import Testing

@testable import SanitizationReports

@Suite struct FirmwareTests {
  @Test(arguments: [
    ("1.8-block-erase", Technique.nvmeSanitizeBlock, "NVMe Sanitize, block erase"),
    ("2.10-crypto-erase", .nvmeSanitizeCrypto, "NVMe Sanitize, crypto erase"),
    ("2.5-wording-as-name", .nvmeSanitizeCrypto, "NVMe Sanitize, crypto erase"),
    ("2.10-overwrite", .nvmeSanitizeOverwrite, "NVMe Sanitize, overwrite"),
  ])
  func `a sanitize log that completed is a purge, in every form of nvme-cli`(
    name: String, kind: Technique, technique: String
  ) throws {
    let report = try report("nvme/\(name).json")
    #expect(report.kind == kind)
    #expect(report.technique == technique)
    #expect(report.requested == .purge)
    #expect(report.achieved == .purge)
    #expect(report.verification == .passed)
    #expect(report.serialSource == .operatorLinked)
    #expect(report.passes)
  }

  @Test func `the register's number is read as well`() throws {
    let text = #"{"nvme0":{"sprog":65535,"sstat":257,"cdw10_info":2}}"#
    #expect(try #require(read(text: text).reports)[0].passes)
    let never = #"{"nvme0":{"sprog":65535,"sstat":256,"cdw10_info":0}}"#
    #expect(read(text: never).fault?.code == "wipeReport.neverSanitized")
  }

  @Test func `a sanitize that failed achieved no purge`() throws {
    let report = try report("nvme/2.10-failed.json")
    #expect(report.requested == .purge)
    #expect(report.achieved == .clear)
    #expect(report.result == .failed)
    #expect(!report.passes)
  }

  @Test func `what goes on or never began is no report yet`() throws {
    #expect(try fault("nvme/2.10-in-progress.json").code == "wipeReport.inProgress")
    #expect(try fault("nvme/2.10-in-progress.json").sentence.contains("30 %"))
    #expect(try fault("nvme/2.10-never.json").code == "wipeReport.neverSanitized")
  }

  @Test func `a drive that was written to since, or broke its verification off, does not pass`() throws {
    #expect(try report("nvme/2.10-written-since.json").verification == .failed)
    #expect(try report("nvme/3.0-verification-cancelled.json").verification == .aborted)
    for name in ["2.10-written-since", "3.0-verification-cancelled"] {
      #expect(try !report("nvme/\(name).json").passes)
    }
  }

  @Test func `complete and not complete at once is refused with its path`() throws {
    let text = String(decoding: try Vectors.bytes("nvme/1.8-block-erase.json"), as: UTF8.self)
      .replacing("\"sprog\": 65535", with: "\"sprog\": 4000")
    let fault = try #require(read(text: text).fault)
    #expect(fault.code == "wipeReport.contradictory")
    #expect(fault.place == "/nvme0/sprog")
  }

  @Test func `id-ctrl beside a sanitize log gives its serial`() throws {
    let files = try read("nvme/1.8-block-erase.json", "nvme/id-ctrl.json")
    let report = try #require(files[0].reports?.first)
    #expect(report.serial == "S7BFNG0W600310")
    #expect(report.serialSource == .companion)
    #expect(report.model == "SAMSUNG MZWLO7T6HBLA-00A07")
    #expect(report.capacity == 7_521_470_078_976)
    guard case .identity = files[1] else {
      Issue.record("id-ctrl is an identity")
      return
    }
  }

  @Test func `of two logs and one identity nobody knows which belongs together`() throws {
    let files = try read("nvme/1.8-block-erase.json", "nvme/id-ctrl.json", "nvme/2.10-crypto-erase.json")
    #expect(files[0].reports?[0].serialSource == .operatorLinked)
    #expect(files[2].reports?[0].serialSource == .operatorLinked)
  }

  @Test func `ATA security erase is a clear, with hdparm -I of after it as its verification`() throws {
    let report = try report("hdparm/erase-then-identity.txt")
    #expect(report.technique == "ATA SECURITY ERASE UNIT")
    #expect(report.achieved == .clear)
    #expect(report.serial == "20131210000000000023")
    #expect(report.serialSource == .companion)
    #expect(report.model == "7 PIN  SATA FDM")
    #expect(report.capacity == 31_016_853_504)
    #expect(report.mediumType == "ssd")
    #expect(report.passes)
  }

  @Test func `a drive that still has its security enabled was not erased`() throws {
    #expect(try report("hdparm/erase-still-enabled.txt").result == .failed)
    #expect(try report("hdparm/erase-failed.txt").result == .failed)
    #expect(try report("hdparm/erase-failed.txt").residualRisks == ["hdparm said: SECURITY_ERASE: Input/output error"])
    #expect(try fault("hdparm/erase-alone.txt").code == "wipeReport.truncated")
  }

  @Test func `identity of before the erase proves nothing`() throws {
    let before = try Vectors.bytes("hdparm/identity.txt")
    let erase = try Vectors.bytes("hdparm/erase-alone.txt")
    let read = WipeReports.read([ReportFile(name: "x", bytes: before + erase)], .init())[0]
    #expect(read.fault?.code == "wipeReport.truncated")
  }

  @Test func `hdparm -I in a file of its own gives the serial of the same device`() throws {
    let files = try read("hdparm/identity.txt", "hdparm/erase-status-without-serial.txt")
    #expect(files[1].reports?[0].serial == "20131210000000000023")
    #expect(files[1].reports?[0].serialSource == .companion)
    #expect(try report("hdparm/erase-status-without-serial.txt").serialSource == .operatorLinked)
  }

  @Test func `ATA sanitize is a purge only when the drive says that it completed`() throws {
    let done = try report("hdparm/sanitize-block.txt")
    #expect(done.achieved == .purge)
    #expect(done.passes)
    let refused = try report("hdparm/sanitize-refused.txt")
    #expect(refused.result == .failed)
    #expect(refused.achieved == .clear)
    #expect(!refused.passes)
    #expect(try fault("hdparm/sanitize-in-process.txt").code == "wipeReport.inProgress")
  }

  @Test func `two serials under one device are contradictory`() throws {
    let one = String(decoding: try Vectors.bytes("hdparm/erase-then-identity.txt"), as: UTF8.self)
    let other = String(decoding: try Vectors.bytes("hdparm/identity.txt"), as: UTF8.self)
      .replacing("20131210000000000023", with: "20131210000000000024")
    #expect(read(text: other + one).fault?.code == "wipeReport.contradictory")
  }
}
