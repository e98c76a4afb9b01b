import Foundation
import ScannerProtocols
import StationStore
import USBScanning

extension DeviceView {
  /// What names a device's part of the page.
  static func anchor(_ id: String) -> String {
    "device-" + String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }

  /// A device as the page shows it.
  init(_ device: StationDevice, last: KeptReading?, profiles: [DeviceProfile], moments: Moments) {
    let profile = profiles.first { $0.id == device.profile }
    let lamp: LampView =
      switch device.state {
      case .claiming: LampView(state: .busy, words: "Being claimed")
      case .claimed where device.fault != nil: LampView(state: .bad, words: "In trouble")
      case .claimed where device.isUnanswered: LampView(state: .busy, words: "Waiting for its first answer")
      case .claimed: LampView(state: .good, words: device.isSimulated ? "Simulated" : "Ready")
      case .adoptable: LampView(state: .off, words: "Left alone")
      case .listening: LampView(state: .busy, words: "Listening")
      case .silent: LampView(state: .bad, words: "Does not answer")
      case .noPermission: LampView(state: .bad, words: "No permission")
      case .faulty: LampView(state: .bad, words: "Faulty")
      }
    let id = Self.anchor(device.id)
    let segment = device.id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? device.id
    self.init(
      id: id, path: "/devices/\(segment)", name: device.name,
      address: device.usb.map { "USB \($0), port \(device.port ?? "?")" } ?? device.id, lamp: lamp,
      isSimulated: device.isSimulated, facts: Self.facts(device, profile))
    problem = Self.problem(device, profiles)
    self.last = last.map {
      DeviceReading(words: TextPiece.words(insteadOf: $0), text: TextPiece.pieces(of: $0.raw), at: moments.view($0.at))
    }
    if device.state == .noPermission, let vendor = device.vendorID, let product = device.productID {
      remedy = CopyBlock(
        id: "udev-\(id)",
        words: "Save as \(UdevRule.path), then run udevadm control --reload && udevadm trigger, or replug the device",
        text: UdevRule.line(vendorID: vendor, productID: product))
    }
    if profile?.deviceProtocol.readsText == true, device.state == .claimed {
      test = DeviceTestView(device.test, prefix: id, moments: moments)
    }
  }

  private static func facts(_ device: StationDevice, _ profile: DeviceProfile?) -> [DeviceFact] {
    var facts = [
      DeviceFact(name: "Read as", value: profile.map { "\($0.name) (\($0.deviceProtocol.name))" } ?? "nothing")
    ]
    if let identity = device.identity { facts.append(DeviceFact(name: "Says it is", value: identity)) }
    if profile?.deviceProtocol.readsText == true {
      facts.append(DeviceFact(name: "Its scans are", value: device.purpose.words))
      if let remark = device.purpose.remark { facts.append(DeviceFact(name: "Counting", value: remark)) }
    }
    if let counters = device.counters {
      let odd = [
        (counters.wedge.rejectedScans, "rejected"), (counters.stalls, "stalls"),
        (counters.errors, "errors on the wire"),
        (counters.overflows, "overflows"), (counters.throttlings, "times slowed"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      let scans = counters.wedge.scans
      if scans > 0 || !odd.isEmpty {
        facts.append(
          DeviceFact(
            name: "Since it was plugged in",
            value: ([scans == 1 ? "1 scan" : "\(scans) scans"] + odd).joined(separator: ", ")))
      }
    }
    return facts
  }

  /// What to do about a device that is listened to.
  private static func remedy(heard: HeardBytes?, _ profiles: [DeviceProfile]) -> String {
    let fitting = heard?.profiles(among: profiles).map(\.name) ?? []
    guard !fitting.isEmpty else {
      return
        "Say how it is read, or scan something with it; custody devices probe finds out which reader stands behind a "
        + "serial chip."
    }
    return "Say how it is read: \(fitting.joined(separator: " or "))."
  }

  private static func problem(_ device: StationDevice, _ profiles: [DeviceProfile]) -> ProblemView? {
    switch device.state {
    case .adoptable where device.protocols.contains("keyboard"):
      ProblemView(
        title: "A keyboard is left alone", detail: "It may be the operator's own.",
        remedy:
          "If it is a scanner, say how it is read: from then on it types into no window, and its scans come here.",
        isPlain: true)
    case .listening:
      ProblemView(
        title: "Nobody said what it is: \(device.heard?.words ?? "nothing heard yet")",
        detail: "It is listened to at 9600 baud. Nothing is sent to it, and nothing comes of what it says.",
        remedy: remedy(heard: device.heard, profiles), isPlain: true)
    case .adoptable:
      ProblemView(
        title: "Nobody said what it is",
        detail: "Nothing is sent to it." + (device.unheard.map { " It is not listened to: \($0)." } ?? ""),
        remedy: "Say how it is read; custody devices probe finds out which reader stands behind a serial chip.",
        isPlain: true)
    case .noPermission:
      ProblemView(title: "The station may not open it", detail: nil, remedy: "Add the rule below.")
    case .silent, .faulty, .claiming, .claimed:
      device.fault.map { ProblemView(title: $0.message, detail: nil, remedy: $0.remedy) }
    }
  }
}

extension DeviceTestView {
  init(_ test: ScanTest?, prefix: String, moments: Moments) {
    field = FormField(.input, "expected", "What stands on the label", prefix: prefix)
    field.code = true
    guard let test else { return }
    if let result = test.result {
      self.result = DeviceTestResult(result, expected: test.expected, moments: moments)
    } else if moments.now < test.until {
      waiting = "Scan now. Waiting until \(moments.time(test.until)); the scan is shown here and acted on by nobody."
    } else {
      waiting = "No scan came. Begin again."
    }
  }
}

extension DeviceTestResult {
  fileprivate init(_ result: ScanTest.Result, expected: String?, moments: Moments) {
    switch (result.isExpected, result.remedy) {
    case (false, _): (kind, icon, words) = ("bad", "cross", "Read otherwise than the label says")
    case (_, _?): (kind, icon, words) = ("note", "warning", "Read, with a remark")
    default: (kind, icon, words) = ("good", "check", expected == nil ? "Read" : "Read as the label says")
    }
    text = TextPiece.pieces(of: Array((result.text ?? "a badge, not shown").utf8))
    var parts: [String] = []
    if let kind = result.kind { parts.append(Self.words(ofKind: kind)) }
    if let identifier = result.symbologyIdentifier { parts.append("symbology \(identifier)") }
    parts.append(result.terminated ? "ended by its suffix" : "ended by a pause")
    if result.isExpected == false, let expected { parts.append("label: \(expected)") }
    details = parts.joined(separator: " · ")
    remedy = result.remedy
    at = moments.view(result.at)
  }

  /// What a scan is, for people; `kind` is the API's word.
  private static func words(ofKind kind: String) -> String {
    switch kind {
    case "assetTag": "an asset tag"
    case "command": "a command"
    case "location": "a location"
    case "order": "an order"
    case "kit": "a kit"
    case "badge": "a badge"
    case "gs1": "a GS1 code"
    case "digitalLink": "a GS1 Digital Link"
    case "epc": "an EPC"
    case "iso15434": "an ISO/IEC 15434 message"
    case "serial": "a serial number"
    case "mac": "a MAC address"
    case "imei": "an IMEI"
    default: "text"
    }
  }
}
