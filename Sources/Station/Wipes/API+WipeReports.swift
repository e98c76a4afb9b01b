import Custody
import CustodyLedger
import Hummingbird
import SanitizationReports
import StationStore

extension API {
  func addWipeReports(to v1: RouterGroup<StationContext>) {
    v1.post("/sanitizations/reports", use: uploadReports)
    v1.post("/sanitizations", use: recordSanitizations)
  }

  /// Takes wipe reports, and says what each tells and which asset it fits. Nothing is recorded.
  @Sendable func uploadReports(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let files = try await core.keepReports(WipeUpload.files(request, by: signedIn))
    return try .json(WipeReadingResource(try await core.readReports(files), files))
  }

  /// Records reports that were uploaded: one signed event for each, validated by a second person.
  @Sendable func recordSanitizations(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let body = try await request.json()
    let (files, asked) = try WipeConfirmation.asked(in: body)
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let recordings = try await core.recordWipes(files, asked, by: signedIn) { recordings, transaction in
        try key?.keep(try Self.answer(recordings), in: transaction)
      }
      return try Self.answer(recordings)
    }
  }

  private static func answer(_ recordings: [WipeRecording]) throws -> Prepared {
    Prepared(status: .ok, bytes: try CanonicalEncoder().encode(WipeRecordingsResource(recordings), limit: .max))
  }
}

extension WipeConfirmation {
  /// What a client wants recorded of which upload. Throws the problem that names what cannot be taken.
  static func asked(in body: CanonicalJSON) throws -> (files: [UploadedReport], confirmation: WipeConfirmation) {
    guard let text = body[path: "files"]?.text, let badge = body[path: "validator"]?[path: "badge"]?.text,
      let pin = body[path: "validator"]?[path: "pin"]?.text, case .array(let chosen)? = body[path: "lines"]
    else { throw Problem.malformed("files, lines and validator (badge and pin) are needed.", pointer: "/files") }
    func said(_ name: String) throws -> String? {
      guard let value = body[path: name] else { return nil }
      guard let text = value.text else { throw Problem.malformed("\(name) is a text.", pointer: "/\(name)") }
      return text
    }
    var confirmation = WipeConfirmation(lines: [], badge: badge, pin: pin)
    confirmation.surroundings = WipeSurroundings(
      place: try said("place"), categorisation: try said("categorisation"), destination: try said("destination"))
    for (index, value) in chosen.enumerated() {
      guard case .integer(let number) = value[path: "line"] ?? value, (0..<100_000).contains(number) else {
        throw Problem.malformed("A line is a number, or has a line and a serial.", pointer: "/lines/\(index)")
      }
      confirmation.lines.insert(Int(number))
      if let serial = value[path: "serial"]?.text { confirmation.typed[Int(number)] = serial }
      if value[path: "driveConfirmed"] == .bool(true) { confirmation.confirmed.insert(Int(number)) }
    }
    return (try UploadedReport.files(text), confirmation)
  }
}

/// What became of the reports that were to be recorded, as the API shows it.
struct WipeRecordingsResource: Encodable {
  let items: [WipeRecordingResource]

  init(_ recordings: [WipeRecording]) { items = recordings.map(WipeRecordingResource.init) }
}

/// What an upload says, as the API shows it.
struct WipeReadingResource: Encodable {
  let files: String
  let reports: [WipeLineResource]
  let refused: [Refused]
  let identities: [Identity]

  struct Refused: Encodable {
    let file: String
    let code: String
    let place: String?
    let detail: String
    let remedy: String
  }

  struct Identity: Encodable {
    let file: String
    let serial: String?
    let model: String?
  }

  init(_ reading: WipeReading, _ files: [UploadedReport]) {
    self.files = UploadedReport.text(of: files)
    reports = reading.lines.map(WipeLineResource.init)
    refused = reading.faults.map {
      Refused(
        file: $0.file.name, code: $0.fault.code, place: $0.fault.place, detail: $0.fault.sentence,
        remedy: $0.fault.remedy)
    }
    identities = reading.identities.map {
      Identity(file: $0.file.name, serial: $0.identity.serial, model: $0.identity.model)
    }
  }
}

/// One report, as the API shows it.
struct WipeLineResource: Encodable {
  let line: Int
  let file: String
  let digest: String
  let format: String
  let place: String
  let serial: String?
  let serialSource: SerialSource
  let manufacturer: String?
  let model: String?
  let tool: String
  let toolVersion: String?
  let technique: String
  let requested: SanitizationMethod
  let achieved: SanitizationMethod
  let startedAt: Instant?
  let endedAt: Instant?
  let verificationMethod: String?
  let verification: SanitizationResult?
  let result: SanitizationResult
  let residualRisks: [String]
  let passes: Bool
  let fit: String
  let detail: String
  let remedy: String?
  let warning: String?
  let reportedModel: String?
  let listedModel: String?
  let asset: AssetID?
  let tag: String?

  init(_ line: WipeLine) {
    let report = line.report
    self.line = line.number
    file = line.file.name
    digest = line.file.digest
    format = report.format.rawValue
    place = report.place
    serial = line.serial
    serialSource = report.serialSource
    manufacturer = report.manufacturer
    model = report.model
    tool = report.tool
    toolVersion = report.toolVersion
    technique = report.technique
    requested = report.requested
    achieved = report.achieved
    startedAt = report.startedAt
    endedAt = report.endedAt
    verificationMethod = report.verificationMethod
    verification = report.verification
    result = report.result
    residualRisks = report.residualRisks
    passes = report.passes && line.models == nil
    fit = line.isRepeated ? "repeated" : line.fit.code
    detail = [line.fit.sentence, line.modelDoubt, report.whyNot].compactMap(\.self).joined(separator: " ")
    remedy = line.fit.remedy ?? line.models.map { _ in WipeLine.modelRemedy }
    warning = line.warning
    (reportedModel, listedModel) = (line.models?.reported, line.models?.listed)
    asset = line.fit.asset?.id
    tag = line.fit.asset?.tag
  }
}

/// What became of one report, as the API shows it.
struct WipeRecordingResource: Encodable {
  let line: Int
  let event: EventID?
  let asset: AssetID?
  let passes: Bool?
  let code: String?
  let detail: String?
  let remedy: String?

  init(_ recording: WipeRecording) {
    line = recording.line.number
    asset = recording.line.fit.asset?.id
    switch recording.outcome {
    case .recorded(let events, _):
      event = events.first?.eventID
      if case .sanitize(let details)? = events.first?.details {
        passes = details.record.passes
      } else {
        passes = nil
      }
      (code, detail, remedy) = (nil, nil, nil)
    case .refused(let refusal):
      (event, passes) = (nil, nil)
      (code, detail, remedy) = (refusal.code, refusal.sentence, refusal.remedy)
    }
  }
}
