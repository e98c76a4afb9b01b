import Foundation
import Hummingbird
import Mustache

/// Renders the station's pages from their templates, which are read once at start.
struct PageRenderer: Sendable {
  private let library: MustacheLibrary

  /// Reads the templates that ship with the station; throws when one is missing or malformed.
  init() async throws {
    library = try await MustacheLibrary(directory: WebFile.folder)
    guard library.getTemplate(named: "desk") != nil else { throw InstallationFault(file: "desk.mustache") }
  }

  /// A page or a fragment of one, as HTML.
  func text(_ template: String, _ view: some Sendable) throws -> String {
    guard let html = library.render(view, withTemplate: template) else {
      throw InstallationFault(file: template + ".mustache")
    }
    return html
  }

  /// The same, as an answer.
  func page(_ template: String, _ view: some Sendable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:])
    throws -> Response
  {
    let html = try text(template, view)
    var headers = headers
    headers[.contentType] = "text/html; charset=utf-8"
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
  }
}
