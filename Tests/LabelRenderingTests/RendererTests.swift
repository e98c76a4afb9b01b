import LabelDesign
import LabelRendering
import LabelTemplates
import Testing

@testable import BarcodeVision

/// What is drawn, dot by dot, and the files that are made.
@Suite("Renderer")
struct RendererTests {
  private func page(_ shapes: String, width: Double = 10, height: Double = 10) -> LabelPage {
    LabelPage(
      size: LabelSize(width: width, height: height),
      artwork: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\">\(shapes)</svg>")
  }

  private func bitmap(_ page: LabelPage, _ resolution: PrintResolution = .dpi203) throws -> Bitmap {
    try Drawn.renderer.get().bitmap(of: page, at: resolution).get()
  }

  @Test func `a millimetre is eight dots at 203 dpi, and what is darker than the middle is black`() throws {
    let drawn = try bitmap(
      page(
        "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\"/><rect x=\"5\" y=\"2\" width=\"1\" height=\"1\" fill=\"#888888\"/>"
      ))
    #expect(drawn.width == 80 && drawn.height == 80)
    for row in 0..<80 {
      for column in 0..<80 {
        #expect(drawn[column, row] == ((8..<32).contains(column) && (16..<48).contains(row)))
      }
    }
  }

  @Test func `a page that is drawn in bands has no seam`() throws {
    // 3543 × 3543 dots are more than are drawn at once; a cross of lines goes through every band.
    let drawn = try bitmap(
      page(
        "<rect x=\"70\" y=\"0\" width=\"10\" height=\"150\"/><rect x=\"0\" y=\"70\" width=\"150\" height=\"10\"/>",
        width: 150,
        height: 150), .dpi600)
    #expect(drawn.width == 3543)
    let (left, right) = (Int(70 * 600 / 25.4) + 1, Int(80 * 600 / 25.4) - 1)
    for row in 0..<drawn.height where !(drawn[left + 1, row] && drawn[right - 1, row]) {
      Issue.record("row \(row) has a gap")
    }
    #expect(!drawn[left - 3, 10] && !drawn[right + 3, 3500])
  }

  @Test func `a page that is too large for its resolution is told`() throws {
    let large = LabelPage(size: LabelSize(width: 450, height: 450))
    let resolution = try #require(PrintResolution(dotsPerInch: 1200))
    #expect(throws: LabelRenderingFault.pageTooLarge(dots: 451_987_600, most: 64_000_000)) {
      try Drawn.renderer.get().bitmap(of: large, at: resolution)
    }
  }

  @Test func `text is as wide as it was measured, and starts where it should`() throws {
    let font = LabelFont(.sans, isBold: true)
    let text = "Wipe certificate AV To."
    let transform = DrawingTransform(a: 1, b: 0, c: 0, d: 1, e: 0, f: 0)
    func ink(_ anchor: PlacedText.Anchor, x: Double) throws -> ClosedRange<Int> {
      let line = PlacedText(
        runs: [.init(text: text, font: font, size: 4, colour: .black)], x: x, y: 10, anchor: anchor,
        transform: transform)
      let drawn = try bitmap(LabelPage(size: LabelSize(width: 100, height: 14), texts: [line]), .dpi600)
      let columns = (0..<drawn.width).filter { column in (0..<drawn.height).contains { drawn[column, $0] } }
      return try #require(columns.first)...(try #require(columns.last))
    }
    let scale = PrintResolution.dpi600.dotsPerMillimetre
    let start = try ink(.start, x: 5)
    // Measured by filling a template that must hold it to a hundredth.
    let width = Double(start.upperBound - start.lowerBound) / scale
    func fits(_ room: Double) throws -> Bool {
      let svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100mm\" height=\"14mm\" viewBox=\"0 0 100 14\"><text y=\"9\" font-size=\"4\" font-weight=\"bold\" data-width=\"\(room)\">{{t}}</text></svg>"
      let description = LabelDescription(
        name: "T", size: LabelSize(width: 100, height: 14), fields: [LabelField(name: "t", title: "T", example: "x")])
      let template = try LabelTemplate(id: "t", svg: svg, description: description, file: "t.svg")
      if case .made = try Drawn.renderer.get().fill(template, with: LabelValues(["t": text])) { return true }
      return false
    }
    // A glyph's own edges are white for some hundredths of an em.
    #expect(try fits(width + 0.8))
    #expect(try !fits(width - 0.1))
    #expect(abs(Double(start.lowerBound) / scale - 5) < 0.5)
    #expect(abs(Double(try ink(.end, x: 95).upperBound) / scale - 95) < 0.6)
    let middle = try ink(.middle, x: 50)
    #expect(abs(Double(middle.lowerBound + middle.upperBound) / 2 / scale - 50) < 0.5)
  }

  @Test func `a character without a glyph is refused, and one of another alphabet is not`() throws {
    let template = try Drawn.folder("asset-tag-50x25-qr").template
    let renderer = try Drawn.renderer.get()
    func answer(_ owner: String) -> LabelAnswer<LabelDocument> {
      renderer.fill(template, with: LabelValues(["tag": "AT-1", "owner": owner]))
    }
    #expect(throws: Never.self) { try answer("Größe µ Ελλάς Кыргыз").get() }
    // Egyptian hieroglyphs: in none of the packages that labels need.
    let refusal = #expect(throws: LabelRefusal.self) { try answer("A \u{13080}").get() }
    #expect(refusal?.code == "label.text.noGlyph")
    #expect(refusal?.field == "owner")
    #expect(refusal?.sentence.contains("\u{13080}") == true)
  }

  @Test func `a PNG states its resolution and reads back as the dots it was made from`() throws {
    let renderer = try Drawn.renderer.get()
    let page = try Drawn.examples(Drawn.folder("asset-tag-50x25-code128").template).pages[0]
    let bitmap = try renderer.bitmap(of: page, at: .dpi300).get()
    let png = try renderer.png(of: bitmap, at: .dpi300)
    #expect(try GrayFrame(picture: png) == GrayFrame(bitmap, margin: 0))
    // 300 dpi are 11811 dots a metre: 0x2E23; unit 1 is the metre.
    let stated: [UInt8] = Array("pHYs".utf8) + [0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1]
    #expect(png[37..<50].elementsEqual(stated))
  }

  @Test func `a preview in colour shows the same code`() throws {
    let renderer = try Drawn.renderer.get()
    let page = try Drawn.examples(Drawn.folder("badge-86x54").template).pages[0]
    let frame = try GrayFrame(picture: try renderer.png(of: page, at: .dpi203).get())
    #expect(try SymbolReader().read(frame).map(\.text) == ["CUSTODY:BADGE:5f1c9b7e2d804a63"])
  }

  @Test func `a PDF has a page of A4 for each of its pages, text with its typefaces, and the time it was given`() throws
  {
    let renderer = try Drawn.renderer.get()
    let document = try Drawn.examples(Drawn.folder("pallet-manifest-a4").template)
    #expect(document.pages.count == 2)
    let bytes = try renderer.pdf(of: [document], created: "2026-11-21T21:13:00Z").get()
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1."))
    #expect(text.contains("/Count 2"))
    #expect(text.contains("DejaVuSans-Bold") && text.contains("/FontFile"))
    #expect(text.contains("D:20261121211300"))
    // 210 × 297 mm in points.
    #expect(text.contains("595.27"))
    #expect(try renderer.pdf(of: [document], created: "2026-11-21T21:13:00Z").get() == bytes)
  }

  @Test func `a code that has no room says what it would need, and that much is enough`() throws {
    let renderer = try Drawn.renderer.get()
    let content = SymbolContent(.code128, "AT-00042")
    func refusal(_ width: Double, _ height: Double, _ resolution: PrintResolution) throws -> LabelRefusal? {
      let page = Drawn.page(content, width: width, height: height, module: nil)
      if case .refused(let refusal) = try renderer.bitmap(of: page, at: resolution) { return refusal }
      return nil
    }
    // Code 128: start, 3 letters and signs, code C, 3 pairs less one… 123 modules and 20 of quiet zone, 2 dots each at least.
    let narrow = try #require(try refusal(20, 10, .dpi203))
    #expect(narrow.code == "label.symbol.doesNotFit")
    #expect(narrow.box == "code")
    let words = narrow.sentence
    let needed = try #require(
      words.split(separator: " ").drop { $0 != "needs" }.compactMap { Double($0) }.first, "no number in \(words)")
    #expect(try refusal(needed, 10, .dpi203) == nil)
    #expect(try refusal(needed - 0.3, 10, .dpi203) != nil)
    #expect(try refusal(40, 2, .dpi203)?.code == "label.symbol.doesNotFit")
  }
}
