/// `details` of `correct`: an earlier event of the same asset was wrong. The asset becomes what it would be without
/// it; the wrong event stays in the record. The envelope's `corrects` names the same event.
public struct CorrectDetails: Hashable, Sendable, Codable {
  public var event: EventID
  public var reason: String
  /// A manager, unless the operator takes back their own newest event of this session (undo).
  public var approver: PersonID?

  /// An event was wrong.
  public init(event: EventID, reason: String, approver: PersonID? = nil) {
    self.event = event
    self.reason = reason
    self.approver = approver
  }
}
