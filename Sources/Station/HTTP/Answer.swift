import Crypto
import Custody
import CustodyLedger
import Foundation
import Hummingbird

extension Response {
  /// A JSON answer, in the same canonical form as the ledger: sorted names, no white space.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) throws
    -> Response
  {
    .json(bytes: try CanonicalEncoder().encode(value, limit: .max), status: status, headers: headers)
  }

  /// A JSON answer from its bytes.
  static func json(bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

extension Response {
  /// A page of a list, its items cut down to `?fields=`. Its `ETag` is made of its bytes, so that an unchanged page
  /// costs no second transfer.
  static func page<Item>(_ page: Page<Item>, for request: Request) throws -> Response {
    var value = try CanonicalJSON(bytes: CanonicalEncoder().encode(page, limit: .max), limit: .max)
    if let fields = request.text("fields"), case .array(let items)? = value[path: "items"] {
      value[path: "items"] = .array(items.map { $0.picking(fields) })
    }
    let bytes = try value.bytes(limit: .max)
    let tag = "\"" + hexadecimal(SHA256.hash(data: bytes)) + "\""
    if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: [.eTag: tag]) }
    return .json(bytes: bytes, headers: [.eTag: tag])
  }
}

/// Lowercase hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

/// An answer before it is sent, so that it can be kept and given again.
struct Prepared: Sendable {
  let status: HTTPResponse.Status
  let bytes: [UInt8]

  /// JSON, or a problem when the status says so.
  var response: Response {
    Response(
      status: status, headers: [.contentType: status.code >= 400 ? "application/problem+json" : "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

extension Request {
  /// Largest JSON body that is taken.
  static let largestJSON = 256 << 10

  /// The body as JSON; an empty body is an empty object. Throws the problem that says what is wrong.
  func json(upTo limit: Int = Self.largestJSON) async throws -> CanonicalJSON {
    let buffer = try await body.collect(upTo: limit)
    guard buffer.readableBytes > 0 else { return [:] }
    // Most clients send what is canonical already, and that is read many times faster.
    if let canonical = try? CanonicalJSON(bytes: Array(buffer.readableBytesView), limit: limit),
      case .object = canonical
    {
      return canonical
    }
    let data = Data(buffer.readableBytesView)
    let value: CanonicalJSON
    do {
      value = try JSONDecoder().decode(CanonicalJSON.self, from: data)
      // Whole numbers of 2^53 and more are found only now.
      _ = try value.bytes(limit: .max)
    } catch {
      throw Self.problem(with: data)
    }
    guard case .object = value else { throw Problem.malformed("The body is JSON, but no object.") }
    return value
  }

  /// What is wrong with a body that cannot be taken: it is no JSON, or it is JSON that goes beyond ours.
  private static func problem(with data: Data) -> Problem {
    do {
      _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      return .malformed(
        "The body cannot be taken: numbers are whole and below 2^53, and nothing is nested over 32 deep.")
    } catch {
      return Problem(
        .badRequest, "request.notJSON", "No JSON", detail: "The body is no JSON.",
        remedy: "Send one JSON object in UTF-8; see /openapi.json for the form.")
    }
  }

  /// The body as a form (application/x-www-form-urlencoded).
  func form() async throws -> [String: String] {
    let buffer = try await body.collect(upTo: Self.largestJSON)
    return Self.form(String(buffer: buffer))
  }

  static func form(_ text: String) -> [String: String] {
    var fields: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let decoded = parts.map { part in
        let spaced = part.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
      }
      fields[decoded[0]] = decoded.count > 1 ? decoded[1] : ""
    }
    return fields
  }

  /// A query parameter as a number within bounds; the problem names it.
  func number(_ name: String, default fallback: Int, in bounds: ClosedRange<Int>) throws -> Int {
    guard let text = uri.queryParameters[Substring(name)] else { return fallback }
    guard let number = Int(text), bounds.contains(number) else {
      throw Problem.malformed(
        "\(name) is '\(text)', not a number from \(bounds.lowerBound) to \(bounds.upperBound).", pointer: "/\(name)")
    }
    return number
  }

  /// A query parameter as text; nil when absent or empty.
  func text(_ name: String) -> String? {
    uri.queryParameters[Substring(name)].flatMap { $0.isEmpty ? nil : String($0) }
  }
}

extension CanonicalJSON {
  /// Only the members that `?fields=` names, or all without it.
  func picking(_ fields: String?) -> CanonicalJSON {
    guard let fields, case .object(let object) = self else { return self }
    let wanted = Set(fields.split(separator: ",").map(String.init))
    var picked = Object()
    for member in object.members where wanted.contains(member.name) { picked[member.name] = member.value }
    return .object(picked)
  }
}
