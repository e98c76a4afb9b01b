import Custody

/// Blancco's report as XML: `<entry name="…">` under `<entries name="…">`, in `blancco_erasure_report`.
enum BlanccoReport {
  static func reports(_ root: XMLText, _ circumstances: ReadingCircumstances) throws(ReportFault) -> [WipeReport] {
    guard let erasures = root.first("blancco_erasure_report") else {
      throw ReportFault(
        "unknownFormat", "This XML has no blancco_erasure_report.",
        remedy: "Export the report from Blancco as XML, with the erasure in it.")
    }
    let found = erasures.all("erasure")
    guard !found.isEmpty else {
      throw ReportFault(
        "nothingErased", at: "line \(erasures.line)", "The report tells of no erasure.",
        remedy: "Upload the report of the erasure; what lists the hardware alone is none.")
    }
    let disks = (root.first("blancco_hardware_report")?.all("disk") ?? []).map(Entries.init)
    let version = root.first("blancco_data").flatMap { $0.first("description") }?.first("author")?.first(
      "product_version")
    var reports: [WipeReport] = []
    for erasure in found { reports.append(try report(erasure, disks, version?.text.trimmed, circumstances)) }
    return reports
  }

  private static func report(
    _ element: XMLText, _ disks: [Entries], _ version: String?, _ circumstances: ReadingCircumstances
  ) throws(ReportFault) -> WipeReport {
    let erasure = Entries(element)
    let target = element.all("target").first.map(Entries.init)
    guard let state = erasure["state"], let standard = erasure["erasure_standard_name"] else {
      throw .truncated("An erasure has no state, or no erasure_standard_name.", at: "line \(element.line)")
    }
    let result: SanitizationResult =
      switch state.lowercased() {
      case "successful", "erased": .passed
      case "cancelled", "canceled", "aborted", "interrupted": .aborted
      // `Erased with exceptions` among them: what an exception left is for people to judge, and no pass.
      default: .failed
      }
    let kind = Self.kind(standard)
    var report = WipeReport(
      format: .blanccoXML, place: "line \(element.line)", tool: "Blancco", technique: standard, kind: kind,
      result: result, policy: circumstances.policy)
    report.toolVersion = version.flatMap { $0.isEmpty ? nil : $0 }
    // A purge by name of which the report shows overwriting alone was a clear.
    if kind == .firmwarePurge, try erasure.count("firmware_rounds", element) == 0 { report.achieved = .clear }
    // The drive among the hardware, where the erasure names it by a number alone.
    let id = target?["target_id"] ?? target?["id"]
    let disk = disks.first { $0["id"] != nil && $0["id"] == id } ?? (disks.count == 1 ? disks.first : nil)
    let serial = (target?["serial"] ?? erasure["serial"] ?? disk?["serial"]).flatMap(WipeReport.serial)
    if let serial, let other = disk?["serial"].flatMap(WipeReport.serial), other != serial {
      throw .contradictory(
        "The erasure is of \(serial), the drive it points to is \(other).", at: "line \(element.line)")
    }
    report.take(serial: serial, from: .tool)
    report.manufacturer = target?["vendor"] ?? disk?["vendor"]
    report.model = target?["model"] ?? disk?["model"]
    report.capacity = (target?["capacity"] ?? disk?["capacity"])?.number
    let bus = (target?["interface_type"] ?? disk?["interface_type"] ?? "").uppercased()
    let type = (target?["type"] ?? disk?["type"] ?? "").uppercased()
    if bus.contains("NVME") { report.mediumType = "nvme" } else if type.contains("SSD") { report.mediumType = "ssd" }
    if kind.isHostOverwrite, report.mediumType != nil { report.residualRisks.append(WipeReport.flashRisk) }
    report.startedAt = try erasure.moment("start_time", element, circumstances)
    let stamp = try erasure.moment("timestamp", element, circumstances)
    report.endedAt = try erasure.moment("end_time", element, circumstances) ?? stamp
    let failed = try erasure.count("failed_sectors", element) ?? 0
    let errors = try erasure.count("total_errors", element) ?? 0
    if failed > 0 || errors > 0 {
      report.residualRisks.append("\(failed) sectors could not be erased; \(errors) errors.")
      if result == .passed {
        report.result = .failed
        report.achieved = .clear
      }
    }
    if report.result == .passed { verify(&report, erasure["verification"] ?? erasure["verification_percentage"]) }
    return report
  }

  /// Blancco calls an erasure successful only when its own verification passed; where the report says how much was read,
  /// it says so.
  private static func verify(_ report: inout WipeReport, _ extent: String?) {
    if let extent {
      guard !["0", "0%", "none", "off", "no", "failed"].contains(extent.lowercased()) else { return }
      report.verificationMethod = "Blancco's verification, \(extent)"
    } else {
      report.verificationMethod = "Blancco's own verification, part of state Successful"
    }
    report.verification = .passed
  }

  /// Which standards are purges: those that have it in their name, exactly. Every other one is an overwrite.
  private static func kind(_ standard: String) -> Technique {
    ["nist 800-88 purge", "nist sp 800-88 purge", "ieee 2883-2022 purge", "ieee 2883 purge"].contains(
      standard.lowercased())
      ? .firmwarePurge : .overwrite
  }

  /// The entries of one `<entries>`, by name.
  private struct Entries {
    private var values: [String: String] = [:]

    init(_ element: XMLText) {
      for entry in element.children where entry.name == "entry" {
        guard let name = entry.attributes["name"], values[name] == nil else { continue }
        let text = entry.text.trimmed
        if !text.isEmpty { values[name] = text }
      }
    }

    subscript(_ name: String) -> String? { values[name] }

    func count(_ name: String, _ element: XMLText) throws(ReportFault) -> Int64? {
      guard let text = values[name] else { return nil }
      guard let number = text.number else {
        throw .malformed("\(name) is no number: '\(text.prefix(40))'.", at: "line \(element.line)")
      }
      return number
    }

    func moment(
      _ name: String, _ element: XMLText, _ circumstances: ReadingCircumstances
    ) throws(ReportFault) -> Instant? {
      guard let text = values[name] else { return nil }
      guard let moment = LocalTime.moment(text, offset: circumstances.offset) else {
        throw .malformed("\(name) is no moment: '\(text.prefix(40))'.", at: "line \(element.line)")
      }
      return moment
    }
  }
}

extension XMLText {
  /// Every `<entries name="…">` of a name at any depth, in their order.
  fileprivate func all(_ name: String) -> [XMLText] {
    (self.name == "entries" && attributes["name"] == name ? [self] : []) + children.flatMap { $0.all(name) }
  }
}
