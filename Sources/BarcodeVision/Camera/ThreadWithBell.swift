import CLinux
import Glibc
import Synchronization

/// Work that blocks, on a thread of its own, and the bell that ends it: a pipe that is heard beside whatever else the work
/// waits for in poll(2).
final class ThreadWithBell: Sendable {
  private struct State {
    /// The writing end of the pipe; nil while the thread does not run.
    var bell: Int32?
    var isStopping = false
  }

  private let state = Mutex(State())

  /// Whether the work is to end.
  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Does the work, until it ends by itself or because the task was cancelled. `work` gets the descriptor that can be read
  /// from then on; nil, with the reason in `errno`, when the system has none left.
  func run(_ work: @escaping @Sendable (_ bell: Int32?) -> Void) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { ended in
        PlainThread.start { [self] in
          attend(work)
          ended.resume()
        }
      }
    } onCancel: {
      state.withLock { state in
        state.isStopping = true
        // One byte into an empty pipe never blocks.
        if let bell = state.bell { _ = write(bell, [UInt8(0)], 1) }
      }
    }
  }

  private func attend(_ work: (Int32?) -> Void) {
    var (heard, bell): (Int32, Int32) = (-1, -1)
    guard custody_pipe(&heard, &bell) == 0 else { return work(nil) }
    state.withLock { $0.bell = bell }
    work(heard)
    // Under the lock, so that nobody rings a bell whose number was given to another file.
    state.withLock { state in
      state.bell = nil
      close(heard)
      close(bell)
    }
  }
}
