import BarcodeVision

/// How much of a picture somebody drew: whether it is a signature or an empty field.
struct SignatureInk: Hashable, Sendable {
  /// Pixels darker than half.
  let pixels: Int
  /// How far they reach from left to right, pixels.
  let width: Int

  /// Fewest dark pixels, and least reach, of what is taken for a signature: more than a touch by mistake, less than a cross.
  static let leastPixels = 40
  static let leastWidth = 16

  /// The ink of a picture on white.
  init(_ frame: GrayFrame) {
    var (count, first, last) = (0, frame.width, -1)
    for (index, value) in frame.bytes.enumerated() where value < 128 {
      let column = index % frame.width
      count += 1
      first = min(first, column)
      last = max(last, column)
    }
    pixels = count
    width = max(0, last - first + 1)
  }

  /// Whether nobody signed: nothing, or hardly anything, was drawn; or everything is dark.
  func isEmpty(of frame: GrayFrame) -> Bool {
    pixels < Self.leastPixels || width < Self.leastWidth || pixels > frame.bytes.count / 2
  }
}
