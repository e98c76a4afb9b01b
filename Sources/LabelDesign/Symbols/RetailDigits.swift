/// How the digits of an EAN or UPC symbol stand below its bars: each under the bars that say it, those at the ends beside
/// them (ISO/IEC 15420, 4.3.5; GS1 General Specifications, 5.2.5).
struct RetailDigits {
  /// A digit's place, in modules from the first bar to its middle.
  struct Digit: Hashable {
    let middle: Double
    /// The em, in modules. A digit has seven tenths of that in height, and six in width.
    let em: Double
  }

  /// The modules of the guard bars, and for UPC-A of the digits at its ends, which are as long.
  let guards: [Range<Int>]
  /// In order of the value's digits.
  let digits: [Digit]

  /// Below the bars, in modules, where the digits' feet stand.
  static let baseline = 8.5

  /// Nil for other symbologies.
  init?(_ symbology: LabelSymbology) {
    switch symbology {
    case .ean13:
      guards = [0..<3, 45..<50, 92..<95]
      digits = [Self.beside(-1)] + Self.under(3, 6) + Self.under(50, 6)
    case .ean8:
      guards = [0..<3, 31..<36, 64..<67]
      digits = Self.under(3, 4) + Self.under(36, 4)
    case .upca:
      guards = [0..<10, 45..<50, 85..<95]
      digits = [Self.beside(-1, em: 7.5)] + Self.under(10, 5) + Self.under(50, 5) + [Self.beside(95, em: 7.5)]
    case .upce:
      guards = [0..<3, 45..<51]
      digits = [Self.beside(-1, em: 7.5)] + Self.under(3, 6) + [Self.beside(51, em: 7.5)]
    default: return nil
    }
  }

  func isGuard(_ module: Int) -> Bool { guards.contains { $0.contains(module) } }

  /// Digits under seven modules each.
  private static func under(_ first: Int, _ count: Int) -> [Digit] {
    (0..<count).map { Digit(middle: Double(first) + 7 * Double($0) + 3.5, em: 10) }
  }

  /// A digit in the quiet zone: of the left one for -1, else of the right one, which begins at that module.
  private static func beside(_ edge: Int, em: Double = 10) -> Digit {
    Digit(middle: edge < 0 ? -4.5 : Double(edge) + 4.5, em: em)
  }
}
