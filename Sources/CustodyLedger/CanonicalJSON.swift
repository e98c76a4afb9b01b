/// A JSON value that has exactly one byte form: the strict RFC 8785 (JCS) subset that custody events are written in.
///
///     value   = "null" / "true" / "false" / integer / string / array / object
///     integer = "0" / [ "-" ] digit1-9 *DIGIT              ; |n| < 2^53; no fraction, no exponent, no "-0"
///     string  = RFC 8785 §3.2.2.2: UTF-8 as it is; only `"`, `\` and controls escaped, in the shortest way
///     object  = members in ascending order of their names' UTF-16 code units (RFC 8785 §3.2.3), no name twice
///
/// Nothing stands between tokens. Containers nest at most `maximumDepth` deep. There is no floating-point case.
///
/// For every value `v` that encodes, `CanonicalJSON(bytes: v.bytes()) == v`; for every `b` that parses,
/// `CanonicalJSON(bytes: b).bytes() == b`. Strings are compared as the bytes they are: two Unicode normalisations of
/// one word are two strings, as RFC 8785 §3.1 requires.
public enum CanonicalJSON: Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number; only those with a magnitude below 2^53 can be encoded.
  case integer(Int64)
  /// Any Unicode text.
  case string(String)
  /// Values in order.
  case array([CanonicalJSON])
  /// Named values.
  case object(Object)

  /// The greatest magnitude of an integer: 2^53 − 1.
  public static let maximumInteger: Int64 = 9_007_199_254_740_991
  /// How deep arrays and objects may nest: 32.
  public static let maximumDepth = 32
  /// The most bytes a document has unless a caller says otherwise: 60,000, so that an entry fits a uint16 length.
  public static let maximumLength = 60_000
}

extension CanonicalJSON: Hashable {
  /// Compares strings byte by byte.
  public static func == (left: CanonicalJSON, right: CanonicalJSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }

  /// Feeds what `==` compares.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null:
      hasher.combine(0)
    case .bool(let value):
      hasher.combine(value)
    case .integer(let value):
      hasher.combine(value)
    case .string(let value):
      for byte in value.utf8 { hasher.combine(byte) }
    case .array(let values):
      hasher.combine(values)
    case .object(let object):
      hasher.combine(object)
    }
  }
}

/// Literals: strings, integers, booleans, arrays, objects. There is none for null: `nil` would silently become a value
/// where an absent member is meant.
extension CanonicalJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: CanonicalJSON...) { self = .array(elements) }
  /// An object; the last of two equal names wins.
  public init(dictionaryLiteral elements: (String, CanonicalJSON)...) {
    var object = Object()
    for (name, value) in elements { object[name] = value }
    self = .object(object)
  }
}
