import Custody

/// `nvme sanitize-log -o json`, in the forms that nvme-cli has had since 1.5: under the device's name, the status as an object
/// (`sstat`) with a worded `status`, with the wording itself as the member's name (2.3 to 2.4), or as the register's number.
enum NvmeSanitizeLog {
  static func reports(_ json: JSONText, _ circumstances: ReadingCircumstances) throws(ReportFault) -> [WipeReport] {
    // Each controller's log stands under its name; some print it without one.
    var logs: [(device: String?, path: String, log: JSONText)] = []
    if json["sprog"] != nil || json["sstat"] != nil {
      logs.append((nil, "", json))
    } else {
      for (name, value) in json.members where value["sprog"] != nil || value["sstat"] != nil {
        logs.append(("/dev/" + name.replacing("/dev/", with: ""), "/\(name)", value))
      }
    }
    guard !logs.isEmpty else {
      throw ReportFault(
        "unknownFormat", "This JSON is no sanitize log.",
        remedy: "Upload what nvme sanitize-log -o json prints, with nvme id-ctrl -o json beside it.")
    }
    var reports: [WipeReport] = []
    for (device, path, log) in logs { reports.append(try report(log, device: device, path: path, circumstances)) }
    return reports
  }

  private static func report(
    _ log: JSONText, device: String?, path: String, _ circumstances: ReadingCircumstances
  ) throws(ReportFault) -> WipeReport {
    guard let progress = log["sprog"]?.number, (0...65535).contains(progress) else {
      throw .malformed("sprog is missing, or not from 0 to 65535.", at: path + "/sprog")
    }
    guard let cdw10 = (log["cdw10_info"] ?? log["scdw10"])?.number, (0...4_294_967_295).contains(cdw10) else {
      throw .malformed("cdw10_info is missing, or no 32-bit number.", at: path + "/cdw10_info")
    }
    let status = try Status(log, path: path)
    let kind: Technique
    let technique: String
    switch cdw10 & 7 {
    case 2: (kind, technique) = (.nvmeSanitizeBlock, "NVMe Sanitize, block erase")
    case 3: (kind, technique) = (.nvmeSanitizeOverwrite, "NVMe Sanitize, overwrite")
    case 4: (kind, technique) = (.nvmeSanitizeCrypto, "NVMe Sanitize, crypto erase")
    default:
      guard status.code != 0 else {
        throw ReportFault(
          "neverSanitized", at: path + "/sstat", "The drive says that it was never sanitized.",
          remedy: "Sanitize it with nvme sanitize, and take the log when it has ended.")
      }
      throw .contradictory(
        "The log tells of a sanitize operation, but its command (\(cdw10 & 7)) is none that sanitizes.",
        at: path + "/cdw10_info")
    }
    let result: SanitizationResult
    switch status.code {
    case 0:
      throw ReportFault(
        "neverSanitized", at: path + "/sstat", "The drive says that it was never sanitized.",
        remedy: "Sanitize it with nvme sanitize, and take the log when it has ended.")
    case 1, 4:
      guard progress == 65535 else {
        throw .contradictory(
          "The log says that it completed, and that it is at \(progress) of 65535.", at: path + "/sprog")
      }
      result = .passed
    case 2:
      throw ReportFault(
        "inProgress", at: path + "/sstat", "The drive is still being sanitized (\(progress * 100 / 65535) %).",
        remedy: "Wait until it has ended, then take the log again.")
    case 3: result = .failed
    default: throw .malformed("The status \(status.code) is reserved.", at: path + "/sstat")
    }
    var report = WipeReport(
      format: .nvmeSanitizeLog, place: path.isEmpty ? "/" : path, tool: "nvme-cli", technique: technique, kind: kind,
      result: result, policy: circumstances.policy)
    report.device = device
    report.mediumType = "nvme"
    if result == .passed {
      report.verificationMethod = "drive's own sanitize status, read after completion"
      report.verification = .passed
      if status.isVerificationCancelled {
        report.verification = .aborted
        report.residualRisks.append("The media verification of the drive was cancelled.")
      }
      if status.state.map({ $0 != 0 }) ?? false {
        report.verification = .aborted
        report.residualRisks.append("The drive had not come back from sanitizing when the log was taken.")
      }
      if !status.isGloballyErased {
        report.verification = .failed
        report.residualRisks.append("The drive says that it was written to since (Global Data Erased is 0).")
      }
    }
    return report
  }

  /// The Sanitize Status field (SSTAT), however it was printed.
  private struct Status {
    /// 0 never, 1 completed, 2 in progress, 3 failed, 4 completed without deallocation.
    var code: Int64
    var isGloballyErased: Bool
    var isVerificationCancelled = false
    /// Sanitize state (SSI), where the log has one; 0 is idle.
    var state: Int64?

    init(_ log: JSONText, path: String) throws(ReportFault) {
      let sstat = log["sstat"] ?? .null
      if let register = sstat.number {
        guard (0...65535).contains(register) else {
          throw .malformed("sstat is no 16-bit number.", at: path + "/sstat")
        }
        code = register & 7
        isGloballyErased = register & 0x100 != 0
        isVerificationCancelled = register & 0x200 != 0
      } else {
        guard let erased = sstat["global_erased"]?.number, (0...1).contains(erased) else {
          throw .malformed("global_erased is missing, or neither 0 nor 1.", at: path + "/sstat/global_erased")
        }
        isGloballyErased = erased == 1
        isVerificationCancelled = (sstat["media_verification_canceled"]?.number ?? 0) != 0
        let worded = sstat.members.compactMap { member -> Int64? in
          guard let text = member.value.text else { return nil }
          return Self.code(text)
        }
        guard let first = worded.first, worded.count == 1 else {
          throw .malformed("sstat has no status such as \"(1) …\", or several.", at: path + "/sstat/status")
        }
        code = first
      }
      if let state = log["sanitize_state_information"]?["sanitize_state"] {
        self.state = state.text.flatMap(Self.code)
        guard self.state != nil else {
          throw .malformed("sanitize_state is unreadable.", at: path + "/sanitize_state_information/sanitize_state")
        }
      }
    }

    /// The number of `(1) Most Recent Sanitize Command Completed Successfully.`
    private static func code(_ text: String) -> Int64? { text.hasPrefix("(") ? text.between("(", ")")?.number : nil }
  }
}
