import Custody
import CustodyLedger
import Foundation
import Hummingbird
import ScannerProtocols
import StationStore
import Testing

@testable import Station

/// What is set for devices, and what their scans come to. The device is one that is played: it needs no USB.
@Suite("API: devices")
struct APIDeviceTests {
  private static let id = "simulated:pad"
  private static let path = "/api/v1/devices/simulated%3Apad"

  /// A keyboard that is played.
  private static func keyboard() throws -> PlayedDevice {
    PlayedDevice(
      name: "pad",
      profile: DeviceProfile(id: "generic-keyboard", name: "Pad", claim: .adopted, protocol: .keyboard(.init())),
      reportDescriptor: nil, transfers: [], pace: .zero, times: 1)
  }

  /// Reports of keys pressed and released, then Enter: usages of HID Usage Tables 1.5, page 7.
  private static func scan(_ usages: [UInt8]) throws -> ScannedText {
    var wedge = KeyboardWedge(deviceID: id)
    var found: ScannedText?
    for usage in usages + [0x28] {
      for action in wedge.receive(report: [0, 0, usage, 0, 0, 0, 0, 0], at: .zero) {
        if case .scan(let scan) = action { found = scan }
      }
      _ = wedge.receive(report: [UInt8](repeating: 0, count: 8), at: .zero)
    }
    return try #require(found)
  }

  private static func run(_ body: @escaping @Sendable (APIUnderTest) async throws -> Void) async throws {
    try await APIUnderTest.run { api in
      #expect(api.core.devices.plug(try keyboard()))
      try await body(api)
    }
  }

  @Test("a device is set by who may, and shows what is set; it is kept over a restart")
  func setting() async throws {
    try await Self.run { api in
      let body: CanonicalJSON = ["profile": "generic-keyboard", "layout": "DE", "purpose": "counting"]
      let forbidden = try await api.ask(
        .put, Self.path + "/setting", as: api.vic, bytes: try body.bytes(limit: .max))
      try forbidden.expectProblem(.forbidden, "access.forbidden")
      let set = try await api.ask(.put, Self.path + "/setting", as: api.kim, bytes: try body.bytes(limit: .max))
      #expect(set.status == .ok, "\(set)")
      let item = try #require(try set.items().first)
      #expect(item[path: "setting.layout"]?.text == "DE")
      #expect(item[path: "purpose"]?.text == "counting")
      let kept = try await api.core.store.read { try $0.deviceSettings() }
      #expect(kept.map(\.device) == [Self.id])
      #expect(kept.map(\.person) == [api.kim.person.id])
      // What a station makes of it when it starts.
      let again = try StationDevices(profiles: api.core.devices.profiles, usb: false, kept: kept)
      #expect(again.setting(of: Self.id)?.setting.layout == "DE")

      let back = try await api.ask(.delete, Self.path + "/setting", as: api.kim)
      #expect(back.status == .noContent)
      #expect(try await api.get("/api/v1/devices").items().first?[path: "setting"] == nil)
      #expect(try await api.core.store.read { try $0.deviceSettings() }.isEmpty)
    }
  }

  @Test(
    "what cannot be set is refused with the place",
    arguments: [
      (["profile": "no-such"], "/profile"), (["profile": "generic-keyboard", "layout": "XX"], "/layout"),
      (["profile": "generic-keyboard", "suffixes": ["CR"]], "/suffixes"),
      (["profile": "generic-keyboard", "suffixes": "tab"], "/suffixes"), (["purpose": "all"], "/purpose"),
      (["profile": "generic-hid-pos", "prefix": "x"], "/prefix"), (["profile": 7], "/profile"),
      (["profile": "m100-r200"], "/profile"), (["profile": "llrp-generic"], "/profile"),
      (["profile": "generic-keyboard", "groupSeparator": "F13"], "/groupSeparator"),
      (["profile": "generic-keyboard", "capsLock": "on"], "/capsLock"),
      (["profile": "generic-hid-pos", "capsLock": true], "/capsLock"),
    ] as [(CanonicalJSON, String)])
  func malformed(body: CanonicalJSON, pointer: String) async throws {
    try await Self.run { api in
      let answer = try await api.ask(.put, Self.path + "/setting", as: api.kim, bytes: try body.bytes(limit: .max))
      try answer.expectProblem(.unprocessableContent, "request.malformed", pointer: pointer)
    }
  }

  @Test("a profile that reads another kind of interface is refused in words, on the page as well")
  func misfit() async throws {
    try await Self.run { api in
      let words =
        "'M100 or R200 UHF reader' reads a serial line, and this device is a keyboard: choose a profile that reads a keyboard"
      let body: CanonicalJSON = ["profile": "m100-r200"]
      let answer = try await api.ask(.put, Self.path + "/setting", as: api.kim, bytes: try body.bytes(limit: .max))
      #expect(try answer.text("detail").hasPrefix(words), "\(answer)")
      let page = try await api.ask(
        .post, "/devices/simulated%3Apad/setting", as: api.kim, bytes: Array("profile=m100-r200&purpose=assets".utf8))
      #expect(page.status == .unprocessableContent)
      #expect(
        String(decoding: page.bytes, as: UTF8.self).contains("reads a serial line, and this device is a keyboard"))
      #expect(api.core.devices.setting(of: Self.id) == nil)
    }
  }

  @Test("the key for GS and Caps Lock are set on the page, shown there again, and followed")
  func keys() async throws {
    try await Self.run { api in
      let sent = "profile=generic-keyboard&purpose=assets&layout=&groupSeparator=F5&capsLock=on&prefix=&suffixes="
      let answer = try await api.ask(
        .post, "/devices/simulated%3Apad/setting", as: api.kim, bytes: Array(sent.utf8))
      #expect(answer.status == .seeOther, "\(answer)")
      let setting = try #require(api.core.devices.setting(of: Self.id)?.setting)
      #expect(setting.groupSeparator == "F5" && setting.capsLock == true)
      guard case .keyboard(let configuration)? = try api.core.devices.readAs(Self.id)?.deviceProtocol else {
        Issue.record("no keyboard")
        return
      }
      // F5 is usage 3E of HID Usage Tables 1.5, page 7.
      #expect(configuration.groupSeparatorKeys == [KeyChord(usage: 0x3E)] && configuration.startsWithCapsLock)
      let page = String(decoding: try await api.get("/devices").bytes, as: UTF8.self)
      #expect(page.contains(#"<option value="F5" selected>F5</option>"#))
      #expect(page.contains(#"<option value="on" selected>On</option>"#))
      let none = try await api.ask(
        .put, Self.path + "/setting", as: api.kim,
        bytes: Array(#"{"capsLock":false,"groupSeparator":"","profile":"generic-keyboard"}"#.utf8))
      try APIDescriptionTests.check([("DeviceList", none)])
      guard case .keyboard(let bare)? = try api.core.devices.readAs(Self.id)?.deviceProtocol else {
        Issue.record("no keyboard")
        return
      }
      #expect(bare.groupSeparatorKeys.isEmpty && !bare.startsWithCapsLock)
    }
  }

  @Test("a device that is not there cannot be set or tested")
  func unknown() async throws {
    try await Self.run { api in
      let answer = try await api.ask(
        .put, "/api/v1/devices/05e0:1200@9-9/setting", as: api.kim, bytes: Array(#"{"profile":null}"#.utf8))
      try answer.expectProblem(.notFound, "request.notFound")
      let test = try await api.post("/api/v1/devices/05e0:1200@9-9/tests", as: api.kim)
      try test.expectProblem(.notFound, "request.notFound")
    }
  }

  @Test("a setting that names a profile of another version leaves the device alone, and says so")
  func lostProfile() async throws {
    try await Self.run { api in
      let document = try CanonicalEncoder().encode(DeviceSetting(profile: "of-the-future"))
      try await api.core.store.write { try $0.setDevice(Self.id, document, by: api.kim.person.id) }
      let kept = try await api.core.store.read { try $0.deviceSettings() }
      let devices = try StationDevices(profiles: api.core.devices.profiles, usb: false, kept: kept)
      #expect(devices.setting(of: Self.id)?.fault == .unknownProfile("of-the-future"))
    }
  }

  @Test("a test shows the next scan, with the layout that would fit, and acts on nothing")
  func test() async throws {
    try await Self.run { api in
      api.core.desk.operatorToken = api.kim.token
      let begun = try await api.post(Self.path + "/tests", ["expected": "AZ-00042"], as: api.kim)
      #expect(begun.status == .created, "\(begun)")
      // A scanner set to German types - with the key 38 and Z with 1C, which is Y on a US keyboard and / for 38.
      let german = try Self.scan([0x04, 0x1C, 0x38, 0x27, 0x27, 0x27, 0x21, 0x1F])
      #expect(german.text == "ay/00042")
      try await api.core.take(german, from: Self.id)
      let result = try #require(try await api.get("/api/v1/devices").items().first?[path: "test.result"])
      #expect(result[path: "text"]?.text == "ay/00042")
      #expect(result[path: "isExpected"] == .bool(false))
      // Small letters are no AZ in any layout.
      #expect(result[path: "layout"] == nil)
      #expect(try await api.core.deskSession() == nil)
      #expect(api.core.desk.lastOutcome == nil)

      try await api.post(Self.path + "/tests", ["expected": "az-00042"], as: api.kim)
      try await api.core.take(german, from: Self.id)
      let fitting = try #require(try await api.get("/api/v1/devices").items().first?[path: "test.result"])
      #expect(fitting[path: "layout"]?.text == "DE")
      #expect(fitting[path: "remedy"]?.text?.contains("DE") == true)

      // The test is over: the next scan is one.
      try await api.core.take(german, from: Self.id)
      #expect(try await api.core.deskSession() != nil)
    }
  }

  @Test("a test says what the scan means as the desk would, by the symbology that the scanner names")
  func testMeaning() async throws {
    try await Self.run { api in
      api.core.desk.operatorToken = api.kim.token
      try await api.post(Self.path + "/tests", as: api.kim)
      // Honeywell: report 02, length, AIM identifier, data; GTIN 09506000134352 of the GS1 General Specifications' own prefix.
      let data = Array("0109506000134352".utf8)
      var report: [UInt8] = [2, UInt8(data.count)] + Array("]C1".utf8) + data
      report += [UInt8](repeating: 0, count: 64 - report.count)
      var scanner = HIDPOSScanner(deviceID: Self.id, layout: .honeywell)
      let scans = scanner.receive(report: report, at: .zero).compactMap { action in
        if case .scan(let scan) = action { scan } else { nil }
      }
      #expect(scans.map(\.symbologyIdentifier) == ["]C1"])
      try await api.core.take(try #require(scans.first), from: Self.id)
      let result = try #require(try await api.get("/api/v1/devices").items().first?[path: "test.result"])
      #expect(result[path: "kind"]?.text == "gs1")
    }
  }

  @Test("a test that nobody scanned for is over after a minute")
  func testEnds() async throws {
    try await Self.run { api in
      api.core.desk.operatorToken = api.kim.token
      try await api.post(Self.path + "/tests", as: api.kim)
      api.clock.advance(seconds: 61)
      try await api.core.take(try Self.scan([0x04]), from: Self.id)
      #expect(api.core.desk.lastOutcome?.result == .unknown)
      #expect(try await api.get("/api/v1/devices").items().first?[path: "test.result"] == nil)
    }
  }

  @Test("what a badge reader reads is a badge, whatever its text, and its text is kept nowhere")
  func badges() async throws {
    try await Self.run { api in
      api.core.desk.operatorToken = api.kim.token
      let body: CanonicalJSON = ["profile": "generic-keyboard", "purpose": "badges"]
      _ = try await api.ask(.put, Self.path + "/setting", as: api.kim, bytes: try body.bytes(limit: .max))
      // 31337: 3 is 20, 1 is 1E, 7 is 24.
      let scan = try Self.scan([0x20, 0x1E, 0x20, 0x20, 0x24])
      #expect(scan.text == "31337")
      try await api.core.store.setCredentials(of: api.rob.id, badge: "31337", pin: nil)
      try await api.core.take(scan, from: Self.id)
      #expect(api.core.desk.lastOutcome?.words == "Badge: Rob")
      let kept = try await api.core.store.read { try $0.readings(before: .max, outcome: nil, session: nil, limit: 10) }
      #expect(kept.map { String(decoding: $0.raw, as: UTF8.self) } == ["CUSTODY:BADGE:"])
      #expect(kept.first?.reports == nil)
      let page = String(decoding: try await api.get("/devices").bytes, as: UTF8.self)
      #expect(page.contains("a badge, not shown") && !page.contains("CUSTODY:BADGE"))

      try await api.post(Self.path + "/tests", ["expected": "31337"], as: api.kim)
      try await api.core.take(scan, from: Self.id)
      let result = try #require(try await api.get("/api/v1/devices").items().first?[path: "test.result"])
      #expect(result[path: "text"] == nil)
      #expect(result[path: "isExpected"] == .bool(true))
    }
  }

  @Test("what a counting device reads is looked up and kept; it moves nothing and turns no session")
  func counting() async throws {
    try await Self.run { api in
      let asset = try await api.register("ab")
      api.core.desk.operatorToken = api.kim.token
      let body: CanonicalJSON = ["profile": "generic-keyboard", "purpose": "counting"]
      _ = try await api.ask(.put, Self.path + "/setting", as: api.kim, bytes: try body.bytes(limit: .max))
      _ = try await api.core.openSession(WorkSession(workflow: .retire), by: api.kim, desk: api.core.desk.name)
      let before = api.core.store.head
      try await api.core.take(try Self.scan([0x04, 0x05]), from: Self.id)
      try await api.core.take(try Self.scan([0x06]), from: Self.id)
      #expect(api.core.store.head == before)
      #expect(api.core.desk.lastOutcome == nil)
      let kept = try await api.core.store.read { try $0.readings(before: .max, outcome: nil, session: nil, limit: 2) }
      #expect(kept.map(\.outcome) == [.unknown, .lookup])
      let page = String(decoding: try await api.get("/devices").bytes, as: UTF8.self)
      #expect(page.contains("There are no counting sessions yet"))
      #expect(kept.last?.asset?.description == asset)
    }
  }

  @Test("a scanner's symbology identifier goes with its scan")
  func identifier() async throws {
    try await Self.run { api in
      api.core.desk.operatorToken = api.kim.token
      var scanner = SerialScanner(deviceID: Self.id)
      // GS1-128: (8004) is a GIAI.
      let actions = scanner.receive(Array("]C18004950110153AB\r".utf8), at: .zero)
      guard case .scan(let scan)? = actions.first else { throw Problem.nothingHere }
      try await api.core.take(scan, from: Self.id)
      #expect(api.core.desk.lastOutcome?.identifier?.kind == "gs1")
      let kept = try await api.core.store.read { try $0.readings(before: .max, outcome: nil, session: nil, limit: 1) }
      #expect(kept.first?.symbologyIdentifier == "]C1")
    }
  }

  @Test("the answers have the members that are described")
  func described() async throws {
    try await Self.run { api in
      let body: CanonicalJSON = [
        "profile": "generic-keyboard", "layout": "DE", "prefix": "x", "suffixes": ["tab"], "purpose": "assets",
      ]
      let set = try await api.ask(.put, Self.path + "/setting", as: api.kim, bytes: try body.bytes(limit: .max))
      let test = try await api.post(Self.path + "/tests", ["expected": "a"], as: api.kim)
      try await api.core.take(try Self.scan([0x04]), from: Self.id)
      try APIDescriptionTests.check([
        ("DeviceList", set), ("ScanTest", test), ("DeviceList", try await api.get("/api/v1/devices")),
        ("DeviceProfilePage", try await api.get("/api/v1/device-profiles")),
      ])
    }
  }
}
