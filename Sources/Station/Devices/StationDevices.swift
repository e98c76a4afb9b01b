import Custody
import CustodyLedger
import DeviceProfiles
import ScannerProtocols
import StationStore
import Synchronization
import USBScanning

/// What the station knows of its scanners and readers beside what USB says: the profiles there are, what operators have set,
/// tests of a scan, and devices that are played from a folder.
final class StationDevices: Sendable {
  /// What is set for a device, and by whom.
  struct Kept: Sendable {
    let setting: DeviceSetting
    let person: PersonID
    let at: Instant
    /// Why it cannot be followed: it names a profile that is not there any more.
    let fault: DeviceSettingFault?
  }

  private struct State {
    var settings: [String: Kept] = [:]
    var tests: [String: ScanTest] = [:]
    var played: [String: PlayedDevice] = [:]
  }

  /// Every profile that there is, the owner's first.
  let profiles: [DeviceProfile]
  /// The devices on USB; nil when USB is switched off.
  let scanners: USBScanners?
  private let state = Mutex(State())

  /// Throws when what was kept is no setting.
  init(profiles: [DeviceProfile], usb: Bool, listens: Bool = false, kept: [KeptDeviceSetting]) throws {
    self.profiles = profiles
    var settings: [String: Kept] = [:]
    for kept in kept {
      settings[kept.device] = Self.kept(
        try CanonicalDecoder().decode(DeviceSetting.self, from: kept.document), kept.person, kept.at, profiles)
    }
    scanners = usb ? USBScanners(profiles: profiles, adopted: Self.adopted(settings, profiles), listens: listens) : nil
    let known = settings
    state.withLock { $0.settings = known }
  }

  func profile(_ id: String) -> DeviceProfile? { profiles.first { $0.id == id } }

  // MARK: What operators have set

  func setting(of device: String) -> Kept? { state.withLock { $0.settings[device] } }

  /// What the device is there for.
  func purpose(of device: String) -> DeviceSetting.Purpose { setting(of: device)?.setting.purpose ?? .assets }

  /// The profile by which a device is read, with what was set; nil when it is left alone or not there.
  func readAs(_ device: String) throws(DeviceSettingFault) -> DeviceProfile? {
    if let setting = setting(of: device)?.setting { return try profiles.applying(setting) }
    return all().first { $0.id == device }?.profile.flatMap(profile)
  }

  /// Follows what was set; nil takes back what was.
  func follow(_ setting: DeviceSetting?, of device: String, by person: PersonID, at moment: Instant) {
    let settings = state.withLock { state in
      state.settings[device] = setting.map { Self.kept($0, person, moment, profiles) }
      return state.settings
    }
    scanners?.setAdopted(Self.adopted(settings, profiles))
  }

  private static func kept(
    _ setting: DeviceSetting, _ person: PersonID, _ at: Instant, _ profiles: [DeviceProfile]
  ) -> Kept {
    do {
      _ = try profiles.applying(setting)
      return Kept(setting: setting, person: person, at: at, fault: nil)
    } catch {
      return Kept(setting: setting, person: person, at: at, fault: error)
    }
  }

  /// What of it tells the scanners how to read a device. What cannot be followed leaves the device alone.
  private static func adopted(_ settings: [String: Kept], _ profiles: [DeviceProfile]) -> [String: DeviceAdoption] {
    settings.mapValues { kept in
      do throws(DeviceSettingFault) {
        return try profiles.applying(kept.setting).map(DeviceAdoption.read) ?? .ignored
      } catch {
        // Known, and shown with the device: see `Kept.fault`.
        return .ignored
      }
    }
  }

  // MARK: Tests of a scan

  func test(of device: String) -> ScanTest? { state.withLock { $0.tests[device] } }

  func begin(_ test: ScanTest, of device: String) { state.withLock { $0.tests[device] = test } }

  /// Hands a scan to the device's test, if one is waiting for it; gives back whether one was.
  func finishTest(of device: String, at now: Instant, _ result: (ScanTest) -> ScanTest.Result) -> Bool {
    state.withLock { state in
      guard var test = state.tests[device], test.result == nil, now < test.until else { return false }
      test.result = result(test)
      state.tests[device] = test
      return true
    }
  }

  // MARK: Devices that are played

  var played: [PlayedDevice] { state.withLock { $0.played.values.sorted { $0.id < $1.id } } }

  /// False when one of that id is playing already.
  func plug(_ device: PlayedDevice) -> Bool {
    state.withLock { state in
      guard state.played[device.id] == nil else { return false }
      state.played[device.id] = device
      return true
    }
  }

  func unplug(_ id: String) { state.withLock { $0.played[id] = nil } }

  /// Every device, those on USB first.
  func all() -> [StationDevice] {
    (scanners?.devices() ?? []).map { StationDevice($0, setting(of: $0.id)?.setting, test(of: $0.id)) }
      + played.map { StationDevice($0, setting(of: $0.id)?.setting, test(of: $0.id)) }
  }
}

extension [DeviceProfile] {
  /// The profile that a setting names, with what it sets; nil where it leaves the device alone.
  func applying(_ setting: DeviceSetting) throws(DeviceSettingFault) -> DeviceProfile? {
    guard let id = setting.profile else { return nil }
    guard let profile = first(where: { $0.id == id }) else { throw .unknownProfile(id) }
    return try profile.applying(setting)
  }
}
