import CLibUSB
import ScannerProtocols

/// One relevant device from its arrival to its leaving. Lives on the event thread.
final class USBSession {
  /// Referenced for as long as the session lives.
  let device: OpaquePointer
  let identifier: USBIdentifier
  /// How it is read; nil while it is left alone.
  private(set) var profile: DeviceProfile?
  var info: USBDevice
  /// Why nobody could read it without being told how: its report descriptor is malformed. nil of any other device.
  let unreadable: String?
  var conversation: (any DeviceConversation)?
  var claimed: ClaimedDevice?
  /// What is still to be requested before the device is read, first to last.
  var setup: [SetupStep] = []
  var reportDescriptor: [UInt8]?
  /// Claims that failed since the device arrived.
  var failedClaims = 0
  /// Reads that failed since the last one that brought something.
  var failedReads = 0
  /// Garbage reports since the last good one.
  var garbageRun = 0
  /// When to claim, or to read, again.
  var retryAt: ContinuousClock.Instant?
  var isAnnounced = false
  /// Whether it is listened to though nobody has adopted it.
  var isListenedTo = false
  /// Whether it is being found out if another program has its port.
  var isLookedAt = false
  /// When to begin to listen to it, if nothing speaks against it then.
  var listenAt: ContinuousClock.Instant?
  /// The kind of the fault that was told last.
  var faultKind = ""
  /// When a kind of fault was last told of, so that a fault that repeats itself does not flood the log.
  var lastTold: [String: ContinuousClock.Instant] = [:]

  /// A request of the set-up.
  struct SetupStep {
    let request: USBControlRequest
    /// Whether the device can be read although it refuses.
    let mayFail: Bool
    /// Whether the answer is the report descriptor.
    var bringsReportDescriptor = false
  }

  /// nil when the device is nothing that could be read, as far as is known.
  ///
  /// - Parameter mayChange: given, whether it can be looked at again later; set to whether it should be, because the kernel may not
  ///   have read yet what it is.
  init?(_ device: OpaquePointer, rules: DeviceRules, mayChange: inout Bool) {
    let isLastLook = !mayChange
    mayChange = false
    var descriptor = libusb_device_descriptor()
    guard libusb_get_device_descriptor(device, &descriptor) == 0 else { return nil }
    let identifier = USBIdentifier(vendor: descriptor.idVendor, product: descriptor.idProduct)
    var info = USBDevice(device, descriptor: descriptor)
    let scannerSaid = rules.isMadeByScannerMaker(identifier) || info.isCalledScanner
    let port = info.port
    var isUnread = false
    var malformed: String?
    let fitting = ProtocolKind.allCases.filter { kind in
      guard let plan = InterfacePlan(device, identifier, for: kind, interface: nil) else { return false }
      guard kind == .hidPOS else { return true }
      // Gamepads and headsets have such an interface too: what tells a scanner is its report descriptor.
      switch USBDevice.hidInterface(port: port, plan) {
      case .scanner: return true
      case .other: return false
      case .unseen:
        isUnread = true
        return false
      case .empty:
        isUnread = true
        malformed = "the kernel found its report descriptor malformed"
        return scannerSaid
      case .malformed(let words, let speaksOfScanners):
        // Without one that can be read, its own words or its maker tell what it was to be.
        malformed = words
        return speaksOfScanners || scannerSaid
      }
    }
    let known = rules.profiles.contains { $0.claim == .always && $0.usb.contains(identifier) }
    let isWanted = known || rules.adopted[info.id] != nil
    if isUnread, !isLastLook, !isWanted, fitting.isEmpty || fitting == [.hidPOS] {
      mayChange = true
      return nil
    }
    guard isWanted || !fitting.isEmpty else { return nil }
    info.protocols = fitting.map(\.rawValue)
    unreadable = fitting == [.hidPOS] ? malformed : nil
    self.device = device
    self.identifier = identifier
    self.info = info
    libusb_ref_device(device)
    follow(rules)
  }

  deinit { libusb_unref_device(device) }

  /// Takes the profile that the rules give; true when it is another one.
  @discardableResult
  func follow(_ rules: DeviceRules) -> Bool {
    let before = profile
    profile = rules.profile(for: info.id, identifier)
    info.profile = profile?.id
    info.protocol = profile?.deviceProtocol.name
    info.name = profile?.name ?? info.product ?? identifier.description
    return profile != before
  }

  /// How it is read now; nil while it is left alone.
  var spoken: (protocol: DeviceProtocol, interface: UInt8?)? {
    if let profile { return (profile.deviceProtocol, profile.interface) }
    return isListenedTo ? (.serial(.init(), SerialLine()), nil) : nil
  }

  /// The counters with the scanner's.
  var current: USBDevice {
    var info = info
    if let statistics = conversation?.statistics { info.counters.wedge = statistics }
    return info
  }
}
