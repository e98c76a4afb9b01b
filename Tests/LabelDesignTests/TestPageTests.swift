import LabelDesign
import Testing

/// The sizes that are sold for Brother's printers, and Zebra's usual ones.
@Test(arguments: [(62.0, 29.0), (29.0, 90.0), (62.0, 100.0), (62.0, 40.0), (17.0, 54.0)])
func aTestPageFitsWhatABrotherCanPrint(width: Double, height: Double) throws {
  let printer = PrinterProfile(id: "q", name: "QL", language: .brotherQL, dotsPerInch: 300, widthInDots: 720)
  let page = try PrintedLabel.testPage(LabelMedia(width: width, height: height), for: printer)
  #expect(try page.bytes(for: printer).count > 1_000)
}

@Test func aTestPagesFrameLiesHalfAMillimetreInside() throws {
  // 203 dots to the inch: half a millimetre is 4 dots; 50 × 25 mm are 400 × 200 dots.
  let picture = try Bitmap.testPattern(LabelMedia(width: 50, height: 25), dotsPerInch: 203, edge: 0.5)
  #expect(picture.width == 400 && picture.height == 200)
  #expect(!picture[3, 100] && picture[4, 100] && picture[395, 100] && !picture[396, 100])
  #expect(!picture[200, 3] && picture[200, 4] && picture[200, 195] && !picture[200, 196])
}

@Test func everyObjectOfTheTestDocumentIsWhereItsTableSays() throws {
  let pdf = TestDocument.pdf(lines: ["Zebra (a\\b)", "Größe"])
  let text = String(decoding: pdf, as: UTF8.self)
  let entries = text.matches(of: #/(\d{10}) 00000 n /#)
  #expect(entries.count == 5)
  for (index, entry) in entries.enumerated() {
    let offset = try #require(Int(entry.1))
    #expect(String(decoding: pdf[offset...].prefix(7), as: UTF8.self) == "\(index + 1) 0 obj")
  }
  let start = try #require(text.firstMatch(of: #/startxref\n(\d+)/#).flatMap { Int($0.1) })
  #expect(String(decoding: pdf[start...].prefix(4), as: UTF8.self) == "xref")
  #expect(text.contains(#"(Zebra \(a\\b\)) Tj"#) && text.contains("(Gr??e) Tj"))
}
