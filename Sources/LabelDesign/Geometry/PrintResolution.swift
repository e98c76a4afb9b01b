/// How fine a printer's dots lie.
public struct PrintResolution: Hashable, Sendable {
  /// The resolutions that pictures are made in.
  public static let range = 72.0...1200.0

  /// Dots per inch, as printers are named by it.
  public let dotsPerInch: Double

  /// A resolution; nil outside of ``range``.
  public init?(dotsPerInch: Double) {
    guard Self.range.contains(dotsPerInch) else { return nil }
    self.dotsPerInch = dotsPerInch
  }

  private init(_ dotsPerInch: Double) { self.dotsPerInch = dotsPerInch }

  /// Dots per millimetre. Heads that are called 203 dpi have 8 dots a millimetre, which is 203.2 dpi.
  public var dotsPerMillimetre: Double { dotsPerInch == 203 ? 8 : dotsPerInch / 25.4 }

  /// The dots of a length, to the nearest, at least 1.
  public func dots(_ millimetres: Double) -> Int { max(1, Int((millimetres * dotsPerMillimetre).rounded())) }

  public static let dpi203 = PrintResolution(203)
  public static let dpi300 = PrintResolution(300)
  public static let dpi600 = PrintResolution(600)
}
