import CLibUSB
import ScannerProtocols

/// One relevant device from its arrival to its leaving. Lives on the event thread.
final class USBSession {
  /// Referenced for as long as the session lives.
  let device: OpaquePointer
  let profile: DeviceProfile?
  let endpoint: KeyboardEndpoint?
  var info: USBDevice
  var wedge: KeyboardWedge?
  var keyboard: ClaimedKeyboard?
  /// Claims that failed since the device arrived.
  var failedClaims = 0
  /// Reads that failed since the last one that brought something.
  var failedReads = 0
  /// Garbage reports since the last good one.
  var garbageRun = 0
  /// When to claim, or to read, again.
  var retryAt: ContinuousClock.Instant?
  var isAnnounced = false
  /// When a kind of fault was last told of, so that a fault that repeats itself does not flood the log.
  var lastTold: [String: ContinuousClock.Instant] = [:]

  /// nil when the device is neither a keyboard nor known.
  init?(_ device: OpaquePointer, profiles: [DeviceProfile]) {
    var descriptor = libusb_device_descriptor()
    guard libusb_get_device_descriptor(device, &descriptor) == 0 else { return nil }
    let identifier = USBIdentifier(vendor: descriptor.idVendor, product: descriptor.idProduct)
    profile = profiles.first { profile in
      guard case .keyboard = profile.deviceProtocol else { return false }
      return profile.claim == .always && profile.usb.contains(identifier)
    }
    endpoint = KeyboardEndpoint(device)
    guard profile != nil || endpoint != nil else { return nil }
    info = USBDevice(device, descriptor: descriptor, profile: profile)
    self.device = device
    libusb_ref_device(device)
  }

  deinit { libusb_unref_device(device) }

  /// The counters with the wedge's.
  var current: USBDevice {
    var info = info
    if let wedge { info.counters.wedge = wedge.statistics }
    return info
  }
}
