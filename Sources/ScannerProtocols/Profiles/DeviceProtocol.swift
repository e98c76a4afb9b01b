/// What a device speaks, and how it is set.
public enum DeviceProtocol: Hashable, Sendable {
  /// It types, as a keyboard.
  case keyboard(KeyboardWedge.Configuration)
  /// It sends HID POS reports.
  case hidPOS(HIDPOSForm)
  /// It sends text over a serial line.
  case serial(SerialScanner.Configuration, SerialLine)
  /// It is a UHF reader on a serial line.
  case reader(UHFReaderModel, SerialLine, ReaderSettings)
  /// It is a card reader that speaks CCID.
  case cardReader
  /// It is a UHF reader on the network, listening on this TCP port.
  case llrp(port: UInt16)

  /// As profiles write it.
  public var name: String {
    switch self {
    case .keyboard: "keyboard"
    case .hidPOS: "hid-pos"
    case .serial: "serial"
    case .reader(let model, _, _): model.rawValue
    case .cardReader: "ccid"
    case .llrp: "llrp"
    }
  }

  /// Whether it stands on a serial line, so that its bytes come through a serial chip.
  public var line: SerialLine? {
    switch self {
    case .serial(_, let line), .reader(_, let line, _): line
    case .keyboard, .hidPOS, .cardReader, .llrp: nil
    }
  }
}

/// Where HID POS reports say what is where.
public enum HIDPOSForm: String, Hashable, Sendable, CaseIterable {
  /// The device's report descriptor says it.
  case descriptor
  /// As Honeywell's scanners do, whatever their descriptor says.
  case honeywell
}

/// The UHF readers on serial lines, by the names that profiles use.
public enum UHFReaderModel: String, Hashable, Sendable, CaseIterable {
  /// Chafon UHFReader18.
  case chafon18 = "chafon-18"
  /// Chafon UHFReader288.
  case chafon288 = "chafon-288"
  /// ThingMagic, JADAK.
  case mercury
  /// M100, YRM100, JRD-4035, R200.
  case m100

  /// Whether it is this model that says so of itself. Readers of one family answer the question who they are alike, and some of
  /// them the other commands not.
  public func fits(identity: String) -> Bool {
    switch self {
    case .chafon18: identity.hasPrefix("UHFReader18")
    case .chafon288: identity.hasPrefix("UHFReader288")
    case .mercury, .m100: true
    }
  }
}

/// What is set in a reader when it is claimed; nil leaves it as it is.
public struct ReaderSettings: Hashable, Sendable {
  /// Where it stands, which decides its frequencies.
  public var region: ReaderRegion?
  /// Transmit power in dBm.
  public var power: Int?
  /// Whether it is asked nothing but who it is: of a device that may be something else.
  public var isUnknown: Bool

  /// Settings; nothing is set unless given.
  public init(region: ReaderRegion? = nil, power: Int? = nil, isUnknown: Bool = false) {
    self.region = region
    self.power = power
    self.isUnknown = isUnknown
  }
}
