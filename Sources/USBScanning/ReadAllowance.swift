/// How fast one device is read.
///
/// A device that is read more slowly has to wait, and loses nothing: it keeps its reports until it is asked. A scanner on
/// a full-speed port cannot send more than 1,000 reports a second, so only a babbling device meets the limit.
struct ReadAllowance {
  /// Reports that may come at once.
  static let burst = 4_000.0
  /// Reports a second that may come for ever.
  static let rate = 1_200.0
  /// A device that was stopped goes on when it may send this many.
  static let resume = 200.0

  private var credit = burst

  /// Takes one report's worth; false when there is none left.
  mutating func take() -> Bool {
    guard credit >= 1 else { return false }
    credit -= 1
    return true
  }

  /// Makes the device wait now.
  mutating func drain() { credit = 0 }

  mutating func refill(after elapsed: Duration) {
    credit = min(Self.burst, credit + elapsed / .seconds(1) * Self.rate)
  }

  var mayResume: Bool { credit >= Self.resume }

  /// How long until `mayResume`.
  var untilResume: Duration { .seconds(max(0, Self.resume - credit) / Self.rate) }
}
