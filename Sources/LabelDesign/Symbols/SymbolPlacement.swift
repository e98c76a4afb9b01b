/// Where the modules of a symbol lie on a printer's dots. Every module is the same whole number of dots wide, so that no bar
/// is thinner than the next by a rounding.
public struct SymbolPlacement: Hashable, Sendable {
  /// A rectangle of dots, from the page's upper left corner.
  public struct DotBox: Hashable, Sendable {
    public let x: Int
    public let y: Int
    public let width: Int
    public let height: Int

    /// A rectangle.
    public init(x: Int, y: Int, width: Int, height: Int) {
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
  }

  /// Dots of a module's width.
  public let moduleDots: Int
  /// Symbol and quiet zone: what nothing else may touch.
  public let clear: DotBox
  /// The dark rectangles.
  public let dark: [DotBox]
  /// The digits below the bars of an EAN or UPC symbol whose template wants them.
  public let texts: [PlacedText]

  /// Why a symbol has no place.
  public struct Misfit: Hashable, Sendable {
    /// The box that it would need at that resolution, in millimetres, as it lies on the page.
    public let needed: LabelSize
  }

  /// Whether there was room.
  public enum Answer: Hashable, Sendable {
    case placed(SymbolPlacement)
    case misfit(Misfit)
  }

  /// Lays modules into a box: the greatest whole number of dots a module that fits with its quiet zone and is not above the
  /// wish; a linear symbol takes the box's height.
  ///
  /// - Parameters:
  ///   - symbol: what the box asks for.
  ///   - resolution: the printer's.
  public static func place(_ modules: SymbolModules, in symbol: PlacedSymbol, at resolution: PrintResolution) -> Answer
  {
    let scale = resolution.dotsPerMillimetre
    let left = Int((symbol.box.x * scale - 1e-6).rounded(.up))
    let top = Int((symbol.box.y * scale - 1e-6).rounded(.up))
    // A hair of tolerance: 12.5 mm at 8 dots a millimetre are 100 dots, whatever the arithmetic says.
    let boxWidth = Int(((symbol.box.x + symbol.box.width) * scale + 1e-6).rounded(.down)) - left
    let boxHeight = Int(((symbol.box.y + symbol.box.height) * scale + 1e-6).rounded(.down)) - top
    let isTurned = symbol.quarterTurns % 2 == 1
    let (across, along) = isTurned ? (boxHeight, boxWidth) : (boxWidth, boxHeight)

    let quiet = symbol.quietZone
    let trim = symbol.trim
    let (above, below) = trim.vertical
    let columns = trim.side + quiet.left + modules.columns + quiet.right + trim.side
    let linear = symbol.content.symbology.isLinear
    let rows = linear ? 0 : modules.rows * modules.rowHeight + 2 * quiet.vertical
    let least = max(1, Int((symbol.module.lowerBound * scale - 1e-6).rounded(.up)))
    let most = max(least, Int((symbol.module.upperBound * scale + 1e-6).rounded(.down)))
    let leastBars = Int((PlacedSymbol.leastBarHeight * scale).rounded(.up))
    let leastHeight = linear ? leastBars + (above + below) * least : rows * least
    var dots = min(most, across / columns)
    if rows > 0 { dots = min(dots, along / rows) }
    if above + below > 0 { dots = min(dots, (along - leastBars) / (above + below)) }
    guard dots >= least, along >= leastHeight else {
      let width = Double(columns * least) / scale
      let height = Double(leastHeight) / scale
      // Rounded up to tenths: that many millimetres are enough.
      let needed = [width, height].map { (($0 * 10).rounded(.up)) / 10 }
      return .misfit(
        Misfit(needed: LabelSize(width: isTurned ? needed[1] : needed[0], height: isTurned ? needed[0] : needed[1])))
    }

    let frame = Frame(
      left: left, top: top, boxWidth: boxWidth, boxHeight: boxHeight, quarterTurns: symbol.quarterTurns)
    let width = columns * dots
    let height = linear ? along : rows * dots
    let x = symbol.alignment.horizontal.offset(of: width, in: across)
    let y = symbol.alignment.vertical.offset(of: height, in: along)
    let bars = x + (trim.side + quiet.left) * dots
    let first = y + (linear ? above : quiet.vertical) * dots
    let rowDots = linear ? height - (above + below) * dots : modules.rowHeight * dots
    let retail = trim == .digits ? RetailDigits(symbol.content.symbology) : nil
    var dark: [DotBox] = []
    for row in 0..<modules.rows {
      for run in modules.runs(inRow: row) {
        let more = retail?.isGuard(run.start) == true ? SymbolTrim.guardLength * dots : 0
        dark.append(
          frame.box(
            x: bars + run.start * dots, y: first + row * rowDots, width: run.count * dots, height: rowDots + more))
      }
    }
    if above > 0 {
      let (thick, foot) = (SymbolTrim.bearer * dots, y + height - SymbolTrim.bearer * dots)
      dark.append(frame.box(x: x, y: y, width: width, height: thick))
      dark.append(frame.box(x: x, y: foot, width: width, height: thick))
      if trim.side > 0 {
        for side in [x, x + width - thick] {
          dark.append(frame.box(x: side, y: y + thick, width: thick, height: height - 2 * thick))
        }
      }
    }
    let texts = zip(retail?.digits ?? [], symbol.content.value).map { digit, character in
      PlacedText(
        runs: [.init(text: String(character), font: LabelFont(.sans), size: digit.em * Double(dots))],
        x: Double(bars) + digit.middle * Double(dots),
        y: Double(first + rowDots) + RetailDigits.baseline * Double(dots), anchor: .middle,
        transform: frame.transform(scale: scale))
    }
    // Digits are text: what is cleared for the bars ends above them.
    let cleared = retail == nil ? height : rowDots
    return .placed(
      SymbolPlacement(
        moduleDots: dots, clear: frame.box(x: x, y: y, width: width, height: cleared), dark: dark, texts: texts))
  }

  /// The box as the symbol sees it, before it is turned.
  private struct Frame {
    let left: Int
    let top: Int
    let boxWidth: Int
    let boxHeight: Int
    let quarterTurns: Int

    func box(x: Int, y: Int, width: Int, height: Int) -> DotBox {
      switch quarterTurns {
      case 1: DotBox(x: left + boxWidth - y - height, y: top + x, width: height, height: width)
      case 2: DotBox(x: left + boxWidth - x - width, y: top + boxHeight - y - height, width: width, height: height)
      case 3: DotBox(x: left + y, y: top + boxHeight - x - width, width: height, height: width)
      default: DotBox(x: left + x, y: top + y, width: width, height: height)
      }
    }

    /// From the box's dots, as the symbol sees them, to the page's millimetres.
    func transform(scale: Double) -> DrawingTransform {
      let dot = 1 / scale
      let (right, bottom) = (Double(left + boxWidth) * dot, Double(top + boxHeight) * dot)
      let (left, top) = (Double(left) * dot, Double(top) * dot)
      return switch quarterTurns {
      case 1: DrawingTransform(a: 0, b: dot, c: -dot, d: 0, e: right, f: top)
      case 2: DrawingTransform(a: -dot, b: 0, c: 0, d: -dot, e: right, f: bottom)
      case 3: DrawingTransform(a: 0, b: -dot, c: dot, d: 0, e: left, f: bottom)
      default: DrawingTransform(a: dot, b: 0, c: 0, d: dot, e: left, f: top)
      }
    }
  }
}
