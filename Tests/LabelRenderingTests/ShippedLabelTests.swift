import BarcodeVision
import LabelDesign
import LabelRendering
import LabelTemplates
import Testing

/// The folders of `labels/`, drawn with their examples.
@Suite("Shipped labels", .serialized)
struct ShippedLabelTests {
  @Test func `every code of every template is read by every engine that knows it, at 203, 300 and 600 dpi`() throws {
    for folder in try Drawn.folders.get() {
      for page in try Drawn.examples(folder.template).pages {
        for resolution in [PrintResolution.dpi203, .dpi300, .dpi600] {
          for symbol in try Drawn.symbols(of: page, at: resolution) {
            for engine in Engine.allCases where engine.reads(symbol.content.symbology) {
              #expect(
                try engine.texts(in: symbol.frame) == [symbol.content.readText],
                "\(folder.template.id), \(symbol.name), \(resolution.dotsPerInch) dpi, \(engine)")
            }
          }
        }
      }
    }
  }

  @Test func `a whole label is read as it comes out of the printer`() throws {
    for folder in try Drawn.folders.get() where folder.template.description.size.width < 200 {
      let page = try Drawn.examples(folder.template).pages[0]
      let bitmap = try Drawn.renderer.get().bitmap(of: page, at: .dpi203).get()
      let read = try SymbolReader().read(GrayFrame(bitmap)).map(\.text)
      #expect(Set(read) == Set(page.symbols.map(\.content.readText)), "\(folder.template.id)")
    }
  }

  @Test(arguments: Damage.allCases)
  func `codes are read when the label is`(damage: Damage) throws {
    for folder in try Drawn.folders.get() {
      let page = try Drawn.examples(folder.template).pages[0]
      for resolution in [PrintResolution.dpi203, .dpi300] {
        // The codes of a sheet are of one kind.
        for symbol in try Drawn.symbols(of: page, at: resolution).prefix(2) {
          let read = try SymbolReader().read(damage.done(to: symbol))
          #expect(
            read.map(\.text) == [symbol.content.readText],
            "\(folder.template.id), \(symbol.name), \(resolution.dotsPerInch) dpi")
        }
      }
    }
  }

  @Test func `a label looks as its golden picture does`() throws {
    for folder in try Drawn.folders.get() {
      let page = try Drawn.examples(folder.template).pages[0]
      let bitmap = try Drawn.renderer.get().bitmap(of: page, at: .dpi203).get()
      let golden = try GrayFrame(pictureAt: folder.goldenPicture)
      let drawn = GrayFrame(bitmap, margin: 0)
      try #require(golden.width == drawn.width && golden.height == drawn.height, "\(folder.template.id)")
      var different = 0
      var black = 0
      golden.bytes.withUnsafeBufferPointer { golden in
        drawn.bytes.withUnsafeBufferPointer { drawn in
          for index in 0..<golden.count {
            if golden[index] < 128 { black += 1 }
            if (golden[index] < 128) != (drawn[index] < 128) { different += 1 }
          }
        }
      }
      // Another version of FreeType may set an edge elsewhere: one dot in fifty of what is black.
      #expect(different * 50 <= black, "\(folder.template.id): \(different) of \(black) dots")
    }
  }

  @Test func `there is a template for everything that is labelled, and no two have one name`() throws {
    let templates = try Drawn.folders.get().map(\.template)
    #expect(Set(templates.map(\.description.name)).count == templates.count)
    let names = templates.map(\.id)
    for size in ["50x25", "70x30", "100x50"] {
      for code in ["code128", "qr", "datamatrix"] { #expect(names.contains("asset-tag-\(size)-\(code)")) }
    }
    for name in [
      "cable-flag-70x24", "drive-label-50x20", "location-100x50", "order-100x50", "kit-100x50", "badge-86x54",
      "command-sheet-a4", "command-sheet-a4-code128", "pallet-manifest-a4", "hand-over-receipt-a4",
      "wipe-certificate-a4",
    ] { #expect(names.contains(name)) }
  }
}
