/// A symbol with its text, and the box on the page that it is to fill.
public struct PlacedSymbol: Hashable, Sendable {
  /// How high bars are at least, in millimetres: less cannot be aimed at.
  public static let leastBarHeight = 3.0

  /// How a refusal names the box: its id, or its line.
  public let name: String
  public let content: SymbolContent
  public let box: LabelBox
  /// How often it is turned by 90°, clockwise: 0 to 3.
  public let quarterTurns: Int
  /// How wide a module may be, in millimetres: at least what readers need, at most what is wished.
  public let module: ClosedRange<Double>
  public let quietZone: QuietZone
  public let alignment: SymbolAlignment
  /// What stands around its bars; one of the symbology's ``LabelSymbology/trims``.
  public let trim: SymbolTrim

  /// A symbol in its box. Without `module` and `quietZone` those of the symbology.
  public init(
    name: String, content: SymbolContent, box: LabelBox, quarterTurns: Int = 0, module: ClosedRange<Double>? = nil,
    quietZone: QuietZone? = nil, alignment: SymbolAlignment = SymbolAlignment(), trim: SymbolTrim = .none
  ) {
    self.name = name
    self.content = content
    self.box = box
    self.quarterTurns = quarterTurns
    self.module = module ?? Self.usualModule
    self.quietZone = quietZone ?? content.symbology.quietZone
    self.alignment = alignment
    self.trim = trim
  }

  /// Module widths of symbols that say nothing about it, in millimetres. The least is two dots at 300 dpi: what hand scanners
  /// read without thinking, and a printed dot more or less does not spoil.
  public static let usualModule = 0.169...1.0
}
