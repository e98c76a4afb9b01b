/// The outline of a Data Matrix symbol. The raw value is how templates name it.
public enum DataMatrixShape: String, Hashable, Sendable, CaseIterable {
  /// As large a square as the data need.
  case square
  /// The smallest of the six rectangles of ISO/IEC 16022 that the data fit in.
  case rectangle
  /// One of the six, by rows and columns.
  case rectangle8x18 = "8x18"
  case rectangle8x32 = "8x32"
  case rectangle12x26 = "12x26"
  case rectangle12x36 = "12x36"
  case rectangle16x36 = "16x36"
  case rectangle16x48 = "16x48"

  /// The six, from the one that holds least.
  public static let rectangles: [DataMatrixShape] = [
    .rectangle8x18, .rectangle8x32, .rectangle12x26, .rectangle12x36, .rectangle16x36, .rectangle16x48,
  ]
}
