import Foundation
import Testing

/// A command of the product with the real libusb and emulated devices, until it ends: see `Tests/Rig/README.md`.
struct RiggedCommand: Sendable {
  let status: Int32
  let output: String
  let errors: String
  /// What the program did to the devices, without the times.
  let log: [String]

  /// What was sent to a device, in hexadecimal.
  func sent(to device: String) -> [String] {
    log.compactMap { $0.hasPrefix("\(device) sent ") ? String($0.dropFirst("\(device) sent ".count)) : nil }
  }

  /// Runs `custody` with what a scenario plugs in.
  static func custody(_ arguments: [String], with scenario: String) async throws -> RiggedCommand {
    let rig = Program.root.appending(path: "Tests/Rig")
    let made = try await Program.running("/usr/bin/env", ["make", "--silent", "-C", rig.path]) { make in
      try await eventually("the rig is built", within: .seconds(180)) { make.status }
    }
    try #require(made == 0)
    return try await withTemporaryFolder { folder in
      func place(_ name: String) -> String { folder.appending(path: name).path }
      try Data(scenario.utf8).write(to: folder.appending(path: "scenario"))
      // Standard error apart, so that what was asked for can be told from what is said besides.
      let command = #"program="$1"; shift; exec "$program" "$@" 2>"$ERRORS""#
      return try await Program.running(
        rig.appending(path: ".build/usb-rig").path,
        [
          "--log", place("log"), place("scenario"), "--", "/bin/sh", "-c", command, "sh",
          Program.products.appending(path: "custody").path,
        ] + arguments,
        environment: ["ERRORS": place("errors")]
      ) { program in
        let status = try await eventually("custody \(arguments) ends") { program.statusOnceRead }
        let log = try String(contentsOfFile: place("log"), encoding: .utf8)
        return RiggedCommand(
          status: status, output: program.printed,
          errors: try String(contentsOfFile: place("errors"), encoding: .utf8),
          log: log.split(separator: "\n").compactMap {
            $0.drop { $0 == " " }.split(separator: " ", maxSplits: 1).last.map(String.init)
          })
      }
    }
  }

  /// A scenario of `Tests/Rig/scenarios`; its steps up to `start` alone where the command ends by itself.
  static func scenario(_ name: String, untilStart: Bool = false) throws -> String {
    let text = try String(
      contentsOf: Program.root.appending(path: "Tests/Rig/scenarios/\(name).rig"), encoding: .utf8)
    guard untilStart, let start = text.range(of: "\nstart\n") else { return text }
    return String(text[..<start.upperBound])
  }
}
