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
