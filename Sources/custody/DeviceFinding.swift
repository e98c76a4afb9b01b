import BarcodeVision
import Foundation
import USBScanning

/// One thing that was found out about the devices of this machine, and what to do about it.
struct DeviceFinding: Encodable {
  let isWrong: Bool
  let what: String
  /// Nil where nothing is to be done.
  let remedy: String?

  /// Something is wrong.
  init(_ what: String, remedy: String? = nil) { (isWrong, self.what, self.remedy) = (true, what, remedy) }

  /// Nothing is wrong; there may be something to say about it.
  init(good what: String, remedy: String? = nil) { (isWrong, self.what, self.remedy) = (false, what, remedy) }

  /// As people read it.
  var lines: String { (isWrong ? "! " : "  ") + what + (remedy.map { "\n    " + $0 } ?? "") }

  func jsonLine() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension DeviceFinding {
  /// A device on USB, of this command.
  init(_ device: USBDevice) {
    if let owner = Self.owner(of: device), [.claimed, .silent, .noPermission, .faulty].contains(device.state) {
      self.init(
        "\(device.name) (\(device.id)) is in use by \(owner).",
        remedy:
          "A station that runs has its scanners: custody devices --data FOLDER shows them. Else end that program.")
    } else {
      self.init(
        name: "\(device.name) (\(device.id))", state: device.state, profile: device.profile,
        protocols: device.protocols, identity: device.identity, fault: device.fault)
    }
  }

  /// A device, this command's or a station's.
  init(
    name: String, state: USBDevice.State, profile: String?, protocols: [String], identity: String?,
    fault: USBDevice.Fault?
  ) {
    switch state {
    case .claimed where fault == nil:
      self.init(good: "\(name) is read as \(profile ?? "?")" + (identity.map { ": \($0)." } ?? "."))
    case .adoptable where protocols == ["keyboard"]:
      self.init(
        good: "\(name) is a keyboard, and left alone.",
        remedy: "If it is a scanner, adopt it on the station's page Devices.")
    case .adoptable:
      self.init(
        good: "\(name) could speak \(protocols.joined(separator: " or ")), and is left alone.",
        remedy: "Adopt it on the station's page Devices; custody devices probe finds out which reader it is.")
    case .listening:
      self.init(
        good: "\(name) has no profile, and is listened to.",
        remedy: "The station's page Devices shows what it says; adopt it there.")
    case .claiming:
      self.init("\(name) is still being claimed.", remedy: "Try again in a moment.")
    case .claimed, .silent, .noPermission, .faulty:
      if let fault {
        self.init(fault.message + ".", remedy: fault.remedy)
      } else {
        self.init("\(name): \(state.words).", remedy: "Replug it.")
      }
    }
  }

  /// A camera.
  init(_ camera: VideoDevice) {
    guard !camera.isPermitted else {
      self.init(good: "Camera \(camera.path): \(camera.name).")
      return
    }
    let fault = CameraFault.permissionDenied(path: camera.path, isDevice: true)
    self.init("Camera \(camera.path) may not be opened.", remedy: fault.remedy)
  }

  /// What of the machine itself keeps devices from being read.
  static func ofMachine() -> [DeviceFinding] {
    var findings: [DeviceFinding] = []
    let files = FileManager.default
    if !files.fileExists(atPath: "/dev/bus/usb") {
      findings.append(
        DeviceFinding(
          "There is no /dev/bus/usb: this machine has no USB, or a container was not given it.",
          remedy: "In a container, pass it through: --device /dev/bus/usb -v /run/udev:/run/udev:ro."))
    } else if !files.fileExists(atPath: "/run/udev") {
      findings.append(
        DeviceFinding(
          "There is no /run/udev: devices that are plugged in later are not heard of.",
          remedy: "Start udev; in a container, pass /run/udev through: -v /run/udev:/run/udev:ro."))
    }
    // Both speak to every serial device that is plugged in, and hold it.
    let meddlers = [
      ("ModemManager", "It sends modem commands to serial devices: systemctl disable --now ModemManager."),
      ("brltty", "It takes serial chips for braille displays: apt-get remove brltty."),
    ]
    let running = Set(processes().map(\.name))
    for (name, remedy) in meddlers where running.contains(name) {
      findings.append(DeviceFinding("\(name) runs.", remedy: remedy))
    }
    return findings
  }

  /// The process that has a device's node open, if it may be seen.
  private static func owner(of device: USBDevice) -> String? {
    func three(_ number: UInt8) -> String {
      let digits = String(number)
      return String(repeating: "0", count: 3 - digits.count) + digits
    }
    let node = "/dev/bus/usb/\(three(device.bus))/\(three(device.address))"
    let own = String(ProcessInfo.processInfo.processIdentifier)
    for process in processes() where process.id != own {
      for file in entries(of: "/proc/\(process.id)/fd") {
        var target = [CChar](repeating: 0, count: 512)
        let length = readlink("/proc/\(process.id)/fd/\(file)", &target, target.count - 1)
        guard length > 0 else { continue }
        if String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) == node {
          return "\(process.name) (process \(process.id))"
        }
      }
    }
    return nil
  }

  private static func processes() -> [(id: String, name: String)] {
    entries(of: "/proc").filter { $0.allSatisfy(\.isNumber) }.compactMap { id in
      guard let bytes = FileManager.default.contents(atPath: "/proc/\(id)/comm") else { return nil }
      return (id, String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines))
    }
  }

  /// What a folder of the kernel's has in it; nothing of one that is gone by now or not ours to see.
  private static func entries(of folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
