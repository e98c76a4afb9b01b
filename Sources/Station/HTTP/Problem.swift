import BarcodeVision
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import LabelDesign
import LabelRendering
import StationStore

/// An error as it is answered (RFC 9457 problem details): what, why, and what to do. Thrown by handlers; rendered as
/// `application/problem+json` for machines and as a page for people.
struct Problem: Error, Sendable {
  let status: HTTPResponse.Status
  /// Stable and dotted.
  let code: String
  let title: String
  let detail: String
  let remedy: String
  /// JSON pointer to what is wrong in the request, if it is one place.
  var pointer: String?
  /// Seconds after which the same may be tried again, if that helps.
  var retryAfter: Int64?
  /// Members besides those of the standard.
  var extensions: CanonicalJSON = [:]

  init(
    _ status: HTTPResponse.Status, _ code: String, _ title: String, detail: String, remedy: String,
    pointer: String? = nil
  ) {
    self.status = status
    self.code = code
    self.title = title
    self.detail = detail
    self.remedy = remedy
    self.pointer = pointer
  }

  static let notSignedIn = Problem(
    .unauthorized, "access.notSignedIn", "Not signed in", detail: "Nobody is signed in.",
    remedy: "Sign in with badge and PIN: POST /api/v1/sign-in, or the page /sign-in.")

  static func forbidden(_ what: String, needs roles: String) -> Problem {
    Problem(
      .forbidden, "access.forbidden", "Not allowed", detail: "\(what) needs one of the roles \(roles).",
      remedy: "Ask somebody with that role, or an administrator for the role.")
  }

  static func notFound(_ what: String, remedy: String = "Check the address.") -> Problem {
    Problem(.notFound, "request.notFound", "Not found", detail: "There is no \(what).", remedy: remedy)
  }

  /// No route answers at the address.
  static let nothingHere = notFound(
    "page at this address", remedy: "Check the address. What the API has stands in /openapi.json.")

  static func malformed(_ detail: String, pointer: String? = nil, remedy: String = "See /openapi.json for the form.")
    -> Problem
  {
    Problem(
      .unprocessableContent, "request.malformed", "Malformed request", detail: detail, remedy: remedy, pointer: pointer)
  }

  /// Any error as a problem; what nobody foresaw is an internal one, logged by the caller.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let fault as StoreFault:
      let readOnly = if case .readOnly = fault { true } else { false }
      self.init(
        readOnly ? .serviceUnavailable : .internalServerError, fault.code, readOnly ? "Read-only" : "Store fault",
        detail: fault.description, remedy: fault.remedy)
    case let error as PictureError:
      let (status, code): (HTTPResponse.Status, String) =
        switch error {
        case .tooLarge, .fileTooLarge: (.unprocessableContent, "picture.tooLarge")
        case .decoderMissing, .symbolSearchFailed: (.internalServerError, "picture.decoder")
        default: (.unprocessableContent, "picture.unreadable")
        }
      self.init(status, code, "Unreadable picture", detail: error.description, remedy: error.remedy)
    case let fault as LabelFault:
      self.init(
        .unprocessableContent, "label.template.malformed", "Unusable template", detail: fault.description,
        remedy: "Mend that line; labels/README.md tells what a template holds.")
      if let line = fault.line { extensions = ["file": .string(fault.file), "line": .integer(Int64(line))] }
    case let refusal as LabelRefusal:
      self.init(
        .unprocessableContent, refusal.code, "Label refused", detail: refusal.sentence, remedy: refusal.remedy,
        pointer: refusal.field.map { "/fields/" + $0 })
    case let fault as LabelRenderingFault:
      self.init(
        .internalServerError, "label.renderer", "Labels cannot be drawn", detail: fault.description,
        remedy: fault.remedy)
    case let error as any HTTPResponseError where error.status == .notFound:
      self = .nothingHere
    case let error as any HTTPResponseError:
      let tooLarge = error.status == .contentTooLarge
      self.init(
        error.status, tooLarge ? "request.tooLarge" : "request.refused", error.status.reasonPhrase,
        detail: tooLarge
          ? "The request is larger than is taken."
          : "The request was not taken: \((error as? HTTPError)?.body ?? error.status.reasonPhrase).",
        remedy: tooLarge ? "Send a smaller one: 256 kB of JSON, 64 MB for a picture." : "See /openapi.json.")
    default:
      self.init(
        .internalServerError, "station.internal", "Internal fault",
        detail: "The station could not do this; nothing was recorded.",
        remedy: "Try again; if it stays so, look in the station's log.")
    }
  }

  /// The problem as RFC 9457 members, with `code`, `remedy` and what else belongs to it.
  var body: CanonicalJSON {
    var body: CanonicalJSON = [
      "type": .string("about:blank"), "title": .string(title), "status": .integer(Int64(status.code)),
      "detail": .string(detail), "code": .string(code), "remedy": .string(remedy),
    ]
    if let pointer { body[path: "pointer"] = .string(pointer) }
    return body.overlaid(with: extensions)
  }

  /// The answer for a machine.
  func response() throws -> Response {
    var headers: HTTPFields = [.contentType: "application/problem+json"]
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    if let retryAfter { headers[.retryAfter] = String(retryAfter) }
    return Response(
      status: status, headers: headers,
      body: .init(byteBuffer: ByteBuffer(bytes: try body.bytes(limit: .max))))
  }
}
