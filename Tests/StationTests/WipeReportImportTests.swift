import Custody
import CustodyLedger
import Foundation
import Logging
import StationStore
import Testing

@testable import Station

/// Wipe reports as the command `custody import wipe-report` brings them to a folder.
@Suite struct WipeReportImportTests {
  private static func vector(_ name: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try Data(contentsOf: folder.appendingPathComponent("Vectors/SanitizationReports/\(name)"))
      .base64EncodedString()
  }

  private func run(_ body: @escaping @Sendable (APIUnderTest, WipeReportImport) async throws -> Void) async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.kim.person.id, badge: "tok-kim-wipes", pin: "736251")
      try await api.core.store.setCredentials(of: api.lee.person.id, badge: "tok-lee-wipes", pin: "918273")
      let reports = try await WipeReportImport(
        into: api.core.store, formatCryptoPurgeBasis: nil,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      try await body(api, reports)
    }
  }

  private func read(
    _ reports: WipeReportImport, _ files: [String], drives: [CanonicalJSON] = []
  ) async throws -> CanonicalJSON {
    let given = try files.map { name -> CanonicalJSON in
      ["name": .string(name), "content": .string(try Self.vector(name))]
    }
    let asked: CanonicalJSON = ["files": .array(given), "drives": .array(drives)]
    return try CanonicalJSON(bytes: await reports.read(try asked.bytes(limit: .max)), limit: .max)
  }

  private func lines(_ reading: CanonicalJSON) throws -> [CanonicalJSON] {
    guard case .array(let lines)? = reading[path: "reports"] else {
      Issue.record("no reports: \(reading)")
      return []
    }
    return lines
  }

  @Test func `a report that names no drive is linked by the serial given with it, and recorded as on the page`()
    async throws
  {
    try await run { api, reports in
      let id = try #require(
        AssetID(try await api.register("LT-00001", "retired", category: "laptop", drives: ["S64GNX0T100007"])))
      let unnamed = try lines(try await read(reports, ["nvme/2.10-crypto-erase.json"]))
      #expect(unnamed.map { $0[path: "fit"]?.text } == ["unnamed"])
      let reading = try await read(reports, ["nvme/2.10-crypto-erase.json"], drives: ["s64gnx0t100007"])
      let line = try #require(try lines(reading).first)
      #expect(line[path: "fit"]?.text == "fits" && line[path: "serialSource"]?.text == "operatorLinked", "\(line)")
      #expect(api.core.store.head.seq == 1, "reading records nothing")

      let asked: CanonicalJSON = [
        "files": reading[path: "files"] ?? "", "lines": [["line": 0, "serial": "s64gnx0t100007"]],
        "validator": ["badge": "tok-lee-wipes", "pin": "918273"],
      ]
      let no = try CanonicalJSON(bytes: await reports.record(try asked.bytes(), badge: "tok-kim-wipes", pin: "000000"))
      #expect(no[path: "code"]?.text?.hasPrefix("access.") == true && no[path: "remedy"]?.text != nil, "\(no)")
      #expect(api.core.store.head.seq == 1)
      let done = try CanonicalJSON(
        bytes: await reports.record(try asked.bytes(), badge: "tok-kim-wipes", pin: "736251"))
      guard case .array(let items)? = done[path: "items"] else {
        Issue.record("nothing was recorded: \(done)")
        return
      }
      #expect(items.map { $0[path: "passes"] } == [.bool(true)], "\(done)")
      let event = try #require(try await api.core.store.read { try $0.entries(of: id) }.last?.event)
      guard case .sanitize(let details) = event.details else {
        Issue.record("no sanitize event: \(event)")
        return
      }
      #expect(details.record.serialSource == .operatorLinked && event.witness == api.lee.person.id)
      #expect(event.operator == api.kim.person.id)
      #expect(try await api.core.store.read { try $0.asset(id)?.unsanitizedMedia } == [])
    }
  }

  @Test func `a file that says which drive it was gives its serial to the report beside it`() async throws {
    try await run { _, reports in
      let reading = try await read(reports, ["nvme/2.10-crypto-erase.json", "nvme/id-ctrl.json"])
      #expect(try lines(reading).map { $0[path: "serialSource"]?.text } == ["companion"])
      guard case .array(let identities)? = reading[path: "identities"] else {
        Issue.record("no identity: \(reading)")
        return
      }
      #expect(identities.count == 1)
    }
  }

  @Test func `a serial that could belong to several reports, or to none, is sent back`() async throws {
    try await run { _, reports in
      let two = ["nvme/2.10-crypto-erase.json", "nvme/2.10-overwrite.json"]
      let unclear = try await read(reports, two, drives: ["S-1"])
      #expect(unclear[path: "code"]?.text == "wipeReport.drive", "\(unclear)")
      let named = try await read(reports, two, drives: ["1=S-1", "0=S-0"])
      #expect(try lines(named).map { $0[path: "serial"]?.text } == ["S-0", "S-1"])
      let none = try await read(reports, ["nwipe/042-dodshort.log"], drives: ["S-1"])
      #expect(none[path: "code"]?.text == "wipeReport.drive", "\(none)")
      let odd = try CanonicalJSON(bytes: await reports.read(Array(#"{"files":[{"content":"%%","name":"x"}]}"#.utf8)))
      #expect(odd[path: "code"]?.text == "request.malformed")
    }
  }
}
