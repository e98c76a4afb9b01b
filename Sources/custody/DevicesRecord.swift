import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols
import USBScanning

struct DevicesRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Makes a device folder of what a device sends: profile, bytes and reads.",
    discussion: """
      Scan a few labels, then Ctrl-C. The folder is complete: `custody devices profiles FOLDER` checks it, `simulate` plays it,
      and a station knows the device that is started with --device-folder and the folder that it lies in. Check name and sources in
      its profile.yaml.

      Example:
        custody devices record devices-of-ours/acme-200 --device 046d:c31c@1-1 --profile generic-keyboard --always
        custody station --data /var/lib/custody --device-folder devices-of-ours
      """)

  @Argument(help: "The folder to make.") var folder: String
  @Option(help: "The device's id, as `custody devices` lists it.") var device: String
  @Option(help: "The profile by which it is read; the one that claims it unless given.") var profile: String?
  @Option(help: "End after so many scans or tags.") var reads: Int?
  @Flag(
    help:
      "Have every such device read as soon as it is plugged in, not only where an operator says so on the page Devices."
  )
  var always = false
  @OptionGroup var known: KnownDevices

  func run() async throws {
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw Ending(2, "\(folder) is there already.", remedy: "Name a folder that is not there yet.")
    }
    let folders = try known.folders()
    let profiles = folders.profiles
    let numbers = device.split(separator: "@").first.flatMap { USBIdentifier(String($0)) }
    let chosen: DeviceProfile
    if let profile {
      chosen = try DeviceOptions.profile(profile, profiles)
    } else if let known = profiles.first(where: { profile in
      profile.claim == .always && numbers.map(profile.usb.contains) == true
    }) {
      chosen = known
    } else {
      throw ValidationError(
        "Say how the device is read: --profile, one of \(profiles.map(\.id).joined(separator: ", "))")
    }
    if always, let numbers, SerialChip(numbers) != nil {
      throw ValidationError("--always is not for \(numbers), a serial chip: anything may stand behind it.")
    }
    // A kind of device that is read unasked as it is stays so.
    let claim: DeviceProfile.Claim =
      always || (chosen.claim == .always && numbers.map(chosen.usb.contains) == true) ? .always : .adopted
    let scanners = USBScanners(profiles: [], adopted: [device: .read(chosen)], records: true)
    let recording = DeviceRecording(device: device)
    FileHandle.standardError.tell("Recording \(device) as \(chosen.id). Scan now; Ctrl-C ends.\n")
    try await scanners.follow { event in
      if case .status(.listening) = event, !scanners.devices().contains(where: { $0.id == device }) {
        FileHandle.standardError.tell("\(device) is not plugged in yet: waiting for it.\n")
      }
      return try await recording.take(event) >= (reads ?? .max) ? .enough : .more
    }
    let text = try String(
      contentsOfFile: folders.folder(chosen.id).map { $0.path + "/profile.yaml" } ?? "",
      encoding: .utf8)
    try await recording.write(to: folder, from: chosen, claim, yaml: text, numbers: numbers)
  }
}

/// What a device has sent while it was recorded.
private actor DeviceRecording {
  private let device: String
  private var details: USBDevice?
  private var reportDescriptor: [UInt8]?
  private var transfers: [[UInt8]] = []
  private var reads = 0

  init(device: String) { self.device = device }

  /// Takes what happened; how many reads there are by now.
  func take(_ event: USBScanningEvent) throws -> Int {
    switch event {
    case .attached(let found) where found.id == device: details = found
    case .recorded(device, .reportDescriptor(let bytes)): reportDescriptor = bytes
    case .recorded(device, .transfer(let bytes)): transfers.append(bytes)
    case .scan(let scan) where scan.deviceID == device:
      reads += 1
      FileHandle.standardError.tell("scan \(reads): \(scan.text)\n")
    case .tags(device, let tags):
      reads += tags.count
      FileHandle.standardError.tell("\(reads) tags\n")
    case .fault(let faulty, let message, let remedy) where faulty?.id == device || faulty == nil:
      FileHandle.standardError.tell("\(message). \(remedy)\n")
    default: break
    }
    return reads
  }

  func write(
    to folder: String, from profile: DeviceProfile, _ claim: DeviceProfile.Claim, yaml: String, numbers: USBIdentifier?
  ) throws {
    guard let details else {
      throw Ending(3, "\(device) is not plugged in.", remedy: "`custody devices` lists what is.")
    }
    guard !transfers.isEmpty else {
      throw Ending(
        1, "The device has sent nothing; no folder was made.",
        remedy: "Scan while it is recorded; custody devices doctor says what is wrong.")
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func save(_ name: String, _ text: String) throws {
      try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
    let today = String(ISO8601DateFormatter().string(from: Date()).prefix(10))
    try save("profile.yaml", Self.profile(yaml, profile, claim, details, numbers, today))
    try save(
      "capture.hex",
      "# What \(details.name) sent on \(today), a line for each transfer.\n"
        + transfers.map { Self.digits($0) + "\n" }.joined())
    if let reportDescriptor { try save("report-descriptor.hex", Self.digits(reportDescriptor) + "\n") }
    var decoder = try CaptureDecoder(profile, reportDescriptor: reportDescriptor)
    let reads = transfers.flatMap { decoder.receive($0) } + decoder.end()
    try save("reads.jsonl", try reads.map { try $0.jsonLine() + "\n" }.joined())
    try Running.answer("\(folder): \(transfers.count) transfers, \(reads.count) reading(s)")
  }

  /// The profile that it was read by, for this one kind of device.
  private static func profile(
    _ yaml: String, _ profile: DeviceProfile, _ claim: DeviceProfile.Claim, _ device: USBDevice,
    _ numbers: USBIdentifier?, _ today: String
  ) -> String {
    let maker = [device.manufacturer, device.product].compactMap(\.self).joined(separator: " ")
    var lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // The sections of settings stay; what is of the other device goes.
    var kept: [String] = []
    var isSkipping = false
    for line in lines {
      if let first = line.first, !first.isWhitespace {
        isSkipping = ["name:", "usb:", "claim:", "notes:", "sources:"].contains { line.hasPrefix($0) }
      }
      if !isSkipping, !line.isEmpty { kept.append(line) }
    }
    lines = ["name: \(quoted(maker.isEmpty ? profile.name : maker))"]
    if let numbers { lines.append("usb: [\(numbers)]") }
    lines.append("claim: \(claim.rawValue)")
    lines += kept
    lines += ["sources:", "  - \(quoted("recorded from \(device.id) on \(today)"))"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text as YAML takes it, whatever it contains.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func digits(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
