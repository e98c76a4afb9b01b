/// `details` of `triage`: what becomes of an asset that came back.
public struct TriageDetails: Hashable, Sendable, Codable {
  /// inStock, inRepair or retired.
  public var outcome: LifecycleState
  /// Condition grade.
  public var grade: String
  /// Whether the site wants its media sanitized before it goes on; defaults to whether it bears data.
  public var sanitizationRequired: Bool?
  public var location: LocationCode?
  /// Vendor, for outcome inRepair.
  public var vendor: String?
  public var reason: String?
  /// Who approves, for outcome retired: a manager.
  public var approver: PersonID?

  /// A judgement.
  public init(outcome: LifecycleState, grade: String) {
    self.outcome = outcome
    self.grade = grade
  }
}
