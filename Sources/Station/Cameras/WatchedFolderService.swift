import AsyncAlgorithms
import BarcodeVision
import Logging
import ServiceLifecycle

/// Watches a folder and hands the pictures that are put into it to the desk, one after the other.
struct WatchedFolderService: Service {
  let core: StationCore
  let folder: WatchedFolder

  /// What there is to do.
  private enum Turn {
    case picture(String)
    /// See whether the desk is ready for a picture that waits.
    case look
  }

  /// How often the desk is looked at while a picture waits: long enough that what came of the one before is seen.
  private static let lookInterval = Duration.seconds(2)

  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await cancelWhenGracefulShutdown {
          await folder.run { error in tell(error) }
        }
      }
      let (turns, mailbox) = AsyncStream.makeStream(of: Turn.self)
      group.addTask {
        for await name in folder.names { mailbox.yield(.picture(name)) }
        mailbox.finish()
      }
      group.addTask {
        let beats = AsyncTimerSequence(interval: Self.lookInterval, clock: .continuous)
        for await _ in beats.cancelOnGracefulShutdown() { mailbox.yield(.look) }
      }
      group.addTask {
        var queue = WatchedFolderQueue(core: core, folder: folder)
        for await turn in turns {
          switch turn {
          case .picture(let name): await queue.come(name)
          case .look: await queue.look()
          }
        }
      }
      await group.waitForAll()
    }
    try await gracefulShutdown()
  }

  /// Says in the log and on every page that the folder is gone, or that it is back.
  private func tell(_ error: WatchedFolderError?) {
    let note = error.map { error in
      LensNote(kind: .fault, words: "The watched folder is gone: \(error)", remedy: error.remedy)
    }
    if let error {
      core.logger.warning("watched folder", metadata: ["message": "\(error)", "remedy": "\(error.remedy)"])
    }
    guard core.desk.note(note, for: WatchedFolderQueue.lens + ".fault") else { return }
    if error == nil { core.logger.notice("watched folder is back", metadata: ["folder": "\(folder.path)"]) }
    core.publishDesk()
  }
}
