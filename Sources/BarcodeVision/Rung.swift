/// One look at a frame: a view of it, and the engine that looks.
struct Rung: Sendable, Equatable {
  /// What is shown.
  let view: View
  /// Who looks.
  let engine: Engine

  /// The engines with their settings.
  enum Engine: Sendable, Equatable {
    /// zxing-cpp, which takes up to `most` symbols, one after the other.
    case zxing(most: UInt32)
    /// zxing-cpp with one threshold for the whole picture.
    case zxingParted
    /// zxing-cpp at its fastest: upright, and every tenth line or so.
    case zxingGlance
    /// zbar with its scan lines so many pixels apart.
    case zbar(density: Int32)
  }

  /// Whether zxing-cpp looks.
  var isZXing: Bool {
    if case .zbar = engine { false } else { true }
  }

  /// Its name in the output: the view, and what is special about the look.
  var name: String {
    switch engine {
    case .zxing: view.rawValue
    case .zxingParted: view.rawValue + "/parted"
    case .zxingGlance: view.rawValue + "/glance"
    case .zbar(let density): density == 1 ? view.rawValue : view.rawValue + "/\(density)"
    }
  }

  /// What it costs, in nanoseconds per pixel of the frame; measured once, so that the same picture always gets the same
  /// looks, however busy the machine is.
  var cost: Double {
    let look: Double =
      switch engine {
      case .zxing, .zxingParted: 11
      case .zxingGlance: 5
      case .zbar(let density): density == 1 ? 26 : 26 / Double(density) * 1.05
      }
    let making: Double =
      switch view {
      case .plain: 0
      case .halved, .quartered, .inverted, .padded: 0.3
      case .parted: 1
      case .thresholded, .turned15, .turnedBack15, .turned45: 4
      case .equalized: 5
      case .doubled: 14
      case .doubledThresholded, .doubledTurned45: 28
      case .doubledEqualized: 32
      }
    return look * view.magnification + making
  }
}

extension Rung {
  /// Nanoseconds that a picture that stays may cost before the ladder ends, by ``cost``: as much as a photograph of half
  /// a megapixel needs for all of it, and for larger ones a share per pixel.
  static func allowance(pixels: Int) -> Double { max(45e6, 70 * Double(pixels)) }

  /// Pixels of a frame above which doubling it costs more than it finds: such a picture has enough of them.
  private static let enoughPixels = 3_000_000

  /// The looks at a frame of so many pixels, in order: first what settles most pictures, then what finds most for its
  /// time.
  static func ladder(pixels: Int) -> [Rung] {
    let isLarge = pixels > enoughPixels
    return isLarge ? ladderOfLarge : ladderOfSmall
  }

  private static func zxing(_ view: View) -> Rung { Rung(view: view, engine: .zxing(most: 1)) }
  private static func zbar(_ view: View, _ density: Int32 = 1) -> Rung {
    Rung(view: view, engine: .zbar(density: density))
  }

  /// The first look at every frame.
  static let first = Rung(view: .plain, engine: .zxing(most: 24))

  private static let ladderOfSmall = [
    first, zxing(.equalized), zbar(.plain, 2), zxing(.inverted), zxing(.thresholded),
    Rung(view: .plain, engine: .zxingParted), zxing(.doubledEqualized), zxing(.turned45), zxing(.turnedBack15),
    zxing(.turned15), zbar(.doubledEqualized, 2), zbar(.turned15), zbar(.turned45), zxing(.padded), zxing(.doubled),
    zbar(.inverted), zbar(.plain), zxing(.doubledThresholded), zxing(.doubledTurned45), zbar(.turnedBack15),
  ]

  private static let ladderOfLarge = [
    first, zxing(.halved), zbar(.halved), zxing(.equalized), zbar(.plain, 2), zxing(.inverted), zxing(.quartered),
    zxing(.thresholded), zxing(.turned45), zbar(.equalized, 2),
  ]

  /// The looks at one frame of a camera: a cheap one, and with most frames one dear one, in turn.
  ///
  /// A careful look at the frame as it is comes with every other frame; the frames between have a glance at it, and so the
  /// time for a dear look. A code that only one of the dear looks can read is met within six frames. A large frame costs
  /// most to turn, so it is turned by 45° with every twelfth.
  static func live(pixels: Int, turn: Int) -> [Rung] {
    let careful = Rung(view: .plain, engine: .zxing(most: 8))
    let glance = Rung(view: .plain, engine: .zxingGlance)
    let isLarge = pixels > 1_200_000
    return switch abs(turn % 6) {
    case 0: [careful, zbar(.plain, 3)]
    case 1: [glance, zxing(.equalized)]
    case 2: [careful, Rung(view: .inverted, engine: .zxingGlance)]
    case 3 where isLarge && turn % 12 != 9: [glance, zxing(.halved)]
    case 3: [glance, zxing(.turned45)]
    case 4: [careful]
    default: [glance, zbar(.turned15, isLarge ? 5 : 3)]
    }
  }
}
