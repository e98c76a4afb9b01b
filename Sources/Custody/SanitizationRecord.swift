/// How data was made unreadable (NIST SP 800-88r2 §3.1), from weak to strong. Clear is never shown as purge.
public enum SanitizationMethod: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  case clear, purge, destroy

  /// Weaker methods first.
  public static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// What became of a sanitization run.
public enum SanitizationResult: String, Hashable, Sendable, Codable, CaseIterable {
  case passed, failed, aborted
}

/// Who says which drive a tool's report is about.
public enum SerialSource: String, Hashable, Sendable, Codable, CaseIterable {
  /// The report itself.
  case tool
  /// Another output of the same drive, kept beside the report.
  case companion
  /// The operator, who read the serial off the drive: the report names none.
  case operatorLinked
}

/// The record of sanitizing one medium, with the fields of NIST SP 800-88r2 §4.6. Names, titles and contacts of the
/// two people stand in the erasable person table under their references.
public struct SanitizationRecord: Hashable, Sendable, Codable {
  /// The medium that was sanitized, by its own serial.
  public var medium: Medium
  /// Our or the customer's property number on the medium, if it has one.
  public var propertyNumber: String?
  /// The user the asset came from, if known.
  public var sourceUser: PersonID?
  /// Confidentiality categorisation of the data, in the site's words.
  public var categorisation: String?
  /// What was asked for.
  public var requested: SanitizationMethod
  /// What was achieved.
  public var achieved: SanitizationMethod
  /// Such as `NVMe Sanitize, crypto erase`.
  public var technique: String
  public var tool: String
  public var toolVersion: String?
  /// How it was verified, such as `full read` or `10 % sampling`; nil when it was not.
  public var verificationMethod: String?
  public var verification: SanitizationResult?
  public var result: SanitizationResult
  /// When it began; not after `endedAt`.
  public var startedAt: Instant?
  /// When it ended; not after the station's clock when it was recorded.
  public var endedAt: Instant
  /// Who ran it: the event's operator, unless the tool's report among the evidence says otherwise. The validator is the
  /// event's witness: another person than either.
  public var performedBy: PersonID
  /// Where it was done.
  public var place: String?
  /// Where the medium goes next.
  public var destination: String?
  /// HPA or DCO left, unwritable ranges, overwrite on flash…
  public var residualRisks: [String]?
  /// SHA-256 of the tool's report, lowercase hexadecimal, when one was kept as evidence.
  public var reportDigest: String?
  /// Who says that the report is about this medium; nil where no report was imported.
  public var serialSource: SerialSource?
  /// Maker and model as the report gives them, where the list of drives has another model under that serial; nil where they
  /// agree, or where either says none.
  public var reportedModel: String?
  /// Whether the operator has looked at the drive, and says that the report is about it although ``reportedModel`` is another.
  public var modelConfirmed: Bool?

  /// A record with what every record must have.
  public init(
    medium: Medium, requested: SanitizationMethod, achieved: SanitizationMethod, technique: String, tool: String,
    result: SanitizationResult, endedAt: Instant, performedBy: PersonID
  ) {
    self.medium = medium
    self.requested = requested
    self.achieved = achieved
    self.technique = technique
    self.tool = tool
    self.result = result
    self.endedAt = endedAt
    self.performedBy = performedBy
  }

  /// Whether the report names another model than the list of drives, and nobody has confirmed that it is this drive all the same.
  public var isModelInDoubt: Bool { reportedModel != nil && modelConfirmed != true }

  /// Whether the medium counts as sanitized: the run passed, it was verified and the verification passed, and no less
  /// was achieved than was asked for; and the report is known to be about this drive. Destruction needs no read-back: what is
  /// shredded cannot be read.
  public var passes: Bool {
    guard result == .passed, achieved >= requested, !isModelInDoubt else { return false }
    if achieved == .destroy { return verification == nil || verification == .passed }
    return verification == .passed && verificationMethod != nil
  }
}
