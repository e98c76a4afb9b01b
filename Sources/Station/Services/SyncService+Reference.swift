import Foundation
import StationStore
import StationSync
import SyncProtocol

extension SyncService {
  /// How often the centre is asked what became of its people, places and orders.
  private static let referencePause = Duration.seconds(5)

  /// One turn of keeping the centre's people, places and orders here, so that they are known when it cannot be reached.
  func referenceTurn(
    _ backoff: inout SyncBackoff, using random: inout some RandomNumberGenerator
  ) async throws -> SyncPause {
    do {
      let more = try await takeReference()
      backoff.succeeded()
      return more ? .none : .time(Self.referencePause)
    } catch {
      guard !(error is CancellationError), !Task.isCancelled else { throw CancellationError() }
      var retryAfter: Duration?
      if case SyncError.busy(_, let wait) = error { retryAfter = wait }
      let pause = backoff.failed(retryAfter: retryAfter, using: &random)
      // That the centre cannot be reached is told by the push and the pull; an older one has none of this.
      if client.centreIsOlder, backoff.failures == 1 {
        core.logger.warning(
          "the centre is of an older version than this station",
          metadata: ["remedy": "Bring it up to date: until then it gives no people, no snapshot, and takes no files."])
      }
      if !(error is SyncError), backoff.failures == 1 {
        core.logger.error("the centre's reference data is not taken", metadata: ["error": "\(error)"])
      }
      return .time(pause)
    }
  }

  /// Takes in one page; tells whether more follows.
  func takeReference() async throws -> Bool {
    let version = try await core.store.read { try $0.referenceVersion() } ?? 0
    let page = try await client.reference(after: version)
    if let pepper = page.pepper {
      guard let bytes = Data(base64Encoded: pepper) else {
        throw SyncError.protocol(reason: "its pepper is no base64")
      }
      try core.store.keep(centrePepper: Array(bytes))
    }
    guard page.version > version else { return false }
    try await core.store.write { try $0.take(page) }
    core.live.publish("status", Array(#"{"reference":true}"#.utf8))
    return page.more
  }
}
