import BarcodeVision
import LabelDesign
import LabelRendering
import Testing

/// What stands around bars: bearer bars, and the digits and long guard bars of EAN and UPC.
@Suite("Symbol trims")
struct SymbolTrimTests {
  /// GS1's example keys, each with what may stand around it.
  static let trimmed: [(content: SymbolContent, trim: SymbolTrim)] = [
    SymbolContent(.itf, "0123456789"), SymbolContent(.itf14, "09506000134352"),
    SymbolContent(.ean13, "9506000134352"), SymbolContent(.ean8, "95060002"), SymbolContent(.upca, "012345678905"),
    SymbolContent(.upce, "01234565"),
  ].flatMap { content in content.symbology.trims.filter { $0 != .none }.map { (content, $0) } }

  @Test func `every symbology that has trims is tried with each`() {
    let possible = LabelSymbology.allCases.reduce(0) { $0 + $1.trims.count - 1 }
    #expect(Self.trimmed.count == possible && possible == 8)
  }

  @Test(arguments: trimmed.indices)
  func `it is read with what stands around it, at every resolution, turned, and damaged`(index: Int) throws {
    let (content, trim) = Self.trimmed[index]
    for resolution in [PrintResolution.dpi203, .dpi300, .dpi600] {
      for turns in 0..<4 where turns == 0 || resolution == .dpi203 {
        let (width, height) = turns % 2 == 1 ? (46.0, 96.0) : (96.0, 46.0)
        let page = Drawn.page(content, width: width, height: height, quarterTurns: turns, trim: trim)
        let bitmap = try Drawn.renderer.get().bitmap(of: page, at: resolution).get()
        for engine in Engine.allCases {
          #expect(
            try engine.texts(in: GrayFrame(bitmap)).map(content.asWritten) == [content.readText],
            "\(content.symbology) \(trim), \(engine) at \(resolution.dotsPerInch) dpi, turned \(turns)")
        }
      }
    }
    for symbol in try Drawn.symbols(of: Drawn.page(content, height: 20, trim: trim), at: .dpi203) {
      for damage in Damage.allCases {
        let read = try SymbolReader().read(damage.done(to: symbol)).map(\.text).map(content.asWritten)
        #expect(read == [content.readText], "\(content.symbology) \(trim) \(damage)")
      }
    }
  }

  private func placed(
    _ content: SymbolContent, _ trim: SymbolTrim, width: Double = 90, height: Double = 30
  ) throws -> SymbolPlacement {
    let page = Drawn.page(content, width: width, height: height, module: 0.25...0.25, trim: trim)
    return try SymbolPlacement.all(on: page, at: .dpi203).get()[0]
  }

  /// GS1 General Specifications, 5.3.2.4: twice a narrow bar thick at least, butting against the bars, and they may reach over
  /// the quiet zones.
  @Test func `bearer bars touch the bars and reach over the quiet zones, and a frame stands outside of these`() throws {
    let content = SymbolContent(.itf14, "09506000134352")
    // A module of 0.25 mm is two dots. ITF-14: four narrow ones, seven pairs of 2 × (2 × 3 + 3), and a wide and two narrow.
    let columns = 4 + 7 * 18 + 5
    let plain = try placed(content, .none)
    #expect(plain.clear.width == (columns + 20) * 2 && plain.clear.height == 240)
    let bars = try placed(content, .bearerBars)
    let bearers = bars.dark.filter { $0.width == bars.clear.width }
    #expect(bars.clear.width == plain.clear.width && bearers.count == 2)
    #expect(bearers.map(\.height) == [10, 10])
    #expect(bearers.map(\.y) == [bars.clear.y, bars.clear.y + bars.clear.height - 10])
    let rows = Set(bars.dark.filter { $0.height > 10 }.map { $0.y...$0.y + $0.height })
    #expect(rows == [bars.clear.y + 10...bars.clear.y + bars.clear.height - 10])
    let frame = try placed(content, .bearerFrame)
    #expect(frame.clear.width == plain.clear.width + 20)
    let sides = frame.dark.filter { $0.width == 10 && $0.height == frame.clear.height - 20 }
    #expect(sides.map(\.x) == [frame.clear.x, frame.clear.x + frame.clear.width - 10])
    let first = frame.dark.filter { $0.height == frame.clear.height - 20 && $0.width < 10 }.map(\.x).min()
    #expect(first == frame.clear.x + 10 + 20, "ten modules of quiet zone within the frame")
  }

  /// ISO/IEC 15420, 4.3.3: guards 101 at the ends and 01010 in the middle, 010101 at the right of UPC-E; the digits at the ends
  /// of UPC-A are as long.
  @Test(arguments: [
    (SymbolContent(.ean13, "9506000134352"), 95, [0, 2, 46, 48, 92, 94], "9506000134352"),
    (SymbolContent(.ean8, "95060002"), 67, [0, 2, 32, 34, 64, 66], "95060002"),
    // A 0 at the left is 0001101, a 5 at the right 1001110.
    (SymbolContent(.upca, "012345678905"), 95, [0, 2, 6, 9, 46, 48, 85, 88, 92, 94], "012345678905"),
    (SymbolContent(.upce, "01234565"), 51, [0, 2, 46, 48, 50], "01234565"),
  ])
  func `guard bars are five modules longer, and every digit stands where its bars do`(
    content: SymbolContent, columns: Int, guards: [Int], digits: String
  ) throws {
    let placed = try placed(content, .digits)
    let height = try #require(placed.dark.map(\.height).min())
    #expect(placed.clear.height == height)
    // The box has 30 mm, of which the digits take nine modules.
    #expect(height == 240 - 18)
    let left = try #require(placed.dark.map(\.x).min())
    #expect(placed.dark.filter { $0.height > height }.map { ($0.x - left) / 2 } == guards)
    #expect(Set(placed.dark.map(\.height)) == [height, height + 10])
    #expect(placed.texts.map { $0.runs.map(\.text).joined() }.joined() == digits)
    // No two digits in one place: seven modules from middle to middle.
    let middles: [Double] = placed.texts.map { $0.transform.a * $0.x + $0.transform.e }
    for (one, next) in zip(middles, middles.dropFirst()) { #expect(next - one >= 6.9 * 0.25) }
    let least = Double(left) / 8 - 11 * 0.25
    let most = Double(left + columns * 2) / 8 + 9 * 0.25
    #expect(middles.allSatisfy { $0 > least && $0 < most })
  }

  @Test func `digits are drawn below the bars, and touch none`() throws {
    let content = SymbolContent(.ean13, "9506000134352")
    let page = Drawn.page(content, width: 40, height: 20, module: 0.25...0.25, trim: .digits)
    let bitmap = try Drawn.renderer.get().bitmap(of: page, at: .dpi203).get()
    let placed = try SymbolPlacement.all(on: page, at: .dpi203).get()[0]
    var bare = Bitmap(width: bitmap.width, height: bitmap.height)
    bare.draw(placed)
    var ink = 0
    for row in 0..<bitmap.height {
      for column in 0..<bitmap.width where bitmap[column, row] && !bare[column, row] {
        ink += 1
        #expect(row > placed.clear.y + placed.clear.height, "a digit in the bars")
        for neighbour in [-1, 1] where bare[column + neighbour, row] { Issue.record("a digit touches a guard bar") }
      }
    }
    // Thirteen digits of some forty dots each.
    #expect((200...2_000).contains(ink))
  }

  @Test func `a box too low for bearers or digits is refused with what it would need`() throws {
    for (content, trim, needed) in [
      // 3 mm of bars and ten modules of bearers, or nine of digits, of two dots each.
      (SymbolContent(.itf14, "09506000134352"), SymbolTrim.bearerBars, "5.5 mm"),
      (SymbolContent(.ean13, "9506000134352"), .digits, "5.3 mm"),
    ] {
      let page = Drawn.page(content, width: 60, height: 5, module: 0.25...0.25, trim: trim)
      let refusal = #expect(throws: LabelRefusal.self) { try SymbolPlacement.all(on: page, at: .dpi203).get() }
      #expect(refusal?.code == "label.symbol.doesNotFit")
      #expect(refusal?.sentence.contains(needed) == true, "\(refusal?.sentence ?? "")")
    }
  }
}
