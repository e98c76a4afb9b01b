extension KeyboardLayout {
  /// United States. The keypad types digits, as with Num Lock on.
  public static let us = KeyboardLayout(name: "US", keys: usKeys)

  private static let usKeys: [UInt8: Key] = {
    var keys: [UInt8: Key] = [:]
    func add(from first: UInt8, _ plain: String, _ shifted: String? = nil, letters: Bool = false) {
      for (offset, pair) in zip(plain.unicodeScalars, (shifted ?? plain).unicodeScalars).enumerated() {
        keys[first + UInt8(offset)] = Key(plain: pair.0, shifted: pair.1, followsCapsLock: letters)
      }
    }
    add(from: 0x04, "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", letters: true)
    add(from: 0x1E, "1234567890", "!@#$%^&*()")
    // Return, Escape, Backspace, Tab, Space.
    add(from: 0x28, "\r\u{1B}\u{8}\t ")
    // 0x32 is the key that other countries have in place of 0x31.
    add(from: 0x2D, #"-=[]\\;'`,./"#, #"_+{}||:"~<>?"#)
    // Keypad: / * - + Enter, 1…9, 0, point.
    add(from: 0x54, "/*-+\r1234567890.")
    add(from: 0x67, "=")
    return keys
  }()
}
