import Testing

@testable import BarcodeVision

@Suite("Reading the symbols of a picture")
struct SymbolReaderTests {
  struct Expectation: CustomTestStringConvertible {
    let file: String
    let symbology: Symbology
    let text: String
    let identifier: String
    var testDescription: String { file }

    init(_ file: String, _ symbology: Symbology, _ text: String, _ identifier: String) {
      (self.file, self.symbology, self.text, self.identifier) = (file, symbology, text, identifier)
    }
  }

  @Test(
    "Photographs give what is published with them",
    arguments: [
      Expectation("qr.png", .qr, "http://code.google.com/p/zxing/", "]Q1"),
      Expectation("code128-serial.webp", .code128, "CNK8181G2C", "]C0"),
      Expectation("code128.jpg", .code128, "419055603900009001012999", "]C0"),
      Expectation("code128-cmyk.jpg", .code128, "419055603900009001012999", "]C0"),
      Expectation("code39.jpg", .code39, "CODE39", "]A0"),
      Expectation("itf.png", .itf, "070429", "]I0"),
      Expectation("upce.png", .upce, "01234565", "]E0"),
      Expectation("databar.png", .databar, "0104412345678909", "]e0"),
      Expectation("upca-faded.png", .upca, "049000042566", "]E0"),
      Expectation("codabar-leaning.jpg", .codabar, "A16:9/4:3/3:2D", "]F0"),
      Expectation("aztec-leaning.png", .aztec, "mailto:zxing@googlegroups.com", "]z0"),
    ])
  func photographs(_ expected: Expectation) throws {
    let symbols = try Vectors.read(expected.file)
    try #require(symbols.count == 1)
    #expect(symbols[0].symbology == expected.symbology)
    #expect(symbols[0].text == expected.text)
    #expect(symbols[0].symbologyIdentifier == expected.identifier)
    #expect(symbols[0].raw == Array(expected.text.utf8))
  }

  @Test("A leading FNC1, which zbar drops, comes back as the identifier of GS1-128")
  func gs1() throws {
    let symbols = try Vectors.read("gs1-128.png")
    #expect(symbols.map(\.symbologyIdentifier) == ["]C1"])
    #expect(symbols.map(\.text) == ["8101054321120021123456"])
  }

  @Test("All symbols of a picture are returned")
  func several() throws {
    let symbols = try Vectors.read("two-ean13.png")
    #expect(Set(symbols.map(\.text)) == ["9784872348880", "1920081045006"])
    #expect(symbols.allSatisfy { $0.symbology == .ean13 && $0.symbologyIdentifier == "]E0" })
  }

  @Test("A product code that only some scan lines made up is not handed out")
  func ghost() throws {
    #expect(try Vectors.read("upca-ghost.webp").map(\.text) == ["012546619592"])
  }

  @Test("Better nothing than the wrong product code")
  func misread() throws {
    #expect(try Vectors.read("upca-misread.webp").allSatisfy { $0.text == "023942431015" })
  }

  @Test("Kanji and half-width kana of a QR code become text; its bytes stay Shift JIS")
  func shiftJIS() throws {
    #expect(try Vectors.read("qr-kanji.png").map(\.text) == ["石積籍績脊責赤跡蹟碩切拙接摂折設"])
    let kana = try Vectors.read("qr-half-width-kana.png")
    #expect(kana.map(\.text) == ["*ﾃﾞｻﾞｲﾝQR*\r\nhttp://d-qr.net/ex/    "])
    #expect(kana.first?.raw.starts(with: [0x2A, 0xC3, 0xDE, 0xBB, 0xDE, 0xB2, 0xDD]) == true)
  }

  @Test("A picture without a symbol gives none")
  func negative() throws { #expect(try Vectors.read("none.png").isEmpty) }

  @Test("A light symbol on a dark ground is found")
  func inverted() throws {
    let frame = try GrayFrame(pictureAt: Vectors.path("qr.png")).inverted()
    #expect(try SymbolReader().read(frame).map(\.text) == ["http://code.google.com/p/zxing/"])
  }

  @Test("Frames of one pixel, one row and one column are searched without harm")
  func slivers() throws {
    for (width, height) in [(1, 1), (30_000, 1), (1, 30_000), (2, 3)] {
      let frame = try #require(
        GrayFrame(width: width, height: height, bytes: [UInt8](repeating: 7, count: width * height)))
      #expect(try SymbolReader().read(frame).isEmpty)
    }
  }

  @Test("A frame's size and its bytes have to agree")
  func frameSize() {
    #expect(GrayFrame(width: 2, height: 2, bytes: [1, 2, 3]) == nil)
    #expect(GrayFrame(width: 0, height: 0, bytes: []) == nil)
    #expect(GrayFrame(width: -1, height: -4, bytes: [1, 2, 3, 4]) == nil)
    #expect(GrayFrame(width: Int.max, height: 2, bytes: [1]) == nil)
  }

  @Test("Many pictures at once give what each gives alone")
  func concurrent() async throws {
    let reader = PictureReader(parallelism: 4)
    let pictures = [
      (try Vectors.bytes("qr.png"), "http://code.google.com/p/zxing/"), (try Vectors.bytes("itf.png"), "070429"),
      (try Vectors.bytes("code128-serial.webp"), "CNK8181G2C"), (try Vectors.bytes("code39.jpg"), "CODE39"),
    ]
    try await withThrowingTaskGroup(of: (String, [String]).self) { group in
      for round in 0..<32 {
        let (bytes, text) = pictures[round % pictures.count]
        group.addTask { (text, try await reader.read(picture: bytes).map(\.text)) }
      }
      for try await (expected, texts) in group { #expect(texts == [expected]) }
    }
  }
}
