import CentralStore
import Custody
import Logging
import ServiceLifecycle

/// Lets files go that were here for so many days and about whose assets nothing is open; that they were here stays written, and
/// events are never touched.
struct BlobRetention: Service {
  let store: any CentralStore
  let days: Int
  let now: @Sendable () -> Instant
  let logger: Logger

  private static let pause = Duration.seconds(3600)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          let count = try await dropSettled()
          if count > 0 { logger.notice("files were let go", metadata: ["count": "\(count)", "days": "\(days)"]) }
        } catch {
          if !Task.isCancelled { logger.error("files could not be let go", metadata: ["error": "\(error)"]) }
        }
        do { try await Task.sleep(for: Self.pause) } catch { return }
      }
    }
  }

  /// Lets go what is due; gives back how many.
  func dropSettled() async throws -> Int {
    let moment = now()
    let due = Instant(milliseconds: moment.milliseconds - Int64(days) * 86_400_000)
    var count = 0
    while true {
      let page = try await store.settledBlobs(before: due, limit: 100)
      for blob in page { try await store.dropBlob(blob.digest, at: moment) }
      count += page.count
      if page.count < 100 { return count }
    }
  }
}
