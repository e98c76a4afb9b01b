import Custody
import Hummingbird
import SanitizationReports
import StationStore

/// A report that was uploaded and is kept: by its digest, with the name that it came under.
struct UploadedReport: Hashable, Sendable {
  /// SHA-256, lowercase hexadecimal.
  let digest: String
  let name: String

  /// The most files of one upload.
  static let most = 20

  /// `digest.name`, several joined by slashes: how pages hand an upload on, so that it outlives a restart.
  static func text(of files: [Self]) -> String { files.map { "\($0.digest).\($0.name)" }.joined(separator: "/") }

  /// The inverse. Throws the problem that says what is none.
  static func files(_ text: String) throws -> [Self] {
    let files = try text.split(separator: "/").map { part in
      let digest = String(part.prefix(64))
      guard digest.utf8.count == 64,
        digest.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      else { throw Problem.malformed("'\(part.prefix(80))' names no uploaded report.", pointer: "/files") }
      return Self(digest: digest, name: String(part.dropFirst(65).prefix(80)))
    }
    guard files.count <= most else { throw Problem.tooManyReports }
    return files
  }

  init(digest: String, name: String) {
    self.digest = digest
    // A name is for people: no slash, nothing invisible, nothing endless.
    let plain = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    self.name = String(plain.filter { !$0.isNewline && $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } }.prefix(80))
  }
}

/// What an upload says, held against what is known here.
struct WipeReading: Sendable {
  /// One report of one medium, in the order of the files.
  var lines: [WipeLine] = []
  /// Files that cannot be taken.
  var faults: [(file: UploadedReport, fault: ReportFault)] = []
  /// Files that only say which drive it was.
  var identities: [(file: UploadedReport, identity: DriveIdentity)] = []
}

/// One report of one medium.
struct WipeLine: Sendable {
  /// Its place among the reports of the upload, from 0.
  let number: Int
  let file: UploadedReport
  let length: Int
  let mediaType: String
  /// The files beside it that gave it its serial.
  var companions: [EvidenceReference] = []
  var report: WipeReport
  /// What the operator typed because the report names no drive.
  var typed: String?
  var fit = WipeFit.unnamed
  /// For a report without times that fits: what is recorded of the same medium and tool from another file. It may be of an
  /// earlier run, or the file was changed since.
  var resembled: CustodyEvent?
  /// Whether the same run stands in the upload before it.
  var isRepeated = false
}

/// How a report fits what is known here.
enum WipeFit: Sendable {
  /// One asset lists the drive.
  case fits(Asset, Medium)
  /// No asset lists it.
  case nowhere(serial: String)
  /// Several do.
  case several(serial: String, [Asset])
  /// This very report of it is recorded, and counts for nothing yet: it names another model than the list of drives.
  case modelInDoubt(Asset, Medium, CustodyEvent)
  /// This very report of it is recorded.
  case recorded(Asset, CustodyEvent)
  /// This run of it is recorded from another file: one that was changed since, or another form of the report.
  case otherFile(Asset, CustodyEvent)
  /// It passed, but data may have been written to the medium since.
  case stale(Asset, Refusal)
  /// The report names no drive, and nobody has said which it was.
  case unnamed

  /// Stable, for the API.
  var code: String {
    switch self {
    case .fits: "fits"
    case .nowhere: "notListed"
    case .several: "several"
    case .modelInDoubt: "modelInDoubt"
    case .recorded: "recorded"
    case .otherFile: "otherFile"
    case .stale: "stale"
    case .unnamed: "unnamed"
    }
  }
}

extension StoreReading {
  /// Holds each report against the assets' lists of media and what is recorded of them. Equal serials only: letters alike,
  /// blanks around them left away, nothing cleverer.
  func fit(_ lines: [WipeLine]) throws -> [WipeLine] {
    let holders = try holders(ofMedia: Set(lines.compactMap(\.serial)))
    var seen: Set<String> = []
    return try lines.map { line in
      var line = line
      guard let serial = line.serial else { return line }
      let assets = holders[WipeReport.folded(serial)] ?? []
      guard let asset = assets.first,
        let medium = asset.mediaList?.first(where: { WipeReport.folded($0.serial) == WipeReport.folded(serial) })
      else {
        line.fit = .nowhere(serial: serial)
        return line
      }
      guard assets.count == 1 else {
        line.fit = .several(serial: serial, assets)
        return line
      }
      // A report without times ends when it is recorded, so it is never stale.
      if line.report.passes, let ended = line.report.endedAt,
        let stale = asset.staleness(of: medium.serial, endedAt: ended)
      {
        line.fit = .stale(asset, stale)
        return line
      }
      let records = try imported(line, medium, of: asset)
      line.fit = line.recordedFit(among: records, medium, of: asset) ?? .fits(asset, medium)
      if case .fits = line.fit { line.resembled = line.resembling(among: records) }
      // The same run twice in one upload: the second is another form of the first, such as log and certificate.
      let time = line.report.startedAt?.description ?? line.file.digest
      let run = "\(medium.serial)|\(line.report.tool)|\(time)"
      if case .fits = line.fit, !seen.insert(run).inserted { line.isRepeated = true }
      return line
    }
  }

  /// What is recorded of the medium from reports, newest first. What was corrected is not. A report without times may be byte
  /// for byte that of an earlier wipe, so for it only what was recorded since data may have been written counts.
  private func imported(_ line: WipeLine, _ medium: Medium, of asset: Asset) throws -> [ImportedRecord] {
    let exposure = line.report.isTimed ? nil : asset.exposure(of: medium.serial)
    let rows = try entries(of: asset.id)
    let takenBack = Set(rows.filter { $0.misfit == nil }.compactMap(\.event.corrects))
    return rows.reversed().compactMap { row -> ImportedRecord? in
      let event = row.event
      guard !takenBack.contains(event.eventID), case .sanitize(let details) = event.details,
        details.record.medium.serial == medium.serial, let digest = details.record.reportDigest
      else { return nil }
      if let exposure, event.wallClock < exposure { return nil }
      return ImportedRecord(event: event, record: details.record, digest: digest)
    }
  }
}

/// A record of a medium that came from a report.
private struct ImportedRecord {
  let event: CustodyEvent
  let record: SanitizationRecord
  let digest: String
}

extension WipeLine {
  /// Whether this run is recorded; from this file, or from another. Nil when it is not, and where it was recorded while the
  /// list of drives had another model for the drive than now.
  fileprivate func recordedFit(among records: [ImportedRecord], _ medium: Medium, of asset: Asset) -> WipeFit? {
    for one in records {
      let isSameRun =
        one.record.startedAt == report.startedAt && (report.endedAt == nil || one.record.endedAt == report.endedAt)
      if one.digest == file.digest, isSameRun {
        guard one.record.isModelInDoubt else { return .recorded(asset, one.event) }
        return report.otherModel(than: medium) == nil ? nil : .modelInDoubt(asset, medium, one.event)
      }
      // Another form of a report may end it otherwise; one that has no start is told by its end.
      let isSameTime = report.startedAt == nil ? isSameRun : one.record.startedAt == report.startedAt
      if one.digest != file.digest, one.record.tool == report.tool, report.isTimed, isSameTime {
        return .otherFile(asset, one.event)
      }
    }
    return nil
  }

  /// The newest record of the same tool that came from another file, where no time tells the two runs apart.
  fileprivate func resembling(among records: [ImportedRecord]) -> CustodyEvent? {
    guard !report.isTimed else { return nil }
    return records.first { $0.digest != file.digest && $0.record.tool == report.tool }?.event
  }
}

extension WipeReport {
  /// Whether it says when the run was.
  var isTimed: Bool { startedAt != nil || endedAt != nil }
}

extension WipeLine {
  /// The model that the report gives and the one that the asset's list has for the drive, where they are not the same one.
  var models: (reported: String, listed: String)? {
    switch fit {
    case .fits(_, let medium), .modelInDoubt(_, let medium, _):
      report.otherModel(than: medium).map { (reported: $0, listed: medium.model ?? "") }
    default: nil
    }
  }

  /// The serial of the drive: the report's, else what the operator typed.
  var serial: String? { report.serial ?? typed }
}

extension Problem {
  static let tooManyReports = Problem(
    .contentTooLarge, "wipeReport.tooMany", "Too many files",
    detail: "Up to \(UploadedReport.most) files are taken at once.", remedy: "Upload them in several goes.")

  static let reportsTooLarge = Problem(
    .contentTooLarge, "wipeReport.tooLarge", "Too large", detail: "Up to 50 MB of reports are taken at once.",
    remedy: "Upload fewer files at once, or reports of fewer drives.")
}
