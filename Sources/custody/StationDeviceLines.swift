import Foundation
import USBScanning

/// The devices of a running station, as commands tell of them.
struct StationDeviceLines {
  let socket: StationSocket
  let json: Bool

  private struct Device: Decodable, Hashable {
    let id: String
    let name: String
    let state: USBDevice.State
    let profile: String?
    let protocols: [String]
    let identity: String?
    let fault: USBDevice.Fault?

    var lines: [String] {
      let way = profile ?? (protocols.isEmpty ? "-" : protocols.joined(separator: "/") + "?")
      return ["\(id)  \(state.rawValue)  \(way)  \(name)"] + (fault.map { ["  \($0.message). \($0.remedy)"] } ?? [])
    }
  }

  private struct Told: Decodable {
    struct Scan: Decodable {
      let device: String?
      let words: String?
      let tag: String?
    }
    let status: String?
    let items: [Device]?
    let scan: Scan?
  }

  func list() async throws {
    try await socket.ask("/local/devices") { line in
      if json { return try Running.answer(line) }
      let told = try JSONDecoder().decode(Told.self, from: Data(line.utf8))
      try Running.answer("USB: \(told.status ?? "")")
      for line in (told.items ?? []).flatMap(\.lines) { try Running.answer(line) }
    }
  }

  /// What is wrong with the station's devices and network readers, and what to do.
  func findings() async throws -> [DeviceFinding] {
    struct Reader: Decodable {
      let id: String
      let state: String
      let reason: String?
      let remedy: String?
    }
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
        let words = "The reader \(reader.id) is \(reader.state)" + (reader.reason.map { ": \($0)" } ?? ".")
        findings.append(
          reader.reason == nil ? DeviceFinding(good: words) : DeviceFinding(words, remedy: reader.remedy))
      }
    }
    return findings
  }

  /// What happens there until the station stops, or Ctrl-C.
  func follow() async throws {
    var last: [String: Device] = [:]
    try await socket.ask("/local/devices/stream") { line in
      let told = try JSONDecoder().decode(Told.self, from: Data(line.utf8))
      if let items = told.items {
        let now = Dictionary(items.map { ($0.id, $0) }) { $1 }
        // Most of what is told there is of something else, such as the centre.
        guard now != last || last.isEmpty else { return }
        if json {
          try Running.answer(line)
        } else {
          try tell(items, before: last)
        }
        last = now
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
        "\(before[device.id] == nil ? "+" : "~") \(device.name) (\(device.id)): \(device.state.rawValue)")
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
