import Foundation

/// The devices of a running station, as commands tell of them.
struct StationDeviceLines {
  let socket: StationSocket
  let json: Bool

  private struct Device: Decodable, Hashable {
    struct Fault: Decodable, Hashable {
      let message: String
      let remedy: String
    }
    let id: String
    let name: String
    let state: String
    let profile: String?
    let protocols: [String]
    let fault: Fault?

    var lines: [String] {
      let way = profile ?? (protocols.isEmpty ? "-" : protocols.joined(separator: "/") + "?")
      return ["\(id)  \(state)  \(way)  \(name)"] + (fault.map { ["  \($0.message). \($0.remedy)"] } ?? [])
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
      try Running.answer("\(before[device.id] == nil ? "+" : "~") \(device.name) (\(device.id)): \(device.state)")
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
