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

  /// Whether devices on a serial line are listened to that nobody has said anything of.
  var listens = false

  /// Whether the vendor's number is one of those whose devices are claimed unasked: a maker of scanners and readers.
  func isMadeByScannerMaker(_ identifier: USBIdentifier) -> Bool {
    profiles.contains { profile in
      profile.claim == .always && profile.usb.contains { $0.vendor == identifier.vendor }
    }
  }

  func profile(for device: String, _ identifier: USBIdentifier) -> DeviceProfile? {
    switch adopted[device] {
    case .read(let profile)?: profile
    case .ignored?: nil
    case nil: profiles.first { $0.claim == .always && $0.usb.contains(identifier) }
    }
  }
}
