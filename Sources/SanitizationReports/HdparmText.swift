import Custody

/// What `hdparm` printed: `-I` (who the drive is, and its security state), `--security-erase`, `--sanitize-…` and
/// `--sanitize-status`, one after another as in a terminal.
struct HdparmText {
  private let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  static func recognises(_ lines: [String]) -> Bool {
    lines.contains { line in
      line.contains("Issuing SECURITY_ERASE") || line.contains("Issuing SANITIZE_")
        || line.contains("Issuing ENHANCED SECURITY_ERASE")
        || line.trimmed.hasPrefix("ATA device, with ") || line.contains("for SECURITY ERASE UNIT")
    }
  }

  /// What is known of one drive while the lines are read.
  private struct Drive {
    var identity = DriveIdentity(format: .hdparm)
    var erase: (kind: Technique, technique: String, line: Int)?
    var fault: String?
    /// hdparm -I after the erase: whether security is enabled.
    var enabledAfter: Bool?
    /// `--sanitize-status` after the command.
    var sanitizeDone: Bool?
    var sanitizeState: String?
  }

  func read(_ circumstances: ReadingCircumstances) throws(ReportFault) -> ReadFile {
    var drives: [(device: String, drive: Drive)] = []
    var current = 0
    var inSecurity = false
    for (index, line) in lines.enumerated() {
      let text = line.trimmed
      if text.hasPrefix("/dev/"), text.hasSuffix(":"), !text.contains(" ") {
        let device = String(text.dropLast())
        current = drives.firstIndex { $0.device == device } ?? drives.count
        if current == drives.count {
          drives.append((device, Drive()))
          drives[current].drive.identity.device = device
        }
        inSecurity = false
        continue
      }
      if text.isEmpty { continue }
      if drives.isEmpty { drives.append(("", Drive())) }
      try Self.take(text, line: index + 1, &drives[current].drive, &inSecurity)
    }
    guard drives.contains(where: { $0.drive.erase != nil }) else {
      guard drives.count == 1 else {
        throw .contradictory(
          "The text describes \(drives.count) drives and erases none of them.", at: nil)
      }
      return .identity(drives[0].drive.identity)
    }
    var reports: [WipeReport] = []
    for (device, drive) in drives where drive.erase != nil {
      reports.append(try Self.report(drive, device.isEmpty ? nil : device, circumstances))
    }
    return .reports(reports)
  }

  private static func take(
    _ text: String, line: Int, _ drive: inout Drive, _ inSecurity: inout Bool
  ) throws(ReportFault) {
    if let serial = text.after("Serial Number:").flatMap(WipeReport.serial) {
      if let known = drive.identity.serial, known != serial {
        throw .contradictory("One device has the serial numbers \(known) and \(serial).", at: "line \(line)")
      }
      drive.identity.serial = serial
    }
    if let model = text.after("Model Number:")?.trimmed, !model.isEmpty { drive.identity.model = model }
    if text.hasPrefix("LBA48") || (text.hasPrefix("LBA ") && drive.identity.capacity == nil),
      let sectors = text.split(separator: ":").last?.trimmed.number, sectors < 1 << 50
    {
      drive.identity.capacity = sectors * 512
    }
    if let rate = text.after("Nominal Media Rotation Rate:")?.trimmed {
      drive.identity.mediumType = rate == "Solid State Device" ? "ssd" : rate.number != nil ? "hdd" : nil
    }
    if text.hasPrefix("Security:") { inSecurity = true } else if text.hasPrefix("Checksum:") { inSecurity = false }
    if inSecurity, drive.erase != nil {
      let words = text.split(whereSeparator: \.isWhitespace)
      if words == ["enabled"] { drive.enabledAfter = true }
      if words == ["not", "enabled"] { drive.enabledAfter = false }
    }
    if let issued = text.after("Issuing "), let known = techniques.first(where: { issued.hasPrefix($0.words) }) {
      drive.erase = (known.kind, known.technique, line)
      (drive.fault, drive.enabledAfter, drive.sanitizeDone, drive.sanitizeState) = (nil, nil, nil, nil)
    }
    if drive.erase != nil {
      if text.contains("Input/output error") || text.contains("bad/missing sense data")
        || text.contains("missing/bad sense")
        || text.contains("failed") || text.contains("not permitted") || text.contains("Completed With Error")
      {
        drive.fault = drive.fault ?? String(text.prefix(120))
      }
      if text.hasPrefix("State:") {
        drive.sanitizeState = text
        drive.sanitizeDone = false
      }
      if text.contains("Last Sanitize Operation Completed Without Error") { drive.sanitizeDone = true }
    }
  }

  private static let techniques: [(words: String, kind: Technique, technique: String)] = [
    ("SECURITY_ERASE", .ataSecurityErase, "ATA SECURITY ERASE UNIT"),
    ("ENHANCED SECURITY_ERASE", .ataSecurityEraseEnhanced, "ATA SECURITY ERASE UNIT, enhanced"),
    ("SANITIZE_BLOCK_ERASE", .ataSanitizeBlock, "ATA Sanitize, block erase"),
    ("SANITIZE_CRYPTO_SCRAMBLE", .ataSanitizeCrypto, "ATA Sanitize, crypto scramble"),
    ("SANITIZE_OVERWRITE", .ataSanitizeOverwrite, "ATA Sanitize, overwrite"),
  ]

  private static func report(
    _ drive: Drive, _ device: String?, _ circumstances: ReadingCircumstances
  ) throws(ReportFault) -> WipeReport {
    guard let erase = drive.erase else { throw .truncated("No erase was begun.") }
    let sanitizes = erase.kind.method(circumstances.policy) == .purge
    let ended: Bool
    if drive.fault != nil {
      ended = false
    } else if sanitizes {
      guard let done = drive.sanitizeDone else {
        throw .truncated(
          "The sanitize command was given; nothing says that it completed. Add hdparm --sanitize-status.",
          at: "line \(erase.line)")
      }
      if !done, let state = drive.sanitizeState, state.contains("SD2") {
        throw ReportFault(
          "inProgress", at: "line \(erase.line)", "The drive was still being sanitized.",
          remedy: "Wait until it has ended, then add hdparm --sanitize-status.")
      }
      ended = done
    } else {
      guard let enabled = drive.enabledAfter else {
        throw .truncated(
          "The erase command was given; nothing says that it completed. Add hdparm -I of after the erase.",
          at: "line \(erase.line)")
      }
      // A drive ends its own security when the erase is done; one that was interrupted keeps it.
      ended = !enabled
    }
    var report = WipeReport(
      format: .hdparm, place: "line \(erase.line)", tool: "hdparm", technique: erase.technique, kind: erase.kind,
      result: ended ? .passed : .failed, policy: circumstances.policy)
    report.device = device
    report.take(drive.identity)
    if ended {
      report.verificationMethod =
        sanitizes
        ? "drive's own sanitize status, read after completion" : "drive's own security state, read after completion"
      report.verification = .passed
    }
    if let fault = drive.fault { report.residualRisks.append("hdparm said: \(fault)") }
    return report
  }
}
