import Testing

@testable import ScannerProtocols

struct DeviceSettingTests {
  private let keyboard = DeviceProfile(id: "k", name: "K", claim: .adopted, protocol: .keyboard(.init()))
  private let serial = DeviceProfile(id: "s", name: "S", claim: .adopted, protocol: .serial(.init(), .init()))
  private let pos = DeviceProfile(id: "p", name: "P", claim: .adopted, protocol: .hidPOS(.descriptor))

  @Test func `what is set changes the profile, and what is not stays`() throws {
    let set = try keyboard.applying(
      DeviceSetting(profile: "k", layout: "de", prefix: "~", suffixes: ["tab"], purpose: .counting))
    #expect(set.deviceProtocol == .keyboard(.init(layout: .de, prefix: "~", suffixes: [.tab])))
    #expect(set.id == "k")
    #expect(try keyboard.applying(DeviceSetting(profile: "k")) == keyboard)
    let line = try serial.applying(DeviceSetting(profile: "s", prefix: "#", suffixes: ["CR", "ETX"]))
    #expect(line.deviceProtocol == .serial(.init(prefix: [0x23], terminators: [0x0D, 0x03]), .init()))
    // A scan that only a pause ends.
    let open = try keyboard.applying(DeviceSetting(profile: "k", suffixes: []))
    #expect(open.deviceProtocol == .keyboard(.init(suffixes: [])))
  }

  @Test(
    arguments: [
      (DeviceSetting(profile: "k", layout: "XX"), "layout"),
      (DeviceSetting(profile: "k", prefix: String(repeating: "x", count: 65)), "prefix"),
      (DeviceSetting(profile: "k", prefix: "a\tb"), "prefix"),
      (DeviceSetting(profile: "k", suffixes: ["CR"]), "suffixes"),
    ])
  func `what a keyboard cannot be set to is refused by name`(setting: DeviceSetting, member: String) {
    #expect { try keyboard.applying(setting) } throws: { ($0 as? DeviceSettingFault)?.member == member }
  }

  @Test(
    arguments: [
      (DeviceSetting(profile: "p", layout: "US"), "layout"), (DeviceSetting(profile: "p", prefix: ""), "prefix"),
      (DeviceSetting(profile: "p", suffixes: []), "suffixes"),
    ])
  func `what a protocol has not cannot be set`(setting: DeviceSetting, member: String) {
    #expect(throws: DeviceSettingFault.notOfProtocol(member, protocolName: "hid-pos")) { try pos.applying(setting) }
  }
}
