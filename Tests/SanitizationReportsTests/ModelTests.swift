import Custody
import Testing

@testable import SanitizationReports

/// The model that a report gives against the one on the list of drives.
@Suite struct ModelTests {
  private func reporting(_ manufacturer: String?, _ model: String?) throws -> WipeReport {
    let reports = try read("csv/shredder.csv")[0].reports
    var report = try #require(reports?.first)
    (report.manufacturer, report.model) = (manufacturer, model)
    return report
  }

  /// A report's model, the listed maker and the listed model.
  private static let same: [(String, String?, String)] = [
    ("WDC WD10EZEX-00WN4A0", nil, "wd10ezex-00wn4a0"), ("MZVL2512HCJQ", "Samsung", "Samsung MZVL2512HCJQ"),
    ("SAMSUNG MZVL2512HCJQ-00B00", "Samsung", "MZVL2512HCJQ - 00B00"),
    ("ATA Samsung SSD 980 PRO", nil, "SSD 980 PRO"), ("Western Digital WD10EZEX", nil, "WDC  WD10EZEX"),
    ("Acme X-1", "Acme", "X-1"), ("Samsung_SSD_980", nil, "SSD 980"),
  ]

  @Test(arguments: ModelTests.same)
  func `blanks, letters and a maker's name before it make no other model`(
    reported: String, maker: String?, listed: String
  ) throws {
    let medium = Medium(serial: "S", manufacturer: maker, model: listed)
    #expect(try reporting(nil, reported).otherModel(than: medium) == nil)
  }

  @Test(arguments: [
    ("WD10EZEX", "WD20EZRZ"), ("MZVL2512HCJQ", "MZVL21T0HCLR"), ("SSD 980", "SSD 980 PRO"), ("Samsung", "Micron"),
  ])
  func `another model is another model, whichever of them is listed`(one: String, other: String) throws {
    #expect(try reporting(nil, one).otherModel(than: Medium(serial: "S", model: other)) == one)
    #expect(try reporting("Acme", other).otherModel(than: Medium(serial: "S", model: one)) == "Acme " + other)
  }

  @Test func `where either names none, nothing is odd`() throws {
    #expect(try reporting(nil, nil).otherModel(than: Medium(serial: "S", model: "X-1")) == nil)
    for model in [nil, "", " ", "Unknown", "N/A"] as [String?] {
      #expect(try reporting(nil, "X-1").otherModel(than: Medium(serial: "S", model: model)) == nil)
    }
  }

  @Test func `a record of another model is marked and does not pass, until somebody has confirmed the drive`() throws {
    let report = try reporting("Acme", "X-1")
    #expect(report.passes)
    let person = PersonID(high: 1, low: 2)
    let moment = Instant(milliseconds: 1_772_442_000_000)
    var record = report.record(of: Medium(serial: "S", model: "Y-2"), by: person, at: moment)
    #expect(record.reportedModel == "Acme X-1" && record.medium.model == "Y-2")
    #expect(!record.passes)
    record.modelConfirmed = true
    #expect(record.passes)
    record.modelConfirmed = false
    #expect(!record.passes)
    let same = report.record(of: Medium(serial: "S", model: "x-1"), by: person, at: moment)
    #expect(same.reportedModel == nil && same.passes)
  }
}
