/// A typeface of labels: its family, and whether it is bold.
public struct LabelFont: Hashable, Sendable {
  /// The families that labels are drawn in, so that they look the same on every machine.
  public enum Family: String, Hashable, Sendable, CaseIterable {
    case sans = "DejaVu Sans"
    case mono = "DejaVu Sans Mono"
    case serif = "DejaVu Serif"
  }

  public var family: Family
  public var isBold: Bool

  /// A typeface.
  public init(_ family: Family, isBold: Bool = false) {
    self.family = family
    self.isBold = isBold
  }
}

/// A colour, each part from 0 to 255. Label printers print what is darker than the middle.
public struct LabelColour: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  /// A colour.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  public static let black = LabelColour(red: 0, green: 0, blue: 0)
}

/// A line of text on a page, fitted: what is left to do is drawing it.
public struct PlacedText: Hashable, Sendable {
  /// A stretch of one typeface and colour.
  public struct Run: Hashable, Sendable {
    public var text: String
    public var font: LabelFont
    /// The em, in the units of the line's transform; millimetres unless that scales.
    public var size: Double
    public var colour: LabelColour

    /// A stretch.
    public init(text: String, font: LabelFont, size: Double, colour: LabelColour = .black) {
      self.text = text
      self.font = font
      self.size = size
      self.colour = colour
    }
  }

  /// Which point of the line its ``x`` is.
  public enum Anchor: String, Hashable, Sendable, CaseIterable {
    case start, middle, end
  }

  public var runs: [Run]
  /// Where the line is, on its baseline.
  public var x: Double
  public var y: Double
  public var anchor: Anchor
  /// From the line's coordinates to the page's.
  public var transform: DrawingTransform

  /// A line.
  public init(
    runs: [Run], x: Double, y: Double, anchor: Anchor = .start, transform: DrawingTransform = .identity
  ) {
    self.runs = runs
    self.x = x
    self.y = y
    self.anchor = anchor
    self.transform = transform
  }
}

/// What a text measures.
public struct TextExtent: Hashable, Sendable {
  /// How wide it is at an em of 1, with kerning.
  public let width: Double
  /// Characters for which no typeface of this machine has a glyph.
  public let missing: [Character]

  /// An extent.
  public init(width: Double, missing: [Character] = []) {
    self.width = width
    self.missing = missing
  }
}

/// Measures a text in a typeface. The renderer brings it: it must be the very one that draws.
public typealias TextMeasure = (_ text: String, _ font: LabelFont) -> TextExtent
