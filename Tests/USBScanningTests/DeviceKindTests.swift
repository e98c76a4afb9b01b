import Testing

/// Devices that are no keyboards, with the real libusb. Each test runs the scenario of the same name.
@Suite(.serialized) struct DeviceKindTests {
  @Test func `a HID POS scanner is read by its report descriptor`() async throws {
    let outcome = try await Rig.run("hid-pos", adopting: "0c2e:0b67@1-1=generic-hid-pos")
    #expect(outcome.scans == [String(repeating: "A", count: 56) + "-END", "0112345"])
    #expect(outcome.of("scan").map(\.symbologyIdentifier) == ["]C0", "]C1"])
    #expect(outcome.log.contains { $0.hasPrefix("scanner control 81 06 value 2200") })
    #expect(outcome.log.contains("scanner driver attached"))
  }

  @Test func `a scanner in HID POS mode is known by its report descriptor, and a gamepad is none`() async throws {
    let outcome = try await Rig.run("unknown-hid-pos")
    #expect(outcome.scans == ["LOOKED"])
    #expect(outcome.of("attached").map(\.device) == ["0c2e:0b67@1-1", "05e0:1200@1-3"])
    #expect(outcome.of("attached").first?.details?.state == "adoptable")
    #expect(outcome.of("attached").first?.details?.protocols == ["hid-pos"])
    #expect(outcome.log.filter { $0.hasPrefix("pos ") || $0.hasPrefix("pad ") } == ["pos plugged", "pad plugged"])
  }

  @Test func `a scanner whose report descriptor is malformed is listed as faulty, with its fault and a remedy`()
    async throws
  {
    let outcome = try await Rig.run("malformed-hid", adopting: "1234:0002@1-4=generic-hid-pos")
    #expect(outcome.scans == ["LOOKED"])
    let listed = outcome.of("attached").filter { $0.details?.state == "faulty" }
    // The gamepad at 1-3 is none of ours.
    #expect(
      listed.compactMap(\.device).sorted() == ["0c2e:0b67@1-2", "1234:0001@1-1", "1234:0002@1-4", "1234:0003@1-5"])
    #expect(outcome.of("attached").map(\.device).contains("046d:c218@1-3") == false)
    let faults = outcome.of("fault").sorted { ($0.device ?? "") < ($1.device ?? "") }
    #expect(
      faults.map(\.message) == [
        "Keyboard maker (0c2e:0b67@1-2) cannot be read: the kernel found its report descriptor malformed",
        // Byte 14 is the last item, 26: it wants two bytes more and has one.
        "Keyboard pos (1234:0001@1-1) cannot be read: report descriptor, byte 14: the item's data go beyond the end",
        "Scanner in HID POS mode (1234:0002@1-4) cannot be read as hid-pos: report descriptor, byte 14: the item's data go "
          + "beyond the end",
        // Its name alone tells what it was to be.
        "Keyboard barcodes (1234:0003@1-5) cannot be read: the kernel found its report descriptor malformed",
      ])
    #expect(faults.allSatisfy { $0.remedy?.isEmpty == false })
    #expect(faults[0].remedy?.contains("honeywell-hid-pos") == true)
    // Nothing was sent to those that nobody adopted.
    #expect(outcome.log.filter { $0.hasPrefix("pos ") || $0.hasPrefix("maker ") } == ["pos plugged", "maker plugged"])
  }

  @Test
  func
    `a scanner that is plugged in is known when the kernel has read its report descriptor, not taken for faulty before`()
    async throws
  {
    let outcome = try await Rig.run("late-hid-pos")
    let attached = outcome.of("attached")
    #expect(attached.map(\.device) == ["05e0:1200@1-1", "0c2e:0b67@1-2", "0c2e:0b67@1-3"])
    #expect(attached.map(\.details?.state) == ["claimed", "adoptable", "faulty"])
    #expect(outcome.of("fault").map(\.device) == ["0c2e:0b67@1-3"])
  }

  @Test func `a Honeywell scanner is switched to HID POS`() async throws {
    let outcome = try await Rig.run("hid-pos-honeywell", adopting: "0c2e:0b67@1-1=honeywell-hid-pos")
    #expect(outcome.scans == ["REVINF\u{6}."])
    #expect(outcome.of("scan").map(\.symbologyIdentifier) == ["]Z6"])
    // SET_REPORT, feature report FE.
    #expect(outcome.log.contains { $0.hasPrefix("scanner control 21 09 value 03fe") })
  }

  @Test(
    arguments: [
      ("serial-cdc", nil, "21 20"), ("serial-ftdi", "0403:6001@1-1", "40 03"),
      ("serial-cp210x", "10c4:ea60@1-1", "41 1e"),
      ("serial-ch340", "1a86:7523@1-1", "40 9a"),
    ] as [(String, String?, String)])
  func `a scanner on a serial line is set up and read`(scenario: String, device: String?, request: String) async throws
  {
    let outcome = try await Rig.run(scenario, adopting: device.map { $0 + "=generic-serial" })
    #expect(outcome.scans == ["IT-00042", "LONG-" + String(repeating: "0123456789", count: 8)])
    #expect(outcome.log.contains { $0.hasPrefix("scanner control \(request)") })
    #expect(outcome.of("fault").isEmpty)
  }

  @Test func `a device that refuses its set-up is tried again`() async throws {
    #expect(try await Rig.run("serial-refused").scans == ["ACCEPTED"])
  }

  @Test func `a reader is asked who it is, and its tags come`() async throws {
    let outcome = try await Rig.run("chafon", adopting: "10c4:ea60@1-1=chafon-uhfreader288")
    #expect(outcome.of("tags").flatMap { $0.tags ?? [] }.map(\.epc) == ["00323038"])
    #expect(outcome.of("changed").first?.details?.identity == "UHFReader288M, 0.22")
    #expect(outcome.log.contains("reader sent 04ff211995"))
  }

  @Test func `a reader that reads until it is stopped is set up and started`() async throws {
    let outcome = try await Rig.run("mercury", adopting: "1a86:7523@1-1=thingmagic-m6e-ch340")
    #expect(outcome.of("tags").flatMap { $0.tags ?? [] }.map(\.epc) == ["000000000000000000001545"])
    // The start of a continuous inventory as the maker's programs send it.
    #expect(outcome.log.contains("reader sent ff102f00000122000005072210001b03e801ffdd2b"))
    // And its stop, before the reader is given back: it would read on without anybody to listen.
    #expect(outcome.log.last { $0.hasPrefix("reader sent") } == "reader sent ff032f0000025e86")
    #expect(outcome.of("fault").isEmpty)
  }

  @Test(arguments: ["silent-reader", "deaf-reader"])
  func `a reader that does not answer is told, and holds no scanner back`(scenario: String) async throws {
    let outcome = try await Rig.run(scenario, adopting: "1a86:7523@1-1=m100-r200")
    #expect(outcome.scans.first == "NOT-HELD-BACK")
    #expect(outcome.of("fault").contains { $0.device == "1a86:7523@1-1" })
    // It is asked again and again; that is told once.
    if scenario == "silent-reader" { #expect(outcome.of("fault").count == 1) }
    let states = outcome.of("changed").compactMap(\.details?.state)
    #expect(states.last == (scenario == "silent-reader" ? "silent" : "faulty"))
  }

  @Test func `a claim that fails right after arrival is tried again, and nobody is troubled`() async throws {
    let outcome = try await Rig.run("busy-claim")
    #expect(outcome.scans == ["CLAIMED-AT-LAST"])
    #expect(outcome.log.filter { $0 == "scanner claim refused" }.count == 2)
    #expect(outcome.of("fault").isEmpty)
  }

  @Test(arguments: [("unplug-in-setup", "BACK-AGAIN"), ("mute-setup", "ANSWERING")])
  func `a device that fails in its set-up is read once it can be, and holds no scanner back`(
    scenario: String, text: String
  ) async throws {
    #expect(try await Rig.run(scenario).scans == ["NOT-HELD-BACK", text])
  }

  @Test func `a reader that is pulled out while it is written to is read when it comes back`() async throws {
    let outcome = try await Rig.run("unplug-in-write", adopting: "10c4:ea60@1-1=chafon-uhfreader288")
    #expect(outcome.scans == ["NOT-HELD-BACK"])
    #expect(outcome.of("detached").map(\.device) == ["10c4:ea60@1-1"])
    #expect(outcome.of("tags").flatMap { $0.tags ?? [] }.map(\.epc) == ["00323038"])
  }

  @Test func `two devices with one serial number are two devices`() async throws {
    let scans = try await Rig.run("same-serial").of("scan")
    #expect(scans.map(\.text) == ["FROM-FIRST", "FROM-SECOND"])
    #expect(scans.map(\.device) == ["05e0:1701@1-1", "05e0:1701@1-2"])
  }

  @Test func `half a line of a vanished device is no scan`() async throws {
    let outcome = try await Rig.run("serial-unplug")
    #expect(outcome.scans == ["WHOLE"])
    #expect(outcome.of("detached").first?.discardedCharacters == 4)
  }

  @Test func `nothing is said to an unknown serial device`() async throws {
    let outcome = try await Rig.run("unknown-serial")
    #expect(outcome.scans == ["LOOKED"])
    #expect(outcome.of("attached").first { $0.device == "1a86:7523@1-1" }?.details?.state == "adoptable")
    #expect(outcome.log.filter { $0.hasPrefix("chip ") } == ["chip plugged"])
  }

  @Test func `an unknown serial device is listened to, and nothing is sent to it or comes of what it says`()
    async throws
  {
    let outcome = try await Rig.run("listening", listening: true)
    let chip = outcome.of("changed").filter { $0.device == "1a86:7523@1-1" }.compactMap(\.details)
    #expect(chip.map(\.state) == ["listening", "listening", "listening"])
    #expect(chip.map { $0.heard?.count } == [nil, 9, 33])
    #expect(chip.map { $0.heard?.likeness } == [nil, "text", "m100"])
    #expect(chip.map { $0.heard?.text } == [nil, "AT-00042", nil])
    #expect(outcome.scans.isEmpty && outcome.of("tags").isEmpty && outcome.of("fault").isEmpty)
    #expect(!outcome.log.contains { $0.hasPrefix("chip sent") })
    #expect(outcome.log.contains("chip driver attached"))
    // The lines of modem and phone stay as they are.
    #expect(
      outcome.log.filter { $0.hasPrefix("modem ") || $0.hasPrefix("phone ") } == ["modem plugged", "phone plugged"])
    let left = outcome.of("attached").filter { $0.device != "1a86:7523@1-1" }
      .sorted { ($0.device ?? "") < ($1.device ?? "") }.compactMap(\.details)
    #expect(left.map(\.state) == ["adoptable", "adoptable"])
    #expect(
      left.map(\.unheard) == [
        "it says that it is a modem", "it has other interfaces as well, as phones, modems and programmers have",
      ])
  }

  @Test func `a card that is laid down is a scan of its number`() async throws {
    let outcome = try await Rig.run("card-reader")
    #expect(outcome.scans == ["04A2B3C4D5E680"])
  }
}
