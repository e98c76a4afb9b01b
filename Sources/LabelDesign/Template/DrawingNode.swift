/// A part of a template, taken apart.
indirect enum DrawingNode: Hashable, Sendable {
  /// Shapes, as SVG.
  case artwork(String)
  case group(DrawingGroup)
  case text(TextBlock)
  case symbol(SymbolBox)
}

/// Parts that belong together: by a transform, a condition, pages, or because they repeat.
struct DrawingGroup: Hashable, Sendable {
  /// Its `<g …>`, for the artwork in it.
  let opening: String
  let transform: DrawingTransform
  let condition: Condition?
  let pages: PageChoice
  let rows: RowArea?
  var children: [DrawingNode] = []

  /// Whether there is shape among the children: what is without leaves no trace in the artwork.
  var hasArtwork: Bool {
    children.contains { child in
      switch child {
      case .artwork: true
      case .group(let group): group.hasArtwork
      case .text, .symbol: false
      }
    }
  }
}

/// When a part is drawn.
struct Condition: Hashable, Sendable {
  let field: String
  /// Whether it is drawn when the field has no value, rather than when it has one.
  let whenEmpty: Bool
}

/// Where the rows of a list go: one below the other from the group's origin.
struct RowArea: Hashable, Sendable {
  let list: String
  /// In millimetres.
  let rowHeight: Double
  /// How many rows find room on the last page.
  let capacity: Int
  /// ... and on the pages before it.
  let fullCapacity: Int

  func capacity(on page: Int, of count: Int) -> Int { page == count ? capacity : fullCapacity }
}

/// A `<text>`.
struct TextBlock: Hashable, Sendable {
  struct Run: Hashable, Sendable {
    let text: FieldText
    let font: LabelFont
    let size: Double
    let colour: LabelColour
  }

  /// What becomes of text that is wider than its box.
  enum Fit: Hashable, Sendable {
    case refuse
    /// Made smaller, down to this em.
    case shrink(Double)
  }

  let name: String
  let runs: [Run]
  let x: Double
  let y: Double
  let anchor: PlacedText.Anchor
  let transform: DrawingTransform
  /// How wide it may be; nil for text without fields.
  let width: Double?
  let fit: Fit
  /// How many lines it may take; more than one is wrapped.
  let lines: Int
  /// From baseline to baseline, in ems.
  let lineHeight: Double
  /// Which of the lines stands at ``y``.
  let vertical: SymbolAlignment.Place
  /// Whether a word may be broken anywhere, as digests may.
  let breaksAnywhere: Bool
}

/// A `<rect data-symbology=…>`.
struct SymbolBox: Hashable, Sendable {
  let name: String
  let symbology: LabelSymbology
  let value: FieldText
  let errorCorrection: String?
  let columns: Int?
  let box: LabelBox
  let transform: DrawingTransform
  let module: ClosedRange<Double>
  let quietZone: QuietZone
  let alignment: SymbolAlignment
  let shape: DataMatrixShape
  let trim: SymbolTrim
}
