import CentralStore
import Hummingbird
import SyncProtocol
import TamperEvidence

/// The log for auditors, witnesses and stations: a C2SP tlog-tiles log under `/log`. Who may read the pages may read it,
/// and every enrolled station, which verifies by it what the centre says it holds.
struct LogRoutes: Sendable {
  static let prefix = "/log/"

  let store: any CentralStore
  /// Nil on the control socket, which is its owner's alone.
  let access: ReadAccess?
  /// Lets stations in as well; nil where no station asks.
  var stations: StationAccess?

  func add(to router: Router<CentralContext>) {
    router.get("/log/**") { request, _ in try await file(request) }
  }

  private func file(_ request: Request) async throws -> Response {
    try await check(request)
    let text = String(request.uri.path.dropFirst(Self.prefix.utf8.count))
    guard let path = LogPath(text) else { throw Problem.badLogPath(text) }
    guard let bytes = try await LogFiles(store: store).bytes(at: path) else {
      throw Problem.notHere("\(path) of its log")
    }
    return Response(
      status: .ok, headers: [.contentType: path.mediaType, .cacheControl: caching(of: path)],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private func check(_ request: Request) async throws {
    guard let access, try !access.permits(request) else { return }
    // Stations present their own tokens.
    guard let stations, try await stations.mayReadLog(request) else { throw Problem.signInNeeded }
  }

  /// What has a width never changes again; the tree head does with every entry. What needs a token is not for shared caches.
  private func caching(of path: LogPath) -> String {
    guard path != .checkpoint else { return "no-cache" }
    return (access?.needsSignIn ?? true ? "private" : "public") + ", max-age=31536000, immutable"
  }
}

extension LogPath {
  /// C2SP tlog-tiles: the checkpoint is text, all else binary.
  fileprivate var mediaType: String {
    self == .checkpoint ? "text/plain; charset=utf-8" : "application/octet-stream"
  }
}

extension Problem {
  fileprivate static func badLogPath(_ text: String) -> Problem {
    Problem(
      status: 400, code: "log.badPath", title: "No path of a log",
      detail: "'\(text.prefix(100))' is no path of a C2SP tlog-tiles log.",
      remedy: "Ask for checkpoint, tile/LEVEL/NUMBER or tile/entries/NUMBER, with .p/WIDTH for what is partial; "
        + "numbers in groups of three digits, such as x001/067.")
  }
}
