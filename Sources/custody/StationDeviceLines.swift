import DeviceProfiles
import Foundation
import ScannerProtocols
import USBScanning

/// The devices of a running station, as commands tell of them.
struct StationDeviceLines {
  let socket: StationSocket
  let json: Bool
  /// What the devices could be read as that nobody has adopted.
  var profiles: [DeviceProfile] = []

  private struct Device: Decodable, Hashable {
    let id: String
    let name: String
    let state: USBDevice.State
    let profile: String?
    let protocols: [String]
    let identity: String?
    let fault: USBDevice.Fault?
    let `protocol`: String?
    let heard: HeardBytes?
    let unheard: String?

    func line(_ profiles: [DeviceProfile]) -> DeviceLine {
      DeviceLine(
        id: id, name: name, state: state, profile: profile, spoken: `protocol`, protocols: protocols,
        identity: identity, heard: heard,
        unheard: unheard, fault: fault, profiles: profiles)
    }
  }

  /// A reader on the network.
  private struct Reader: Decodable, Hashable {
    let id: String
    let address: String
    let state: String
    let reason: String?
    let remedy: String?
    let firmware: String?

    /// The state for people; a word that is not known stands as it is.
    var words: String {
      switch state {
      case "off": "off"
      case "connecting": "connecting"
      case "settingUp": "being set up"
      case "reading": "read"
      case "lost": "no connection"
      default: state
      }
    }

    var remark: String? {
      reason.map { ([$0] + [remedy].compactMap(\.self)).joined(separator: ". ") }
    }
    var lines: [String] { ["\(id)  \(words)  \(address) (llrp)"] + (remark.map { ["  " + $0] } ?? []) }
  }

  private struct Told: Decodable {
    struct Scan: Decodable {
      let device: String?
      let words: String?
      let tag: String?
    }
    let status: String?
    let items: [Device]?
    let readers: [Reader]?
    let scan: Scan?
  }

  func list() async throws {
    try await socket.ask("/local/devices") { line in
      if json { return try Running.answer(line) }
      let told = try JSONDecoder().decode(Told.self, from: Data(line.utf8))
      try Running.answer("USB: \(told.status ?? "")")
      for line in (told.items ?? []).flatMap({ $0.line(profiles).lines }) { try Running.answer(line) }
      for line in (told.readers ?? []).flatMap(\.lines) { try Running.answer(line) }
    }
  }

  /// What is wrong with the station's devices and network readers, and what to do.
  func findings() async throws -> [DeviceFinding] {
    struct Tags: Decodable {
      let readers: [Reader]
    }
    var findings: [DeviceFinding] = []
    try await socket.ask("/local/devices") { line in
      let told = try JSONDecoder().decode(Told.self, from: Data(line.utf8))
      findings.append(DeviceFinding(good: "The station's USB is \(told.status ?? "not known")."))
      findings += (told.items ?? []).map { device in
        DeviceFinding(
          name: "\(device.name) (\(device.id))", state: device.state, profile: device.profile,
          protocols: device.protocols, identity: device.identity, fault: device.fault)
      }
    }
    try await socket.ask("/local/tags") { line in
      for reader in try JSONDecoder().decode(Tags.self, from: Data(line.utf8)).readers {
        let words = "The reader \(reader.id): \(reader.words)" + (reader.reason.map { ": \($0)" } ?? ".")
        findings.append(
          reader.reason == nil ? DeviceFinding(good: words) : DeviceFinding(words, remedy: reader.remedy))
      }
    }
    return findings
  }

  /// What happens there until the station stops, or Ctrl-C.
  func follow() async throws {
    var last: [String: Device] = [:]
    var lastReaders: [Reader]?
    try await socket.ask("/local/devices/stream") { line in
      let told = try JSONDecoder().decode(Told.self, from: Data(line.utf8))
      if let items = told.items {
        let readers = told.readers ?? []
        let areOthers = readers != (lastReaders ?? [])
        let now = Dictionary(items.map { ($0.id, $0) }) { $1 }
        // Most of what is told there is of something else, such as the centre.
        guard now != last || areOthers || lastReaders == nil else { return }
        if json {
          try Running.answer(line)
        } else {
          try tell(items, before: last)
          for reader in readers where lastReaders?.contains(reader) != true {
            let isNew = lastReaders?.contains { $0.id == reader.id } != true
            try Running.answer("\(isNew ? "+" : "~") \(reader.id) (\(reader.address)): \(reader.words)")
            if let remark = reader.remark { try Running.answer("! \(remark)") }
          }
        }
        (last, lastReaders) = (now, readers)
      } else if let scan = told.scan, let device = scan.device {
        // The label's text is the desk's to show: it may be a badge.
        try Running.answer(
          json ? line : "\(device): \([scan.words, scan.tag].compactMap(\.self).joined(separator: "  "))")
      }
    }
  }

  private func tell(_ items: [Device], before: [String: Device]) throws {
    for device in items where before[device.id] != device {
      try Running.answer(
        "\(before[device.id] == nil ? "+" : "~") \(device.name) (\(device.id)): \(device.line(profiles).words)")
      var line = device.line(profiles)
      line.fault = nil
      for remark in line.remarks { try Running.answer("  \(remark)") }
      if let fault = device.fault, fault != before[device.id]?.fault {
        try Running.answer("! \(fault.message). \(fault.remedy)")
      }
    }
    let ids = Set(items.map(\.id))
    for device in before.values.sorted(by: { $0.id < $1.id }) where !ids.contains(device.id) {
      try Running.answer("- \(device.name) (\(device.id))")
    }
  }
}
