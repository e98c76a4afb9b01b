/// The part of a file that a request asks for (RFC 9110 §14.1.2).
public struct ByteRange: Hashable, Sendable {
  /// First and last byte, counted from 0, both in it.
  public let first: UInt64
  public let last: UInt64

  /// A range of a file; nil when there is no byte in it.
  public init?(first: UInt64, last: UInt64) {
    guard first <= last else { return nil }
    self.first = first
    self.last = last
  }

  /// How many bytes.
  public var count: UInt64 { last - first + 1 }

  /// The value of a Range field.
  public var field: String { "bytes=\(first)-\(last)" }

  /// The value of a Content-Range field (RFC 9110 §14.4) for a file of so many bytes.
  public func contentField(of length: UInt64) -> String { "bytes \(first)-\(last)/\(length)" }

  /// What a Range field asks for.
  public enum Request: Hashable, Sendable {
    /// Everything: there is no range, or one that a server may leave unheard, such as several.
    case whole
    case part(ByteRange)
    /// No byte of the file is in it: 416.
    case unsatisfiable
  }

  /// Reads a Range field for a file of so many bytes.
  public static func requested(_ field: String?, of length: UInt64) -> Request {
    guard let field, field.lowercased().hasPrefix("bytes=") else { return .whole }
    let parts = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts.joined().contains(where: { !("0"..."9").contains($0) }) else { return .whole }
    switch (parts[0].isEmpty, parts[1].isEmpty) {
    case (true, true): return .whole
    case (true, false):
      guard let count = UInt64(parts[1]) else { return .whole }
      guard count > 0, length > 0 else { return .unsatisfiable }
      return Self(first: length - min(count, length), last: length - 1).map(Request.part) ?? .unsatisfiable
    default:
      guard let first = UInt64(parts[0]) else { return .whole }
      let last: UInt64
      if parts[1].isEmpty { last = .max } else if let given = UInt64(parts[1]) { last = given } else { return .whole }
      guard first <= last else { return .whole }
      guard first < length else { return .unsatisfiable }
      return Self(first: first, last: min(last, length - 1)).map(Request.part) ?? .unsatisfiable
    }
  }

  /// Reads a Content-Range field: the range and the length of the whole; nil for any other form.
  public static func content(_ field: String) -> (range: ByteRange, length: UInt64)? {
    guard field.hasPrefix("bytes ") else { return nil }
    let parts = field.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let length = UInt64(parts[1]) else { return nil }
    let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = UInt64(bounds[0]), let last = UInt64(bounds[1]), last < length,
      let range = Self(first: first, last: last)
    else { return nil }
    return (range, length)
  }
}
