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
      This is for trying readers, on USB above all: what they hear until stopped, arrived, moved and gone. For a station's tags, each
      with its asset, there is `custody tags`; --data and an address do here what they do there, and lines and JSON have one form.

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
  @Flag(help: "Write a line of JSON each: event and tag.") var json = false
  @Flag(help: "Show every read, as the readers hand them over, instead of what comes and goes.") var raw = false
  @Option(help: "Milliseconds without a read after which a tag is gone, 500 to 3600000.") var silence = 2_000

  func validate() throws {
    guard (500...3_600_000).contains(silence) else { throw ValidationError("--silence wants 500 to 3600000.") }
    let sources = [address != nil, data != nil, !devices.adopt.isEmpty]
    guard sources.count(where: \.self) <= 1 else {
      throw ValidationError("Say one of an address, --data FOLDER and --adopt DEVICE=PROFILE.")
    }
    guard !watch || data != nil else { throw ValidationError("--watch goes with --data.") }
    guard !raw || data == nil else { throw ValidationError("--raw is for readers, not for a station.") }
  }

  func run() async throws {
    if let data {
      return try await TagsCommand.parse(["--data", data] + flags(watch, "--watch") + flags(json, "--json")).run()
    }
    if let address {
      let gone = ["--tag-gone-seconds", String(Double(silence) / 1_000)]
      return try await TagsCommand.parse([address] + gone + flags(raw, "--raw") + flags(json, "--json")).run()
    }
    let field = TagLines(json: json, raw: raw, silence: .milliseconds(silence))
    let scanners = try devices.scanners(devices.known.folders())
    try await field.telling {
      try await scanners.follow { event in
        switch event {
        case .tags(let reader, let tags): try await field.take(tags, of: reader)
        case .detached(let device, _): await field.lose(device.id)
        case .fault(_, let message, let remedy): FileHandle.standardError.tell("\(message). \(remedy)\n")
        default: break
        }
        return .more
      }
    }
  }

  private func flags(_ isGiven: Bool, _ name: String) -> [String] { isGiven ? [name] : [] }
}
