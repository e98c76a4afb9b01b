/// `details` of `sanitize`: one record for one medium. The validator is the event's witness: another person than the
/// one who ran it, with the validator or manager role.
public struct SanitizeDetails: Hashable, Sendable, Codable {
  public var record: SanitizationRecord

  /// A record of one medium.
  public init(record: SanitizationRecord) { self.record = record }
}
