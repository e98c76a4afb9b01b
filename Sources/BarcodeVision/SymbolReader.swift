/// Finds and decodes the symbols of a gray frame: Code 128, Code 39, Code 93, ITF, Codabar, EAN, UPC, DataBar and QR.
///
/// The frame is looked at as it is; other views of it (the rungs of a ladder) cost time only where that found nothing,
/// or something that needs a second witness.
public struct SymbolReader: Sendable {
  /// Further views that doubtful symbols get when others of the same frame are certain.
  private static let secondLooks = 2

  /// A reader. It keeps nothing between frames and may be shared.
  public init() {}

  /// All symbols of the frame, each once. Blocks: a few milliseconds for a megapixel when the first look settles it,
  /// some hundred when there is nothing to read.
  public func read(_ frame: GrayFrame) throws(PictureError) -> [Symbol] {
    var sightings: [Sighting] = []
    for (look, rung) in Rung.ladder(for: frame).enumerated() {
      guard let view = rung.view(of: frame) else { continue }
      // Of one look only one counts: zbar may report a symbol once per scan direction.
      var seen: [Symbol] = []
      for symbol in try ZBarScan.symbols(in: view) where !seen.contains(where: symbol.agrees) {
        seen.append(symbol)
        let sighting = Sighting(
          symbol.scaled(by: rung.scale, width: frame.width, height: frame.height), on: rung)
        if let known = sightings.firstIndex(where: { $0.symbol.agrees(with: symbol) }) {
          sightings[known].confirm(with: sighting)
        } else {
          sightings.append(sighting)
        }
      }
      let believed = sightings.filter { $0.isBelieved(among: sightings) }
      let isSettled = believed.count == sightings.count || look >= SymbolReader.secondLooks
      if !believed.isEmpty, isSettled { return believed.map(\.symbol) }
    }
    return []
  }
}

extension Symbol {
  fileprivate func scaled(by factor: Double, width: Int, height: Int) -> Symbol {
    Symbol(
      symbology: symbology, text: text, raw: raw, symbologyIdentifier: symbologyIdentifier, engine: engine,
      quality: quality, corners: corners.scaled(by: factor, width: width, height: height))
  }
}
