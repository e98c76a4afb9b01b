/// A symbol together with how well the looks at a picture support it.
struct Sighting {
  /// The symbol as the first look read it; its corners are the most exact ones.
  private(set) var symbol: Symbol
  /// The best quality of any look, in scan lines of the picture itself.
  private(set) var quality: Int
  /// How many looks that count as witnesses read it.
  private(set) var looks = 1
  private let isIndependent: Bool

  /// A first sighting. A view that is doubled has twice the scan lines and proves no more by it.
  init(_ symbol: Symbol, on rung: Rung) {
    self.symbol = symbol
    isIndependent = rung.isIndependent
    quality = rung.isDoubled ? symbol.quality / 2 : symbol.quality
  }

  /// Adds another look that read the same.
  mutating func confirm(with other: Sighting) {
    quality = max(quality, other.quality)
    // A retail symbol that is misread in the plain view is misread alike in a scaled one.
    if other.isIndependent || !symbol.symbology.isRetail { looks += 1 }
  }

  /// Whether the symbol is good enough to be handed out, given everything else that was seen.
  func isBelieved(among all: [Sighting]) -> Bool {
    let isProven = quality >= QualityGate.threshold(symbol.symbology)
    // Without a check character a single scan line is no witness, however often it is looked at: the start of a long
    // ITF symbol reads as a shorter one in every view.
    let isConfirmed = looks > 1 && (symbol.symbology.hasCheck || quality > 1)
    return (isProven || isConfirmed) && !all.contains(where: isContested)
  }

  /// Whether the other reads this very place differently and with comparable support.
  ///
  /// Only EAN and UPC: their symbols share one alphabet of digits and one check digit, so a misread of one is often a
  /// valid other.
  private func isContested(by other: Sighting) -> Bool {
    symbol.symbology.isRetail && other.symbol.symbology.isRetail && !symbol.agrees(with: other.symbol)
      && other.quality * 3 >= quality && symbol.corners.touches(other.symbol.corners)
  }
}

extension Symbology {
  /// Whether every symbol has a check character or error correction.
  fileprivate var hasCheck: Bool {
    switch self {
    case .code39, .itf, .codabar: false
    default: true
    }
  }

  /// Whether this is a symbology of the EAN/UPC family, ISO/IEC 15420.
  fileprivate var isRetail: Bool {
    switch self {
    case .ean13, .ean8, .upca, .upce: true
    default: false
    }
  }
}

extension Corners {
  /// Whether the upright boxes around the two have a point in common.
  fileprivate func touches(_ other: Corners) -> Bool {
    func apart(_ mine: [Int], _ theirs: [Int]) -> Bool {
      guard let low = mine.min(), let high = mine.max(), let from = theirs.min(), let to = theirs.max() else {
        return true
      }
      return high < from || to < low
    }
    return !apart(points.map(\.x), other.points.map(\.x)) && !apart(points.map(\.y), other.points.map(\.y))
  }
}
