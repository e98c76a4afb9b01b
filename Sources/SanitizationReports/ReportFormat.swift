/// The forms of wipe reports that are recognised, by what stands in the file, never by its name.
public enum ReportFormat: String, Hashable, Sendable, Codable, CaseIterable {
  /// What nwipe writes with `--logfile`.
  case nwipeLog
  /// The certificate that nwipe writes as PDF.
  case nwipeCertificate
  /// `nvme sanitize-log -o json`.
  case nvmeSanitizeLog
  /// What `hdparm` printed of an erase and of the drive.
  case hdparm
  /// Blancco's report as XML.
  case blanccoXML
  /// Our own table: docs/wipe-reports.md.
  case csv

  /// Such as `nwipe log`.
  public var words: String {
    switch self {
    case .nwipeLog: "nwipe log"
    case .nwipeCertificate: "nwipe certificate"
    case .nvmeSanitizeLog: "nvme sanitize-log"
    case .hdparm: "hdparm text"
    case .blanccoXML: "Blancco XML"
    case .csv: "wipe report CSV"
    }
  }
}
