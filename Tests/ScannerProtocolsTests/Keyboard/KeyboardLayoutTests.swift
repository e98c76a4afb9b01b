import ScannerProtocols
import Testing

struct KeyboardLayoutTests {
  /// HID Usage Tables 1.5, section 10, table 10.1: "Keyboard 1 and !" and so on, copied row by row.
  private static let rows: [(UInt8, Character, Character)] = [
    (0x04, "a", "A"), (0x05, "b", "B"), (0x06, "c", "C"), (0x07, "d", "D"), (0x08, "e", "E"), (0x09, "f", "F"),
    (0x0A, "g", "G"), (0x0B, "h", "H"), (0x0C, "i", "I"), (0x0D, "j", "J"), (0x0E, "k", "K"), (0x0F, "l", "L"),
    (0x10, "m", "M"), (0x11, "n", "N"), (0x12, "o", "O"), (0x13, "p", "P"), (0x14, "q", "Q"), (0x15, "r", "R"),
    (0x16, "s", "S"), (0x17, "t", "T"), (0x18, "u", "U"), (0x19, "v", "V"), (0x1A, "w", "W"), (0x1B, "x", "X"),
    (0x1C, "y", "Y"), (0x1D, "z", "Z"), (0x1E, "1", "!"), (0x1F, "2", "@"), (0x20, "3", "#"), (0x21, "4", "$"),
    (0x22, "5", "%"), (0x23, "6", "^"), (0x24, "7", "&"), (0x25, "8", "*"), (0x26, "9", "("), (0x27, "0", ")"),
    (0x2C, " ", " "), (0x2D, "-", "_"), (0x2E, "=", "+"), (0x2F, "[", "{"), (0x30, "]", "}"), (0x31, "\\", "|"),
    (0x33, ";", ":"), (0x34, "'", "\""), (0x35, "`", "~"), (0x36, ",", "<"), (0x37, ".", ">"), (0x38, "/", "?"),
    (0x54, "/", "/"), (0x55, "*", "*"), (0x56, "-", "-"), (0x57, "+", "+"), (0x59, "1", "1"), (0x5A, "2", "2"),
    (0x5B, "3", "3"), (0x5C, "4", "4"), (0x5D, "5", "5"), (0x5E, "6", "6"), (0x5F, "7", "7"), (0x60, "8", "8"),
    (0x61, "9", "9"), (0x62, "0", "0"), (0x63, ".", "."), (0x67, "=", "="),
  ]

  private func type(_ usage: UInt8, _ modifiers: UInt8 = 0, capsLock: Bool = false) -> Character? {
    KeyboardLayout.us.stroke(
      usage: usage, modifiers: KeyboardReport.Modifiers(rawValue: modifiers), capsLock: capsLock
    ).map { Character($0.scalar) }
  }

  @Test func `the US layout types what the HID usage tables say`() {
    for (usage, plain, shifted) in Self.rows {
      #expect(type(usage) == plain, "usage \(usage)")
      #expect(type(usage, leftShift) == shifted, "usage \(usage) with left Shift")
      #expect(type(usage, rightShift) == shifted, "usage \(usage) with right Shift")
    }
  }

  @Test func `both Return and keypad Enter type a return, Tab a tab`() {
    #expect(type(0x28) == "\r")
    #expect(type(0x58) == "\r")
    #expect(type(0x2B) == "\t")
  }

  @Test func `caps lock inverts shift for letters and nothing else`() {
    for (usage, plain, shifted) in Self.rows {
      let isLetter = (0x04...0x1D).contains(usage)
      #expect(type(usage, capsLock: true) == (isLetter ? shifted : plain))
      #expect(type(usage, leftShift, capsLock: true) == (isLetter ? plain : shifted))
    }
  }

  @Test func `control types the control characters`() {
    #expect(type(0x30, leftControl) == "\u{1D}")  // Ctrl+]
    #expect(type(0x30, 0x10) == "\u{1D}")  // right Control
    #expect(type(0x23, leftControl) == "\u{1E}")  // Ctrl+6
    #expect(type(0x23, leftControl | leftShift) == "\u{1E}")  // Ctrl+^
    #expect(type(0x2D, leftControl) == "\u{1F}")  // Ctrl+-
    #expect(type(0x07, leftControl) == "\u{04}")  // Ctrl+D
    #expect(type(0x31, leftControl) == "\u{1C}")  // Ctrl+backslash
    #expect(type(0x1E, leftControl) == nil)  // Ctrl+1 is none
  }

  @Test func `alt and gui chords, and keys without a character, type nothing`() {
    #expect(type(keyA, 0x04) == nil)
    #expect(type(keyA, 0x80) == nil)
    #expect(type(0x3A) == nil)  // F1
    #expect(type(0x4F) == nil)  // right arrow
  }
}
