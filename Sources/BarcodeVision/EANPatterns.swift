import Glibc

/// What the parts of an EAN-13 symbol look like when blurred: 95 modules, bars dark (ISO/IEC 15420).
enum EANPatterns {
  /// Samples per module.
  static let samples = 4
  /// Samples that a digit is compared over: its seven modules, and half a module on either side.
  static let window = 32

  /// The seven modules of a digit of the left half with odd parity (set A); 1 is dark.
  private static let odd: [[Float]] = [
    [0, 0, 0, 1, 1, 0, 1], [0, 0, 1, 1, 0, 0, 1], [0, 0, 1, 0, 0, 1, 1], [0, 1, 1, 1, 1, 0, 1], [0, 1, 0, 0, 0, 1, 1],
    [0, 1, 1, 0, 0, 0, 1], [0, 1, 0, 1, 1, 1, 1], [0, 1, 1, 1, 0, 1, 1], [0, 1, 1, 0, 1, 1, 1], [0, 0, 0, 1, 0, 1, 1],
  ]
  /// Which digits of the left half have even parity (set B), by the first digit, which has no bars of its own.
  static let evenOfFirst: [[Bool]] = [
    "000000", "001011", "001101", "001110", "010011", "011001", "011100", "010101", "010110", "011010",
  ].map { $0.map { $0 == "1" } }

  /// The blurs that are tried: standard deviations in modules.
  static let blurs: [Float] = [0.35, 0.5, 0.65, 0.8, 1.0, 1.25]

  /// The looks of all digits under one blur, each 32 samples with mean 0 and length 1.
  struct Set: Sendable {
    /// Left half: ten of set A, then ten of set B.
    var left: [Look] = []
    /// Right half: set C.
    var right: [Look] = []
    /// The start of the symbol, from four modules before it; its middle, from its left neighbour on; its end.
    var start: Look
    var middle: Look
    var end: Look
  }

  /// 32 samples, in lanes.
  struct Look: Sendable {
    var a: SIMD16<Float>
    var b: SIMD16<Float>

    /// Likeness with equally many samples, -1 to 1, whatever their brightness and contrast.
    @inline(__always)
    func likeness(_ a: SIMD16<Float>, _ b: SIMD16<Float>, length: Float) -> Float {
      ((self.a * a) + (self.b * b)).sum() / length
    }
  }

  static let sets: [Set] = blurs.map { blur in
    var left: [Look] = []
    for even in [false, true] {
      for digit in odd {
        // Set B is set C read backwards, and C is A with light and dark exchanged.
        let modules = even ? digit.reversed().map { 1 - $0 } : digit
        left.append(look([0.5, 1] + modules + [0, 0.5], from: 1.5, blur))
      }
    }
    let right = odd.map { look([0.5, 0] + $0.map { 1 - $0 } + [1, 0.5], from: 1.5, blur) }
    return Set(
      left: left, right: right,
      start: look([0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0.5], from: 2, blur),
      middle: look([0.5, 1, 0, 1, 0, 1, 0, 1, 0.5, 0.5, 0.5], from: 1, blur),
      end: look([0.5, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], from: 1, blur))
  }

  /// Start and end under a middling blur, for a first glance.
  static let glance = (start: sets[2].start, end: sets[2].end)

  /// Eight modules from module `from` on, after blurring.
  private static func look(_ modules: [Float], from: Float, _ blur: Float) -> Look {
    var values = (0..<window).map { sample -> Float in
      let centre = from + (Float(sample) + 0.5) / Float(samples)
      var sum: Float = 0
      for (index, module) in modules.enumerated() {
        // The share of the blur that falls into this module; beyond the ends it goes on as at the ends.
        let low = index == 0 ? -Float.infinity : Float(index) - centre
        let high = index == modules.count - 1 ? Float.infinity : Float(index + 1) - centre
        sum += module * (below(high / blur) - below(low / blur))
      }
      return -sum
    }
    let mean = values.reduce(0, +) / Float(window)
    let length = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
    values = values.map { ($0 - mean) / length }
    return Look(a: SIMD16(values[..<16]), b: SIMD16(values[16...]))
  }

  /// The normal distribution's share below `x`.
  private static func below(_ x: Float) -> Float {
    x == .infinity ? 1 : x == -.infinity ? 0 : 0.5 * erfcf(-x / Float(2).squareRoot())
  }
}
