/// The labels that are in a printer: their size, and what is between two of them.
public struct LabelMedia: Hashable, Sendable, CustomStringConvertible {
  /// Across the print head, in millimetres.
  public let width: Double
  /// Along the feed, in millimetres.
  public let height: Double
  /// Between two labels, in millimetres; 0 on a roll without gaps.
  public let gap: Double

  /// Labels of a size, 1 to 1,000 mm each way, and a gap from 0 to 100 mm.
  public init(width: Double, height: Double, gap: Double = 2) throws(PrinterLanguageFault) {
    guard (1...1_000).contains(width), (1...1_000).contains(height), (0...100).contains(gap) else {
      throw .mediaOutOfBounds(width: width, height: height, gap: gap)
    }
    self.width = width
    self.height = height
    self.gap = gap
  }

  /// As `50 × 25 mm`.
  public var description: String { "\(Self.text(width)) × \(Self.text(height)) mm" }

  /// Millimetres with at most three decimals, and no more than there are.
  static func text(_ millimetres: Double) -> String {
    let thousandths = Int((millimetres * 1_000).rounded())
    let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1_000)
    guard rest > 0 else { return "\(whole)" }
    var decimals = String(repeating: "0", count: 3 - "\(rest)".count) + "\(rest)"
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(whole).\(decimals)"
  }
}
