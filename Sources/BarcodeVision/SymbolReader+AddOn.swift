extension SymbolReader {
  /// The symbol together with the add-on of two or five digits beside it, or as it was when there is none.
  ///
  /// Add-ons have no end mark and hardly a check, so only zxing-cpp is believed, which wants two equal lines that hold the
  /// same product code before it.
  func addingAddOn(to symbol: Symbol, of frame: GrayFrame) -> Symbol {
    guard symbol.symbology.mayHaveAddOn, let strip = frame.strip(along: symbol.corners, margin: 0.7),
      strip.hasBars(besideMargin: 0.7)
    else { return symbol }
    var request = ZXingChild.Request()
    (request.formats, request.addOns, request.rotate, request.downscale) = (.productCodes, true, false, false)
    for view in [strip, strip.width < 1000 ? strip.doubled() : strip] {
      guard let found = zxing.symbols(in: view, request, within: .seconds(2)) else { return symbol }
      if let addOn = found.lazy.filter({ $0.raw == symbol.raw && $0.symbology == symbol.symbology })
        .compactMap(\.addOn).first
      {
        var whole = symbol
        whole.addOn = addOn
        return whole
      }
    }
    return symbol
  }
}

extension Symbology {
  /// Whether the GS1 General Specifications (5.2.5) allow an add-on symbol beside it.
  fileprivate var mayHaveAddOn: Bool { self == .ean13 || self == .upca || self == .upce }
}

extension GrayFrame {
  /// Whether a strip around a symbol shows as many bars in one of its margins as the smallest add-on has, which is seven.
  fileprivate func hasBars(besideMargin margin: Double) -> Bool {
    let side = Int(Double(width) * margin / (1 + 2 * margin))
    for row in [height / 4, height / 2, height * 3 / 4] {
      let line = bytes[row * width..<(row + 1) * width]
      let symbol = line.dropFirst(side).dropLast(side)
      guard let dark = symbol.min(), let light = symbol.max(), light - dark > 20 else { continue }
      let middle = dark / 2 + light / 2
      for beside in [line.prefix(side), line.suffix(side)] {
        let changes = zip(beside, beside.dropFirst()).count { ($0 < middle) != ($1 < middle) }
        if changes >= 10 { return true }
      }
    }
    return false
  }
}
