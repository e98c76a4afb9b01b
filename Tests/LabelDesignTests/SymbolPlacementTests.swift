import LabelDesign
import Testing

/// Codes on whole dots; every number worked out by hand.
@Suite("Placement of codes")
struct SymbolPlacementTests {
  // Two rows of two: dark, light; light, dark.
  private let checker = SymbolModules(columns: 2, rows: 2, dark: [true, false, false, true])

  private func symbol(
    _ symbology: LabelSymbology, _ box: LabelBox, turns: Int = 0, module: ClosedRange<Double> = 0.1...1,
    alignment: SymbolAlignment = SymbolAlignment()
  ) -> PlacedSymbol {
    PlacedSymbol(
      name: "code", content: SymbolContent(symbology, "x"), box: box, quarterTurns: turns, module: module,
      alignment: alignment)
  }

  private func place(_ symbol: PlacedSymbol, at resolution: PrintResolution = .dpi203) throws -> SymbolPlacement {
    guard case .placed(let placement) = SymbolPlacement.place(try #require(checker), in: symbol, at: resolution) else {
      throw NoPlace()
    }
    return placement
  }

  private struct NoPlace: Error {}

  @Test func `modules are whole dots, as many as fit with the quiet zone, in the middle of the box`() throws {
    // Data Matrix: one module of quiet zone on each side, so 4 × 4 modules in 5 × 3 mm = 40 × 24 dots: 6 dots a module.
    let placed = try place(symbol(.datamatrix, LabelBox(x: 1, y: 2, width: 5, height: 3)))
    #expect(placed.moduleDots == 6)
    #expect(placed.clear == .init(x: 8 + 8, y: 16, width: 24, height: 24))
    #expect(
      placed.dark == [.init(x: 22, y: 22, width: 6, height: 6), .init(x: 28, y: 28, width: 6, height: 6)])
  }

  @Test func `a wish bounds the module, and alignment moves it`() throws {
    let box = LabelBox(x: 0, y: 0, width: 5, height: 5)
    let placed = try place(
      symbol(
        .datamatrix, box, module: 0.1...0.5, alignment: SymbolAlignment(horizontal: .end, vertical: .start)))
    // 0.5 mm are 4 dots; 16 dots at the right of 40.
    #expect(placed.moduleDots == 4)
    #expect(placed.clear == .init(x: 24, y: 0, width: 16, height: 16))
  }

  @Test func `it turns clockwise`() throws {
    let bars = try #require(SymbolModules(columns: 4, rows: 1, dark: [true, true, false, true]))
    func dark(_ turns: Int, _ box: LabelBox) throws -> [SymbolPlacement.DotBox] {
      guard
        case .placed(let placement) = SymbolPlacement.place(
          bars, in: symbol(.code128, box, turns: turns, module: 0.125...0.125), at: .dpi203)
      else { throw NoPlace() }
      return placement.dark
    }
    // 10 + 4 + 10 modules of one dot: 3 mm; bars of 4 mm.
    #expect(
      try dark(0, LabelBox(x: 0, y: 0, width: 3, height: 4)) == [
        .init(x: 10, y: 0, width: 2, height: 32), .init(x: 13, y: 0, width: 1, height: 32),
      ])
    #expect(
      try dark(1, LabelBox(x: 0, y: 0, width: 4, height: 3)) == [
        .init(x: 0, y: 10, width: 32, height: 2), .init(x: 0, y: 13, width: 32, height: 1),
      ])
    #expect(
      try dark(2, LabelBox(x: 0, y: 0, width: 3, height: 4)) == [
        .init(x: 12, y: 0, width: 2, height: 32), .init(x: 10, y: 0, width: 1, height: 32),
      ])
    #expect(
      try dark(3, LabelBox(x: 0, y: 0, width: 4, height: 3)) == [
        .init(x: 0, y: 12, width: 32, height: 2), .init(x: 0, y: 10, width: 32, height: 1),
      ])
  }

  @Test func `what does not fit says what it would need`() throws {
    // 4 modules of at least 2 dots (0.2 mm at 8 dots a mm): 8 dots, a millimetre.
    let small = symbol(.datamatrix, LabelBox(x: 0, y: 0, width: 0.9, height: 5), module: 0.2...1)
    guard case .misfit(let misfit) = SymbolPlacement.place(try #require(checker), in: small, at: .dpi203) else {
      throw NoPlace()
    }
    #expect(misfit.needed == LabelSize(width: 1, height: 1))
    #expect(try place(symbol(.datamatrix, LabelBox(x: 0, y: 0, width: 1, height: 1), module: 0.2...1)).moduleDots == 2)
  }

  @Test func `quiet zones are those of the standards`() {
    let expected: [LabelSymbology: (Int, Int, Int)] = [
      .code128: (10, 10, 0), .gs1Code128: (10, 10, 0), .code39: (10, 10, 0), .itf: (10, 10, 0), .itf14: (10, 10, 0),
      .ean13: (11, 7, 0), .ean8: (7, 7, 0), .upca: (9, 9, 0), .upce: (9, 7, 0), .qr: (4, 4, 4), .microqr: (2, 2, 2),
      .pdf417: (2, 2, 2), .datamatrix: (1, 1, 1), .gs1DataMatrix: (1, 1, 1), .aztec: (1, 1, 1),
    ]
    for symbology in LabelSymbology.allCases {
      let quiet = symbology.quietZone
      #expect(expected[symbology] ?? (0, 0, 0) == (quiet.left, quiet.right, quiet.vertical), "\(symbology)")
    }
  }

  @Test func `a rectangle of dots covers what it says, and nothing outside`() {
    var picture = Bitmap(width: 20, height: 3)
    picture.fill(x: 6, y: 1, width: 11, height: 1, black: true)
    #expect(picture.bytes == [0, 0, 0, 0x03, 0xFF, 0x80, 0, 0, 0])
    picture.fill(x: 8, y: -5, width: 100, height: 100, black: false)
    #expect(picture.bytes == [0, 0, 0, 0x03, 0, 0, 0, 0, 0])
    picture.fill(x: -4, y: 2, width: 5, height: 9, black: true)
    #expect(picture.bytes == [0, 0, 0, 0x03, 0, 0, 0x80, 0, 0])
    #expect(Bitmap(width: 9, height: 1, bytes: [0xFF, 0x80]) != nil)
    #expect(Bitmap(width: 9, height: 1, bytes: [0xFF, 0xC0]) == nil)
    #expect(Bitmap(width: 9, height: 2, bytes: [0xFF, 0x80]) == nil)
  }
}
