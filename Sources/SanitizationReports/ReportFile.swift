/// A file that was uploaded.
public struct ReportFile: Hashable, Sendable {
  /// Its name, for people.
  public let name: String
  public let bytes: [UInt8]
  /// The text of a PDF, as an adapter took it; nil for any other file.
  public let text: String?

  /// The most that is read of one file: 50 MB.
  public static let limit = 50_000_000

  public init(name: String, bytes: [UInt8], text: String? = nil) {
    self.name = name
    self.bytes = bytes
    self.text = text
  }

  /// Whether bytes are a PDF, whose text has to be taken first.
  public static func isPDF(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: Array("%PDF-".utf8)) }
}

/// What one file turned out to be.
public enum ReadFile: Hashable, Sendable {
  /// Reports, one for each medium.
  case reports([WipeReport])
  /// A drive's own description, which gives a report beside it its serial.
  case identity(DriveIdentity)
  case refused(ReportFault)
}

/// What holds for all files of an upload.
public struct ReadingCircumstances: Hashable, Sendable {
  /// Minutes east of UTC of times that are written without an offset.
  public var offset: Int
  public var policy: TechniquePolicy

  public init(offset: Int = 0, policy: TechniquePolicy = TechniquePolicy()) {
    self.offset = offset
    self.policy = policy
  }
}
