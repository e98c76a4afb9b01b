import CentralStore
import Custody
import Hummingbird

extension CentralServer {
  /// Writes down what the owner of the data folder takes out by a command, before they get it: by the running centre's socket,
  /// or from the folder itself. It is named by a path of the socket either way; what is no export is not written down.
  func noteExport(_ path: String, query: String?, from address: String) async throws {
    let what: String
    switch path {
    // Whoever takes the log begins with its tree head.
    case "/dossier", "/epcis", Self.logExport: what = "evidence.export"
    case "/backup": what = "data.export"
    default: return
    }
    let subject = path + (query.map { $0.isEmpty ? "" : "?" + $0 } ?? "")
    try await store.note(
      ReadRecord(at: now(), who: "folder owner", what: what, subject: subject, address: address))
  }

  static let logExport = LogRoutes.prefix + "checkpoint"
}

/// Writes down what is taken out by the control socket.
struct ControlRecords: RouterMiddleware {
  let server: CentralServer

  func handle(
    _ request: Request, context: CentralContext, next: (Request, CentralContext) async throws -> Response
  ) async throws -> Response {
    let response = try await next(request, context)
    if request.method == .get, response.status == .ok {
      try await server.noteExport(request.uri.path, query: request.uri.query, from: "socket")
    }
    return response
  }
}
