import ScannerProtocols
import Testing

/// Layouts of other countries, held to what Unicode CLDR 40 records of Windows (keyboards/windows/{de,fr}-t-k0-windows.xml)
/// and to the standards of the countries.
struct CountryLayoutTests {
  private func row(_ layout: KeyboardLayout, _ usages: [UInt8], _ modifiers: UInt8 = 0, capsLock: Bool = false)
    -> String
  {
    String(
      String.UnicodeScalarView(
        usages.map { usage in
          layout.stroke(usage: usage, modifiers: .init(rawValue: modifiers), capsLock: capsLock)?.scalar ?? "\u{FFFD}"
        }))
  }

  /// Rows E, D, C, B of ISO/IEC 9995-2: from the key left of 1, Q, A, and left of Z.
  private let rowE: [UInt8] = [0x35] + Array(0x1E...0x27) + [0x2D, 0x2E]
  private let rowD: [UInt8] = [0x14, 0x1A, 0x08, 0x15, 0x17, 0x1C, 0x18, 0x0C, 0x12, 0x13, 0x2F, 0x30]
  private let rowC: [UInt8] = [0x04, 0x16, 0x07, 0x09, 0x0A, 0x0B, 0x0D, 0x0E, 0x0F, 0x33, 0x34, 0x31]
  private let rowB: [UInt8] = [0x64, 0x1D, 0x1B, 0x06, 0x19, 0x05, 0x11, 0x10, 0x36, 0x37, 0x38]

  @Test func `German keys are those of Windows`() {
    #expect(row(.de, rowE) == "^1234567890ß´")
    #expect(row(.de, rowD) == "qwertzuiopü+")
    #expect(row(.de, rowC) == "asdfghjklöä#")
    #expect(row(.de, rowB) == "<yxcvbnm,.-")
    #expect(row(.de, rowE, leftShift) == "°!\"§$%&/()=?`")
    #expect(row(.de, rowD, leftShift) == "QWERTZUIOPÜ*")
    #expect(row(.de, rowC, leftShift) == "ASDFGHJKLÖÄ'")
    #expect(row(.de, rowB, leftShift) == ">YXCVBNM;:_")
    #expect(row(.de, rowE, capsLock: true) == "^!\"§$%&/()=?´")
    #expect(row(.de, rowB, leftShift, capsLock: true) == ">yxcvbnm,._")
    #expect(row(.de, [0x24, 0x25, 0x26, 0x27, 0x2D, 0x14, 0x08, 0x30, 0x64], 0x40) == "{[]}\\@€~|")
  }

  @Test func `French keys are those of Windows`() {
    #expect(row(.fr, rowE) == "²&é\"'(-è_çà)=")
    #expect(row(.fr, rowD) == "azertyuiop^$")
    #expect(row(.fr, rowC) == "qsdfghjklmù*")
    #expect(row(.fr, rowB) == "<wxcvbn,;:!")
    #expect(row(.fr, Array(rowE.dropFirst()), leftShift) == "1234567890°+")
    #expect(row(.fr, rowB, leftShift) == ">WXCVBN?./§")
    #expect(row(.fr, rowE, capsLock: true) == "²1234567890°+")
    #expect(row(.fr, rowC, leftShift, capsLock: true) == "qsdfghjklmù*")
    #expect(
      row(.fr, [0x1F, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2D, 0x2E, 0x08], 0x40) == "~#{[|`\\^@]}€")
  }

  /// The letters and signs in which each country differs from the United States.
  @Test func `each country has its own keys`() {
    #expect(row(.uk, [0x1F, 0x20, 0x34, 0x31, 0x64], leftShift) == "\"£@~|")
    #expect(row(.es, [0x33, 0x2D, 0x2E, 0x31, 0x35]) == "ñ'¡çº")
    #expect(row(.it, [0x2F, 0x33, 0x34, 0x31, 0x2E, 0x35]) == "èòàùì\\")
    #expect(row(.se, [0x2F, 0x33, 0x34, 0x2D, 0x38]) == "åöä+-")
    #expect(row(.no, [0x2F, 0x33, 0x34, 0x35]) == "åøæ|")
    #expect(row(.dk, [0x2F, 0x33, 0x34, 0x35]) == "åæø½")
    #expect(row(.chDE, [0x1C, 0x1D, 0x2F, 0x33, 0x34]) == "zyüöä")
    #expect(row(.chFR, [0x1C, 0x1D, 0x2F, 0x33, 0x34]) == "zyèéà")
    #expect(row(.chDE, [0x2F, 0x33, 0x34], capsLock: true) == "ÜÖÄ")
  }

  @Test(arguments: KeyboardLayout.all) func `every layout types every character of an asset tag`(layout: KeyboardLayout)
  {
    var typed: Set<Unicode.Scalar> = []
    for usage in 0x04...0x67 as ClosedRange<UInt8> {
      for modifiers in [0, leftShift] {
        if let stroke = layout.stroke(usage: usage, modifiers: .init(rawValue: modifiers), capsLock: false) {
          typed.insert(stroke.scalar)
        }
      }
    }
    let tag = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:%?=&()+*, \r\t"
    #expect(Set(tag.unicodeScalars).isSubset(of: typed))
    #expect(KeyboardLayout.named(layout.name.lowercased()) == layout)
  }

  @Test(arguments: KeyboardLayout.all) func `the key of a bracket with control is GS in every country`(
    layout: KeyboardLayout
  ) {
    #expect(
      layout.stroke(usage: 0x30, modifiers: .init(rawValue: leftControl), capsLock: false) == .character("\u{1D}"))
  }

  @Test func `Control with Alt is AltGr, Alt alone is not`() {
    #expect(row(.de, [0x14], 0x05) == "@")
    #expect(row(.de, [0x14], 0x04) == "\u{FFFD}")
  }
}
