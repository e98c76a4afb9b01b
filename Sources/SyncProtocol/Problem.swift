/// An error as it goes over HTTP (RFC 9457, `application/problem+json`), with the two members that every error of this
/// product has: `code` and `remedy`.
public struct Problem: Error, Hashable, Sendable, Codable {
  /// The media type of a problem.
  public static let mediaType = "application/problem+json"

  /// RFC 9457 §3.1.1: `urn:custody:problem:` and the code.
  public var type: String
  /// RFC 9457 §3.1.3: the kind of error in a few words.
  public var title: String
  /// RFC 9457 §3.1.2: the HTTP status.
  public var status: Int
  /// RFC 9457 §3.1.4: this very error, one sentence.
  public var detail: String
  /// Stable and dotted, such as `sync.unauthorised`.
  public var code: String
  /// What to do about it.
  public var remedy: String

  /// A problem.
  public init(status: Int, code: String, title: String, detail: String, remedy: String) {
    type = "urn:custody:problem:\(code)"
    self.title = title
    self.status = status
    self.detail = detail
    self.code = code
    self.remedy = remedy
  }
}
