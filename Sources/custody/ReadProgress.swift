import Foundation

/// How far a run over many pictures has come: a line on standard error that is written over, if that is a terminal and the
/// results do not go there too.
struct ReadProgress {
  private let isShown = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0
  private let start = ContinuousClock.now
  private var shownAt = ContinuousClock.now
  private var pictures = 0
  private var symbols = 0

  /// Notes a picture with so many symbols; `total` is how many pictures there are, if that is known.
  mutating func advance(symbols count: Int, of total: Int?) {
    pictures += 1
    symbols += count
    guard isShown, shownAt.duration(to: .now) > .milliseconds(200) else { return }
    shownAt = .now
    let rate = Int(Double(pictures) / (start.duration(to: .now) / .seconds(1)))
    let share = total.map { " of \($0)" } ?? ""
    write("\r\u{1B}[K\(pictures)\(share) pictures, \(symbols) symbols, \(rate) pictures/s")
  }

  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
