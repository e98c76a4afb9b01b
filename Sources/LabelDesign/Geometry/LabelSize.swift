/// The size of a label or sheet, in millimetres.
public struct LabelSize: Hashable, Sendable {
  /// The sides a label may have.
  public static let sides = 4.0...450.0

  public let width: Double
  public let height: Double

  /// A size.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

extension LabelSize: CustomStringConvertible {
  /// Such as `50 × 25 mm`.
  public var description: String { "\(millimetres(width)) × \(millimetres(height)) mm" }
}

/// Such as `50`, `12.5`; hundredths at the finest.
func millimetres(_ length: Double) -> String {
  let hundredths = Int((length * 100).rounded())
  let rest = hundredths.magnitude % 100
  let whole = (hundredths < 0 ? "-" : "") + "\(hundredths.magnitude / 100)"
  if rest == 0 { return whole }
  return whole + (rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)")
}
