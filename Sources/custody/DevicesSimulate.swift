import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols

struct DevicesSimulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Plays a device folder into a running station, as if the device were there.",
    discussion: """
      The station decodes the folder's bytes by its profile, and acts on what they say for whoever is signed in at its desk. All
      that comes of it is recorded as made by a simulated device; nothing passes through USB. For those who may open the
      station's data folder.

      Example:
        custody devices simulate devices/zebra-keyboard --data /var/lib/custody
      """)

  @Argument(help: "The device folder: profile.yaml and capture.hex.") var folder: String
  @OptionGroup var station: StationSocket
  @Option(help: "Milliseconds between two transfers, 0 to 10000.") var pace = 8
  @Option(help: "How often the capture is played, 1 to 10000.") var times = 1

  func validate() throws {
    guard (0...10_000).contains(pace) else { throw ValidationError("--pace wants 0 to 10000.") }
    guard (1...10_000).contains(times) else { throw ValidationError("--times wants 1 to 10000.") }
  }

  func run() async throws {
    // Read here too, so that a fault is told with its line before anything is played.
    let folder = try DeviceFolder(path: URL(filePath: folder).standardizedFileURL.path)
    guard !folder.capture.isEmpty else {
      throw Ending(2, "\(folder.path) has no capture.hex to play.", remedy: "Record one: custody devices record.")
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
