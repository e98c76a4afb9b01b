import Testing

@testable import BarcodeVision

@Suite("Several symbols, add-ons, raw bytes")
struct SeveralSymbolsTests {
  /// What zint was given to draw.
  private let given: [Symbology: [String]] = [
    .code128: ["SN7C4K19X2", "010400638133393121A1B2C3"], .ean13: ["4006381333931"], .code39: ["QTY-24"],
    .dataMatrix: ["P/N 874-1190"], .qr: ["https://assets.example/a/AT-00042"], .pdf417: ["MAC 00:1A:2B:3C:4D:5E"],
  ]

  @Test(
    "All symbols of a label are reported, none twice, whichever way up it lies",
    arguments: [Orientation.upright, .rotate180, .rotateClockwise])
  func label(_ orientation: Orientation) throws {
    let frame = try GrayFrame(pictureAt: Vectors.path("seven-symbols.png")).upright(from: orientation)
    let symbols = try SymbolReader().read(frame)
    let found = Dictionary(grouping: symbols, by: \.symbology).mapValues { $0.map(\.text).sorted() }
    #expect(found == given.mapValues { $0.sorted() })
    // Each has its own place.
    for (index, symbol) in symbols.enumerated() {
      #expect(symbols[..<index].allSatisfy { !$0.corners.touches(symbol.corners) }, "\(symbol.text)")
    }
    #expect(symbols.first { $0.text.hasPrefix("0104") }?.symbologyIdentifier == "]C1")
  }

  @Test("An add-on is told beside its product code, which stays as it is")
  func addOns() throws {
    let two = try Vectors.read("ean13-add-on-2.png")
    #expect(two.map(\.text) == ["4006381333931"] && two.map(\.addOn) == ["12"])
    let five = try Vectors.read("ean13-add-on-5.png")
    #expect(five.map(\.text) == ["9780201379624"] && five.map(\.addOn) == ["54999"])
    #expect(try Vectors.read("seven-symbols.png").allSatisfy { $0.addOn == nil })
  }

  @Test("An add-on is found beside a symbol that leans and stands on its head")
  func leaningAddOn() throws {
    let upright = try GrayFrame(pictureAt: Vectors.path("ean13-add-on-5.png")).padded(by: 60).frame
    for degrees in [-35.0, 20, 160] {
      let frame = try #require(upright.rotated(byDegrees: degrees)).frame
      let symbols = try SymbolReader().read(frame)
      #expect(symbols.map(\.text) == ["9780201379624"] && symbols.map(\.addOn) == ["54999"], "\(degrees)°")
    }
  }

  @Test("Code 39 that is written as full ASCII is converted; its bytes stay what the bars say")
  func fullASCII() throws {
    let symbols = try Vectors.read("code39-full-ascii.png")
    #expect(symbols.map(\.text) == ["Sn-42a"] && symbols.map(\.symbologyIdentifier) == ["]A4"])
    #expect(symbols.map(\.raw) == [Array("S+N-42+A".utf8)])
  }

  @Test("Bytes that are no text are kept raw")
  func bytes() throws {
    let symbol = try #require(try Vectors.read("qr-bytes.png").first)
    #expect(symbol.raw == [0xFF, 0xFE, 0x80, 0x41, 0x00, 0xC3, 0x28])
    // Every byte as the character of ISO/IEC 8859-1 with its number.
    #expect(symbol.text.unicodeScalars.map(\.value) == [0xFF, 0xFE, 0x80, 0x41, 0x00, 0xC3, 0x28])
    let line = PictureReading(path: "a", outcome: .success([symbol]), duration: .zero).jsonLine
    #expect(line.contains("\"raw\":\"fffe804100c328\""))
  }

  @Test("Halves of one symbol in two pictures make no symbol, however often they follow each other")
  func halves() throws {
    // The product code alone: 12 modules of two pixels, 95 modules, then white.
    let whole = try GrayFrame(pictureAt: Vectors.path("ean13-add-on-2.png")).padded(by: 30).frame
    let middle = 30 + 22 * 2 + 48 * 2
    func half(_ keeps: (Int) -> Bool) -> GrayFrame {
      GrayFrame(
        whole.width, whole.height,
        whole.bytes.enumerated().map { keeps($0.offset % whole.width) ? $0.element : 255 })
    }
    let (left, right) = (half { $0 < middle }, half { $0 >= middle && $0 < middle + 110 })
    let reader = SymbolReader()
    for _ in 0..<3 {
      for frame in [left, right] {
        #expect(try reader.read(frame).isEmpty)
        #expect(try ZBarScan.symbols(in: frame).isEmpty)
      }
    }
    #expect(try reader.read(whole).map(\.text) == ["4006381333931"])
  }
}
