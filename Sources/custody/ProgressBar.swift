import Foundation

/// A bar on standard error while something long is done; nothing where nobody watches.
struct ProgressBar: Sendable {
  private let watched = isatty(STDERR_FILENO) == 1

  func show(_ phase: String, _ done: Int, of total: Int) {
    guard watched, total > 0 else { return }
    let width = 30
    let filled = min(width, done * width / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    FileHandle.standardError.tell("\r\u{1B}[K\(bar) \(phase) \(done) of \(total)")
  }

  func end() {
    if watched { FileHandle.standardError.tell("\r\u{1B}[K") }
  }
}
