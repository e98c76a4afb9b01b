import Custody
import Hummingbird
import SyncProtocol

extension Request {
  /// A whole number of the query within a range; `otherwise` when it is not there. Throws a ``Problem``.
  func number<Number: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<Number>, otherwise: Number
  ) throws -> Number {
    guard let text = uri.queryParameters[Substring(name)] else { return otherwise }
    guard let number = Number(text), range.contains(number) else {
      throw Problem.badParameter(
        name, String(text), wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A text of the query; nil when it is empty or not there.
  func text(_ name: String) -> String? {
    guard let text = uri.queryParameters[Substring(name)], !text.isEmpty else { return nil }
    return String(text)
  }

  /// A value that is made from a text of the query; nil when it is empty or not there. Throws a ``Problem``.
  func value<Value>(_ name: String, wanted: String, _ make: (String) -> Value?) throws -> Value? {
    guard let text = text(name) else { return nil }
    guard let value = make(text) else { throw Problem.badParameter(name, text, wanted: wanted) }
    return value
  }
}

extension EvidenceQuery {
  /// What a request asks for. Throws a ``Problem``.
  init(_ request: Request) throws {
    do throws(Fault) {
      try self.init(
        asset: request.text("asset"), order: request.text("order"), from: request.text("from"), to: request.text("to"))
    } catch {
      throw Problem(
        status: 400, code: "http.badParameter", title: "A parameter is wrong", detail: error.sentence,
        remedy: error.remedy)
    }
  }
}

extension RequestContext {
  /// A value that is made from a part of the path. Throws a ``Problem``.
  func value<Value>(_ name: String, wanted: String, _ make: (String) -> Value?) throws -> Value {
    let text = parameters.get(name) ?? ""
    guard let value = make(text) else { throw Problem.badParameter(name, text, wanted: wanted) }
    return value
  }
}
