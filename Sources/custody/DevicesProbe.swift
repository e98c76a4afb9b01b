import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols
import USBScanning

struct DevicesProbe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Asks a serial device who it is, as each kind of RFID reader would be asked.",
    discussion: """
      A serial chip shows its own numbers, whatever stands behind it. This sends each known reader's question for its identity,
      and nothing else. Do it only where you know that the device may be spoken to: bytes are sent to it.

      Example:
        custody devices probe 1a86:7523@1-1
      """)

  @Argument(help: "The device's id, as `custody devices` lists it.") var device: String

  func run() async throws {
    let profiles = try DeviceFolder.shipped().map(\.profile)
    guard let numbers = device.split(separator: "@").first.flatMap({ USBIdentifier(String($0)) }) else {
      throw ValidationError("A device's id is such as 1a86:7523@1-1; `custody devices` lists them.")
    }
    // One of each protocol and rate: the same question need not be asked twice.
    var asked: [String] = []
    let candidates = profiles.filter { profile in
      guard case .reader(_, let line, _) = profile.deviceProtocol, profile.usb.contains(numbers) else { return false }
      let question = "\(profile.deviceProtocol.name.prefix(6))@\(line.baudRate)"
      defer { asked.append(question) }
      return !asked.contains(question)
    }
    guard !candidates.isEmpty else {
      throw Ending(2, "\(device) is no serial chip behind which a known reader could stand.")
    }
    for candidate in candidates {
      FileHandle.standardError.tell("asking as \(candidate.name) …\n")
      guard let identity = try await ask(as: candidate) else { continue }
      try Running.answer("\(identity): read it as \(candidate.id), such as --adopt \(device)=\(candidate.id)")
      return
    }
    throw Ending(
      1, "Nothing answered that is known.",
      remedy: "If it is a scanner, read it as generic-serial; check power, and the rate that the device is set to.")
  }

  private func ask(as profile: DeviceProfile) async throws -> String? {
    var answer: String?
    var isThere = false
    var fault: USBDevice.Fault?
    let scanners = USBScanners(profiles: [], adopted: [device: .read(profile)])
    try await scanners.follow(for: .seconds(12)) { event in
      switch event {
      case .changed(let device) where device.id == self.device:
        answer = device.identity
        return device.identity != nil || device.state == .silent ? .enough : .more
      case .status(.listening):
        isThere = scanners.devices().contains { $0.id == device }
        if !isThere { return .enough }
      case .fault(let device?, _, _) where device.id == self.device:
        guard device.state == .noPermission || device.state == .faulty else { break }
        fault = device.fault
        return .enough
      case .fault(nil, let message, let remedy): throw Ending(3, message, remedy: remedy)
      default: break
      }
      return .more
    }
    guard isThere else {
      throw Ending(3, "\(device) is not plugged in.", remedy: "`custody devices` lists what is.")
    }
    // Whatever else it is asked, it cannot be reached.
    if let fault { throw Ending(3, fault.message + ".", remedy: fault.remedy) }
    return answer
  }
}
