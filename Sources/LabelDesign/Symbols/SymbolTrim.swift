/// What stands around a row of bars, where a template asks for it.
public enum SymbolTrim: Hashable, Sendable, CaseIterable {
  /// Nothing: bars and their quiet zone.
  case none
  /// Interleaved 2 of 5, ITF-14: a bearer bar above and one below, touching the bars and as wide as the quiet zones reach. A
  /// beam that leaves the symbol aslant meets it, and no shorter number is read (GS1 General Specifications, 5.3.2.4).
  case bearerBars
  /// ... and one on each side, outside the quiet zones: what is to be printed on cardboard.
  case bearerFrame
  /// EAN and UPC: the digits below the bars, and the guard bars five modules longer than the others (GS1 General
  /// Specifications, 5.2.1.4 and 5.2.6.6).
  case digits

  /// How thick a bearer bar is, in modules; the standard wants two at least.
  static let bearer = 5
  /// How much longer a guard bar is than the others, in modules.
  static let guardLength = 5
  /// The room of digits and guard bars below the bars, in modules.
  static let digitRoom = 9

  /// Modules above the bars, and below them.
  var vertical: (above: Int, below: Int) {
    switch self {
    case .none: (0, 0)
    case .bearerBars, .bearerFrame: (Self.bearer, Self.bearer)
    case .digits: (0, Self.digitRoom)
    }
  }

  /// Modules on either side, outside the quiet zone.
  var side: Int { self == .bearerFrame ? Self.bearer : 0 }
}

extension LabelSymbology {
  /// What may stand around it.
  public var trims: [SymbolTrim] {
    switch self {
    case .itf, .itf14: [.none, .bearerBars, .bearerFrame]
    case .ean13, .ean8, .upca, .upce: [.none, .digits]
    default: [.none]
    }
  }
}
