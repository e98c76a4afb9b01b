import ArgumentParser
import BarcodeVision
import DeviceProfiles
import Foundation
import ScannerProtocols
import USBScanning
import UnixSignals

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "Lists USB scanners, keyboards and cameras, watches what they read, prints the udev rule they need.",
    discussion: """
      Only known scanners are claimed; any other keyboard is listed and left alone. While a station runs, its scanners
      are its own: look at its page Devices.

      Examples:
        custody devices                 what is plugged in
        custody devices --watch         scans, as they are made, until Ctrl-C
        custody devices --udev | sudo tee \(UdevRule.path)
        custody devices profiles        what devices are known
        echo BB02220011C9340030751FEB705C5904E3D50D703A76EF7E | custody devices decode --protocol m100
      """,
    subcommands: [DevicesList.self, DevicesProfiles.self, DevicesDecode.self], defaultSubcommand: DevicesList.self)
}

struct DevicesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists devices, or watches what they read (what `devices` alone does).")

  @Flag(help: "Show scans and changes until stopped.") var watch = false
  @Flag(help: "Write JSON.") var json = false
  @Flag(help: "Print the udev rules for the scanners that are known.") var udev = false

  @Option(
    help: ArgumentHelp(
      "Read a device by a profile of devices/, such as 046d:c31c@1-1=generic-keyboard, until stopped.",
      valueName: "DEVICE=PROFILE"))
  var adopt: [String] = []

  private func adopted(_ profiles: [DeviceProfile]) throws -> [String: DeviceAdoption] {
    try adopt.reduce(into: [:]) { adopted, text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let profile = profiles.first(where: { $0.id == parts[1] }) else {
        throw ValidationError(
          "--adopt wants DEVICE=PROFILE, not \(text); profiles: \(profiles.map(\.id).joined(separator: ", "))")
      }
      adopted[parts[0]] = .read(profile)
    }
  }

  func run() async throws {
    let profiles = try DeviceFolder.shipped().map(\.profile)
    if udev {
      try Running.answer(UdevRule.file(for: profiles))
      return
    }
    let scanners = USBScanners(profiles: profiles, adopted: try adopted(profiles))
    let running = Task { try await scanners.run() }
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let stopping = Task { for await _ in signals { running.cancel() } }
    defer { stopping.cancel() }
    if watch {
      for await event in scanners.events { try show(event) }
    } else {
      // The first status comes once everything that is plugged in has been seen.
      for await event in scanners.events {
        if case .status(let status) = event, status != .idle {
          try list(scanners.devices(), status)
          break
        }
      }
      running.cancel()
    }
    try await running.value
  }

  private func show(_ event: USBScanningEvent) throws {
    if json { return try Self.line(event.jsonLine()) }
    switch event {
    case .status(let status): try Self.line("USB: \(status.description)")
    case .attached(let device): try Self.line("+ \(device.name) (\(device.id)): \(device.state.rawValue)")
    case .changed(let device): try Self.line("~ \(device.name) (\(device.id)): \(device.state.rawValue)")
    case .detached(let device, let discarded):
      try Self.line("- \(device.name) (\(device.id))" + (discarded == nil ? "" : ": half a scan was discarded"))
    case .scan(let scan): try Self.line("\(scan.deviceID): \(scan.text)")
    case .tags(let device, let tags):
      for tag in tags {
        let epc = tag.epc.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try Self.line(
          "\(device): tag \(epc)" + (tag.antenna.map { " antenna \($0)" } ?? "")
            + (tag.strength.map { " strength \($0.value)" } ?? ""))
      }
    case .recorded: break
    case .rejected(let rejected): try Self.line("\(rejected.deviceID): \(rejected.message) \(rejected.remedy)")
    case .fault(let device, let message, let remedy):
      try Self.line("! \(device?.name ?? "USB"): \(message) \(remedy)")
    }
  }

  private func list(_ devices: [USBDevice], _ status: USBScanningStatus) throws {
    if json {
      struct Listing: Encodable {
        let status: String
        let items: [USBDevice]
        let cameras: [VideoDevice]
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try Self.line(
        String(
          decoding: try encoder.encode(Listing(status: status.description, items: devices, cameras: VideoDevice.all())),
          as: UTF8.self))
    }
    try Self.line("USB: \(status.description)")
    for device in devices { try Self.line("\(device.id)  \(device.state.rawValue)  \(device.name)") }
    for camera in VideoDevice.all() {
      try Self.line("\(camera.path)  \(camera.isPermitted ? "camera" : "noPermission")  \(camera.name)")
      if !camera.isPermitted {
        let fault = CameraFault.permissionDenied(path: camera.path, isDevice: true)
        try Self.line("  \(fault.remedy)")
      }
    }
  }

  private static func line(_ text: String) throws { try Running.answer(text) }
}
