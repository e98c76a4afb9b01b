import Foundation

/// A line on standard error that is written over, if that is a terminal.
struct VerifyProgress {
  private let isShown = isatty(STDERR_FILENO) == 1
  private var shownAt = ContinuousClock.now

  /// Shows `text` with the share that is done, at most five times a second.
  mutating func show(_ text: @autoclosure () -> String, done: Int, of total: Int?) {
    guard isShown, shownAt.duration(to: .now) > .milliseconds(200) else { return }
    shownAt = .now
    let share = total.flatMap { $0 > 0 ? " (\(min(100, done * 100 / $0)) %)" : nil } ?? ""
    write("\r\u{1B}[K\(text())\(share)")
  }

  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.tell(text)
  }
}
