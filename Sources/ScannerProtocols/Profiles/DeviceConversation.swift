/// What is said to and heard from one device, whatever it speaks.
///
/// Decides and does nothing: the caller sends what it is told to send, and feeds in what came and time.
public protocol DeviceConversation: Sendable {
  /// What a scanner has sent so far; nil of a reader of tags.
  var statistics: WedgeStatistics? { get }
  /// The length of the longest report that the device sends, as its report descriptor says; 0 of a device without one.
  var longestReport: Int { get }
  /// When `tick(at:)` is due, or nil while nothing is waited for.
  var deadline: Duration? { get }

  /// Begins: readers are asked who they are; scanners are told nothing.
  mutating func start(at now: Duration) -> [DeviceAction]
  /// Takes what one transfer brought.
  mutating func receive(_ bytes: [UInt8], from source: DeviceSource, at now: Duration) -> [DeviceAction]
  /// Does what is due.
  mutating func tick(at now: Duration) -> [DeviceAction]
  /// Notes that something may be missing of what the device sent; `cause` goes into the rejection's message. Readers of tags
  /// find out by their checks.
  mutating func interrupt(_ cause: String, at now: Duration)
  /// Gives up the scan in progress because the device went away; nil when there was none.
  mutating func vanish() -> DiscardedScan?
  /// Gives up the scan in progress because the device cannot be read any more; nil when there was none.
  mutating func abandon(_ cause: String) -> RejectedScan?
  /// What is sent to the device before it is given back, so that it does not go on with what it was asked for; empty for most.
  var farewell: [UInt8] { get }
  /// Asks a reader for something to be done with a tag's memory; nil when the device is no such reader.
  mutating func perform(_ job: TagMemoryJob, at now: Duration) -> [DeviceAction]?
}

/// What the caller of a conversation is to do.
public enum DeviceAction: Hashable, Sendable {
  /// Hand the scan on.
  case scan(ScannedText)
  /// Tell the operator.
  case rejected(RejectedScan)
  /// Hand the tags on.
  case tags([TagRead])
  /// Send these bytes.
  case send([UInt8])
  /// The device is there, and says who it is.
  case identified(ReaderIdentity)
  /// Something is wrong that the operator can mend; the conversation goes on.
  case fault(String)
  /// What was wrong is so no more.
  case well
  /// The device does not answer; it is tried again.
  case lost
  /// Tell what was heard of a device that nobody has adopted.
  case heard(HeardBytes)
  /// A job with a tag's memory has ended.
  case finished(TagMemoryJob, TagMemoryOutcome)

  init(_ action: ScannerAction) {
    switch action {
    case .scan(let scan): self = .scan(scan)
    case .rejected(let rejected): self = .rejected(rejected)
    }
  }
}

/// By which of a device's endpoints something came.
public enum DeviceSource: Hashable, Sendable {
  /// The one that carries scans, tags and answers.
  case main
  /// A card reader's interrupt endpoint.
  case notices
}

extension DeviceConversation {
  public var longestReport: Int { 0 }
  public var farewell: [UInt8] { [] }
  public mutating func start(at now: Duration) -> [DeviceAction] { [] }
  public mutating func interrupt(_ cause: String, at now: Duration) {}
  public mutating func vanish() -> DiscardedScan? { nil }
  public mutating func abandon(_ cause: String) -> RejectedScan? { nil }
  public mutating func perform(_ job: TagMemoryJob, at now: Duration) -> [DeviceAction]? { nil }
}

extension DeviceProtocol {
  /// A conversation with a device that has not begun; nil for a device on the network.
  ///
  /// - Parameter reportDescriptor: of HID POS, and of a keyboard that sends no boot reports, what its reports contain.
  /// - Throws: `CaptureFault` when the descriptor is needed and is none.
  public func conversation(
    deviceID: String, reportDescriptor: [UInt8]? = nil
  ) throws(CaptureFault) -> (any DeviceConversation)? {
    switch self {
    case .keyboard(let configuration):
      let wedge = KeyboardWedge(deviceID: deviceID, configuration: configuration)
      guard let reportDescriptor else { return KeyboardConversation(wedge: wedge) }
      let descriptor = try HIDReportDescriptor(ofDevice: reportDescriptor)
      guard let keyboard = HIDKeyboard(descriptor) else { throw .noKeys }
      return KeyboardConversation(wedge: wedge, keyboard: keyboard, longestReport: descriptor.longestInput)
    case .hidPOS(.honeywell):
      return HIDPOSConversation(scanner: HIDPOSScanner(deviceID: deviceID, layout: .honeywell))
    case .hidPOS(.descriptor):
      let descriptor = try HIDReportDescriptor(wanted: reportDescriptor)
      return HIDPOSConversation(
        scanner: HIDPOSScanner(deviceID: deviceID, layout: try HIDPOSLayout(scannedDataOf: descriptor)),
        longestReport: descriptor.longestInput)
    case .serial(let configuration, _):
      return SerialConversation(
        scanner: SerialScanner(deviceID: deviceID, configuration: configuration))
    case .reader(let model, _, let settings):
      switch model {
      case .chafon18: return ReaderConversation(ChafonReader(model: .uhfReader18), settings)
      case .chafon288: return ReaderConversation(ChafonReader(model: .uhfReader288), settings)
      case .mercury: return ReaderConversation(MercuryReader(), settings)
      case .m100: return ReaderConversation(M100Reader(), settings)
      }
    case .cardReader: return CardConversation(reader: CardReader(deviceID: deviceID))
    case .llrp: return nil
    }
  }
}

extension HIDPOSLayout {
  /// The layout of a form; the report descriptor is the device's.
  init(_ form: HIDPOSForm, reportDescriptor: [UInt8]?) throws(CaptureFault) {
    switch form {
    case .honeywell: self = .honeywell
    case .descriptor: self = try HIDPOSLayout(scannedDataOf: HIDReportDescriptor(wanted: reportDescriptor))
    }
  }

  fileprivate init(scannedDataOf descriptor: HIDReportDescriptor) throws(CaptureFault) {
    guard let layout = HIDPOSLayout(descriptor) else { throw .noScannedData }
    self = layout
  }
}

extension HIDReportDescriptor {
  /// A descriptor that must be there.
  fileprivate init(wanted bytes: [UInt8]?) throws(CaptureFault) {
    guard let bytes else { throw .noReportDescriptor }
    try self.init(ofDevice: bytes)
  }

  init(ofDevice bytes: [UInt8]) throws(CaptureFault) {
    do throws(MalformedReportDescriptor) {
      try self.init(bytes)
    } catch {
      throw .malformed(error)
    }
  }
}
