/// What a template's SVG may cost. Everything is checked before anything else looks at the file.
enum MarkupLimits {
  /// Bytes of the file.
  static let bytes = 524_288
  /// Elements in it.
  static let elements = 4_000
  /// What is drawn in all: an element is 1 and 1 for every ``pathBytes`` of its path, again each time that something refers
  /// to it.
  static let drawn = 4_000
  /// 48 kB of paths in all.
  static let pathBytes = 12
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
  /// Stops of a gradient: from one to the next, cairo looks through all.
  static let stops = 16
  /// Pictures in it.
  static let pictures = 8
  /// Pixels of a picture.
  static let pixels = 4_000_000
  /// Characters of one text.
  static let text = 4_000
  /// Bytes of a page's artwork once its rows are filled in.
  static let page = 4_000_000
  /// Characters of a page's text, and of what its symbols say; A4 set in 2 mm without a margin holds 30,000.
  static let pageText = 30_000
  static let pageSymbolText = 12_000
  /// Symbols of a page.
  static let pageSymbols = 800
  /// How often text may cover the page.
  static let textCover = 4.0
}
