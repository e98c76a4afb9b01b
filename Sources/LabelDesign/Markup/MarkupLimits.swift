/// What a template's SVG may cost. Everything is checked before anything else looks at the file.
enum MarkupLimits {
  /// Bytes of the file.
  static let bytes = 524_288
  /// Elements in it.
  static let elements = 4_000
  /// What is drawn in all: an element is 1 and 1 for every 32 bytes of its path, again each time that something refers to it.
  static let drawn = 6_000
  /// How deep elements may be nested.
  static let depth = 32
  /// Attributes of an element.
  static let attributes = 64
  /// The greatest number that may stand in it, by its amount.
  static let number = 10_000
  /// Elements with dashed lines.
  static let dashed = 100
  /// The shortest dash or gap, in units of the drawing.
  static let dash = 0.2
  /// Pictures in it.
  static let pictures = 8
  /// Pixels of a picture.
  static let pixels = 4_000_000
  /// Characters of one text.
  static let text = 4_000
  /// Bytes of a page's artwork once its rows are filled in.
  static let page = 4_000_000
}
