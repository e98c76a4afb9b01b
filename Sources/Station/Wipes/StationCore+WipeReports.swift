import Crypto
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import PDFText
import SanitizationReports
import StationStore

extension StationCore {
  /// Keeps reports as they came. What no event names yet stays at this station.
  func keepReports(_ files: [(name: String, bytes: [UInt8])]) async throws -> [UploadedReport] {
    guard !files.isEmpty else {
      throw Problem.malformed("No report was chosen.", pointer: "/report", remedy: "Choose one or several files first.")
    }
    guard files.count <= UploadedReport.most else { throw Problem.tooManyReports }
    guard files.reduce(0, { $0 + $1.bytes.count }) <= ReportFile.limit else { throw Problem.reportsTooLarge }
    var kept: [UploadedReport] = []
    for file in files {
      let report = UploadedReport(digest: hexadecimal(SHA256.hash(data: file.bytes)), name: file.name)
      if !kept.contains(where: { $0.digest == report.digest }) {
        try await store.keepBlob(file.bytes, digest: report.digest, mediaType: Self.reportType(file.bytes))
      }
      kept.append(report)
    }
    return kept
  }

  private static func reportType(_ bytes: [UInt8]) -> String {
    if ReportFile.isPDF(bytes) { return "application/pdf" }
    switch bytes.first {
    case UInt8(ascii: "{"): return "application/json"
    case UInt8(ascii: "<"): return "application/xml"
    default: return "text/plain"
    }
  }

  /// Reads kept reports and holds them against what is known here. `typed` are serials that the operator read off drives, by
  /// the reports' places.
  func readReports(_ files: [UploadedReport], typed: [Int: String] = [:]) async throws -> WipeReading {
    var taken: [(file: UploadedReport, mediaType: String, length: Int)] = []
    var reports: [ReportFile] = []
    var reading = WipeReading()
    for file in files {
      if let first = taken.first(where: { $0.file.digest == file.digest }) {
        reading.faults.append((file, ReportFault.identical(to: first.file)))
        continue
      }
      guard let (data, mediaType) = try await store.blob(file.digest) else {
        throw Problem.notFound("report \(file.digest.prefix(12))…", remedy: "Upload the report again.")
      }
      let bytes = Array(data)
      var text: String?
      if ReportFile.isPDF(bytes) { text = try await pdfText(bytes) }
      taken.append((file, mediaType, bytes.count))
      reports.append(ReportFile(name: file.name, bytes: bytes, text: text))
    }
    let circumstances = ReadingCircumstances(
      offset: clock.offsetMinutes(at: clock.now()),
      policy: TechniquePolicy(formatCryptoPurgeBasis: options.formatCryptoPurgeBasis))
    for (file, read) in zip(taken, WipeReports.read(reports, circumstances)) {
      switch read {
      case .refused(let fault): reading.faults.append((file.file, fault))
      case .identity(let identity): reading.identities.append((file.file, identity))
      case .reports(let found):
        for report in found {
          var line = WipeLine(
            number: reading.lines.count, file: file.file, length: file.length, mediaType: file.mediaType, report: report
          )
          line.typed = typed[line.number].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .flatMap { $0.isEmpty ? nil : $0 }
          reading.lines.append(line)
        }
      }
    }
    for index in reading.lines.indices where reading.lines[index].report.serialSource == .companion {
      let serial = reading.lines[index].report.serial
      reading.lines[index].companions = reading.identities.filter { $0.identity.serial == serial }.compactMap { one in
        taken.first { $0.file == one.file }.map {
          EvidenceReference(
            digest: $0.file.digest, length: $0.length, mediaType: $0.mediaType, role: "driveIdentity")
        }
      }
    }
    let lines = reading.lines
    reading.lines = try await store.read { try $0.fit(lines) }
    return reading
  }

  private func pdfText(_ bytes: [UInt8]) async throws -> String? {
    switch await PDFText.text(of: bytes) {
    case .success(let text): return text
    case .failure(.unreadable): return nil
    case .failure(.tooMuch):
      throw Problem(
        .unprocessableContent, "wipeReport.pdfTooMuch", "Unreadable PDF",
        detail: "The PDF takes too long to read, or holds more text than a certificate.",
        remedy: "Upload the certificate as the tool wrote it, or its log.")
    case .failure(.unavailable):
      throw Problem(
        .serviceUnavailable, "wipeReport.pdfReader", "No PDF reader",
        detail: "pdftotext cannot be started on this station.",
        remedy: "Install poppler-utils, or upload nwipe's log instead of its certificate.")
    }
  }
}

extension ReportFault {
  /// The same bytes twice in one upload: logs without a serial of two drives look so.
  static func identical(to other: UploadedReport) -> Self {
    Self(
      "identical", "The file is byte for byte the same as \(other.name), so it is read once.",
      remedy:
        "If it is of another drive: upload it by itself, beside nvme id-ctrl (JSON) or hdparm -I of that drive, or type that "
        + "drive's serial number.")
  }
}

/// Who confirms, and what: the operator, the validator's badge and PIN, and which reports.
struct WipeConfirmation: Sendable {
  var lines: Set<Int>
  var typed: [Int: String] = [:]
  /// The reports of which the operator says that they looked at the drive: it is the one, although its model is another.
  var confirmed: Set<Int> = []
  var badge: String
  var pin: String
  var surroundings = WipeSurroundings()
}

/// What became of one report that was to be recorded.
struct WipeRecording: Sendable {
  let line: WipeLine
  let outcome: Recording
}

extension StationCore {
  /// Records one sanitize event for each chosen report that fits one asset, with the report as evidence, validated by a second
  /// person. Throws the problem that stops all of them; what stops one is told in its place.
  func recordWipes(
    _ files: [UploadedReport], _ confirmation: WipeConfirmation, by signedIn: SignedIn,
    keep: (@Sendable ([WipeRecording], StoreTransaction) throws -> Void)? = nil
  ) async throws -> [WipeRecording] {
    if let refusal = Verb.sanitize.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
    guard !confirmation.lines.isEmpty else {
      throw Problem.malformed(
        "No report was chosen.", pointer: "/lines", remedy: "Choose the reports that are to be recorded.")
    }
    let reading = try await readReports(files, typed: confirmation.typed)
    let validator = try await secondPerson(badge: confirmation.badge, pin: confirmation.pin, beside: signedIn)
    if let missing = SecondPersonRole.witness.missing(for: .sanitize, roles: validator.roles) { throw missing }
    let chosen = reading.lines.filter { confirmation.lines.contains($0.number) }
    guard chosen.count == confirmation.lines.count else {
      throw Problem.malformed("The upload has no such report.", pointer: "/lines")
    }
    let actor = signedIn.actor
    let recordings = try await store.write { transaction in
      // Held against what is known at this very moment: another desk may have been quicker.
      let recordings = try transaction.fit(chosen).map { line in
        WipeRecording(
          line: line,
          outcome: try transaction.record(
            line, confirmed: confirmation.confirmed.contains(line.number), confirmation.surroundings, by: actor,
            validator))
      }
      try keep?(recordings, transaction)
      return recordings
    }
    recorded.signal()
    live.publish("status", Array(#"{"wipes":\#(recordings.count)}"#.utf8))
    return recordings
  }
}

extension StoreTransaction {
  fileprivate func record(
    _ line: WipeLine, confirmed: Bool, _ surroundings: WipeSurroundings, by actor: Actor, _ validator: Actor
  ) throws -> Recording {
    guard let (asset, medium) = line.recordable(confirmed: confirmed), !line.isRepeated else {
      return .refused(
        Refusal(
          "wipeReport.\(line.isRepeated ? "repeated" : line.fit.code)",
          line.isRepeated ? "The same run stands in this upload twice." : line.fit.sentence,
          remedy: line.fit.remedy ?? "Record it once."))
    }
    var record = line.report.record(of: medium, by: actor.person, at: now)
    record.reportDigest = line.file.digest
    if record.reportedModel != nil, confirmed { record.modelConfirmed = true }
    try complete(&record, of: asset, surroundings)
    var intent = Intent(asset: asset.id, details: .sanitize(SanitizeDetails(record: record)), actor: actor)
    intent.witness = validator
    intent.evidence =
      [
        EvidenceReference(
          digest: line.file.digest, length: line.length, mediaType: line.mediaType, role: "toolReport")
      ] + line.companions
    return try self.record(intent)
  }
}

extension WipeLine {
  /// The drive that a record of it can be of; nil for none. What is recorded with its model in doubt is recorded again only by
  /// who confirms the drive.
  fileprivate func recordable(confirmed: Bool) -> (Asset, Medium)? {
    switch fit {
    case .fits(let asset, let medium): (asset, medium)
    case .modelInDoubt(let asset, let medium, _): confirmed ? (asset, medium) : nil
    default: nil
    }
  }
}
