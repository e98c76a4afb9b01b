import ScannerProtocols

/// What an operator has said of one device.
public enum DeviceAdoption: Hashable, Sendable {
  /// It is left alone, also where a profile claims its kind.
  case ignored
  /// It is read as this profile says.
  case read(DeviceProfile)
}

/// Which device is read by which profile.
struct DeviceRules: Sendable {
  /// Every profile that there is; of those that claim a device, the first counts.
  var profiles: [DeviceProfile]
  /// What operators have said, by devices' ids. A device's id has its socket in it, so that another device of the same kind,
  /// in another socket, is left alone.
  var adopted: [String: DeviceAdoption] = [:]

  func profile(for device: String, _ identifier: USBIdentifier) -> DeviceProfile? {
    switch adopted[device] {
    case .read(let profile)?: profile
    case .ignored?: nil
    case nil: profiles.first { $0.claim == .always && $0.usb.contains(identifier) }
    }
  }
}
