import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore

extension StationApplication {
  /// What commands on the same machine ask of the running station, through the socket in its data folder: whoever may
  /// open that socket owns the folder anyway.
  static func localRouter(_ core: StationCore) -> Router<StationContext> {
    let router = Router(context: StationContext.self)
    let api = LocalAPI(core: core)
    router.get("/local/devices", use: api.devices)
    router.get("/local/devices/adopted", use: api.adoptedDevices)
    router.get("/local/devices/stream", use: api.deviceStream)
    router.get("/local/tags", use: api.tags)
    router.get("/local/tags/stream", use: api.tagStream)
    router.post("/local/devices/simulated", use: api.simulate)
    api.addLabels(to: router)
    router.post("/local/import/{kind}", use: api.importFile)
    router.get("/local/export/{what}", use: api.export)
    router.get("/local/dossier", use: api.dossier)
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

  /// The dossier of the asset that an id or a mark names.
  @Sendable func dossier(_ request: Request, _ context: StationContext) async throws -> Response {
    do {
      let made = try await StationDossier(
        store: core.store, centre: core.options.centre, token: core.options.centreToken
      ).make(of: request.text("asset") ?? "")
      return Response(
        status: .ok, headers: [.contentType: "application/zip"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: made.bytes)))
    } catch let refused as StationDossier.Refused {
      return Response(
        status: .conflict, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "\(refused.description) \(refused.remedy)")))
    }
  }

  @Sendable func export(_ request: Request, _ context: StationContext) async throws -> Response {
    let export = CatalogueExport(from: core.store)
    let what = context.parameters.get("what") ?? ""
    let format = request.text("format").flatMap(CatalogueExport.Format.init) ?? .csv
    guard ["assets", "events", "chain"].contains(what) else { throw Problem.notFound("export of \(what)") }
    return Response(
      status: .ok, headers: [.contentType: "application/octet-stream"],
      body: ResponseBody { writer in
        let sink = WriterSink(writer)
        switch what {
        case "assets": _ = try await export.assets(as: format, to: sink.write)
        case "events": _ = try await export.events(as: format, to: sink.write)
        default: _ = try await export.chain(to: sink.write)
        }
        try await sink.finish()
      })
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
