extension SymbolReader {
  /// The symbol together with the add-on of two or five digits beside it, or as it was when there is none.
  ///
  /// Add-ons have no end mark and hardly a check, so only zxing-cpp is believed, which wants two equal lines that hold the
  /// same product code before it.
  func addingAddOn(to symbol: Symbol, of frame: GrayFrame) -> Symbol {
    guard symbol.symbology.mayHaveAddOn, let strip = frame.strip(along: symbol.corners, margin: 0.7) else {
      return symbol
    }
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
