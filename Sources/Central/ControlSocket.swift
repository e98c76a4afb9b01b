import AsyncHTTPClient
import CentralStore
import Custody
import Foundation
import Hummingbird
import Logging
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
    let router = Router(context: BasicRequestContext.self)
    router.add(middleware: ControlProblems())
    router.post("/enrol") { request, _ in try await enrol(request) }
    router.get("/dossier") { request, _ in
      let id = try await server.dossiers.asset(named: request.text("asset") ?? "")
      return JSONAnswer.download(try await server.dossiers.make(of: id), as: "dossier-\(id).zip")
    }
    LogRoutes(store: server.store, access: nil).add(to: router)
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
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
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
      let files = LogFiles(store: server.store)
      return try await LogExport { try await files.bytes(at: $0) }.run(into: folder)
    } running: { socket, data, owner in
      try await LogExport { try await fetch($0, by: socket, folder: data, owner: owner) }.run(into: folder)
    }
    return (head.size, head.root.description)
  }

  /// The dossier of the asset that an id or a mark names: from the running centre if there is one, else from its data folder.
  /// Throws ``CentralFault``, or a ``CentralRefusal`` where there is none.
  public static func dossier(
    of asset: String, dataFolder: String, database: CentralDatabase? = nil
  ) async throws -> [UInt8] {
    _ = try logKey(dataFolder: dataFolder)
    return try await withCentre(dataFolder, database) { server in
      do {
        return try await server.dossiers.make(of: try await server.dossiers.asset(named: asset))
      } catch let problem as Problem {
        throw CentralRefusal(problem)
      }
    } running: { socket, folder, owner in
      let text = asset.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      let (status, bytes) = try await ask(
        "/dossier?asset=\(text)", by: socket, folder: folder, owner: owner, limit: 1 << 31)
      guard status == 200 else {
        do {
          throw CentralRefusal(try JSONDecoder().decode(Problem.self, from: Data(bytes)))
        } catch let error as DecodingError {
          throw CentralFault.unreachable(path: socket, reason: "\(owner) answered with status \(status): \(error)")
        }
      }
      return bytes
    }
  }

  /// Opens the centre of a folder for `body`; where it runs already, `running` gets its socket, folder and owner instead. A
  /// database server lets several in, so that nobody has to be asked there.
  fileprivate static func withCentre<Value>(
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

  private static func fetch(
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

  private static func ask(
    _ uri: String, by socket: String, folder: String, owner: String, limit: Int
  ) async throws -> (status: Int, bytes: [UInt8]) {
    guard let url = URL(httpURLWithSocketPath: socket, uri: uri) else {
      throw CentralFault.unreachable(path: socket, reason: "this is no path of a socket")
    }
    do {
      let response = try await HTTPClient.shared.execute(
        HTTPClientRequest(url: url.absoluteString), timeout: .seconds(60))
      let body = try await response.body.collect(upTo: limit)
      return (Int(response.status.code), Array(body.readableBytesView))
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
