import Foundation
import ScannerProtocols

/// A folder of `devices/`: a profile, and where there are any, bytes of the device and what they must be read as.
public struct DeviceFolder: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// Its `profile.yaml`.
  public let profile: DeviceProfile
  /// Its `report-descriptor.hex`; nil without one.
  public let reportDescriptor: [UInt8]?
  /// Its `capture.hex`, one element a line: what one transfer brought. Empty without one.
  public let capture: [[UInt8]]
  /// Its `reads.jsonl`: what the capture must give, as `custody devices decode` prints it.
  public let reads: [String]

  /// Reads a folder.
  ///
  /// - Throws: `DeviceProfileFault`, naming file and line.
  public init(path: String) throws(DeviceProfileFault) {
    self.path = path
    let id = String(path.split(separator: "/").last ?? "")
    let file = path + "/profile.yaml"
    guard let yaml = try Self.text(file) else {
      throw DeviceProfileFault(file: file, line: nil, message: "is missing")
    }
    profile = try DeviceProfile(yaml: yaml, id: id, file: file)
    reportDescriptor = try Self.bytes(path + "/report-descriptor.hex")?.flatMap { $0 }
    capture = try Self.bytes(path + "/capture.hex") ?? []
    reads = try Self.text(path + "/reads.jsonl")?.split(separator: "\n").map(String.init) ?? []
  }

  /// The folders in a folder, ordered by name; those whose name begins with a dot are left out.
  ///
  /// - Throws: `DeviceProfileFault` when it cannot be listed.
  static func places(in path: String) throws(DeviceProfileFault) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw DeviceProfileFault(file: path, line: nil, message: "cannot be listed: \(error.localizedDescription)")
    }
    return names.sorted().filter { !$0.hasPrefix(".") }.map { path + "/" + $0 }.filter { place in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) && isFolder.boolValue
    }
  }

  /// The folders that come with the program.
  ///
  /// - Throws: `DeviceProfileFault` when the program was installed without them.
  public static func shipped() throws(DeviceProfileFault) -> [DeviceFolder] {
    var folders: [DeviceFolder] = []
    for place in try places(in: Bundle.module.bundlePath + "/devices") { folders.append(try DeviceFolder(path: place)) }
    return folders
  }

  /// A report descriptor from a file like `report-descriptor.hex`.
  ///
  /// - Throws: `DeviceProfileFault`, naming the line.
  public static func reportDescriptor(file: String) throws(DeviceProfileFault) -> [UInt8] {
    guard let lines = try bytes(file) else { throw DeviceProfileFault(file: file, line: nil, message: "is missing") }
    return lines.flatMap { $0 }
  }

  private static func text(_ file: String) throws(DeviceProfileFault) -> String? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      return try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      throw DeviceProfileFault(file: file, line: nil, message: "cannot be read: \(error.localizedDescription)")
    }
  }

  /// Hexadecimal digits, blanks between bytes as one likes, a comment from `#` on; lines without a byte are left out.
  private static func bytes(_ file: String) throws(DeviceProfileFault) -> [[UInt8]]? {
    guard let text = try text(file) else { return nil }
    var lines: [[UInt8]] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let digits = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      let nibbles = digits.compactMap(\.hexDigitValue)
      guard nibbles.count == digits.count, nibbles.count.isMultiple(of: 2) else {
        throw DeviceProfileFault(file: file, line: index + 1, message: "want pairs of hexadecimal digits")
      }
      guard !nibbles.isEmpty else { continue }
      lines.append(stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) })
    }
    return lines
  }
}
