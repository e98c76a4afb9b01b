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
      line.fit = try recorded(line, medium, of: asset) ?? .fits(asset, medium)
      // The same run twice in one upload: the second is another form of the first, such as log and certificate.
      let time = line.report.startedAt?.description ?? line.file.digest
      let run = "\(medium.serial)|\(line.report.tool)|\(time)"
      if case .fits = line.fit, !seen.insert(run).inserted { line.isRepeated = true }
      return line
    }
  }

  /// Whether this run of the medium is recorded; from this file, or from another. What was corrected is not. A report without
  /// times may be byte for byte that of an earlier wipe, so only what was recorded since data may have been written counts.
  private func recorded(_ line: WipeLine, _ medium: Medium, of asset: Asset) throws -> WipeFit? {
    let exposure = line.report.isTimed ? nil : asset.exposure(of: medium.serial)
    let events = try entries(of: asset.id).map(\.event)
    let takenBack = Set(events.compactMap(\.corrects))
    for event in events.reversed() where !takenBack.contains(event.eventID) {
      guard case .sanitize(let details) = event.details, details.record.medium.serial == medium.serial,
        let digest = details.record.reportDigest
      else { continue }
      if let exposure, event.wallClock < exposure { continue }
      let record = details.record
      let sameTimes =
        record.startedAt == line.report.startedAt
        && (line.report.endedAt == nil || record.endedAt == line.report.endedAt)
      if digest == line.file.digest, sameTimes { return .recorded(asset, event) }
      if digest != line.file.digest, record.tool == line.report.tool, line.report.startedAt != nil,
        record.startedAt == line.report.startedAt
      {
        return .otherFile(asset, event)
      }
    }
    return nil
  }
}

extension WipeReport {
  /// Whether it says when the run was.
  var isTimed: Bool { startedAt != nil || endedAt != nil }
}

extension WipeLine {
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
