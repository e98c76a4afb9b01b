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
  /// some hundred when there is nothing to read and the effort is ``Effort/still``.
  public func read(_ frame: GrayFrame, effort: Effort = .still) throws(PictureError) -> [Symbol] {
    try look(at: frame, effort: effort).certain
  }

  /// As ``read(_:effort:)``, with what was seen and not believed beside it: two frames of a camera that doubt the same
  /// symbol are as good as one that is certain.
  public func look(
    at frame: GrayFrame, effort: Effort = .still
  ) throws(PictureError) -> (certain: [Symbol], doubtful: [Symbol]) {
    let start = ContinuousClock.now
    var sightings: [Sighting] = []
    var ladder = Rung.ladder(for: frame)
    if case .live(let turn) = effort {
      let dear = ladder.dropFirst()
      ladder = [ladder[0], dear[dear.startIndex + abs(turn % dear.count)]]
    }
    for (look, rung) in ladder.enumerated() {
      guard let view = rung.view(of: frame) else { continue }
      // Of one look only one counts: zbar may report a symbol once per scan direction.
      var seen: [Symbol] = []
      for symbol in try ZBarScan.symbols(in: view) where !seen.contains(where: symbol.agrees) {
        seen.append(symbol)
        var found = symbol.scaled(by: rung.scale, width: frame.width, height: frame.height)
        found.step = rung.rawValue
        found.elapsed = ContinuousClock.now - start
        let sighting = Sighting(found, on: rung)
        if let known = sightings.firstIndex(where: { $0.symbol.agrees(with: symbol) }) {
          sightings[known].confirm(with: sighting)
        } else {
          sightings.append(sighting)
        }
      }
      let believed = sightings.filter { $0.isBelieved(among: sightings) }
      let isSettled = believed.count == sightings.count || look >= SymbolReader.secondLooks
      if !believed.isEmpty, isSettled { return (believed.map(\.symbol), []) }
    }
    let believed = sightings.filter { $0.isBelieved(among: sightings) }.map(\.symbol)
    return (believed, sightings.map(\.symbol).filter { symbol in !believed.contains(where: symbol.agrees) })
  }
}

extension Symbol {
  fileprivate func scaled(by factor: Double, width: Int, height: Int) -> Symbol {
    Symbol(
      symbology: symbology, text: text, raw: raw, symbologyIdentifier: symbologyIdentifier, engine: engine,
      quality: quality, corners: corners.scaled(by: factor, width: width, height: height))
  }
}
