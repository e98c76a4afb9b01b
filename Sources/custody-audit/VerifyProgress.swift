import Foundation

/// A line on standard error that is written over, if that is a terminal.
struct VerifyProgress {
  /// The file's size in bytes, if it has one.
  var total: Int?

  private let isShown = isatty(STDERR_FILENO) == 1
  private var bytes = 0
  private var shownAt = ContinuousClock.now

  mutating func advance(bytes count: Int, entries: Int) {
    bytes += count
    guard isShown, shownAt.duration(to: .now) > .milliseconds(200) else { return }
    shownAt = .now
    let share = total.flatMap { $0 > 0 ? " (\(min(100, bytes * 100 / $0)) %)" : nil } ?? ""
    write("\r\u{1B}[K\(entries) entries verified\(share)")
  }

  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.tell(text)
  }
}
