import ArgumentParser
import BarcodeVision
import DeviceProfiles
import Foundation
import ScannerProtocols
import USBScanning

struct DevicesDoctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Says what is wrong with the devices of this machine, and what to do about each.",
    discussion: """
      Claims every known device for a moment to see whether it can be read; where a station runs, that station has them, and is
      named: --data asks it. Exit status 1 when something is wrong.

      Examples:
        custody devices doctor
        custody devices doctor --json --data /var/lib/custody
      """)

  @Flag(help: "Write JSON, a line for each finding.") var json = false
  @OptionGroup var devices: DeviceOptions
  @Option(help: "Ask the station that runs in this data folder for its devices, and for its readers on the network.")
  var data: String?

  func validate() throws {
    guard data == nil || devices.adopt.isEmpty else {
      throw ValidationError("--adopt is for devices of this command; a station's are adopted on its page Devices.")
    }
  }

  func run() async throws {
    let folders = try devices.known.read()
    var findings = DeviceFinding.ofMachine()
    findings += folders.faults.map {
      DeviceFinding("The device folder is not used: \($0).", remedy: "devices/README.md tells what it holds.")
    }
    if let data {
      findings += try await StationDeviceLines(socket: try StationSocket.parse(["--data", data]), json: false)
        .findings()
    } else {
      findings += try await onUSB(folders)
    }
    findings += VideoDevice.all().map(DeviceFinding.init)
    for finding in findings { try Running.answer(try json ? finding.jsonLine() : finding.lines) }
    if findings.contains(where: \.isWrong) { throw Ending(1, "") }
  }

  private func onUSB(_ folders: DeviceFolders) async throws -> [DeviceFinding] {
    let scanners = try devices.scanners(folders)
    var found: [USBDevice] = []
    var findings: [DeviceFinding] = []
    do {
      // A claim that fails is tried again for a moment; a reader that does not answer shows after nine seconds.
      found = try await scanners.settled(within: .seconds(12)) { device in
        let isReader = folders.profiles.contains { $0.id == device.profile && $0.isSerialReader }
        return device.state == .claimed && isReader && device.identity == nil
      }
    } catch let ending as Ending {
      findings.append(DeviceFinding(ending.message))
    }
    for id in try devices.adopted(folders.profiles).keys.sorted() where !found.contains(where: { $0.id == id }) {
      findings.append(DeviceFinding("\(id) is not plugged in.", remedy: "`custody devices` lists what is."))
    }
    findings += found.map(DeviceFinding.init)
    if found.isEmpty { findings.append(DeviceFinding(good: "No scanner, reader or keyboard is plugged in by USB.")) }
    return findings
  }
}

extension DeviceProfile {
  fileprivate var isSerialReader: Bool { if case .reader = deviceProtocol { true } else { false } }
}
