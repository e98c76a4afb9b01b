import ScannerProtocols
import Testing

/// Characters that take several keys: dead keys, Alt codes, configured GS keys, inverted case.
struct TypedSequenceTests {
  private let enter: (modifiers: UInt8, usage: UInt8) = (0, keyEnter)

  private func wedge(_ change: (inout KeyboardWedge.Configuration) -> Void = { _ in }) -> KeyboardWedge {
    var configuration = KeyboardWedge.Configuration()
    change(&configuration)
    return KeyboardWedge(deviceID: "scanner", configuration: configuration)
  }

  /// Holds Alt, types the digits on the keypad, lets go.
  private func alt(_ digits: String, into wedge: inout KeyboardWedge) -> [KeyboardWedge.Action] {
    var actions = wedge.receive(report: report(4), at: .zero)
    for digit in digits.utf8 {
      let usage = digit == 0x30 ? 0x62 : digit - 0x31 + 0x59
      actions += wedge.receive(report: report(4, usage), at: .zero)
      actions += wedge.receive(report: report(4), at: .zero)
    }
    return actions + wedge.receive(report: idle, at: .zero)
  }

  // MARK: Alt codes

  /// Unicode's CP437.TXT and CP1252.TXT.
  @Test(
    arguments: [
      ("065", "A"), ("0065", "A"), ("65", "A"), ("029", "\u{1D}"), ("0029", "\u{1D}"), ("29", "\u{1D}"), ("129", "ü"),
      ("0252", "ü"), ("0128", "€"), ("225", "ß"), ("0223", "ß"), ("321", "A"), ("00000000000000000065", "A"),
    ]) func `a number on the keypad with Alt is a character`(digits: String, character: String)
  {
    var wedge = wedge()
    var actions = wedge.type([(0, keyA)])
    actions += alt(digits, into: &wedge)
    actions += wedge.type([(0, keyB), enter])
    #expect(texts(actions) == ["a\(character)b"])
  }

  @Test func `an Alt code may be the terminator`() {
    var wedge = wedge()
    _ = alt("065", into: &wedge)
    #expect(texts(alt("013", into: &wedge)) == ["A"])
  }

  @Test func `an Alt code without a character rejects the scan`() {
    var wedge = wedge()
    _ = alt("0129", into: &wedge)
    #expect(rejections(wedge.type([enter])).count == 1)
  }

  @Test func `Alt pressed and let go types nothing`() {
    var wedge = wedge()
    #expect(alt("", into: &wedge).isEmpty)
    #expect(texts(wedge.type([(0, keyA), enter])) == ["a"])
  }

  @Test func `the keys of an Alt code belong to the scan's raw bytes`() throws {
    var wedge = wedge()
    _ = alt("65", into: &wedge)
    guard case .scan(let scan)? = wedge.type([enter]).first else {
      Issue.record("no scan")
      return
    }
    #expect(scan.text == "A")
    #expect(scan.raw.count == 8 * 7)
  }

  // MARK: dead keys

  @Test func `an accent goes onto the letter after it, a space leaves it alone, another letter follows it`() {
    var wedge = wedge { $0.layout = .de }
    // ´ is 0x2E, ^ is 0x35.
    #expect(texts(wedge.type([(0, 0x2E), (0, 0x08), enter])) == ["é"])
    #expect(texts(wedge.type([(0, 0x35), (0, 0x2C), (0, keyA), enter])) == ["^a"])
    #expect(texts(wedge.type([(0, 0x35), (0, 0x1E), enter])) == ["^1"])
    #expect(texts(wedge.type([(0, 0x35), (0, 0x35), (0, keyA), enter])) == ["^â"])
    #expect(texts(wedge.type([(0, keyB), (0, 0x35), enter])) == ["b^"])
    #expect(texts(wedge.type([(leftShift, 0x2E), (leftShift, keyA), enter])) == ["À"])
  }

  @Test func `an accent counts against the limit`() {
    var wedge = wedge {
      $0.layout = .de
      $0.maximumLength = 2
    }
    #expect(texts(wedge.type([(0, keyA), (0, 0x2E), (0, 0x08), enter])) == ["aé"])
    #expect(rejections(wedge.type([(0, keyA), (0, 0x2E), (0, 0x1E), enter])).map(\.reason) == [.tooLong(limit: 2)])
  }

  // MARK: group separator

  @Test func `GS is the configured key, and F8 only while it is configured`() {
    var custom = wedge { $0.groupSeparatorKeys = [KeyChord(usage: 0x45), KeyChord(usage: 0x0A, modifiers: .control)] }
    #expect(texts(custom.type([(0, keyA), (0, 0x45), (0x10, 0x0A), (0, keyB), enter])) == ["a\u{1D}\u{1D}b"])
    #expect(rejections(custom.type([(0, keyA), (0, 0x41), enter])).count == 1)
  }

  // MARK: case

  @Test func `a scanner that takes Caps Lock to be on types letters in the other case`() {
    var wedge = wedge { $0.startsWithCapsLock = true }
    #expect(texts(wedge.type([(0, keyA), (leftShift, keyB), (0, 0x1E), enter])) == ["Ab1"])
    _ = wedge.vanish()
    #expect(texts(wedge.type([(0, keyA), enter])) == ["A"])
  }

  @Test func `a scanner with inverted Shift swaps it for every key`() {
    var wedge = wedge { $0.invertsShift = true }
    #expect(texts(wedge.type([(0, keyA), (leftShift, keyB), (0, 0x1E), (0x20, 0x1E), enter])) == ["Ab!1"])
  }
}
