import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols

struct DevicesDecode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Says what captured bytes of a device mean.",
    discussion: """
      Hexadecimal digits on standard input, blanks and lines as you like, from # on a comment; one JSON line for each reading:
      kind, then text, or epc with antenna, rssi, count and the device's time. hid-pos is read as Honeywell's scanners send it unless
      a report descriptor or a profile says otherwise.

      Examples:
        echo BB02220011C9340030751FEB705C5904E3D50D703A76EF7E | custody devices decode --protocol m100
        custody devices decode --profile devices/generic-hid-pos < devices/generic-hid-pos/capture.hex
        custody devices decode --protocol hid-pos --report-descriptor descriptor.hex < capture.hex
      """)

  @Option(help: "What the device speaks: \(CaptureProtocol.allCases.map(\.rawValue).joined(separator: ", ")).")
  var `protocol`: String?
  @Option(help: ArgumentHelp("Read by a device folder, or a known profile, instead.", valueName: "FOLDER"))
  var profile: String?
  @Option(
    help: ArgumentHelp("A HID device's report descriptor, in hexadecimal; a folder's own otherwise.", valueName: "FILE")
  )
  var reportDescriptor: String?
  @Option(help: "What a keyboard types for: \(KeyboardLayout.all.map(\.name).joined(separator: ", ")); US otherwise.")
  var layout: String?
  @OptionGroup var known: KnownDevices

  func validate() throws {
    guard `protocol` != nil || profile != nil else {
      throw ValidationError("Say --protocol NAME or --profile FOLDER.")
    }
    guard layout == nil || (kind == .keyboard && profile == nil) else {
      throw ValidationError("--layout goes with --protocol keyboard; a profile says its own.")
    }
    guard reportDescriptor == nil || profile != nil || [.keyboard, .hidPOS].contains(kind) else {
      throw ValidationError("--report-descriptor is for HID devices: --protocol keyboard or hid-pos.")
    }
  }

  private var kind: CaptureProtocol? { `protocol`.flatMap(CaptureProtocol.init) }

  /// How the bytes are read.
  private func decoder() throws -> CaptureDecoder {
    let given = try reportDescriptor.map { try DeviceFolder.reportDescriptor(file: $0) }
    if let profile {
      let folder = try folder(profile)
      let spoken = folder.profile.deviceProtocol.name
      guard `protocol` == nil || `protocol` == spoken else {
        throw ValidationError("The profile \(folder.profile.id) speaks \(spoken): leave --protocol out.")
      }
      return try Self.decoder(folder.profile, given ?? folder.reportDescriptor)
    }
    guard let kind else {
      throw ValidationError(
        "--protocol wants one of \(CaptureProtocol.allCases.map(\.rawValue).joined(separator: ", ")), not "
          + (`protocol` ?? ""))
    }
    guard let layout = KeyboardLayout.named(layout ?? "US") else {
      throw ValidationError(
        "--layout wants one of \(KeyboardLayout.all.map(\.name).joined(separator: ", ")), not \(layout ?? "")")
    }
    guard let given else { return CaptureDecoder(kind, layout: layout) }
    let deviceProtocol: DeviceProtocol = kind == .keyboard ? .keyboard(.init(layout: layout)) : .hidPOS(.descriptor)
    return try Self.decoder(
      DeviceProfile(id: "capture", name: "capture", protocol: deviceProtocol), given)
  }

  private static func decoder(_ profile: DeviceProfile, _ reportDescriptor: [UInt8]?) throws -> CaptureDecoder {
    do throws(CaptureFault) {
      return try CaptureDecoder(profile, reportDescriptor: reportDescriptor)
    } catch {
      throw Ending(2, "The capture cannot be read: \(error).", remedy: "Give the device's: --report-descriptor FILE.")
    }
  }

  private func folder(_ text: String) throws -> DeviceFolder {
    let path = URL(fileURLWithPath: text).standardizedFileURL.path
    if FileManager.default.fileExists(atPath: path + "/profile.yaml") { return try DeviceFolder(path: path) }
    let folders = try known.folders()
    guard let folder = folders.folder(text) else {
      throw ValidationError(
        "\(text) is no device folder, and none of the profiles \(folders.profiles.map(\.id).joined(separator: ", "))")
    }
    return folder
  }

  func run() throws {
    var decoder = try decoder()
    var number = 0
    while let line = readLine() {
      number += 1
      let digits = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      let nibbles = digits.compactMap(\.hexDigitValue)
      guard nibbles.count == digits.count, nibbles.count.isMultiple(of: 2) else {
        throw Ending(2, "line \(number): want pairs of hexadecimal digits", remedy: "Give bytes such as 0d00 or BB 02.")
      }
      let bytes = stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
      for reading in decoder.receive(bytes) { try Running.answer(reading.jsonLine()) }
    }
    for reading in decoder.end() { try Running.answer(reading.jsonLine()) }
    let losses = decoder.losses
    if !losses.isEmpty {
      FileHandle.standardError.tell(
        losses.joined(separator: ", ") + ". If that is all there is, the capture may be of another protocol.\n")
    }
  }
}
