import AsyncHTTPClient
import CentralStore
import Custody
import EPCIS
import Foundation
import Hummingbird
import Logging
import NIOCore
import SyncProtocol
import TamperEvidence

/// A Unix socket in the data folder (mode 0700): by it the owner's commands reach the running centre, whose database
/// they must not open themselves.
struct ControlSocket: Sendable {
  /// sockaddr_un holds 108 bytes with the last one zero (unix(7)).
  private static let longestPath = 107

  let path: String
  private let server: CentralServer

  init(folder: String, server: CentralServer) throws {
    path = Self.path(in: folder)
    self.server = server
    guard path.utf8.count <= Self.longestPath else {
      throw CentralFault.unreachable(path: path, reason: "a socket's path has at most \(Self.longestPath) bytes")
    }
  }

  static func path(in folder: String) -> String {
    URL(fileURLWithPath: folder).standardizedFileURL.path + "/central.sock"
  }

  func application(logger: Logger) throws -> some ApplicationProtocol {
    // The folder's lock is ours, so a socket that is there was left by a process that is gone.
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    let router = Router(context: CentralContext.self)
    router.add(middleware: ControlProblems())
    router.add(middleware: PlainPathMiddleware())
    router.add(middleware: ControlRecords(server: server))
    router.post("/enrol") { request, _ in try await enrol(request) }
    router.post("/code") { request, _ in try JSONAnswer.response(try await server.issueCode(try await request.read())) }
    router.post("/revoke") { request, _ in try JSONAnswer.response(try await server.revoke(try await request.read())) }
    router.get("/dossier") { request, _ in
      JSONAnswer.download(try await server.dossiers.make(EvidenceQuery(request)), as: "dossier.zip")
    }
    router.get("/epcis") { request, _ in
      let query = try EvidenceQuery(request)
      var asset: AssetID?
      if let text = query.asset { asset = try await server.dossiers.asset(named: text) }
      let (epcis, chosen) = (server.epcis, asset)
      return Response(
        status: .ok, headers: [.contentType: EPCISDocument.mediaType],
        body: ResponseBody { writer in
          try await epcis.write(of: chosen, in: query.period) { try await writer.write(ByteBuffer(bytes: $0)) }
          try await writer.finish(nil)
        })
    }
    router.post("/people") { request, _ in
      let body = try await request.body.collect(upTo: 1 << 16)
      return try JSONAnswer.response(
        try await server.carryOut(try JSONDecoder().decode(PeopleOrder.self, from: Data(body.readableBytesView))))
    }
    router.get("/check") { _, _ in try JSONAnswer.response(try await CentralCheck.run(server.store)) }
    router.post("/snapshot") { _, _ in try JSONAnswer.response(try await server.makeSnapshot()) }
    router.post("/reference") { _, _ in try JSONAnswer.response(try await server.wholeReference()) }
    router.post("/reference/change") { request, _ in
      let body = try await request.body.collect(upTo: 1 << 28)
      let changes = try JSONDecoder().decode([ReferenceChange].self, from: Data(body.readableBytesView))
      return try JSONAnswer.response(try await server.store.changeReference(changes))
    }
    router.get("/backup") { _, _ in try await server.backupResponse() }
    LogRoutes(store: server.store, access: nil, stations: server.stationAccess).add(to: router)
    return Application(
      router: router, configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path)), logger: logger)
  }

  private func enrol(_ request: Request) async throws -> Response {
    do {
      let body = try await request.body.collect(upTo: 4096)
      switch try await server.enrol(verifierKey: try VerifierKey(String(buffer: body))) {
      case .enrolled(let station, let token):
        return try JSONAnswer.response(ControlAnswer(station: station.name, token: token.secret))
      case .refused(let refusal):
        return try JSONAnswer.response(ControlAnswer(refusal: refusal))
      }
    } catch let error as KeyError {
      return try JSONAnswer.response(ControlAnswer(refusal: Refusal(badKey: error)))
    }
  }
}

/// On the socket too, errors are problems.
private struct ControlProblems: RouterMiddleware {
  func handle(
    _ request: Request, context: CentralContext,
    next: (Request, CentralContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let problem = Problem(error)
      return try JSONAnswer.response(
        problem, status: HTTPResponse.Status(code: problem.status), mediaType: Problem.mediaType)
    }
  }
}

/// What the running centre answers to a command: a station with its token, or why not.
struct ControlAnswer: Codable {
  var station: String?
  var token: String?
  var refusal: Refusal?
}

extension Refusal {
  fileprivate init(badKey error: KeyError) {
    self.init("central.enrol.badKey", "\(error)", remedy: "Give the VKEY as the station prints it, in quotation marks.")
  }
}

/// What `custody central enrol` answers.
public enum EnrolmentAnswer: Sendable {
  /// The station's name, and the token that it is to be given; it is shown here once.
  case enrolled(station: String, token: String)
  case refused(Refusal)
}

/// Why the centre does not do what a command asks.
public struct CentralRefusal: Error, Sendable {
  public let code: String
  /// One sentence.
  public let detail: String
  public let remedy: String

  init(_ problem: Problem) {
    (code, detail, remedy) = (problem.code, problem.detail, problem.remedy)
  }

  init(_ refusal: Refusal) {
    (code, detail, remedy) = (refusal.code, refusal.sentence, refusal.remedy)
  }
}

extension CentralControl {
  /// Whether a centre was begun in a folder, or from it in a database.
  public static func isBegun(dataFolder: String, database: CentralDatabase?) -> Bool {
    FileManager.default.fileExists(atPath: dataFolder + (database == nil ? "/central.db" : "/log.key"))
  }

  /// The key that the log's tree heads are verified by, as a C2SP vkey. Throws ``CentralFault`` when the folder has none yet.
  public static func logKey(dataFolder: String) throws -> String {
    let file = LogKeyFile.path(in: dataFolder)
    guard let author = try LogKeyFile.read(file) else {
      throw CentralFault.unreachable(path: file, reason: "a centre makes it when it starts for the first time")
    }
    return author.key.verifierKey.description
  }

  /// Writes the log as plain files into a folder: through the running centre if there is one, else from its data folder.
  /// Gives back the size and the root that it has then. Throws ``CentralFault``.
  public static func exportLog(
    dataFolder: String, database: CentralDatabase? = nil, to folder: String
  ) async throws -> (size: UInt64, root: String) {
    // A folder that is mistyped must not become a new centre.
    _ = try logKey(dataFolder: dataFolder)
    let head = try await withCentre(dataFolder, database) { server in
      try await server.noteExport(CentralServer.logExport, query: nil, from: "folder")
      let files = LogFiles(store: server.store)
      return try await LogExport { try await files.bytes(at: $0) }.run(into: folder)
    } running: { socket, data, owner in
      try await LogExport { try await fetch($0, by: socket, folder: data, owner: owner) }.run(into: folder)
    }
    return (head.size, head.root.description)
  }

  /// Reads the whole store back: through the running centre if there is one, else from its data folder. Throws ``CentralFault``.
  public static func check(
    dataFolder: String, database: CentralDatabase? = nil,
    progress: @escaping @Sendable (_ entries: Int, _ assets: Int) async throws -> Void
  ) async throws -> CentralCheck {
    _ = try logKey(dataFolder: dataFolder)
    return try await withCentre(dataFolder, database) { server in
      try await CentralCheck.run(server.store, progress: progress)
    } running: { socket, folder, owner in
      let (status, bytes) = try await ask(
        "/check", by: socket, folder: folder, owner: owner, limit: 1 << 24, patience: .hours(12))
      guard status == 200 else {
        throw CentralFault.unreachable(
          path: socket, reason: "\(owner) holds \(folder), and answered with status \(status)")
      }
      do {
        return try JSONDecoder().decode(CentralCheck.self, from: Data(bytes))
      } catch {
        throw CentralFault.unreachable(path: socket, reason: "\(owner) answered something else: \(error)")
      }
    }
  }

  /// The dossier of an asset, an order or a period: from the running centre if there is one, else from its data folder.
  /// Throws ``CentralFault``, or a ``CentralRefusal`` where there is none.
  public static func dossier(
    _ query: EvidenceQuery, dataFolder: String, database: CentralDatabase? = nil
  ) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    try await give(query, "/dossier", dataFolder, database, to: { bytes += $0 }) { server, sink in
      try await sink(try await server.dossiers.make(query))
    }
    return bytes
  }

  /// Hands over events as an EPCIS 2.0 document: from the running centre if there is one, else from its data folder.
  /// Throws ``CentralFault``, or a ``CentralRefusal`` where there is no such asset.
  public static func epcis(
    _ query: EvidenceQuery, dataFolder: String, database: CentralDatabase? = nil,
    to sink: @escaping (_ bytes: [UInt8]) async throws -> Void
  ) async throws {
    try await give(query, "/epcis", dataFolder, database, to: sink) { server, sink in
      var asset: AssetID?
      if let text = query.asset { asset = try await server.dossiers.asset(named: text) }
      try await server.epcis.write(of: asset, in: query.period, to: sink)
    }
  }

  private static func give(
    _ query: EvidenceQuery, _ path: String, _ dataFolder: String, _ database: CentralDatabase?,
    to sink: @escaping (_ bytes: [UInt8]) async throws -> Void,
    _ make: (_ server: CentralServer, _ sink: (_ bytes: [UInt8]) async throws -> Void) async throws -> Void
  ) async throws {
    _ = try logKey(dataFolder: dataFolder)
    let asked = query.parameters.map { name, value in
      "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }.joined(separator: "&")
    try await withCentre(dataFolder, database) { server in
      do {
        var isNoted = false
        try await make(server) { bytes in
          if !isNoted { try await server.noteExport(path, query: asked, from: "folder") }
          isNoted = true
          try await sink(bytes)
        }
      } catch let problem as Problem {
        throw CentralRefusal(problem)
      }
    } running: { socket, folder, owner in
      try await stream(path + "?" + asked, by: socket, folder: folder, owner: owner, to: sink)
    }
  }

  /// Hands over an answer of the running centre as it comes.
  private static func stream(
    _ uri: String, by socket: String, folder: String, owner: String, to sink: (_ bytes: [UInt8]) async throws -> Void
  ) async throws {
    guard let url = URL(httpURLWithSocketPath: socket, uri: uri) else {
      throw CentralFault.unreachable(path: socket, reason: "this is no path of a socket")
    }
    let response: HTTPClientResponse
    do {
      response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url.absoluteString), timeout: .minutes(60))
    } catch {
      throw CentralFault.unreachable(path: socket, reason: "\(owner) holds \(folder), but did not answer: \(error)")
    }
    guard response.status == .ok else {
      let bytes = try await response.body.collect(upTo: 1 << 20)
      do {
        throw CentralRefusal(try JSONDecoder().decode(Problem.self, from: Data(bytes.readableBytesView)))
      } catch let error as DecodingError {
        throw CentralFault.unreachable(
          path: socket, reason: "\(owner) answered with status \(response.status.code): \(error)")
      }
    }
    for try await part in response.body { try await sink(Array(part.readableBytesView)) }
  }

  /// Opens the centre of a folder for `body`; where it runs already, `running` gets its socket, folder and owner instead. A
  /// database server lets several in, so that nobody has to be asked there.
  static func withCentre<Value>(
    _ dataFolder: String, _ database: CentralDatabase?, _ body: (CentralServer) async throws -> Value,
    running: (_ socket: String, _ folder: String, _ owner: String) async throws -> Value
  ) async throws -> Value {
    let server: CentralServer
    do {
      server = try await CentralServer(CentralConfiguration(dataFolder: dataFolder, database: database))
    } catch CentralFault.inUse(let folder, let owner) {
      return try await running(ControlSocket.path(in: dataFolder), folder, owner)
    }
    let value: Value
    do {
      value = try await body(server)
    } catch {
      try await server.store.close()
      throw error
    }
    try await server.store.close()
    return value
  }

  static func fetch(
    _ path: LogPath, by socket: String, folder: String, owner: String
  ) async throws -> [UInt8]? {
    let (status, bytes) = try await ask(
      LogRoutes.prefix + path.description, by: socket, folder: folder, owner: owner, limit: 1 << 25)
    switch status {
    case 200: return bytes
    case 404: return nil
    default:
      throw CentralFault.unreachable(
        path: socket, reason: "\(owner) holds \(folder), and answered with status \(status)")
    }
  }

  static func ask(
    _ uri: String, by socket: String, folder: String, owner: String, limit: Int, post body: [UInt8]? = nil,
    patience: TimeAmount? = nil
  ) async throws -> (status: Int, bytes: [UInt8]) {
    guard let url = URL(httpURLWithSocketPath: socket, uri: uri) else {
      throw CentralFault.unreachable(path: socket, reason: "this is no path of a socket")
    }
    do {
      var request = HTTPClientRequest(url: url.absoluteString)
      if let body {
        request.method = .POST
        request.body = .bytes(body)
      }
      // What is posted may be long work, such as a snapshot of everything.
      let response = try await HTTPClient.shared.execute(
        request, timeout: patience ?? (body == nil ? .seconds(60) : .minutes(60)))
      let answer = try await response.body.collect(upTo: limit)
      return (Int(response.status.code), Array(answer.readableBytesView))
    } catch {
      throw CentralFault.unreachable(path: socket, reason: "\(owner) holds \(folder), but did not answer: \(error)")
    }
  }
}

/// Commands about a centre's data folder, whether the centre is running or not.
public enum CentralControl {
  /// Enrols a station by its verifier key: through the running centre if there is one, else in its folder.
  /// Throws ``CentralFault`` when neither can be reached.
  public static func enrol(
    verifierKey text: String, dataFolder: String, database: CentralDatabase? = nil
  ) async throws -> EnrolmentAnswer {
    let key: VerifierKey
    do {
      key = try VerifierKey(text)
    } catch {
      return .refused(Refusal(badKey: error))
    }
    return try await withCentre(dataFolder, database) { server in
      switch try await server.enrol(verifierKey: key) {
      case .enrolled(let station, let token): .enrolled(station: station.name, token: token.secret)
      case .refused(let refusal): .refused(refusal)
      }
    } running: { socket, folder, owner in
      try await ask(socket, key, folder: folder, owner: owner)
    }
  }

  private static func ask(
    _ socket: String, _ key: VerifierKey, folder: String, owner: String
  ) async throws -> EnrolmentAnswer {
    guard let url = URL(httpURLWithSocketPath: socket, uri: "/enrol") else {
      throw CentralFault.unreachable(path: socket, reason: "this is no path of a socket")
    }
    var request = HTTPClientRequest(url: url.absoluteString)
    request.method = .POST
    request.body = .bytes(Array(key.description.utf8))
    let answer: ControlAnswer
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
      let body = try await response.body.collect(upTo: 1 << 16)
      answer = try JSONDecoder().decode(ControlAnswer.self, from: Data(body.readableBytesView))
    } catch {
      throw CentralFault.unreachable(path: socket, reason: "\(owner) holds \(folder), but did not answer: \(error)")
    }
    if let refusal = answer.refusal { return .refused(refusal) }
    guard let station = answer.station, let token = answer.token else {
      throw CentralFault.unreachable(path: socket, reason: "\(owner) answered something else")
    }
    return .enrolled(station: station, token: token)
  }
}
