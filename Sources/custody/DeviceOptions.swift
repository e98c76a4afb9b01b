import ArgumentParser
import DeviceProfiles
import ScannerProtocols
import USBScanning

/// Which devices a command reads, beside those that profiles claim.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read a device by a profile of devices/, such as 046d:c31c@1-1=generic-keyboard, until stopped.",
      valueName: "DEVICE=PROFILE"))
  var adopt: [String] = []

  @OptionGroup var known: KnownDevices

  /// What was said of devices, by their ids.
  func adopted(_ profiles: [DeviceProfile]) throws -> [String: DeviceAdoption] {
    try adopt.reduce(into: [:]) { adopted, text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--adopt wants DEVICE=PROFILE, not \(text)") }
      adopted[parts[0]] = .read(try Self.profile(parts[1], profiles))
    }
  }

  /// A profile by its id.
  static func profile(_ id: String, _ profiles: [DeviceProfile]) throws -> DeviceProfile {
    guard let profile = profiles.first(where: { $0.id == id }) else {
      throw ValidationError("there is no profile \(id); there are \(profiles.map(\.id).joined(separator: ", "))")
    }
    return profile
  }

  /// Devices as these options and the folders have it.
  func scanners(_ folders: DeviceFolders, listens: Bool = false) throws -> USBScanners {
    USBScanners(profiles: folders.profiles, adopted: try adopted(folders.profiles), listens: listens)
  }
}
