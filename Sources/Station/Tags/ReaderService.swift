import CustodyLedger
import Logging
import ReaderNetwork
import ServiceLifecycle
import Synchronization

/// Runs one reader on the network and hands what it reads to the station's tags. A reader that fails costs a log line and a
/// red lamp, never the station or another reader.
final class ReaderService: Service {
  private let core: StationCore
  private let reader: NetworkReader
  /// What was told of it last.
  private let told = Mutex(ReaderStatus())

  init(core: StationCore, reader: NetworkReader) {
    self.core = core
    self.reader = reader
  }

  func run() async throws {
    await cancelWhenGracefulShutdown { [self] in
      await reader.run { [core, reader] event in
        switch event {
        case .reads(let reads): core.tags.take(reads, from: reader.name)
        case .interrupted: core.tags.interrupt(reader: reader.name)
        case .status(let status): self.tell(status)
        }
      }
    }
    try await gracefulShutdown()
  }

  private func tell(_ status: ReaderStatus) {
    let isNews = told.withLock { told in
      defer { told = status }
      return told.phase != status.phase || told.reason != status.reason
    }
    guard isNews else { return }
    let metadata: Logger.Metadata = ["reader": "\(reader.name)", "address": "\(reader.address)"]
    if let reason = status.reason {
      core.logger.warning(
        "reader fault", metadata: metadata.merging(["message": "\(reason)", "remedy": "\(status.remedy ?? "")"]) { $1 })
    } else {
      core.logger.notice("reader \(status.phase.rawValue)", metadata: metadata)
    }
    do {
      let bytes = try CanonicalEncoder().encode(["readers": core.readers.map { ReaderResource($0) }], limit: .max)
      core.live.publish("status", bytes)
      core.tagsLive.publish("reader", bytes)
    } catch {
      core.logger.error("pages could not be told of a reader", metadata: ["error": "\(error)"])
    }
  }
}
