import Foundation
import LabelDesign

extension PrinterProfile {
  /// Reads the profile in a folder.
  ///
  /// - Throws: `DeviceProfileFault`, naming file and line.
  public init(folder path: String) throws(DeviceProfileFault) {
    let file = path + "/profile.yaml"
    let yaml: String
    do {
      yaml = try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      throw DeviceProfileFault(file: file, line: nil, message: "cannot be read: \(error.localizedDescription)")
    }
    try self.init(yaml: yaml, id: String(path.split(separator: "/").last ?? ""), file: file)
  }

  /// The profiles in the folders of a folder, ordered by name.
  ///
  /// - Throws: `DeviceProfileFault` for the first that cannot be used.
  public static func all(in path: String) throws(DeviceProfileFault) -> [PrinterProfile] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw DeviceProfileFault(file: path, line: nil, message: "cannot be listed: \(error.localizedDescription)")
    }
    var profiles: [PrinterProfile] = []
    for name in names.sorted() where !name.hasPrefix(".") && !name.contains(".") {
      profiles.append(try PrinterProfile(folder: path + "/" + name))
    }
    return profiles
  }

  /// The profiles that come with the program.
  ///
  /// - Throws: `DeviceProfileFault` when the program was installed without them.
  public static func shipped() throws(DeviceProfileFault) -> [PrinterProfile] {
    try all(in: Bundle.module.bundlePath + "/printers")
  }
}
