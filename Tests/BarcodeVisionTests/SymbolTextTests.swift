import Testing

@testable import BarcodeVision

@Suite("Bytes to text")
struct SymbolTextTests {
  @Test("UTF-8 is taken as UTF-8, also with NUL and GS inside")
  func utf8() {
    #expect(SymbolText.decode([0xC3, 0xA9, 0x00, 0x1D, 0x41], symbology: .qr) == "é\0\u{1D}A")
  }

  @Test("Other bytes are ISO 8859-1: each byte its own character")
  func latin1() {
    // "Café Müller" and the sign £, as 8859-1 has them.
    let cafe: [UInt8] = [0x43, 0x61, 0x66, 0xE9, 0x20, 0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72, 0xA3]
    #expect(SymbolText.decode(cafe, symbology: .qr) == "Café Müller£")
    #expect(SymbolText.decode([0x80, 0xFF], symbology: .code128) == "\u{80}ÿ")
  }

  @Test("Shift JIS needs proof, and a QR code")
  func shiftJIS() {
    // 日本 in JIS X 0208: 93 FA 96 7B. The backslash stays one.
    #expect(SymbolText.decode([0x93, 0xFA, 0x96, 0x7B, 0x5C], symbology: .qr) == "日本\\")
    #expect(SymbolText.decode([0x93, 0xFA, 0x96, 0x7B], symbology: .code128) == "\u{93}ú\u{96}{")
    // Three accented letters in a row are not kana yet.
    #expect(SymbolText.decode([0xC3, 0xDE, 0xBB], symbology: .qr) == "ÃÞ»")
    // Cut in the middle of a character.
    #expect(SymbolText.decode([0x93, 0xFA, 0x96], symbology: .qr) == "\u{93}ú\u{96}")
  }
}
