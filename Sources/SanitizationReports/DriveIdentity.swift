/// What a drive says of itself: `hdparm -I` or `nvme id-ctrl -o json`.
public struct DriveIdentity: Hashable, Sendable {
  /// Beside which reports it stands.
  let format: ReportFormat
  /// `/dev/sda`; nil where the output does not name it.
  var device: String?
  public var serial: String?
  public var model: String?
  public var capacity: Int64?
  /// hdd, ssd or nvme.
  public var mediumType: String?

  init(format: ReportFormat) { self.format = format }
}

extension DriveIdentity {
  /// `nvme id-ctrl -o json`; nil for any other JSON.
  init?(idCtrl json: JSONText) {
    guard let serial = json["sn"]?.text, let model = json["mn"]?.text, json["vid"]?.number != nil else { return nil }
    self.init(format: .nvmeSanitizeLog)
    self.serial = WipeReport.serial(serial)
    self.model = model.trimmed.isEmpty ? nil : model.trimmed
    capacity = json["tnvmcap"]?.number.flatMap { $0 > 0 ? $0 : nil }
    mediumType = "nvme"
  }
}

extension WipeReport {
  /// Takes what the file beside it says of the drive.
  mutating func take(_ identity: DriveIdentity) {
    take(serial: identity.serial, from: .companion)
    model = model ?? identity.model
    capacity = capacity ?? identity.capacity
    mediumType = mediumType ?? identity.mediumType
  }
}
