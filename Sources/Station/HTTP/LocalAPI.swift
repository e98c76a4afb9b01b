import Custody
import CustodyLedger
import EPCIS
import Foundation
import HTTPTypes
import Hummingbird
import StationStore

extension StationApplication {
  /// What commands on the same machine ask of the running station, through the socket in its data folder: whoever may
  /// open that socket owns the folder anyway.
  static func localRouter(_ core: StationCore) -> Router<StationContext> {
    let router = Router(context: StationContext.self)
    let api = LocalAPI(core: core)
    router.add(middleware: PlainPathMiddleware())
    router.add(middleware: ReadRecordMiddleware(core: core, isLocalSocket: true))
    router.get("/local/devices", use: api.devices)
    router.get("/local/devices/adopted", use: api.adoptedDevices)
    router.get("/local/devices/stream", use: api.deviceStream)
    router.get("/local/tags", use: api.tags)
    router.get("/local/tags/stream", use: api.tagStream)
    router.post("/local/devices/simulated", use: api.simulate)
    api.addLabels(to: router)
    api.addExceptions(to: router)
    api.addWipeReports(to: router)
    router.post("/local/import/{kind}", use: api.importFile)
    router.get("/local/export/{what}", use: api.export)
    router.get("/local/dossier", use: api.dossier)
    router.get("/local/epcis", use: api.epcis)
    router.post("/local/erase", use: api.erase)
    router.get("/local/status", use: api.status)
    router.get("/local/check", use: api.check)
    router.post("/local/rotate-key", use: api.rotateKey)
    router.get("/local/backup", use: api.backup)
    router.get("/local/read-records", use: api.readRecords)
    return router
  }
}

/// The routes of the local socket.
struct LocalAPI: Sendable {
  let core: StationCore

  @Sendable func devices(_ request: Request, _ context: StationContext) async throws -> Response {
    try .json(core.deviceList)
  }

  /// Imports the file in the body. Answers lines of JSON: progress as it goes, the report last.
  @Sendable func importFile(_ request: Request, _ context: StationContext) async throws -> Response {
    guard let kind = context.parameters.get("kind").flatMap(CatalogueImport.Kind.init) else {
      throw Problem.notFound("import of that kind")
    }
    var options = CatalogueImport.Options()
    options.skipBadRows = request.text("skipBadRows") == "true"
    options.createLocations = request.text("createLocations") == "true"
    options.currency = request.text("currency")
    let chosen = options
    let buffer = try await request.body.collect(upTo: ImportFile.largest)
    let file = ImportFile(name: request.text("name") ?? "import.csv", bytes: Array(buffer.readableBytesView))
    let core = core
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { writer in
        let (progress, continuation) = AsyncStream.makeStream(
          of: ImportProgress.self, bufferingPolicy: .bufferingNewest(1))
        async let report = {
          defer { continuation.finish() }
          return try await CatalogueImport(kind, into: core.store, options: chosen) { continuation.yield($0) }.run(file)
        }()
        for await step in progress { try await writer.write(try LocalMessage.progress(step).line) }
        do {
          try await writer.write(try LocalMessage.report(try await report).line)
        } catch {
          let problem = Problem(error)
          try await writer.write(
            try LocalMessage.fault(code: problem.code, detail: problem.detail, remedy: problem.remedy).line)
        }
        core.recorded.signal()
        try await writer.finish(nil)
      })
  }

  /// Hands over to a new signing key; answers its verifier key in JSON.
  @Sendable func rotateKey(_ request: Request, _ context: StationContext) async throws -> Response {
    do {
      let rotated = try await core.store.rotateKey(reason: request.text("reason") ?? "rotated by the station's owner")
      core.recorded.signal()
      return try .json(rotated)
    } catch let refusal as KeyInWaiting {
      return Response(
        status: .conflict, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "\(refusal)")))
    }
  }

  /// The dossier of an asset, an order or a period.
  @Sendable func dossier(_ request: Request, _ context: StationContext) async throws -> Response {
    try await Self.sayingWhyNot {
      let made = try await StationDossier(
        store: core.store, centre: core.options.centre, token: core.options.centreToken,
        trust: core.options.centreTrust
      ).make(try EvidenceQuery(request))
      var headers: HTTPFields = [.contentType: "application/zip"]
      if let name = HTTPField.Name(StationDossier.pendingFieldName) { headers[name] = "\(made.pending)" }
      return Response(
        status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: made.bytes)))
    }
  }

  /// Events as an EPCIS 2.0 document: of an asset, of a period, or all.
  @Sendable func epcis(_ request: Request, _ context: StationContext) async throws -> Response {
    try await Self.sayingWhyNot {
      let query = try EvidenceQuery(request)
      let export = CatalogueExport(from: core.store)
      let asset = try await export.asset(of: query)
      return Response(
        status: .ok, headers: [.contentType: EPCISDocument.mediaType],
        body: ResponseBody { writer in
          let sink = WriterSink(writer)
          _ = try await export.epcis(of: asset, in: query.period, to: sink.write)
          try await sink.finish()
        })
    }
  }

  /// Erases a person.
  @Sendable func erase(_ request: Request, _ context: StationContext) async throws -> Response {
    try await Self.sayingWhyNot {
      let (person, reason) = (request.text("person") ?? "", request.text("reason") ?? "")
      guard let erased = try await core.store.erase(person, reason: reason) else {
        throw StationDossier.Refused(
          code: "person.unknown", description: "Nobody is known here as '\(person)'.",
          remedy: "Give the e-mail address or the reference.")
      }
      core.recorded.signal()
      return Response(
        status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: erased.sentence + "\n")))
    }
  }

  /// Commands print what they are told.
  private static func sayingWhyNot(_ answer: () async throws -> Response) async throws -> Response {
    func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
      Response(
        status: status, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
    do {
      return try await answer()
    } catch let refused as StationDossier.Refused {
      return plain(.conflict, "\(refused.description) \(refused.remedy)")
    } catch let fault as EvidenceQuery.Fault {
      return plain(.unprocessableContent, "\(fault.sentence) \(fault.remedy)")
    }
  }

  /// How the station stands with its centre.
  @Sendable func status(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Answer: Encodable {
      let status: StationStatus
      let lines: [String]
    }
    let status = try await core.status
    return try .json(Answer(status: status, lines: status.lines))
  }

  /// Reads the whole store back: lines of JSON, progress as it goes, what was found last.
  @Sendable func check(_ request: Request, _ context: StationContext) async throws -> Response {
    let store = core.store
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { writer in
        let (progress, continuation) = AsyncStream.makeStream(
          of: (entries: Int, assets: Int).self, bufferingPolicy: .bufferingNewest(1))
        async let checked = {
          defer { continuation.finish() }
          return try await StoreCheck.run(store) { continuation.yield(($0, $1)) }
        }()
        for await (entries, assets) in progress {
          try await writer.write(
            ByteBuffer(
              bytes: try CanonicalEncoder().encode(["entries": entries, "assets": assets], limit: .max) + [10]))
        }
        do {
          try await writer.write(
            ByteBuffer(bytes: try CanonicalEncoder().encode(StoreCheckResource(try await checked), limit: .max) + [10]))
        } catch {
          let problem = Problem(error)
          try await writer.write(
            try LocalMessage.fault(code: problem.code, detail: problem.detail, remedy: problem.remedy).line)
        }
        try await writer.finish(nil)
      })
  }

  @Sendable func export(_ request: Request, _ context: StationContext) async throws -> Response {
    let export = CatalogueExport(from: core.store)
    let what = context.parameters.get("what") ?? ""
    let format = request.text("format").flatMap(CatalogueExport.Format.init) ?? .csv
    let kind = CatalogueExport.Kind(rawValue: what)
    guard kind != nil || what == "chain" else { throw Problem.notFound("export of \(what)") }
    return Response(
      status: .ok, headers: [.contentType: "application/octet-stream"],
      body: ResponseBody { writer in
        let sink = WriterSink(writer)
        if let kind {
          _ = try await export.write(kind, as: format, withAccess: true, to: sink.write)
        } else {
          _ = try await export.chain(to: sink.write)
        }
        try await sink.finish()
      })
  }
}

extension EvidenceQuery {
  fileprivate init(_ request: Request) throws {
    try self.init(
      asset: request.text("asset"), order: request.text("order"), from: request.text("from"), to: request.text("to"))
  }
}

/// Hands bytes of an export to a response.
private final class WriterSink {
  private var writer: (any ResponseBodyWriter)?

  init(_ writer: any ResponseBodyWriter) { self.writer = writer }

  func write(_ bytes: [UInt8]) async throws { try await writer?.write(ByteBuffer(bytes: bytes)) }

  func finish() async throws {
    let last = writer
    writer = nil
    try await last?.finish(nil)
  }
}

/// One line of the local socket's answer to an import.
public enum LocalMessage: Sendable {
  case progress(ImportProgress)
  case report(ImportReport)
  case fault(code: String, detail: String, remedy: String)

  var line: ByteBuffer {
    get throws {
      struct Progress: Encodable {
        let phase: String
        let done: Int
        let total: Int
      }
      struct Report: Encodable {
        let report: ImportReport
        let words: String
        let rejected: String?
        let good: Bool
      }
      let bytes: [UInt8]
      switch self {
      case .progress(let step):
        bytes = try CanonicalEncoder().encode(
          ["progress": Progress(phase: step.phase.rawValue, done: step.done, total: step.total)], limit: .max)
      case .report(let report):
        bytes = try CanonicalEncoder().encode(
          Report(
            report: report, words: report.words(most: 50).joined(separator: "\n"),
            rejected: report.rejected.map { base64($0) },
            good: report.result != .refused), limit: .max)
      case .fault(let code, let detail, let remedy):
        bytes = try CanonicalEncoder().encode(
          ["code": code, "detail": detail, "remedy": remedy] as [String: String], limit: .max)
      }
      return ByteBuffer(bytes: bytes + [0x0A])
    }
  }
}
