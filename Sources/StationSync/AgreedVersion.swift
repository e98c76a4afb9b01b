import SyncProtocol
import Synchronization

/// The version of the protocol that station and centre both speak: the station's own until an older centre says otherwise.
final class AgreedVersion: Sendable {
  private let agreed = Mutex(SyncLimits.protocolVersion)

  var version: Int { agreed.withLock { $0 } }

  func lower(to version: Int) { agreed.withLock { $0 = version } }
}

extension CentralClient {
  /// Whether the centre is of an older version than this station, which then does without what came later.
  public var centreIsOlder: Bool { agreed.version < SyncLimits.protocolVersion }

  /// Takes the newest version that both ends speak. Throws ``SyncError/protocol(reason:)`` when there is none.
  func agree(on offered: [Int]) throws(SyncError) {
    guard let version = offered.filter(SyncLimits.protocolVersions.contains).max() else {
      let isOlder = (offered.max() ?? 0) < SyncLimits.protocolVersions[0]
      throw .protocol(
        reason: "it speaks versions \(offered), this station \(SyncLimits.protocolVersions): bring the "
          + "\(isOlder ? "centre" : "station") up to the other's version")
    }
    agreed.lower(to: version)
  }

  /// The same request in a version that the centre speaks, once it has refused this one. Throws where there is none, or it had
  /// refused the very version that it offers.
  func lowering(_ request: CentralRequest) async throws(SyncError) -> CentralRequest {
    let refused = request.headers.first(name: SyncHeader.protocolVersion)
    _ = try await hello()
    guard refused != "\(agreed.version)" else {
      throw .protocol(reason: "it refuses version \(agreed.version), which it says that it speaks")
    }
    var lowered = request
    lowered.headers.replaceOrAdd(name: SyncHeader.protocolVersion, value: "\(agreed.version)")
    return lowered
  }
}
