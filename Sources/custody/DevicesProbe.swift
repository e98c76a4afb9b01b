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
      three times a second apart, and nothing else. Do it only where you know that the device may be spoken to: bytes are
      sent to it.

      Example:
        custody devices probe 1a86:7523@1-1
      """)

  @Argument(help: "The device's id, as `custody devices` lists it.") var device: String
  @OptionGroup var known: KnownDevices

  func run() async throws {
    let profiles = try known.folders().profiles
    guard let numbers = device.split(separator: "@").first.flatMap({ USBIdentifier(String($0)) }), device.contains("@")
    else {
      throw ValidationError("A device's id is such as 1a86:7523@1-1; `custody devices` lists them.")
    }
    try await requireThere()
    for family in try ReaderQuestion.families(of: profiles) {
      FileHandle.standardError.tell("asking as \(family[0].name) …\n")
      guard let identity = try await ask(as: family[0]) else { continue }
      // Those that name this chip, unless none does.
      let fitting = family.filter { $0.readerModel?.fits(identity: identity) == true }
      let possible = fitting.isEmpty ? family : fitting
      let named = possible.filter { $0.usb.contains(numbers) }
      let choices = (named.isEmpty ? possible : named).map(\.id)
      try Running.answer(
        "\(identity): read it as \(choices.joined(separator: " or ")), such as --adopt \(device)=\(choices[0])")
      return
    }
    throw Ending(
      1, "Nothing answered that is known.",
      remedy: "If it is a scanner, read it as generic-serial; check power, and the rate that the device is set to.")
  }

  /// Throws when the device is not plugged in, or no serial one. Nothing is sent to any.
  private func requireThere() async throws {
    let found = try await USBScanners(profiles: []).settled(within: .seconds(3))
    guard let there = found.first(where: { $0.id == device }) else {
      throw Ending(3, "\(device) is not plugged in.", remedy: "`custody devices` lists what is.")
    }
    guard there.protocols.contains("serial") else {
      throw Ending(
        3, "\(there.name) (\(device)) has no serial interface: it is no reader of these.",
        remedy: "custody devices lists what is there.")
    }
  }

  private func ask(as profile: DeviceProfile) async throws -> String? {
    var answer: String?
    let scanners = USBScanners(profiles: [], adopted: [device: .read(profile.asUnknown)])
    // A claim is tried for some seconds, an answer awaited for three.
    try await scanners.follow(for: .seconds(12)) { event in
      try scanners.requireReach(of: device, event)
      guard case .changed(let found) = event, found.id == device else { return .more }
      answer = found.identity
      return found.identity != nil || found.state == .silent ? .enough : .more
    }
    return answer
  }
}

/// How a device is asked whether it is a reader of a kind.
private struct ReaderQuestion: Hashable {
  let bytes: [UInt8]
  let line: SerialLine?

  init?(_ profile: DeviceProfile) throws {
    guard profile.readerModel != nil else { return nil }
    var conversation = try profile.asUnknown.deviceProtocol.conversation(deviceID: "")
    guard case .send(let bytes)? = conversation?.start(at: .zero).first else { return nil }
    (self.bytes, line) = (bytes, profile.deviceProtocol.line)
  }

  /// Profiles of readers that are asked alike, those first that come first.
  static func families(of profiles: [DeviceProfile]) throws -> [[DeviceProfile]] {
    var order: [ReaderQuestion] = []
    var families: [ReaderQuestion: [DeviceProfile]] = [:]
    for profile in profiles {
      guard let question = try ReaderQuestion(profile) else { continue }
      if families[question] == nil { order.append(question) }
      families[question, default: []].append(profile)
    }
    return order.compactMap { families[$0] }
  }
}

extension DeviceProfile {
  fileprivate var readerModel: UHFReaderModel? {
    if case .reader(let model, _, _) = deviceProtocol { model } else { nil }
  }

  /// The same, of a device that is asked who it is and nothing else.
  fileprivate var asUnknown: DeviceProfile {
    guard case .reader(let model, let line, _) = deviceProtocol else { return self }
    return DeviceProfile(
      id: id, name: name, usb: usb, interface: interface, claim: claim,
      protocol: .reader(model, line, ReaderSettings(isUnknown: true)))
  }
}
