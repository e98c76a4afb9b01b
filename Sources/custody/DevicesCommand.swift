import ArgumentParser
import BarcodeVision
import DeviceProfiles
import Foundation
import ScannerProtocols
import Station
import USBScanning

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "Lists USB scanners, keyboards and cameras, watches what they read, prints the udev rule they need.",
    discussion: """
      Only known scanners are claimed; any other keyboard is listed and left alone. While a station runs, its scanners
      are its own: --data asks it.

      Examples:
        custody devices                 what is plugged in: id, state, profile or what it could speak, name
        custody devices --watch         scans, as they are made, until Ctrl-C
        custody devices --data /var/lib/custody    what the running station has, and with --watch what happens there
        custody devices doctor          what is wrong, and what to do about it
        custody devices --udev | sudo tee \(UdevRule.path)
        custody devices --udev --group custody --data /var/lib/custody    for a station that runs as a service in that
                                        group, and for the keyboards that were adopted there
        custody devices tags --adopt 1a86:7523@1-1=m100-r200
        custody devices record ./my-scanner --device 046d:c31c@1-1 --profile generic-keyboard
        custody devices simulate devices/zebra-keyboard --data /var/lib/custody
        custody devices profiles        what devices are known
        echo BB02220011C9340030751FEB705C5904E3D50D703A76EF7E | custody devices decode --protocol m100
      """,
    subcommands: [
      DevicesList.self, DevicesDoctor.self, DevicesTags.self, DevicesTagMemory.self, DevicesProbe.self,
      DevicesRecord.self, DevicesSimulate.self, DevicesProfiles.self, DevicesDecode.self,
    ], defaultSubcommand: DevicesList.self)
}

struct DevicesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists devices, or watches what they read (what `devices` alone does).",
    discussion: """
      Examples:
        custody devices list
        custody devices list --watch
        custody devices list --udev --group plugdev
      """)

  @Flag(help: "Show scans and changes until stopped.") var watch = false
  @Flag(help: "Write JSON.") var json = false
  @Flag(help: "With --watch: listen to serial devices that no profile claims; nothing is sent to them.") var listen =
    false
  @Flag(help: "Print the udev rules for the scanners that are known.") var udev = false
  @Option(help: "With --udev: a group whose members may open the scanners, whoever sits at the machine.")
  var group: String?
  @OptionGroup var devices: DeviceOptions
  @Option(help: "Ask the station that runs in this data folder; with --udev, for what was adopted there as well.")
  var data: String?

  func validate() throws {
    guard !listen || watch && data == nil else {
      throw ValidationError("--listen goes with --watch; a station listens by its own setting device.listen.")
    }
    if let group {
      guard udev else { throw ValidationError("--group goes with --udev.") }
      guard UdevRule.isGroup(group) else { throw ValidationError("--group wants a group's name, not \(group).") }
    }
    guard data == nil || devices.adopt.isEmpty else {
      throw ValidationError("--adopt is for devices of this command; a station's are adopted on its page Devices.")
    }
  }

  func run() async throws {
    if udev {
      var adopted: [(identifier: USBIdentifier, name: String)] = []
      if let data { adopted = try await AdoptedDevices(data: data).read() }
      return try Running.answer(
        UdevRule.file(for: try devices.known.folders().profiles, adopted: adopted, group: group))
    }
    if data != nil {
      let station = StationDeviceLines(
        socket: try StationSocket.parse(["--data", data ?? ""]), json: json,
        profiles: try devices.known.folders().profiles)
      return try await watch ? station.follow() : station.list()
    }
    let folders = try devices.known.folders()
    let scanners = try devices.scanners(folders, listens: listen)
    guard !watch else {
      return try await scanners.follow { event in
        try show(event, folders.profiles)
        return .more
      }
    }
    do {
      let found = try await scanners.settled(within: .seconds(3))
      try list(found, .listening(relevant: found.count), folders.profiles)
    } catch let ending as Ending {
      try list([], .unavailable(ending.message), folders.profiles)
    }
  }

  private func show(_ event: USBScanningEvent, _ profiles: [DeviceProfile]) throws {
    if json { return try Self.line(event.jsonLine()) }
    switch event {
    case .status(let status): try Self.line("USB: \(status.description)")
    case .attached(let device): try show("+", device, profiles)
    case .changed(let device): try show("~", device, profiles)
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
    case .recorded, .finished: break
    case .rejected(let rejected): try Self.line("\(rejected.deviceID): \(rejected.message) \(rejected.remedy)")
    case .fault(let device, let message, let remedy):
      try Self.line("! \(device?.name ?? "USB"): \(message) \(remedy)")
    }
  }

  private func show(_ sign: String, _ device: USBDevice, _ profiles: [DeviceProfile]) throws {
    // Faults have events of their own.
    var line = DeviceLine(device, profiles: profiles)
    line.fault = nil
    try Self.line("\(sign) \(device.name) (\(device.id)): \(line.words)")
    for remark in line.remarks { try Self.line("  \(remark)") }
  }

  private func list(
    _ devices: [USBDevice], _ status: USBScanningStatus, _ profiles: [DeviceProfile]
  ) throws {
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
    for device in devices {
      for line in DeviceLine(device, profiles: profiles).lines { try Self.line(line) }
    }
    for camera in VideoDevice.all() {
      try Self.line("\(camera.path)  \(camera.isPermitted ? "camera" : "no permission")  \(camera.name)")
      if !camera.isPermitted {
        let fault = CameraFault.permissionDenied(path: camera.path, isDevice: true)
        try Self.line("  \(fault.remedy)")
      }
    }
  }

  private static func line(_ text: String) throws { try Running.answer(text) }
}
