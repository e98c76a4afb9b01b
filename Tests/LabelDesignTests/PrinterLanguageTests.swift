import Testing

@testable import LabelDesign

/// A picture with a black border of one dot.
private func framed(_ width: Int, _ height: Int) -> Bitmap {
  var picture = Bitmap(width: width, height: height)
  for column in 0..<width { (picture[column, 0], picture[column, height - 1]) = (true, true) }
  for row in 0..<height { (picture[0, row], picture[width - 1, row]) = (true, true) }
  return picture
}

private func zebra() -> PrinterProfile {
  var printer = PrinterProfile(id: "z", name: "Zebra", language: .zpl, dotsPerInch: 203, widthInDots: 832)
  (printer.speed, printer.darkness) = (4, 9)
  return printer
}

private func brother(wide: Bool = false, compresses: Bool = false) -> PrinterProfile {
  var printer = PrinterProfile(
    id: "q", name: "QL", language: .brotherQL, dotsPerInch: 300, widthInDots: wide ? 1_296 : 720)
  printer.compresses = compresses
  return printer
}

@Suite struct ZPLFormats {
  @Test func aFormatSaysSizeSpeedDarknessPictureAndCopies() throws {
    let label = try PrintedLabel(picture: framed(16, 3), media: LabelMedia(width: 50, height: 25), copies: 3)
    #expect(
      try label.bytes(for: zebra()).text == """
        ~SD09
        ^XA
        ^LH0,0^PON^PMN^LRN
        ^PW16^LL3
        ^PR4
        ^FO0,0^GFA,6,6,2,!8001!^FS
        ^PQ3
        ^XZ

        """)
  }

  @Test func aPictureBeyondOneFieldGoesIntoSeveral() throws {
    // 600 dots to the inch, 4 by 6 inches: 300 bytes a row, so 333 rows to a field of at most 99,999 bytes.
    var printer = zebra()
    printer = PrinterProfile(id: "z", name: "Z", language: .zpl, dotsPerInch: 600, widthInDots: 2_400)
    let picture = framed(2_400, 3_600)
    let text = try PrintedLabel(picture: picture, media: LabelMedia(width: 102, height: 152)).bytes(for: printer).text
    var rows: [UInt8] = []
    for field in text.split(separator: "^FO0,").dropFirst() {
      let parts = field.split(separator: ",", maxSplits: 4)
      let (top, total, perRow) = (Int(parts[0].prefix { $0.isNumber }), Int(parts[1]), Int(parts[3]))
      #expect(top.map { $0 * 300 } == rows.count)
      let data = parts[4].prefix { $0 != "^" }
      rows += try ZPLGraphic.decode(
        Array(data.utf8), bytesPerRow: try #require(perRow), total: try #require(total))
      #expect((total ?? .max) <= 99_999)
    }
    #expect(rows == picture.bytes)
  }

  /// The commands as the public samples have them: `^RFW,H,1,2,1^FD3000^FS`, `^RFW,H,2,12,1^FD…^FS`, `^RFR…^FN1^FS^HV1`.
  @Test func aTagIsWrittenAndReadBack() throws {
    var printer = zebra()
    let epc = Array(hex: "3034257BF7194E4000001A85")  // SGTIN-96 of TDS
    let label = try PrintedLabel(
      picture: framed(8, 1), media: LabelMedia(width: 50, height: 25), tag: TagEncoding(epc: epc))
    #expect(throws: PrinterLanguageFault.noTagEncoder(printer: "Zebra")) { try label.bytes(for: printer) }
    printer.encodesTags = true
    let text = try label.bytes(for: printer).text
    let tag = """
      ^RS8,,,3,P
      ^RFW,H,1,2,1^FD3000^FS
      ^RFW,H,2,12,1^FD3034257BF7194E4000001A85^FS
      ^RFR,H,2,12,1^FN1^FS
      ^FH_^HV1,24,EPC[,]_0D_0A^FS
      """
    #expect(text.contains(tag))
  }

  @Test(arguments: [0, 3, 64]) func anEPCIsWholeWordsThatItsControlWordCanCount(count: Int) {
    #expect(throws: PrinterLanguageFault.epcLength(count)) { try TagEncoding(epc: Array(repeating: 1, count: count)) }
  }

  @Test func theControlWordCountsWords() throws {
    #expect(try TagEncoding(epc: Array(repeating: 0, count: 12)).protocolControl == 0x3000)
    #expect(try TagEncoding(epc: Array(repeating: 0, count: 26)).protocolControl == 0x6800)  // GRAI-170 in 13 words
    #expect(try TagEncoding(epc: Array(repeating: 0, count: 62)).protocolControl == 0xF800)
  }

  @Test func oneEPCIsForOneLabel() throws {
    let media = try LabelMedia(width: 50, height: 25)
    let tag = try TagEncoding(epc: Array(repeating: 0, count: 12))
    #expect(throws: PrinterLanguageFault.copiesOfTag(2)) {
      try PrintedLabel(picture: Bitmap(width: 8, height: 8), media: media, copies: 2, tag: tag)
    }
  }

  @Test func whatIsWiderThanTheHeadIsRefused() throws {
    let label = try PrintedLabel(picture: Bitmap(width: 833, height: 8), media: LabelMedia(width: 105, height: 25))
    #expect(throws: PrinterLanguageFault.pictureTooLarge(width: 833, height: 8, widest: 832, highest: 32_000)) {
      try label.bytes(for: zebra())
    }
  }
}

@Test func tsplSendsWhiteDotsAsSetBits() throws {
  var printer = PrinterProfile(id: "t", name: "TSC", language: .tspl, dotsPerInch: 203, widthInDots: 864)
  (printer.speed, printer.darkness) = (4, 8)
  let label = try PrintedLabel(picture: framed(12, 3), media: LabelMedia(width: 50.8, height: 25.4, gap: 3), copies: 2)
  let commands =
    "\r\nSIZE 50.8 mm,25.4 mm\r\nGAP 3 mm,0 mm\r\nSPEED 4\r\nDENSITY 8\r\nDIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\n"
    + "BITMAP 0,0,2,3,0,"
  // The border, inverted; past the twelfth dot it is white.
  let expected = Array(commands.utf8) + [0x00, 0x0F, 0x7F, 0xEF, 0x00, 0x0F] + Array("\r\nPRINT 1,2\r\n".utf8)
  #expect(try label.bytes(for: printer) == expected)
}

@Suite struct BrotherPages {
  /// The example of the Raster Command Reference, "Select compression mode".
  @Test func packBitsAsBrotherHasIt() {
    let bytes = Array(repeating: UInt8(0), count: 20) + Array(hex: "22 22 23 BA BF A2 22 2B")
    #expect(PackBits.encode(bytes[...]) == Array(hex: "ED 00 FF 22 05 23 BA BF A2 22 2B"))
  }

  @Test(arguments: 1...40) func packedBytesComeBack(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in UInt8.random(in: 0...2, using: &random) }
    #expect(unpacked(PackBits.encode(bytes[...])) == bytes)
  }

  /// Pages that brother_ql sends: the same rows on the same pins.
  @Test(arguments: [
    ("ql820", 696, 62.0, 29.0, true), ("ql800", 306, 29.0, 90.0, false), ("ql820-62", 696, 62.0, 31.4, true),
  ])
  func rowsLieOnThePinsWhereOthersPutThem(
    name: String, width: Int, across: Double, along: Double, compresses: Bool
  ) throws {
    let picture = try Vectors.picture("brother-\(name).hex", width: width)
    let label = try PrintedLabel(picture: picture, media: LabelMedia(width: across, height: along))
    let theirs = Page(try Vectors.bytes("brother-\(name).bin"))
    let ours = Page(try label.bytes(for: brother(compresses: compresses)))
    #expect(ours.rows.count == picture.height && theirs.rows.count == picture.height)
    for (index, rows) in zip(ours.rows, theirs.rows).enumerated() { #expect(rows.0 == rows.1, "row \(index)") }
    #expect(ours.information == theirs.information)
    #expect(ours.margin == theirs.margin)
    #expect(ours.ends == [0x1A] && theirs.ends == [0x1A])
  }

  @Test func everyCopyIsAPageAndOnlyTheLastFeeds() throws {
    let label = try PrintedLabel(
      picture: Bitmap(width: 306, height: 991), media: LabelMedia(width: 29, height: 90), copies: 3)
    let page = Page(try label.bytes(for: brother(compresses: true)))
    #expect(page.ends == [0x0C, 0x0C, 0x1A])
    #expect(page.informations.map { $0[8] } == [0, 1, 1])
  }

  @Test func aLabelThatLiesAcrossTheRollIsTurned() throws {
    // 90 × 29 mm at 300 dots to the inch, a dot near its upper left corner: on the roll that is the upper right.
    var picture = Bitmap(width: 1_063, height: 343)
    picture[40, 20] = true
    let page = Page(
      try PrintedLabel(picture: picture, media: LabelMedia(width: 90, height: 29)).bytes(for: brother()))
    let row = try #require(page.rows.firstIndex { $0.contains { $0 != 0 } })
    #expect(page.rows.count == 991)
    // 1063 - 991 leaves 36 in front; 343 - 306 leaves 18 at the left; turned right, row 20 is column 343 - 1 - 20 = 322.
    #expect(row == 40 - 36)
    let pin = 6 + 306 - 1 - (322 - 18)
    #expect(page.rows[row].firstIndex { $0 != 0 } == pin / 8)
    #expect(page.rows[row][pin / 8] == 0x80 >> UInt8(pin % 8))
  }

  @Test func dotsWhereThePrinterCannotPrintAreNotCutOff() throws {
    let label = try PrintedLabel(picture: framed(732, 341), media: LabelMedia(width: 62, height: 29))
    #expect(throws: PrinterLanguageFault.outsidePrintable(dots: 2 * 732 + 2 * 339, of: label.media)) {
      try label.bytes(for: brother())
    }
  }

  @Test func onAContinuousRollTheFeedIsAPartOfTheLength() throws {
    let label = try PrintedLabel(picture: Bitmap(width: 732, height: 600), media: LabelMedia(width: 62, height: 50.8))
    let page = Page(try label.bytes(for: brother()))
    #expect(page.rows.count == 600 - 2 * 35)
    #expect(page.margin == [35, 0])
  }

  @Test func aSizeThatNobodySellsIsRefused() throws {
    let label = try PrintedLabel(picture: Bitmap(width: 100, height: 100), media: LabelMedia(width: 70, height: 45))
    #expect(throws: PrinterLanguageFault.noSuchTape(label.media, printer: "QL")) { try label.bytes(for: brother()) }
  }
}

/// What Brother's commands say, read as its reference has them.
private struct Page {
  private(set) var rows: [[UInt8]] = []
  private(set) var informations: [[UInt8]] = []
  private(set) var margin: [UInt8] = []
  private(set) var ends: [UInt8] = []
  var information: [UInt8]? { informations.first }

  init(_ bytes: [UInt8]) {
    var index = 0
    var isPacked = false
    while index < bytes.count {
      switch bytes[index] {
      case 0x00: index += 1
      case 0x1B where bytes[index + 1] == 0x40: index += 2
      case 0x1B:
        let lengths: [UInt8: Int] = [0x61: 1, 0x53: 0, 0x7A: 10, 0x4D: 1, 0x41: 1, 0x4B: 1, 0x64: 2]
        let length = lengths[bytes[index + 2]] ?? 0
        let values = Array(bytes[(index + 3)..<(index + 3 + length)])
        if bytes[index + 2] == 0x7A { informations.append(values) }
        if bytes[index + 2] == 0x64 { margin = values }
        index += 3 + length
      case 0x4D: (isPacked, index) = (bytes[index + 1] == 2, index + 2)
      case 0x5A:
        rows.append(Array(repeating: 0, count: 90))
        index += 1
      case 0x67:
        let count = Int(bytes[index + 2])
        let line = Array(bytes[(index + 3)..<(index + 3 + count)])
        rows.append(isPacked ? unpacked(line) : line)
        index += 3 + count
      case 0x0C, 0x1A:
        ends.append(bytes[index])
        index += 1
      default:
        Issue.record("0x\(String(bytes[index], radix: 16)) at \(index) is no command")
        return
      }
    }
  }
}

/// PackBits as TIFF 6.0, section 9, unpacks it.
private func unpacked(_ packed: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = []
  var index = 0
  while index < packed.count {
    let count = Int(Int8(bitPattern: packed[index]))
    if count >= 0 {
      bytes += packed[(index + 1)...(index + 1 + count)]
      index += 2 + count
    } else {
      bytes += Array(repeating: packed[index + 1], count: 1 - count)
      index += 2
    }
  }
  return bytes
}
