import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols

/// The device folders that a command knows.
struct KnownDevices: ParsableArguments {
  @Option(help: ArgumentHelp(stringLiteral: Setting.deviceFolder.purpose + " A station has its own setting."))
  var deviceFolder: String?

  /// Reads them; says on standard error which of one's own cannot be used, and why.
  func folders() throws -> DeviceFolders {
    let folders = try read()
    for fault in folders.faults { FileHandle.standardError.tell("custody: device folder not used: \(fault)\n") }
    return folders
  }

  /// Reads them; the caller tells of those that cannot be used.
  func read() throws -> DeviceFolders {
    let named = deviceFolder ?? ProcessInfo.processInfo.environment[Setting.deviceFolder.variable]
    let path = named.flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0).standardizedFileURL.path }
    if let path, !FileManager.default.fileExists(atPath: path) {
      throw Ending(
        2, "The device folder \(path) is not there.",
        remedy:
          "Name a folder of device folders, or one of them, by --device-folder or \(Setting.deviceFolder.variable).")
    }
    return try DeviceFolders(own: path)
  }
}
