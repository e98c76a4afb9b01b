/// Why bytes are not canonical JSON, or a value has no canonical form; with the place.
public struct CanonicalJSONError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The document stops in the middle.
    case unexpectedEnd
    /// A space, tab or line break stands between tokens.
    case whitespace
    /// A byte that cannot stand here.
    case unexpectedByte(UInt8)
    /// Bytes follow the value.
    case trailingBytes
    /// A name is smaller than the name before it.
    case namesOutOfOrder
    /// A name stands twice in one object.
    case duplicateName
    /// A number has a fraction or an exponent.
    case notAnInteger
    /// A number has a leading zero.
    case leadingZero
    /// The number −0.
    case negativeZero
    /// A number's magnitude is 2^53 or more.
    case integerTooLarge
    /// An escape that is not the shortest, or not in lower case.
    case longEscape
    /// A backslash that begins no JSON escape.
    case invalidEscape
    /// An escape of half a surrogate pair.
    case loneSurrogate
    /// A control character that is not escaped.
    case controlCharacter
    /// Bytes that are not UTF-8 (RFC 3629).
    case invalidUTF8
    /// Containers nest deeper than `CanonicalJSON.maximumDepth`.
    case tooDeep
    /// The document is longer than `limit` bytes.
    case tooLong(limit: Int)
  }

  /// Bytes from the start of the document (of what has been written, when encoding).
  public let offset: Int
  /// What is wrong there.
  public let reason: Reason

  init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }
}

extension CanonicalJSONError: CustomStringConvertible {
  /// One sentence with the byte offset.
  public var description: String { "byte \(offset): \(reason.sentence)" }
}

extension CanonicalJSONError.Reason {
  var sentence: String {
    switch self {
    case .unexpectedEnd: "the document stops in the middle of a value"
    case .whitespace: "white space between tokens; the canonical form has none"
    case .unexpectedByte(let byte): "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16)) cannot stand here"
    case .trailingBytes: "bytes follow the end of the value"
    case .namesOutOfOrder: "a name is not in ascending order of UTF-16 code units"
    case .duplicateName: "a name stands twice in one object"
    case .notAnInteger: "a number with a fraction or an exponent; only whole numbers are allowed"
    case .leadingZero: "a number with a leading zero"
    case .negativeZero: "negative zero; write 0"
    case .integerTooLarge: "a number of magnitude 2^53 or more; write it as a string"
    case .longEscape: "an escape that is not the shortest, in lower case"
    case .invalidEscape: "a backslash that begins no JSON escape"
    case .loneSurrogate: "an escape of half a surrogate pair"
    case .controlCharacter: "a control character that is not escaped"
    case .invalidUTF8: "bytes that are not UTF-8"
    case .tooDeep: "containers nest more than \(CanonicalJSON.maximumDepth) deep"
    case .tooLong(let limit): "the document is longer than \(limit) bytes"
    }
  }
}
