import ScannerProtocols
import USBScanning

/// A device as the station shows it: what USB says of it, what was set for it, and a test under way.
struct StationDevice: Sendable, Encodable {
  let id: String
  let name: String
  /// Vendor and product in hexadecimal, such as `05e0:1200`; nil of a device that is played.
  var usb: String?
  var bus: UInt8?
  var address: UInt8?
  var port: String?
  var vendorID: UInt16?
  var productID: UInt16?
  var manufacturer: String?
  var product: String?
  var serial: String?
  /// The profile by which it is read; nil while it is left alone.
  let profile: String?
  /// What the profile speaks, such as `keyboard`; nil without one.
  let `protocol`: String?
  /// What its interfaces could speak.
  var protocols: [String] = []
  /// Who a reader says it is.
  var identity: String?
  /// What was heard of a device that nobody has adopted; nil of one that is not listened to.
  var heard: HeardBytes?
  /// Why it is not listened to; nil of any that is, and of any that has a profile.
  var unheard: String?
  let state: USBDevice.State
  /// What is wrong, and what to do about it; nil while all is well.
  var fault: USBDevice.Fault?
  var counters: USBDeviceCounters?
  /// What it is there for.
  let purpose: DeviceSetting.Purpose
  /// What an operator has set; nil where nobody has.
  let setting: DeviceSetting?
  /// A test of a scan, waiting or done.
  let test: ScanTest?
  /// Whether it is played from a folder.
  let isSimulated: Bool

  init(_ device: USBDevice, _ setting: DeviceSetting?, _ test: ScanTest?) {
    id = device.id
    name = device.name
    usb = USBIdentifier(vendor: device.vendorID, product: device.productID).description
    (bus, address, port) = (device.bus, device.address, device.port)
    (vendorID, productID) = (device.vendorID, device.productID)
    (manufacturer, product, serial) = (device.manufacturer, device.product, device.serial)
    (profile, protocols, identity) = (device.profile, device.protocols, device.identity)
    `protocol` = device.protocol
    (heard, unheard) = (device.heard, device.unheard)
    (state, fault, counters) = (device.state, device.fault, device.counters)
    (self.setting, self.test) = (setting, test)
    purpose = setting?.purpose ?? .assets
    isSimulated = false
  }

  init(_ device: PlayedDevice, _ setting: DeviceSetting?, _ test: ScanTest?) {
    id = device.id
    name = device.profile.name
    profile = device.profile.id
    `protocol` = device.profile.deviceProtocol.name
    state = .claimed
    protocols = [device.profile.deviceProtocol.interfaceKind]
    (self.setting, self.test) = (setting, test)
    purpose = setting?.purpose ?? .assets
    isSimulated = true
  }
}

extension StationDevice {
  /// Whether it is a reader that has not said yet who it is, as each is asked first.
  var isUnanswered: Bool {
    !isSimulated && identity == nil && state == .claimed && `protocol`.flatMap(UHFReaderModel.init) != nil
  }

  /// Throws when none of the device's interfaces is of the kind that the profile reads. Of a device whose interfaces are not
  /// known anything may be true.
  func require(_ profile: DeviceProfile) throws(DeviceSettingFault) {
    let kind = profile.deviceProtocol.interfaceKind
    guard !protocols.isEmpty, !protocols.contains(kind) else { return }
    throw .misfit(
      profile: profile.name, reads: DeviceProtocol.words(ofInterface: kind),
      has: protocols.map { DeviceProtocol.words(ofInterface: $0) }.joined(separator: " and "))
  }
}
