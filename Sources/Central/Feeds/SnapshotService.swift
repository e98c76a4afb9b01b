import CentralStore
import Logging
import ServiceLifecycle

/// Makes a new snapshot when the log has grown enough: by `growth` entries and by an eighth of what is in the last one, so that
/// what a new station must fetch behind it stays small beside it.
struct SnapshotService: Service {
  let shelf: SnapshotShelf
  let store: any CentralStore
  /// Entries that are worth a snapshot.
  let growth: Int
  let logger: Logger

  private static let pause = Duration.seconds(20)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await makeIfDue()
        } catch {
          // Stations can do without it: they fetch the log instead.
          if !Task.isCancelled { logger.error("no snapshot could be made", metadata: ["error": "\(error)"]) }
        }
        do { try await Task.sleep(for: Self.pause) } catch { return }
      }
    }
  }

  /// Makes one if the log has grown enough since the last.
  func makeIfDue() async throws {
    let size = Int64(clamping: try await store.head().checkpoint.size)
    let last = Int64(clamping: shelf.newest?.manifest.size ?? 0)
    guard size - last >= Int64(growth), size - last >= last / 8 else { return }
    if let made = try await shelf.make() {
      logger.notice(
        "snapshot made", metadata: ["size": "\(made.manifest.size)", "bytes": "\(made.manifest.length)"])
    }
  }
}
