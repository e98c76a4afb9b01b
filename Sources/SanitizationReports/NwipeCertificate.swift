import Custody

/// The text of nwipe's PDF certificate: each label with what stands after it, as `pdftotext -layout` lays it out.
struct NwipeCertificate {
  private let text: String
  private let lines: [String]

  init(text: String) {
    self.text = text
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// What stands after a label, up to the next label on its line.
  private func value(_ label: String, until next: String? = nil) -> String? {
    for line in lines {
      guard let found = line.firstRange(of: label) else { continue }
      var rest = String(line[found.upperBound...])
      if let next, let end = rest.firstRange(of: next) { rest = String(rest[..<end.lowerBound]) }
      return rest.trimmed
    }
    return nil
  }

  func report(_ circumstances: ReadingCircumstances) throws(ReportFault) -> WipeReport {
    guard !text.contains("System Erasure Report") else {
      throw ReportFault(
        "unknownFormat", "This is nwipe's report of the whole computer.",
        remedy: "Upload nwipe's certificate of each drive, or its log.")
    }
    guard text.contains("Disk Erasure Report") || text.contains("Disk Erasure Details") else {
      throw ReportFault(
        "unknownFormat", "This PDF is no nwipe certificate.",
        remedy: "Of other tools, upload the XML report or the CSV of docs/wipe-reports.md.")
    }
    guard let status = value("Status:")?.split(separator: " ").first.map(String.init),
      let method = value("Method:", until: "PRNG algorithm:"), !method.isEmpty,
      let errors = value("Errors(pass/sync/verify/retries):", until: "Throughput:")
        ?? value("Errors(pass/sync/verify):", until: "Throughput:")
    else { throw .truncated("The certificate has no status, method or error counts.", at: "page 1") }
    let counts = errors.split(separator: "/", omittingEmptySubsequences: false).map { $0.trimmed.number }
    guard counts.count >= 3, let pass = counts[0], let sync = counts[1], let verified = counts[2] else {
      throw .malformed("The error counts '\(errors.prefix(40))' cannot be read.", at: "page 1, Errors")
    }
    guard !method.hasPrefix("Verify ") else {
      throw ReportFault(
        "nothingErased", at: "page 1, Method", "nwipe only read the drive (\(method)): nothing was erased.",
        remedy: "Upload the certificate of the wipe itself.")
    }
    let noErrors = pass == 0 && sync == 0 && verified == 0
    let result: SanitizationResult =
      switch status {
      case "ERASED": noErrors && roundsAreDone ? .passed : .failed
      case "ABORTED": .aborted
      default: .failed
      }
    var report = WipeReport(
      format: .nwipeCertificate, place: "page 1", tool: "nwipe", technique: method, kind: .overwrite, result: result,
      policy: circumstances.policy)
    report.toolVersion = value("Disc Erasure by NWIPE version")?.split(separator: " ").first.map(String.init)
    report.model = value("Make/Model:", until: "Serial:").flatMap { $0.isEmpty ? nil : $0 }
    try takeSerial(&report)
    report.capacity = value("Size(Apparent):", until: "Bus:").flatMap { $0.between(",", "bytes")?.trimmed.number }
    report.startedAt = try moment("Start time:", until: "End time:", circumstances)
    report.endedAt = try moment("End time:", until: nil, circumstances)
    if let bus = value("Bus:") {
      if bus.uppercased().contains("NVME") {
        report.mediumType = "nvme"
      } else if bus.uppercased().contains("SSD") {
        report.mediumType = "ssd"
      }
    }
    let pass1 = value("Verify Pass(Last/All/None):")?.split(separator: " ").first.map(String.init)
    if let pass1, pass1 != "None", result != .aborted {
      report.verificationMethod = pass1 == "All" ? "full read of all passes" : "full read of the last pass"
      report.verification = result == .passed ? .passed : .failed
    }
    report.residualRisks = risks(noErrors ? nil : errors)
    if report.mediumType != nil { report.residualRisks.append(WipeReport.flashRisk) }
    return report
  }

  /// The heading repeats the serial; both must be the same.
  private func takeSerial(_ report: inout WipeReport) throws(ReportFault) {
    let serial = value("Serial:")
    report.take(serial: serial, from: .tool)
    if let heading = value("Disk S/N:").flatMap(WipeReport.serial), let serial = report.serial, heading != serial {
      throw .contradictory(
        "The certificate names the serial numbers \(heading) and \(serial).", at: "page 1, Serial")
    }
  }

  /// `1/1`: as many rounds as were asked for.
  private var roundsAreDone: Bool {
    guard let rounds = value("Rounds(completed/requested):")?.split(separator: "/").map(\.trimmed.number),
      rounds.count == 2, let done = rounds[0], let asked = rounds[1]
    else { return false }
    return done >= asked && asked > 0
  }

  private func moment(
    _ label: String, until next: String?, _ circumstances: ReadingCircumstances
  ) throws(ReportFault) -> Instant {
    guard let text = value(label, until: next),
      let moment = LocalTime.moment(text.prefix(19), offset: circumstances.offset)
    else { throw .malformed("\(label) cannot be read.", at: "page 1, \(label.dropLast())") }
    return moment
  }

  private func risks(_ errors: String?) -> [String] {
    var risks: [String] = []
    let hidden = value("HPA/DCO:", until: "HPA/DCO Size:") ?? ""
    if hidden.contains("found") { risks.append("Hidden sectors (HPA or DCO) were found and not erased.") }
    if hidden.hasPrefix("Unknown") { risks.append("Whether there are hidden sectors (HPA or DCO) could not be told.") }
    if let erased = value("*Bytes Erased:", until: "Rounds("), let share = erased.between("(", "%)"), share != "100",
      share != "100.00"
    {
      risks.append("\(share) % of the bytes were erased.")
    }
    if let errors { risks.append("Errors (writing/flushing/verifying/retries): \(errors).") }
    return risks
  }
}
