import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols

struct DevicesSimulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Plays a device folder into a running station, as if the device were there; or serves its LLRP reader.",
    discussion: """
      The station decodes the folder's bytes by its profile, and acts on what they say for whoever is signed in at its desk. All
      that comes of it is recorded as made by a simulated device; nothing passes through USB. For those who may open the
      station's data folder.

      A reader on the network (protocol llrp) without --data is served instead, for any station to connect to, until Ctrl-C: it
      answers as such a reader does, and hears the recorded tags and some more, which come and go.

      Examples:
        custody devices simulate devices/zebra-keyboard --data /var/lib/custody
        custody devices simulate devices/llrp-generic --port 5084
      """)

  @Argument(help: "The device folder: profile.yaml and capture.hex.") var folder: String
  @OptionGroup var station: StationSocket
  @Option(help: "Milliseconds between two transfers, 0 to 10000.") var pace = 8
  @Option(help: "How often the capture is played, 1 to 10000.") var times = 1

  @Option(help: "A reader on the network: the port to serve it on; 0 takes a free one. (0)") var port: Int?
  @Option(help: "A reader on the network: the address to serve it on.") var host = "127.0.0.1"
  @Option(help: "A reader on the network: a tag that it hears, by EPC in hexadecimal; several times.") var tag:
    [String] = []

  func validate() throws {
    guard station.data == nil || (port == nil && tag.isEmpty) else {
      throw ValidationError("Say --data FOLDER to play into a station, or --port and --tag to serve a reader.")
    }
    guard (0...65_535).contains(port ?? 0) else { throw ValidationError("--port wants 0 to 65535.") }
    _ = try tags()
    guard (0...10_000).contains(pace) else { throw ValidationError("--pace wants 0 to 10000.") }
    guard (1...10_000).contains(times) else { throw ValidationError("--times wants 1 to 10000.") }
  }

  func run() async throws {
    // Read here too, so that a fault is told with its line before anything is played.
    let folder = try DeviceFolder(path: URL(filePath: folder).standardizedFileURL.path)
    guard !folder.capture.isEmpty else {
      throw Ending(2, "\(folder.path) has no capture.hex to play.", remedy: "Record one: custody devices record.")
    }
    if case .llrp = folder.profile.deviceProtocol {
      guard station.data != nil else {
        return try await SimulatedReader(folder: folder, host: host, port: port ?? 0, tags: try tags()).run()
      }
    } else if port != nil || !tag.isEmpty {
      throw Ending(
        2, "\(folder.profile.id) is no reader on the network: --port and --tag are not for it.",
        remedy: "Play it into a station: --data FOLDER.")
    }
    struct Play: Encodable {
      let name: String
      let profile: String
      let reportDescriptor: String?
      let capture: [String]
      let pace: Int
      let times: Int
    }
    let play = Play(
      name: folder.profile.id, profile: try String(contentsOfFile: folder.path + "/profile.yaml", encoding: .utf8),
      reportDescriptor: folder.reportDescriptor.map(Self.digits), capture: folder.capture.map(Self.digits), pace: pace,
      times: times)
    try await send(try JSONEncoder().encode(play))
  }

  private func tags() throws -> [[UInt8]] {
    try tag.map { text in
      let nibbles = text.compactMap(\.hexDigitValue)
      // An EPC has whole words of two bytes, 62 bytes at most (Gen2: five bits of the PC).
      guard nibbles.count == text.count, nibbles.count.isMultiple(of: 4), (4...124).contains(nibbles.count) else {
        throw ValidationError(
          "--tag wants an EPC of 2 to 62 bytes, in whole words: pairs of hexadecimal digits, not \(text).")
      }
      return stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
    }
  }

  private func send(_ body: Data) async throws {
    try await station.ask("/local/devices/simulated", body: Array(body)) { line in
      struct Fault: Decodable {
        let detail: String
        let remedy: String
      }
      if line.hasPrefix(#"{"code""#) {
        let fault = try JSONDecoder().decode(Fault.self, from: Data(line.utf8))
        throw Ending(1, fault.detail, remedy: fault.remedy)
      }
      try Running.answer(line)
    }
  }

  private static func digits(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
