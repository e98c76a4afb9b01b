/// How much text and how many symbols stand on a page so far: values may fill what a template only repeats.
struct PageLoad {
  private var characters = 0
  /// Square millimetres, each character taken as a square of its em.
  private var covered = 0.0
  private var symbols = 0
  private var symbolCharacters = 0

  mutating func add(
    _ line: [PlacedText.Run], _ transform: DrawingTransform, on page: LabelSize
  ) throws(LabelRefusal) {
    let grown = (transform.a * transform.d - transform.b * transform.c).magnitude
    for run in line {
      characters += run.text.count
      covered += Double(run.text.count) * run.size * run.size * grown
    }
    guard characters <= MarkupLimits.pageText else { throw Self.tooMuch("\(MarkupLimits.pageText) characters") }
    guard covered <= MarkupLimits.textCover * page.width * page.height else {
      throw Self.tooMuch("text over all of it, \(Int(MarkupLimits.textCover)) times")
    }
  }

  mutating func add(_ symbol: SymbolContent) throws(LabelRefusal) {
    symbols += 1
    symbolCharacters += symbol.value.count
    guard symbols <= MarkupLimits.pageSymbols else { throw Self.tooMuch("\(MarkupLimits.pageSymbols) symbols") }
    guard symbolCharacters <= MarkupLimits.pageSymbolText else {
      throw Self.tooMuch("\(MarkupLimits.pageSymbolText) characters in symbols")
    }
  }

  private static func tooMuch(_ what: String) -> LabelRefusal {
    LabelRefusal(
      "label.page.tooMuch", "A page would hold more than \(what).",
      remedy: "Say less in its fields, or take a template with fewer texts and symbols.")
  }
}
