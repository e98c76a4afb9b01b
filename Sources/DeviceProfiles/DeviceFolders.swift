import Foundation
import ScannerProtocols

/// Every device folder that a program knows: those of its owner, and those that come with it.
public struct DeviceFolders: Sendable {
  /// The owner's first: of two profiles that claim one device, the first counts. No two have one name.
  public let all: [DeviceFolder]
  /// The owner's folders that cannot be used, and why; the others count all the same.
  public let faults: [DeviceProfileFault]

  /// Their profiles, in order.
  public var profiles: [DeviceProfile] { all.map(\.profile) }

  /// Reads the folders.
  ///
  /// - Parameter own: the owner's: a folder of device folders, or one device folder; nil without any. One of the name of a shipped
  ///   folder takes its place.
  /// - Throws: `DeviceProfileFault` when the program was installed without its own folders, or one of those cannot be used.
  public init(own path: String? = nil) throws(DeviceProfileFault) {
    let shipped = try DeviceFolder.shipped()
    var own: [DeviceFolder] = []
    var faults: [DeviceProfileFault] = []
    func take(_ read: () throws(DeviceProfileFault) -> [DeviceFolder]) {
      do throws(DeviceProfileFault) { own += try read() } catch { faults.append(error) }
    }
    if let path {
      if FileManager.default.fileExists(atPath: path + "/profile.yaml") {
        take { () throws(DeviceProfileFault) in [try DeviceFolder(path: path)] }
      } else {
        var places: [String] = []
        do throws(DeviceProfileFault) { places = try DeviceFolder.places(in: path) } catch { faults.append(error) }
        for place in places { take { () throws(DeviceProfileFault) in [try DeviceFolder(path: place)] } }
      }
    }
    let names = Set(own.map(\.profile.id))
    all = own + shipped.filter { !names.contains($0.profile.id) }
    self.faults = faults
  }

  /// The folder of that name.
  public func folder(_ id: String) -> DeviceFolder? { all.first { $0.profile.id == id } }
}
