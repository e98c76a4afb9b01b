/// Why a value could not be written as canonical JSON, or read from it; with the path of the field.
public struct CanonicalCodingError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// The bytes are not canonical JSON, or the value's form is too long or too deep.
    case notCanonical(CanonicalJSONError)
    /// A required field is absent.
    case missing
    /// The value is of another JSON type.
    case typeMismatch
    /// An integer is 2^53 or more in magnitude, or does not fit the Swift type.
    case outOfRange
    /// A floating-point number, which events never hold.
    case floatingPoint
    /// Two names of one object are the same text (once normalised, when a Swift string is to hold them).
    case duplicateName
    /// The value is of the right type but not one that the field allows.
    case invalidValue
  }

  /// Where: names joined by dots and indexes in brackets, such as `readings[2].raw`; empty for the top value.
  public let path: String
  /// What is wrong there.
  public let kind: Kind
  /// What is wrong, in words, without the path.
  public let reason: String

  init(path: String, kind: Kind, reason: String) {
    self.path = path
    self.kind = kind
    self.reason = reason
  }

  init(_ error: CanonicalJSONError) {
    self.init(path: "", kind: .notCanonical(error), reason: error.description)
  }
}

extension CanonicalCodingError: CustomStringConvertible {
  /// One sentence, with the path.
  public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

extension CanonicalCodingError {
  /// Translates what a type's own `init(from:)` or `encode(to:)` threw.
  init(_ error: any Error) {
    switch error {
    case let error as CanonicalCodingError:
      self = error
    case let error as CanonicalJSONError:
      self.init(error)
    case DecodingError.keyNotFound(let key, let context):
      self.init(path: Self.path(context.codingPath + [key]), kind: .missing, reason: "the field is missing")
    case DecodingError.valueNotFound(_, let context):
      self.init(path: Self.path(context.codingPath), kind: .missing, reason: context.debugDescription)
    case DecodingError.typeMismatch(_, let context):
      self.init(path: Self.path(context.codingPath), kind: .typeMismatch, reason: context.debugDescription)
    case DecodingError.dataCorrupted(let context):
      self.init(path: Self.path(context.codingPath), kind: .invalidValue, reason: context.debugDescription)
    case EncodingError.invalidValue(_, let context):
      self.init(path: Self.path(context.codingPath), kind: .invalidValue, reason: context.debugDescription)
    default:
      self.init(path: "", kind: .invalidValue, reason: "\(error)")
    }
  }

  static func path(_ keys: [any CodingKey]) -> String {
    var path = ""
    for key in keys {
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return path
  }
}
