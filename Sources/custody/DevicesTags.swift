import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols
import USBScanning

struct DevicesTags: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tags",
    abstract: "Shows RFID tags: of readers on USB, of one on the network, or of a running station.",
    discussion: """
      With --data, the tags that the running station in that folder sees now, each with its asset; --watch shows what comes and
      goes there. Else until stopped. `custody tags` is the same for a station and for readers on the network.

      A serial chip does not tell which reader stands behind it: name it with --adopt, or find it out with
      `custody devices probe`. A tag counts as gone after --silence without a read.

      Examples:
        custody devices tags --adopt 1a86:7523@1-1=m100-r200
        custody devices tags llrp://10.0.0.5
        custody devices tags --data /var/lib/custody --watch
      """)

  @Argument(help: "Address of a reader on the network: llrp://HOST[:PORT][?OPTIONS], llrps:// for TLS.")
  var address: String?
  @Option(help: "Ask the station that runs in this data folder.") var data: String?
  @Flag(help: "With --data: show what comes and goes until stopped.") var watch = false

  @OptionGroup var devices: DeviceOptions
  @Flag(help: "Write JSON, a line for each change.") var json = false
  @Flag(help: "Show every read, as the readers hand them over.") var raw = false
  @Option(help: "Milliseconds without a read after which a tag is gone.") var silence = 2_000

  func validate() throws {
    guard (100...3_600_000).contains(silence) else { throw ValidationError("--silence wants 100 to 3600000.") }
    let sources = [address != nil, data != nil, !devices.adopt.isEmpty]
    guard sources.count(where: \.self) <= 1 else {
      throw ValidationError("Say one of an address, --data FOLDER and --adopt DEVICE=PROFILE.")
    }
    guard !watch || data != nil else { throw ValidationError("--watch goes with --data.") }
    guard !raw || (address == nil && data == nil) else { throw ValidationError("--raw is for readers on USB.") }
  }

  func run() async throws {
    guard address == nil, data == nil else {
      let arguments = [address].compactMap(\.self) + (data.map { ["--data", $0] } ?? [])
      return try await TagsCommand.parse(arguments + (watch ? ["--watch"] : []) + (json ? ["--json"] : [])).run()
    }
    let field = TagLines(json: json, silence: .milliseconds(silence))
    let scanners = try devices.scanners(devices.known.folders())
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        // What has gone is told by time alone.
        while !Task.isCancelled {
          try await field.sweep()
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      try await scanners.follow { event in
        switch event {
        case .tags(let reader, let tags):
          if raw {
            try await field.show(raw: event)
          } else {
            try await field.take(tags, of: reader)
          }
        case .detached(let device, _): await field.lose(device.id)
        case .fault(_, let message, let remedy): FileHandle.standardError.tell("\(message). \(remedy)\n")
        default: break
        }
        return .more
      }
      group.cancelAll()
    }
  }
}

/// The tags in the field, told as they change.
private actor TagLines {
  private let json: Bool
  private var smoother: TagSmoother
  private let clock = ContinuousClock()
  private let start = ContinuousClock.now

  init(json: Bool, silence: Duration) {
    self.json = json
    smoother = TagSmoother(configuration: .init(departure: silence, reminder: nil))
  }

  func take(_ tags: [TagRead], of reader: String) throws {
    for tag in tags { try tell(smoother.take(tag, reader: reader, at: start.duration(to: clock.now))) }
  }

  func sweep() throws { try tell(smoother.tick(at: start.duration(to: clock.now))) }

  func lose(_ reader: String) { smoother.interrupt(reader: reader, at: start.duration(to: clock.now)) }

  func show(raw event: USBScanningEvent) throws { try Running.answer(try event.jsonLine()) }

  private func tell(_ events: [TagEvent]) throws {
    for event in events {
      switch event {
      case .arrived(let tag): try tell("arrived", tag)
      case .moved(let tag, _): try tell("moved", tag)
      case .gone(let tag): try tell("gone", tag)
      case .present: break
      }
    }
  }

  private func tell(_ event: String, _ tag: TagSighting) throws {
    struct Line: Encodable {
      let event: String
      let epc: String
      let reader: String
      let antenna: Int?
      let rssi: Int?
      let strength: Int?
      let count: Int
    }
    let epc = tag.epc.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let antenna = tag.antenna.number == 0 ? nil : tag.antenna.number
    var (rssi, strength): (Int?, Int?)
    switch tag.strength {
    case .dBm(let value)?: rssi = value
    case .raw(let value)?: strength = value
    case nil: break
    }
    guard !json else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let line = Line(
        event: event, epc: epc, reader: tag.antenna.reader, antenna: antenna, rssi: rssi, strength: strength,
        count: tag.count)
      return try Running.answer(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
    let place = antenna.map { " antenna \($0)" } ?? ""
    let level = rssi.map { " \($0) dBm" } ?? strength.map { " strength \($0)" } ?? ""
    try Running.answer("\(event)  \(epc)  \(tag.antenna.reader)\(place)\(level)  \(tag.count) reads")
  }
}
