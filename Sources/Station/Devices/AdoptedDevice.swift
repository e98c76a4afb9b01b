import CustodyLedger
import Hummingbird
import ScannerProtocols
import StationStore

/// A device that an operator has said how to read.
public struct AdoptedDevice: Sendable, Codable {
  /// Such as `046d:c31c@1-1`.
  public let id: String
  /// The profile by which it is read.
  public let profile: String
}

extension StoreReading {
  /// What operators have adopted, plugged in or not, ordered by id.
  public func adoptedDevices() throws -> [AdoptedDevice] {
    try deviceSettings().compactMap { kept in
      let setting = try CanonicalDecoder().decode(DeviceSetting.self, from: kept.document)
      return setting.profile.map { AdoptedDevice(id: kept.device, profile: $0) }
    }
  }
}

extension LocalAPI {
  /// What operators have adopted.
  @Sendable func adoptedDevices(_ request: Request, _ context: StationContext) async throws -> Response {
    try .json(try await core.store.read { try $0.adoptedDevices() })
  }
}
