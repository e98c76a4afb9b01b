/// A way to show a frame to a decoder.
enum View: String, CaseIterable, Sendable {
  case plain, equalized, thresholded, parted, inverted, invertedEqualized, sharpened, smoothed
  case turned15, turnedBack15, turned30, turnedBack30, turned45, thresholdedTurned15
  case doubled, doubledEqualized
  case halved, quartered

  /// The frame as this view shows it, and where its pixels lie in the frame; `nil` when the frame is too small for it.
  func picture(of frame: GrayFrame) -> (frame: GrayFrame, toOriginal: PlaneMap)? {
    let half = PlaneMap(scale: 0.5)
    switch self {
    case .plain: return (frame, .identity)
    case .equalized: return (frame.locallyEqualized(), .identity)
    case .thresholded: return (frame.locallyThresholded(), .identity)
    case .parted: return (frame.globallyThresholded(), .identity)
    case .inverted: return (frame.inverted(), .identity)
    case .invertedEqualized: return (frame.locallyEqualized().inverted(), .identity)
    case .sharpened: return (frame.sharpened(), .identity)
    case .smoothed: return (frame.smoothed(), .identity)
    case .turned15: return frame.rotated(byDegrees: 15)
    case .turnedBack15: return frame.rotated(byDegrees: -15)
    case .turned30: return frame.rotated(byDegrees: 30)
    case .turnedBack30: return frame.rotated(byDegrees: -30)
    case .turned45: return frame.rotated(byDegrees: 45)
    case .thresholdedTurned15: return frame.locallyThresholded().rotated(byDegrees: 15)
    case .doubled: return (frame.doubled(), half)
    case .doubledEqualized: return (frame.locallyEqualized().doubled(), half)
    case .halved: return frame.halved().map { ($0, PlaneMap(scale: 2)) }
    case .quartered: return frame.halved()?.halved().map { ($0, PlaneMap(scale: 4)) }
    }
  }

  /// How many pixels the view has for each of the frame.
  var magnification: Double {
    switch self {
    case .doubled, .doubledEqualized: 4
    case .turned45: 2
    case .turned15, .turnedBack15, .thresholdedTurned15: 1.5
    case .turned30, .turnedBack30: 1.9
    case .halved: 0.25
    case .quartered: 0.0625
    case .plain, .equalized, .thresholded, .parted, .inverted, .invertedEqualized, .sharpened, .smoothed:
      1
    }
  }

  /// What the view does to gray values. Two views of one kind repeat each other's mistakes and are one witness.
  var tone: Tone {
    switch self {
    case .plain, .doubled, .halved, .quartered, .turned15, .turnedBack15, .turned30, .turnedBack30, .turned45,
      .smoothed, .inverted:
      .asIs
    case .equalized, .invertedEqualized, .doubledEqualized: .equalized
    case .thresholded, .thresholdedTurned15: .thresholded
    case .sharpened: .sharpened
    case .parted: .parted
    }
  }

  /// What becomes of gray values.
  enum Tone: Sendable, Hashable { case asIs, equalized, thresholded, sharpened, parted }

  /// Whether fine lines stay whole. Where they may be broken or merged, a single reading of a symbology with one check
  /// digit proves nothing.
  var keepsDetail: Bool {
    switch self {
    case .plain, .equalized, .inverted, .invertedEqualized, .doubled, .doubledEqualized, .turned45: true
    default: false
    }
  }
}
