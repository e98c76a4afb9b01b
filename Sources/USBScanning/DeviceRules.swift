import ScannerProtocols

/// Which device is read by which profile.
struct DeviceRules: Sendable {
  /// Every profile that there is; of those that claim a device, the first counts.
  var profiles: [DeviceProfile]
  /// What operators have said: profiles' ids by devices' ids. A device's id has its socket in it, so that another device of
  /// the same kind, in another socket, is left alone. An empty id takes a device away from its profile.
  var adopted: [String: String] = [:]

  func profile(for device: String, _ identifier: USBIdentifier) -> DeviceProfile? {
    if let adopted = adopted[device] { return profiles.first { $0.id == adopted } }
    return profiles.first { $0.claim == .always && $0.usb.contains(identifier) }
  }
}
