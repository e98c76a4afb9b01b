import Hummingbird
import StationStore

@testable import Station

extension APIUnderTest {
  /// Posts a form as a page does.
  func form(_ path: String, _ fields: [(String, String)] = [], as who: SignedIn) async throws -> APIAnswer {
    let body = String(DeskPages.query(fields.map { ($0.0, Optional($0.1)) }).dropFirst())
    return try await ask(
      .post, path, as: who, bytes: Array(body.utf8),
      headers: [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"])
  }

  /// A page as text.
  func page(_ path: String, as who: SignedIn) async throws -> String {
    try await ask(.get, path, as: who, headers: [.accept: "text/html"]).description
  }

  /// The rows of a file, without its headings.
  func rows(_ path: String, as who: SignedIn) async throws -> [String] {
    let answer = try await ask(.get, path, as: who)
    return String(decoding: answer.bytes, as: UTF8.self).split(separator: "\r\n").dropFirst().map(String.init)
  }
}
