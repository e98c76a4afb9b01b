/// How long a printer that takes nothing is left alone before it is asked again: a second, twice as long each time, half a minute at
/// most.
struct PrintBackoff {
  private(set) var failures = 0
  private static let ceiling = Duration.seconds(30)

  mutating func succeeded() { failures = 0 }

  /// It took nothing once more; gives back how long to wait.
  mutating func failed() -> Duration {
    defer { failures += 1 }
    return min(.seconds(1 << min(failures, 5)), Self.ceiling)
  }
}
