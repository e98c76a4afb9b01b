/// One look at a frame: a view of it, and the engine that looks.
struct Rung: Sendable, Equatable {
  init(view: View, engine: Engine) {
    self.view = view
    self.engine = engine
  }

  /// What is shown.
  let view: View
  /// Who looks.
  let engine: Engine
  /// Whether it is worth its time only when something was seen that needs a second witness.
  private(set) var isOnlyInDoubt = false

  /// The engines with their settings.
  enum Engine: Sendable, Equatable {
    /// zxing-cpp, which takes up to `most` symbols, one after the other.
    case zxing(most: UInt32)
    /// The same for many symbols; behind the first it looks only for bars, since ``zxingPatches`` will follow.
    case zxingThenBars
    /// zxing-cpp, which looks for rows of bars alone; half the time.
    case zxingBars
    /// zxing-cpp, which looks for Data Matrix, Aztec and QR alone; a third of the time.
    case zxingMatrices
    /// zxing-cpp with one threshold for the whole picture.
    case zxingParted
    /// zxing-cpp at its fastest: upright, and every tenth line or so.
    case zxingGlance
    /// zxing-cpp at what looks like matrix symbols that nothing has read yet: see ``GrayFrame/patches(outside:most:)``.
    case zxingPatches
    /// zbar with its scan lines so many pixels apart.
    case zbar(density: Int32)
    /// ``BlurredEAN``.
    case blurredEAN
  }

  /// Whether zxing-cpp looks.
  var isZXing: Bool {
    switch engine {
    case .zxing, .zxingThenBars, .zxingBars, .zxingMatrices, .zxingParted, .zxingGlance, .zxingPatches: true
    case .zbar, .blurredEAN: false
    }
  }

  /// Its name in the output: the view, and what is special about the look.
  var name: String {
    switch engine {
    case .zxing, .zxingThenBars: view.rawValue
    case .zxingBars: view.rawValue + "/bars"
    case .zxingMatrices: view.rawValue + "/matrices"
    case .zxingParted: view.rawValue + "/parted"
    case .zxingGlance: view.rawValue + "/glance"
    case .zxingPatches: view.rawValue + "/patches"
    case .blurredEAN: view.rawValue + "/blurred"
    case .zbar(let density): density == 1 ? view.rawValue : view.rawValue + "/\(density)"
    }
  }

  /// What it costs, in nanoseconds per pixel of the frame; measured once, so that the same picture always gets the same
  /// looks, however busy the machine is.
  var cost: Double {
    let look: Double =
      switch engine {
      case .zxing, .zxingThenBars, .zxingParted: 11
      case .zxingBars: 6
      case .zxingMatrices: 4
      case .zxingGlance: 5
      case .zxingPatches: 2
      case .blurredEAN: 18
      case .zbar(let density): density == 1 ? 26 : 26 / Double(density) * 1.05
      }
    let making: Double =
      switch view {
      case .plain: 0
      case .halved, .quartered, .inverted: 0.3
      case .parted: 1
      case .thresholded, .turned15, .turnedBack15, .turned30, .turnedBack30, .turned45: 4
      case .equalized, .invertedEqualized: 5
      case .thresholdedTurned15: 8
      case .sharpened, .smoothed: 4
      case .doubled: 5
      case .doubledEqualized: 10
      }
    return look * view.magnification + making
  }
}

extension Rung {
  /// Nanoseconds that a picture that stays may cost before the ladder ends, by ``cost``: some sixty milliseconds, and for
  /// photographs of more than a megapixel a share per pixel.
  static func allowance(pixels: Int) -> Double { max(115e6, 60 * Double(pixels)) }

  /// The looks at a frame of so many pixels, in order: first what settles most pictures, then what finds most for its
  /// time. Small symbols want to be enlarged; large pictures have pixels enough, and are turned or shrunk instead.
  static func ladder(pixels: Int) -> [Rung] {
    pixels < 150_000 ? ladderOfSmall : pixels < 3_000_000 ? ladderOfMiddling : ladderOfLarge
  }

  private static func zxing(_ view: View) -> Rung { Rung(view: view, engine: .zxing(most: 1)) }
  private static func bars(_ view: View) -> Rung { Rung(view: view, engine: .zxingBars) }
  private static func matrices(_ view: View) -> Rung { Rung(view: view, engine: .zxingMatrices) }
  private static func zbar(_ view: View, _ density: Int32 = 1) -> Rung {
    Rung(view: view, engine: .zbar(density: density))
  }

  /// The first look at every picture that stays.
  static let first = Rung(view: .plain, engine: .zxingThenBars)
  /// The last look at it, whatever was found before.
  static let patches = Rung(view: .plain, engine: .zxingPatches)
  private static let blurred = Rung(view: .plain, engine: .blurredEAN)

  // The looks that find most for their time come first; those at one view follow each other, since making it costs as much
  // as a look.
  private static let ladderOfSmall = [
    first, bars(.equalized), zbar(.parted, 2), zbar(.plain, 3), zxing(.inverted), zbar(.inverted, 3), zxing(.halved),
    zxing(.doubledEqualized), zbar(.equalized, 4), matrices(.equalized), blurred, zbar(.invertedEqualized, 2),
    zxing(.invertedEqualized), zxing(.turned15), zxing(.turnedBack15), bars(.turned45), zbar(.smoothed, 2),
  ]

  private static let ladderOfMiddling = [
    first, zbar(.plain, 3).onlyInDoubt, bars(.halved), bars(.turned45), zbar(.turned45, 4), bars(.equalized),
    matrices(.equalized),
    zbar(.equalized, 4), bars(.turnedBack30), zxing(.quartered), zxing(.thresholdedTurned15), bars(.turned30), blurred,
    zbar(.parted, 2), zbar(.plain, 3), matrices(.thresholded), zbar(.sharpened, 2),
  ]

  private static let ladderOfLarge = [
    first, zxing(.quartered), zxing(.halved), zbar(.halved), zxing(.equalized), zxing(.inverted), zbar(.plain, 2),
    zxing(.turned45),
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
    case 4: [careful, patches]
    default: [glance, zbar(.turned15, isLarge ? 5 : 3)]
    }
  }

  private var onlyInDoubt: Rung {
    var rung = self
    rung.isOnlyInDoubt = true
    return rung
  }
}
