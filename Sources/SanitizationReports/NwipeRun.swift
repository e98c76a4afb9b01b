import Custody

/// One run of nwipe: what its options say, and what its lines tell of each drive.
struct NwipeRun {
  private struct Drive {
    var number: Int
    var serial: String?
    var model: String?
    var type = ""
    var capacity: Int64?
    var method: String?
    var startedAt: Instant?
    var endedAt: Instant?
    var lastPassVerified = false
    var finalReadVerified = false
    var blanked = false
    var hasEnded = false
    var faults: [String] = []
    var risks: [String] = []
    var errors: (pass: Int64, verify: Int64, sync: Int64)?
    var status: (word: String, serial: String?, number: Int)?
  }

  private enum Table { case errors, erasure, status }

  private var version: String?
  private var verify = ""
  private var order: [String] = []
  private var drives: [String: Drive] = [:]
  private var table: Table?
  private var geometryOf: String?

  /// Whether any wipe of it was started.
  var hasBegun: Bool { drives.values.contains { $0.method != nil } }

  // MARK: Lines

  mutating func take(_ line: NwipeLog.Line, number: Int) {
    let message = line.message
    if message.hasPrefix("banner") || message.hasPrefix("nwipe 0.") {
      version = message.firstRange(of: "nwipe ").map { String(message[$0.upperBound...]).trimmed }
    }
    if message.hasPrefix("verify") { verify = message.between("(", ")") ?? "" }
    if message.hasPrefix("Total device bytes"), let device = geometryOf {
      drives[device]?.capacity = message.split(separator: "=").last?.trimmed.number
    }
    guard let device = line.device else { return }
    if message.contains("Device geometry is as follows") { geometryOf = device }
    var drive = drives[device] ?? Drive(number: number)
    if message.hasPrefix("Found /dev/") {
      let parts = message.split(separator: ",").map(\.trimmed)
      drive.type = parts.count > 1 ? parts[1] : ""
      if parts.count >= 5 { drive.model = parts[2] }
      drive.serial = message.firstRange(of: "S/N=").map { String(message[$0.upperBound...]) }
    }
    if let found = message.firstRange(of: " has serial number ") { drive.serial = String(message[found.upperBound...]) }
    if let found = message.firstRange(of: "sect/blk/dev ") {
      drive.capacity = message[found.upperBound...].split(separator: "/").last?.trimmed.number
    }
    if message.hasPrefix("Invoking method "), let method = message.between("'", "'") {
      drive.method = method
      drive.startedAt = line.at
      if !order.contains(device) { order.append(device) }
    }
    follow(message, at: line.at, &drive)
    drives[device] = drive
  }

  private func follow(_ message: String, at moment: Instant, _ drive: inout Drive) {
    if let verified = message.after("Verified pass ") {
      // `2 of 3, round 1 of 1, on …`: it counts for the last pass of the last round.
      let words = verified.split { " ,".contains($0) }
      drive.lastPassVerified = words.count > 6 && words[0] == words[2] && words[4] == words[6]
    }
    if message.hasPrefix("Starting pass") { drive.lastPassVerified = false }
    if message.hasPrefix("Blanking device") || message.hasPrefix("Writing final random pattern") {
      drive.blanked = true
      drive.finalReadVerified = false
    }
    if message.hasPrefix("[SUCCESS] Verified") { drive.finalReadVerified = true }
    if message.hasPrefix("Finished final round") || message.hasPrefix("Finished round")
      || message.hasPrefix("[SUCCESS]")
    {
      drive.hasEnded = true
      drive.endedAt = moment
    }
    if message.hasPrefix("[FAILURE]") || message.hasPrefix("Buffer flush failure")
      || message.hasPrefix("Nwipe exited with errors on device") || message.contains(" errors on '")
      || message.hasPrefix("Skipping verification")
    {
      drive.faults.append(message)
    }
    if message.contains("HIDDEN SECTORS DETECTED") {
      drive.risks.append("Hidden sectors (HPA or DCO) were found and not erased.")
    } else if message.contains("HIDDEN SECTORS INDETERMINATE") {
      drive.risks.append("Whether there are hidden sectors (HPA or DCO) could not be told.")
    }
  }

  // MARK: Tables

  /// Takes a line of one of the tables at the run's end; says whether it was one.
  mutating func takeRow(_ text: String, number: Int) throws(ReportFault) -> Bool {
    if text.contains("* Error Summary *") {
      table = .errors
    } else if text.contains("* Erasure Summary *") {
      table = .erasure
    } else if text.contains("* Drive Status *") {
      table = .status
    } else if let table, text.contains("|"), !text.hasPrefix("["), !text.contains(" Device |") {
      let cells = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let name = cells[0].drop { $0 == "!" }.trimmed
      let device = order.first { $0.hasSuffix("/" + name) } ?? "/dev/" + name
      guard drives[device]?.method != nil else {
        throw .contradictory("The table names \(device), of which the log tells no wipe.", at: "line \(number)")
      }
      switch table {
      case .errors:
        let counts = cells.dropFirst().map(\.trimmed).filter { !$0.isEmpty }.map(\.number)
        guard let pass = counts.first ?? nil, counts.count >= 2, let verify = counts[1] else {
          throw .malformed("The errors of \(device) cannot be read.", at: "line \(number)")
        }
        drives[device]?.errors = (pass, verify, counts.count > 2 ? counts[2] ?? 1 : 0)
      case .erasure:
        guard cells.count >= 3, let erased = cells[1].trimmed.number, let total = cells[2].trimmed.number else {
          throw .malformed("The bytes erased of \(device) cannot be read.", at: "line \(number)")
        }
        if erased < total { drives[device]?.risks.append("\(erased) of \(total) bytes were erased.") }
      case .status:
        guard cells.count >= 5 else {
          throw .truncated("The status of \(device) is cut off.", at: "line \(number)")
        }
        // The model may hold a slash; the serial number does not.
        let serial = cells[4...].joined(separator: "|").split(separator: "/", omittingEmptySubsequences: false).last
        drives[device]?.status = (cells[1].trimmed, serial.map(String.init), number)
      }
      return true
    } else {
      return false
    }
    return true
  }

  // MARK: Reports

  func reports(_ circumstances: ReadingCircumstances) throws(ReportFault) -> [WipeReport] {
    guard hasBegun else { throw .truncated("The log has a table, but not the lines before it.") }
    var reports: [WipeReport] = []
    // In the table's order: threads begin in any.
    let listed = order.sorted { (drives[$0]?.status?.number ?? 0) < (drives[$1]?.status?.number ?? 0) }
    for device in listed {
      guard let drive = drives[device], let method = drive.method else { continue }
      guard let status = drive.status else {
        throw .contradictory("The table of drive status says nothing of \(device).", at: "line \(drive.number)")
      }
      guard !method.hasPrefix("Verify ") else {
        throw ReportFault(
          "nothingErased", at: "line \(drive.number)", "nwipe only read \(device) (\(method)): nothing was erased.",
          remedy: "Upload the log of the wipe itself.")
      }
      if let said = drive.serial.flatMap(WipeReport.serial), let listed = status.serial.flatMap(WipeReport.serial),
        !said.hasPrefix(listed), !listed.hasPrefix(said)
      {
        throw .contradictory(
          "\(device) has the serial number \(said) in one line and \(listed) in the table.", at: "line \(status.number)"
        )
      }
      reports.append(report(drive, device, method, status.word, circumstances))
    }
    return reports
  }

  /// What was begun and of which nothing says how it ended: aborted.
  func unfinished(_ circumstances: ReadingCircumstances) -> [WipeReport] {
    order.compactMap { device in
      guard let drive = drives[device], let method = drive.method else { return nil }
      var report = report(drive, device, method, "UABORTED", circumstances)
      report.residualRisks.append("The log ends before nwipe says how this wipe ended.")
      return report
    }
  }

  private func report(
    _ drive: Drive, _ device: String, _ method: String, _ word: String, _ circumstances: ReadingCircumstances
  ) -> WipeReport {
    let counted = drive.errors.map { $0.pass + $0.verify + $0.sync } ?? 0
    let result: SanitizationResult
    switch word {
    // The table alone does not do: nwipe called drives erased that had errors (its pull request 317).
    case "Erased": result = counted == 0 && drive.faults.isEmpty && drive.hasEnded ? .passed : .failed
    case "UABORTED", "ABORTED": result = .aborted
    default: result = .failed
    }
    var report = WipeReport(
      format: .nwipeLog, place: "line \(drive.status?.number ?? drive.number)", tool: "nwipe", technique: method,
      kind: .overwrite, result: result, policy: circumstances.policy)
    report.toolVersion = version.flatMap { $0.after("0.").map { "0." + $0 } ?? $0 }
    report.device = device
    report.model = drive.model.flatMap { $0.isEmpty ? nil : $0 }
    report.capacity = drive.capacity
    report.startedAt = drive.startedAt
    report.endedAt = drive.endedAt ?? drive.startedAt
    report.take(serial: drive.serial, from: .tool)
    report.residualRisks = drive.risks + drive.faults
    if let errors = drive.errors, counted > 0 {
      report.residualRisks.append(
        "Errors: \(errors.pass) of writing, \(errors.verify) of verifying, \(errors.sync) of flushing.")
    }
    if device.hasPrefix("/dev/nvme") {
      report.mediumType = "nvme"
    } else if drive.type.contains("SSD") {
      report.mediumType = "ssd"
    }
    if report.mediumType != nil { report.residualRisks.append(WipeReport.flashRisk) }
    // A pass that was verified and then blanked is not what lies on the drive now.
    if drive.blanked ? drive.finalReadVerified : drive.lastPassVerified || drive.finalReadVerified {
      report.verificationMethod =
        drive.blanked
        ? "full read of the blanked drive"
        : verify == "all passes" ? "full read of all passes" : "full read of the last pass"
      report.verification = result == .passed ? .passed : .failed
    }
    return report
  }
}

extension WipeReport {
  static let flashRisk = "Overwritten through the host's addresses: spare cells of flash may keep data."
}
