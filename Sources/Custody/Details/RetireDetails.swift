/// `details` of `retire`: out of service for good.
public struct RetireDetails: Hashable, Sendable, Codable {
  public var reason: String
  /// A person with the manager role; checked by `decide` against the intent's approver.
  public var approver: PersonID

  /// Out of service.
  public init(reason: String, approver: PersonID) {
    self.reason = reason
    self.approver = approver
  }
}
