import LabelDesign

extension SymbolPlacement {
  /// Every symbol of a page on the dots of a resolution, or why one of them has no place.
  public static func all(on page: LabelPage, at resolution: PrintResolution) -> LabelAnswer<[SymbolPlacement]> {
    var placed: [SymbolPlacement] = []
    for symbol in page.symbols {
      switch SymbolEncoding.encode(symbol.content, box: symbol.name) {
      case .refused(let refusal): return .refused(refusal)
      case .made(let modules):
        switch place(modules, in: symbol, at: resolution) {
        case .placed(let placement): placed.append(placement)
        case .misfit(let misfit): return .refused(LabelRefusal(symbol, misfit, at: resolution))
        }
      }
    }
    return .made(placed)
  }
}

extension LabelRefusal {
  fileprivate init(_ symbol: PlacedSymbol, _ misfit: SymbolPlacement.Misfit, at resolution: PrintResolution) {
    let has = LabelSize(width: symbol.box.width, height: symbol.box.height)
    let dpi = Int(resolution.dotsPerInch.rounded())
    self.init(
      "label.symbol.doesNotFit",
      "The \(symbol.content.symbology.title) of “\(symbol.content.value.prefix(60))” needs \(misfit.needed) at \(dpi) dpi; its box has \(has).",
      remedy: "Shorten what it says, or take a larger label or a finer printer.", box: symbol.name)
  }
}
