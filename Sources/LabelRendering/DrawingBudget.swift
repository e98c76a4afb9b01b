import Glibc

/// How long one page may take, and in what steps it is drawn so that this can be held: librsvg cannot be interrupted, and a
/// template within all limits can ask it for thousands of fills of the whole page.
///
/// A page is drawn in bands. The first is small; as long as bands are quick, the next are larger. Counted is the processor's
/// time of the calling thread, so that a busy machine refuses nothing. A sheet of A4 at 600 dpi that is meant to be printed
/// takes a tenth of the budget.
struct DrawingBudget {
  /// Seconds of the processor for one page.
  static let seconds = 2.0
  /// Dots of the first band, and of the largest: memory stays bounded by it.
  static let dots = 60_000...4_000_000
  /// A band that took less lets the next be four times as large.
  private static let quick = 0.03

  private var spent = 0.0
  /// Dots of the next band.
  private(set) var bandDots = Self.dots.lowerBound

  /// Draws a band.
  mutating func spend(_ draw: () throws(LabelRenderingFault) -> Void) throws(LabelRenderingFault) {
    let start = Self.now()
    try draw()
    let took = Self.now() - start
    spent += took
    guard spent <= Self.seconds else { throw .tooCostly(seconds: Self.seconds) }
    bandDots = took < Self.quick ? min(bandDots * 4, Self.dots.upperBound) : max(bandDots / 2, Self.dots.lowerBound)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
