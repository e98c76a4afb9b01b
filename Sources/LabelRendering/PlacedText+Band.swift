import LabelDesign

extension PlacedText {
  /// Whether its line may reach into a stretch of the page's height, in millimetres. Where it is turned, its length is unknown, and
  /// the answer yes.
  func mayReach(_ band: ClosedRange<Double>) -> Bool {
    guard transform.b == 0, transform.c == 0 else { return true }
    // DejaVu reaches from 0.24 em below the baseline to 0.94 above; accents stack further.
    let em = (runs.map(\.size).max() ?? 0) * transform.d.magnitude
    let baseline = transform.d * y + transform.f
    return baseline + 2 * em >= band.lowerBound && baseline - 2 * em <= band.upperBound
  }
}
