/// Reads what wipe tools left behind: bytes in, values out.
public enum WipeReports {
  /// Reads the files of one upload, in their order. A file that only says which drive it was gives its serial to the report
  /// beside it, when it is clear which: one of each kind, or the same device named in both.
  public static func read(_ files: [ReportFile], _ circumstances: ReadingCircumstances) -> [ReadFile] {
    var read = files.map { file -> ReadFile in
      do throws(ReportFault) { return try Self.checked(Self.read(file, circumstances)) } catch {
        return .refused(error)
      }
    }
    link(&read)
    return read
  }

  /// What no report may say, whatever wrote it.
  private static func checked(_ file: ReadFile) throws(ReportFault) -> ReadFile {
    guard case .reports(var reports) = file else { return file }
    for index in reports.indices {
      let report = reports[index]
      if let start = report.startedAt, let end = report.endedAt, start > end {
        throw .contradictory("The run ended before it started.", at: report.place)
      }
      if let size = report.capacity, !(1..<1 << 60).contains(size) {
        throw .malformed("A drive of \(size) bytes there is not.", at: report.place)
      }
      reports[index].bound()
    }
    return .reports(reports)
  }

  private static func read(_ file: ReportFile, _ circumstances: ReadingCircumstances) throws(ReportFault) -> ReadFile {
    guard file.bytes.count <= ReportFile.limit else {
      throw ReportFault(
        "tooLarge", "The file has \(file.bytes.count) bytes; up to 50 MB are read.",
        remedy: "Take the report of fewer drives, or leave the tool's debug output away.")
    }
    guard !file.bytes.isEmpty else {
      throw ReportFault("empty", "The file is empty.", remedy: ReportFault.askForItAnew)
    }
    if ReportFile.isPDF(file.bytes) {
      guard let text = file.text else {
        throw ReportFault(
          "noText", "No text could be taken from this PDF.",
          remedy: "Upload the PDF that the tool wrote, not a scan of a print; or its log.")
      }
      return .reports([try NwipeCertificate(text: text).report(circumstances)])
    }
    let head = file.bytes.prefix(4096).drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    // nwipe's lines begin with their time in brackets: no array does.
    let isTimed = head.starts(with: Array("[2".utf8)) && head.prefix(24).contains(UInt8(ascii: "]"))
    switch head.first {
    case UInt8(ascii: "{") where !isTimed, UInt8(ascii: "[") where !isTimed:
      let json = try JSONText.read(ReportText.strict(file.bytes))
      if let identity = DriveIdentity(idCtrl: json) { return .identity(identity) }
      return .reports(try NvmeSanitizeLog.reports(json, circumstances))
    case UInt8(ascii: "<"):
      return .reports(try BlanccoReport.reports(XMLText.read(ReportText.strict(file.bytes)), circumstances))
    default: break
    }
    if WipeReportCSV.recognises(file.bytes) {
      return .reports(try WipeReportCSV.reports(ReportText.strict(file.bytes), circumstances))
    }
    let lines = try ReportText.lines(file.bytes)
    if NwipeLog.recognises(lines) { return .reports(try NwipeLog(lines, circumstances).reports()) }
    if HdparmText.recognises(lines) { return try HdparmText(lines).read(circumstances) }
    throw ReportFault(
      "unknownFormat", "This is no report that is known here.",
      remedy:
        "Upload an nwipe log or certificate, nvme sanitize-log as JSON, hdparm's text, Blancco's XML, or the CSV of "
        + "docs/wipe-reports.md.")
  }

  // MARK: Serials from the file beside it

  private static func link(_ read: inout [ReadFile]) {
    for tool in [ReportFormat.nvmeSanitizeLog, .hdparm] {
      let identities = read.compactMap { file -> DriveIdentity? in
        if case .identity(let identity) = file, identity.format == tool { return identity }
        return nil
      }
      let open = read.indices.filter { index in
        guard case .reports(let reports) = read[index] else { return false }
        return reports.contains { $0.format == tool && $0.serial == nil }
      }
      for index in open {
        guard case .reports(var reports) = read[index] else { continue }
        for position in reports.indices where reports[position].serial == nil {
          let device = reports[position].device
          let named = identities.filter { $0.device != nil && $0.device == device }
          let only = open.count == 1 && reports.count == 1 && identities.count == 1 ? identities.first : nil
          guard let identity = named.count == 1 ? named.first : only,
            identity.device == nil || device == nil || identity.device == device
          else { continue }
          reports[position].take(identity)
        }
        read[index] = .reports(reports)
      }
    }
  }
}
