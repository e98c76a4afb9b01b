import DeviceProfiles
import ScannerProtocols
import Testing

struct ProfileGrammarTests {
  private func profile(_ yaml: String) throws(DeviceProfileFault) -> DeviceProfile {
    try DeviceProfile(yaml: yaml, id: "some", file: "profile.yaml")
  }

  @Test func `a keyboard's settings are all there`() throws {
    let profile = try profile(
      """
      name: Badge reader
      usb: [05E0:1200, 0c2e:0204]
      interface: 1
      protocol: keyboard
      keyboard:
        layout: NO
        prefix: "~"
        suffixes: [tab]
        timeout: 50
        maximum-length: 20
        group-separator: [F1, F12]
        caps-lock: true
        inverted-shift: true
      """)
    #expect(profile.usb == [USBIdentifier(vendor: 0x05E0, product: 0x1200), .init(vendor: 0x0C2E, product: 0x0204)])
    #expect(profile.interface == 1)
    #expect(profile.claim == .always)
    #expect(
      profile.deviceProtocol
        == .keyboard(
          .init(
            layout: .no, prefix: "~", suffixes: [.tab], interKeyTimeout: .milliseconds(50), maximumLength: 20,
            groupSeparatorKeys: [KeyChord(usage: 0x3A), KeyChord(usage: 0x45)], startsWithCapsLock: true,
            invertsShift: true)))
  }

  @Test func `a serial line and a reader's settings are all there`() throws {
    let scanner = try profile(
      """
      name: Scanner
      usb: [0403:6001]
      claim: adopted
      protocol: serial
      serial: {prefix: "\\x02", terminators: [ETX], timeout: 20, maximum-length: 99, symbology-identifier: false}
      line: {baud: 1200, data-bits: 7, parity: even, stop-bits: 2, dtr: false, rts: false}
      """)
    #expect(
      scanner.deviceProtocol
        == .serial(
          .init(
            prefix: [2], terminators: [3], timeout: .milliseconds(20), maximumLength: 99,
            sendsSymbologyIdentifier: false),
          SerialLine(baudRate: 1_200, dataBits: 7, parity: .even, stopBits: .two, dtr: false, rts: false)))
    let reader = try profile(
      "{name: R, claim: adopted, protocol: m100, reader: {region: europe, power: 20}, line: {baud: 9600}}")
    #expect(
      reader.deviceProtocol
        == .reader(.m100, SerialLine(baudRate: 9_600), ReaderSettings(region: .europe, power: 20)))
    #expect(try profile("{name: R, protocol: llrp}").deviceProtocol == .llrp(port: 5_084))
  }

  @Test(arguments: [
    ("name: A\nprotocol: keybord\n", 2, "`protocol` must be one of keyboard, hid-pos"),
    ("name: A\nusb: [05e0-1200]\nprotocol: keyboard\n", 2, "such as 05e0:1200, not 05e0-1200"),
    ("name: A\nusb:\n- 05e0:1200\n- 5e0:12\nprotocol: keyboard\n", 4, "not 5e0:12"),
    ("name: A\nusb: 05e0:1200\nprotocol: keyboard\n", 2, "must be a list"),
    ("name: A\nusb: [05e0:1200]\nprotocol: keyboard\nkeyboard:\n  layout: XX\n", 5, "`layout` must be one of US"),
    ("name: A\nusb: [05e0:1200]\nprotocol: keyboard\nkeyboard:\n  timeout: 5\n", 5, "from 10 to 10000, not 5"),
    ("name: A\nusb: [05e0:1200]\nprotocol: keyboard\nkeyboard:\n  sufixes: [tab]\n", 5, "`sufixes` is no key"),
    ("name: A\nusb: [05e0:1200]\nprotocol: keyboard\nserial:\n  timeout: 50\n", 4, "`serial` is no key"),
    ("name: A\nusb: [05e0:1200]\nprotocol: keyboard\nkeyboard:\n  caps-lock: yes\n", 5, "true or false, not yes"),
    ("name: A\nprotocol: keyboard\n", 1, "`claim` must be adopted"),
    ("name: A\nusb: [1a86:7523]\nprotocol: m100\n", 1, "1a86:7523 is a serial chip"),
    ("name: A\nusb: [1a86:7523]\nprotocol: llrp\n", 2, "`usb` is not for readers on the network"),
    ("name: A\nprotocol: llrp\nclaim: adopted\n", 3, "`claim` is not for readers on the network"),
    ("usb: [05e0:1200]\nprotocol: keyboard\n", 1, "`name` is missing"),
    ("name: [A]\nprotocol: keyboard\n", 1, "`name` must be one text"),
    ("name: A\nname: B\nprotocol: keyboard\n", 1, "`name` stands twice"),
    ("name: A\n\tprotocol: keyboard\n", 2, "is no YAML"),
    ("- A\n", 1, "want `key: value` lines here"),
  ])
  func `a fault is named with its line`(yaml: String, line: Int, message: String) throws {
    let fault = #expect(throws: DeviceProfileFault.self) { try profile(yaml) }
    #expect(fault?.line == line, "\(fault.map(String.init(describing:)) ?? "")")
    #expect(fault?.message.contains(message) == true, "\(fault.map(String.init(describing:)) ?? "")")
    #expect(fault?.file == "profile.yaml")
  }

  @Test func `a profile that grows when it is read does no harm`() throws {
    // Each line names the one before nine times: 9^8 words if they were written out.
    var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...8 {
      yaml += "a\(level): &a\(level) [" + repeatElement("*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
    }
    #expect(throws: DeviceProfileFault.self) { try profile(yaml + "name: *a8\n") }
    #expect(throws: DeviceProfileFault.self) { try profile(String(repeating: "#\n", count: 40_000)) }
    #expect(throws: DeviceProfileFault.self) { try profile("") }
  }
}
