/// One way to look at a frame.
enum Rung: String, CaseIterable {
  case plain, doubledEqualized, doubledThresholded, doubled, equalized, thresholded, halved, inverted

  /// Pixels of a frame above which doubling it costs more than it finds: such a picture has enough of them.
  private static let enoughPixels = 3_000_000

  /// The views worth their time for this frame, in order: first the plain one, then the one that finds most.
  static func ladder(for frame: GrayFrame) -> [Rung] {
    frame.width * frame.height > enoughPixels
      ? [.plain, .halved, .equalized, .thresholded, .inverted]
      : [.plain, .doubledEqualized, .doubledThresholded, .doubled, .equalized, .thresholded, .inverted]
  }

  /// The frame as this rung shows it, or `nil` when it is too small for that.
  func view(of frame: GrayFrame) -> GrayFrame? {
    switch self {
    case .plain: frame
    case .doubled: frame.doubled()
    case .doubledEqualized: frame.doubled().locallyEqualized()
    case .doubledThresholded: frame.doubled().locallyThresholded()
    case .equalized: frame.locallyEqualized()
    case .thresholded: frame.locallyThresholded()
    case .halved: frame.halved()
    case .inverted: frame.inverted()
    }
  }

  /// Whether the view has twice the rows and columns of the frame.
  var isDoubled: Bool {
    switch self {
    case .doubled, .doubledEqualized, .doubledThresholded: true
    case .plain, .equalized, .thresholded, .halved, .inverted: false
    }
  }

  /// Whether the view is different enough from the plain one to be a second witness. Mere scaling repeats its mistakes.
  var isIndependent: Bool { self != .doubled && self != .halved }

  /// What a length in the view measures in the frame.
  var scale: Double {
    switch self {
    case .doubled, .doubledEqualized, .doubledThresholded: 0.5
    case .halved: 2
    case .plain, .equalized, .thresholded, .inverted: 1
    }
  }
}
