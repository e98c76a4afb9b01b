/// Everything that bytes of a device can be, by the names that people use.
public enum CaptureProtocol: String, Hashable, Sendable, CaseIterable {
  /// Boot keyboard reports, 8 bytes each.
  case keyboard
  /// Honeywell's HID POS reports, 64 bytes each.
  case hidPOS = "hid-pos"
  /// Text of a scanner on a serial line.
  case serial
  /// Chafon UHFReader18.
  case chafon18 = "chafon-18"
  /// Chafon UHFReader288.
  case chafon288 = "chafon-288"
  /// ThingMagic.
  case mercury
  /// M100, YRM100, JRD-4035, R200.
  case m100
  /// A card reader's messages, beginning with the answer to the first question.
  case ccid
  /// LLRP, what the reader sends.
  case llrp
}

/// One thing that a capture says.
public enum CapturedReading: Hashable, Sendable {
  /// A scan.
  case scan(ScannedText)
  /// A scan that was damaged.
  case rejected(RejectedScan)
  /// A tag.
  case tag(TagRead)
  /// Anything else that was understood, in words: an identity, an event, a no.
  case note(String)
}

/// Why a capture cannot be read.
public enum CaptureFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The profile says that the report descriptor tells the reports, and there is none.
  case noReportDescriptor
  /// The report descriptor is none.
  case malformed(MalformedReportDescriptor)
  /// The report descriptor has no Decoded Data.
  case noScannedData
  /// The report descriptor has no keys.
  case noKeys

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .noReportDescriptor: "the device's report descriptor is needed"
    case .malformed(let fault): "\(fault)"
    case .noKeys: "the report descriptor has no report with keys"
    case .noScannedData: "the report descriptor has no report with a bar code scanner's data"
    }
  }
}
