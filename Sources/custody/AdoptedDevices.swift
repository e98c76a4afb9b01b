import Foundation
import NIOCore
import ScannerProtocols
import Station
import StationStore

/// What operators of a station have adopted, by the station's data folder, whether or not it runs.
struct AdoptedDevices {
  let data: String

  /// The devices' numbers, each with what it is read as, for the udev rules.
  func read() async throws -> [(identifier: USBIdentifier, name: String)] {
    let devices: [AdoptedDevice]
    switch try StoreAccess(try await SettingFlags.parse(["--data", data]).settings(), creating: false) {
    case .running(let socket):
      var bytes = ByteBuffer()
      try await StoreAccess.request(socket: socket, path: "/local/devices/adopted") { bytes.writeImmutableBuffer($0) }
      devices = try JSONDecoder().decode([AdoptedDevice].self, from: Data(bytes.readableBytesView))
    case .folder(let store):
      devices = try await store.read { try $0.adoptedDevices() }
      try store.close()
    }
    return devices.compactMap { device in
      // A device's id begins with its numbers; one on the network has none.
      device.id.split(separator: "@").first.flatMap { USBIdentifier(String($0)) }.map {
        ($0, "adopted: \(device.id) as \(device.profile)")
      }
    }
  }
}
