import BarcodeVision
import LabelDesign
import LabelRendering
import Testing

/// The six rectangles of ISO/IEC 16022, for where a label is low: cables, drives, edges of boards.
@Suite("Rectangular Data Matrix")
struct RectangularDataMatrixTests {
  /// ISO/IEC 16022, Table 7: rows, columns, and how many digits each holds.
  static let sizes: [(DataMatrixShape, rows: Int, columns: Int, digits: Int)] = [
    (.rectangle8x18, 8, 18, 10), (.rectangle8x32, 8, 32, 20), (.rectangle12x26, 12, 26, 32),
    (.rectangle12x36, 12, 36, 44), (.rectangle16x36, 16, 36, 64), (.rectangle16x48, 16, 48, 98),
  ]

  private func digits(_ count: Int) -> String { String((0..<count).map { Character(String(($0 * 7 + 1) % 10)) }) }

  @Test func `each holds what the standard says, and no digit more`() throws {
    for size in Self.sizes {
      let full = SymbolContent(.datamatrix, digits(size.digits), shape: size.0)
      let modules = try SymbolEncoding.encode(full).get()
      #expect(modules.rows == size.rows && modules.columns == size.columns)
      let refusal = #expect(throws: LabelRefusal.self) {
        try SymbolEncoding.encode(SymbolContent(.datamatrix, digits(size.digits + 2), shape: size.0)).get()
      }
      #expect(refusal?.code == "label.symbol.tooLong")
    }
  }

  @Test func `a rectangle is the smallest that holds the text, and beyond the largest is refused`() throws {
    var least = 2
    for size in Self.sizes {
      for count in [least, size.digits] {
        let modules = try SymbolEncoding.encode(SymbolContent(.datamatrix, digits(count), shape: .rectangle)).get()
        #expect(modules.rows == size.rows && modules.columns == size.columns, "\(count) digits")
      }
      least = size.digits + 2
    }
    let refusal = #expect(throws: LabelRefusal.self) {
      try SymbolEncoding.encode(SymbolContent(.datamatrix, digits(100), shape: .rectangle)).get()
    }
    #expect(refusal?.code == "label.symbol.tooLong")
  }

  @Test(arguments: sizes.indices)
  func `each is read at every resolution, turned, rubbed and blurred`(index: Int) throws {
    let size = Self.sizes[index]
    for content in [
      SymbolContent(.datamatrix, digits(size.digits), shape: size.0),
      SymbolContent(.gs1DataMatrix, index == 0 ? "[10]AB12" : "[01]09506000134352", shape: size.0),
    ] {
      for resolution in [PrintResolution.dpi203, .dpi300, .dpi600] {
        for turns in 0..<4 where turns == 0 || resolution == .dpi203 {
          let (width, height) = turns % 2 == 1 ? (46.0, 96.0) : (96.0, 46.0)
          let page = Drawn.page(content, width: width, height: height, quarterTurns: turns)
          for symbol in try Drawn.symbols(of: page, at: resolution) {
            #expect(
              try Engine.zxing.texts(in: symbol.frame).map(content.asWritten) == [content.readText],
              "\(size.0.rawValue) at \(resolution.dotsPerInch) dpi, turned \(turns)")
          }
        }
      }
      for symbol in try Drawn.symbols(of: Drawn.page(content), at: .dpi203) {
        for damage in Damage.allCases {
          let read = try SymbolReader().read(damage.done(to: symbol)).map(\.text).map(content.asWritten)
          #expect(read == [content.readText], "\(size.0.rawValue) \(damage)")
        }
      }
    }
  }
}
