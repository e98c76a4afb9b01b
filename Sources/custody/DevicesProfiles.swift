import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols

struct DevicesProfiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "Lists the device profiles, or checks device folders.",
    discussion: """
      A folder is a file profile.yaml with bytes and reads beside it: devices/README.md has the grammar.

      Examples:
        custody devices profiles
        custody devices profiles my-scanner
      """)

  @Argument(help: "Device folders to check instead.") var folders: [String] = []
  @OptionGroup var known: KnownDevices

  func run() throws {
    let folders = try folders.isEmpty ? known.folders().all : folders.map { try DeviceFolder(path: $0) }
    for folder in folders {
      let profile = folder.profile
      let numbers = profile.usb.map(\.description).joined(separator: " ")
      try Running.answer(
        [
          profile.id, profile.deviceProtocol.name, profile.claim.rawValue, numbers.isEmpty ? "-" : numbers,
          profile.name,
        ]
        .joined(separator: "  "))
    }
    guard !self.folders.isEmpty else { return }
    for folder in folders {
      var decoder = try CaptureDecoder(folder.profile, reportDescriptor: folder.reportDescriptor)
      let reads = try (folder.capture.flatMap { decoder.receive($0) } + decoder.end()).map { try $0.jsonLine() }
      guard reads == folder.reads else {
        throw Ending(
          1, "\(folder.path): the capture gives other reads than reads.jsonl says:\n\(reads.joined(separator: "\n"))",
          remedy: "Correct the profile, or reads.jsonl if these are right.")
      }
    }
  }
}
