import Custody

/// What a wipe tool's report says of one medium. Values as the tool gave them, the method by ``Technique``'s table: what a
/// report calls itself never makes a purge of a clear.
public struct WipeReport: Hashable, Sendable {
  /// What was read.
  public var format: ReportFormat
  /// Where in the file it stands: `line 12`, `page 1` or a path.
  public var place: String
  /// The drive's serial number without surrounding blanks; nil when neither the report nor a file beside it names one.
  public var serial: String?
  /// Where ``serial`` comes from.
  public var serialSource: SerialSource
  public var manufacturer: String?
  public var model: String?
  /// Size in bytes, as the tool saw it.
  public var capacity: Int64?
  /// hdd, ssd or nvme, where the report says so.
  public var mediumType: String?
  /// Where the tool saw the drive, such as `/dev/sda`.
  public var device: String?
  public var tool: String
  public var toolVersion: String?
  /// What was done, as the tool names it.
  public var technique: String
  /// The same as our table knows it.
  public var kind: Technique
  public var requested: SanitizationMethod
  public var achieved: SanitizationMethod
  public var startedAt: Instant?
  /// Nil where the report does not say: the moment of recording stands for it then.
  public var endedAt: Instant?
  public var verificationMethod: String?
  public var verification: SanitizationResult?
  public var result: SanitizationResult
  /// HPA or DCO left, unwritable ranges, overwrite on flash…
  public var residualRisks: [String] = []

  init(
    format: ReportFormat, place: String, tool: String, technique: String, kind: Technique, result: SanitizationResult,
    policy: TechniquePolicy
  ) {
    self.format = format
    self.place = place
    self.tool = tool
    let basis = kind == .nvmeFormatCrypto ? policy.formatCryptoPurgeBasis : nil
    self.technique = technique + (basis.map { " (purge by \($0))" } ?? "")
    self.kind = kind
    self.result = result
    serialSource = .operatorLinked
    requested = kind.method(policy)
    achieved = result == .passed ? requested : .clear
  }

  /// Whether a record of it would pass: see ``SanitizationRecord/passes``.
  public var passes: Bool {
    record(of: Medium(serial: serial ?? "-"), by: PersonID(high: 0, low: 0), at: Instant(milliseconds: 0)).passes
  }

  /// The record of this run for one medium of an asset. `moment` is when it is recorded.
  public func record(of medium: Medium, by person: PersonID, at moment: Instant) -> SanitizationRecord {
    var record = SanitizationRecord(
      medium: medium, requested: requested, achieved: achieved, technique: technique, tool: tool, result: result,
      endedAt: endedAt ?? moment, performedBy: person)
    record.medium.type = medium.type ?? mediumType
    record.medium.manufacturer = medium.manufacturer ?? manufacturer
    record.medium.model = medium.model ?? model
    record.medium.capacity = medium.capacity ?? capacity
    record.toolVersion = toolVersion
    record.verificationMethod = verificationMethod
    record.verification = verification
    record.startedAt = startedAt
    record.serialSource = serialSource
    record.reportedModel = otherModel(than: medium)
    if !residualRisks.isEmpty { record.residualRisks = residualRisks }
    return record
  }

  /// Cuts texts to what a record may hold: 256 characters, and 20 risks.
  mutating func bound() {
    func cut(_ text: String) -> String {
      let plain = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
      return plain.count > 256 ? plain.prefix(255) + "…" : plain
    }
    tool = cut(tool)
    technique = cut(technique)
    toolVersion = toolVersion.map(cut)
    manufacturer = manufacturer.map(cut)
    model = model.map(cut)
    mediumType = mediumType.map(cut)
    verificationMethod = verificationMethod.map(cut)
    if residualRisks.count > 20 {
      residualRisks = residualRisks.prefix(19) + ["\(residualRisks.count - 19) further ones, see the report."]
    }
    residualRisks = residualRisks.map(cut)
  }

  /// Gives the report its serial, if what was read is one: printable, and not a placeholder that tools write for none.
  mutating func take(serial text: String?, from source: SerialSource) {
    guard let text, let known = Self.serial(text) else { return }
    serial = known
    serialSource = source
  }

  /// A serial number without surrounding blanks; nil for what is none: empty, a placeholder, masked, or bytes that are no
  /// printable text (nwipe logs what happens to lie in memory for a drive without one).
  static func serial(_ text: String) -> String? {
    let trimmed = text.trimmed
    guard (1...128).contains(trimmed.utf8.count),
      trimmed.unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) })
    else { return nil }
    let lowered = trimmed.lowercased()
    if ["unknown", "n/a", "na", "none", "null", "-", "not available", "not applicable"].contains(lowered) {
      return nil
    }
    if trimmed.allSatisfy({ $0 == "X" }) || trimmed.allSatisfy({ $0 == "?" }) || trimmed.allSatisfy({ $0 == "0" }) {
      return nil
    }
    return trimmed
  }

  /// A drive's serial as it is compared: without surrounding blanks, letters alike. Nothing cleverer.
  public static func folded(_ serial: String) -> String { serial.trimmed.lowercased() }
}
