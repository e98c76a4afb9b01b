import ServiceLifecycle
import StationStore

/// Makes the index for searching where there is none, and brings it up to date when the station starts.
struct SearchIndexService: Service {
  let core: StationCore

  func run() async throws {
    await cancelWhenGracefulShutdown {
      do {
        try await core.store.keepSearchIndex()
      } catch is CancellationError {
        // The station stops: what is not in the index yet is taken in at the next start.
      } catch {
        // Searches look through all assets then; nothing else stands on it.
        core.logger.error("the search index cannot be made", metadata: ["error": "\(error)"])
      }
    }
  }
}
