/// A symbol together with how well the looks at a picture support it.
struct Sighting {
  /// The symbol as the first look read it.
  private(set) var symbol: Symbol
  /// The step in which it was seen last.
  private(set) var lastStep: String
  private var witnesses: [Witness]

  /// One look that read it.
  private struct Witness {
    var engine: Symbol.Engine
    var tone: View.Tone
    var keepsDetail: Bool
    /// Agreeing scan lines, in lines of the frame itself: a view with twice as many proves no more by it.
    var quality: Double
  }

  /// A first sighting.
  init(_ symbol: Symbol, on rung: Rung) {
    self.symbol = symbol
    lastStep = symbol.step
    witnesses = [Sighting.witness(symbol, rung)]
  }

  private static func witness(_ symbol: Symbol, _ rung: Rung) -> Witness {
    var lines = Double(symbol.quality)
    if case .zbar(let density) = rung.engine { lines *= Double(density) }
    return Witness(
      engine: symbol.engine, tone: rung.view.tone, keepsDetail: rung.view.keepsDetail && !symbol.isFaint,
      quality: lines / max(1, rung.view.magnification.squareRoot()))
  }

  /// Adds another look that read the same.
  mutating func confirm(with other: Symbol, on rung: Rung) {
    lastStep = other.step
    witnesses.append(Sighting.witness(other, rung))
  }

  /// Whether the symbol is good enough to be handed out, given everything else that was seen.
  func isBelieved(among all: [Sighting]) -> Bool {
    isProven && !all.contains { isContested(by: $0) }
  }

  /// Agreeing scan lines of the best look of zbar's.
  private var quality: Double { witnesses.reduce(0) { $1.engine == .zbar ? max($0, $1.quality) : $0 } }

  private var isProven: Bool {
    switch symbol.symbology.proof {
    case .errorCorrection: true
    case .wholeCheck: true
    case .checkDigit:
      witnesses.contains { $0.engine != .zbar && $0.keepsDetail } || quality >= 40
        || areAgreed(symbol.raw.count > 8 ? 5 : 15)
    case .someCheck:
      witnesses.contains { $0.engine == .zxing } || quality >= 20 || areAgreed(3)
    case .none:
      // A single scan line is no witness, however often it is looked at: the start of a long ITF symbol reads as a
      // shorter one in every view.
      // zxing-cpp wants quiet zones and two equal lines; it was never seen to misread five characters.
      areAgreed(2) && symbol.raw.count > 2
        || symbol.raw.count > 4 && witnesses.contains { $0.engine == .zxing || $0.quality >= 8 }
    }
  }

  /// Whether two looks that do not share their mistakes read the same: different engines, or different gray values, both
  /// with as many lines.
  private func areAgreed(_ lines: Double) -> Bool {
    let firm = witnesses.filter { $0.quality >= lines || $0.engine == .zxing }
    return firm.contains { one in firm.contains { $0.engine != one.engine || $0.tone != one.tone } }
  }

  /// Whether the other reads this very place differently and with comparable support.
  ///
  /// Only EAN and UPC: their symbols share one alphabet of digits and one check digit, so a misread of one is often a
  /// valid other.
  private func isContested(by other: Sighting) -> Bool {
    symbol.symbology.proof == .checkDigit && other.symbol.symbology.proof == .checkDigit
      && !symbol.agrees(with: other.symbol) && other.weight * 3 >= weight
      && symbol.corners.touches(other.symbol.corners)
  }

  /// How much speaks for it. zxing-cpp reads whole symbols and its two lines are worth many of zbar's.
  private var weight: Double {
    witnesses.reduce(0) { $0 + ($1.engine == .zxing ? ($1.keepsDetail ? 60 : 20) : $1.quality) }
  }
}

extension Symbology {
  /// What in a symbol shows that it was read rightly.
  enum Proof: Sendable {
    case errorCorrection
    /// Check characters over the whole symbol that hardly anything passes by chance.
    case wholeCheck
    /// A checksum that one misread in eighty passes.
    case someCheck
    /// One digit modulo 10: every tenth misread passes.
    case checkDigit
    case none
  }

  var proof: Proof {
    switch self {
    case .qr, .microQR, .aztec, .dataMatrix, .pdf417, .maxicode: .errorCorrection
    case .code128, .code93: .wholeCheck
    case .databar, .databarLimited, .databarExpanded: .someCheck
    case .ean13, .ean8, .upca, .upce: .checkDigit
    case .code39, .itf, .codabar: .none
    }
  }
}

extension Corners {
  /// Whether the upright boxes around the two have a point in common.
  func touches(_ other: Corners) -> Bool {
    func apart(_ mine: [Int], _ theirs: [Int]) -> Bool {
      guard let low = mine.min(), let high = mine.max(), let from = theirs.min(), let to = theirs.max() else {
        return true
      }
      return high < from || to < low
    }
    return !apart(points.map(\.x), other.points.map(\.x)) && !apart(points.map(\.y), other.points.map(\.y))
  }
}
