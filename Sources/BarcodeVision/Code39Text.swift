/// Code 39 as full ASCII: pairs of a shift character and a letter stand for what the 43 plain characters lack
/// (ISO/IEC 16388, annex A).
enum Code39Text {
  /// The text that the pairs mean, or `nil` when the symbol is plain.
  ///
  /// Nothing in the symbol says which it is. It is taken for full ASCII when it has a pair that makes a lower-case
  /// letter, and every shift character begins a pair. `$`, `/` and `%` stand in plain part numbers, and a leading `+` is
  /// the mark of a health care label (HIBC), so neither of them is reason enough.
  static func fullASCII(_ plain: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var lowerCase = 0
    var index = 0
    while index < plain.count {
      let character = plain[index]
      guard let shift = Shift(rawValue: character) else {
        bytes.append(character)
        index += 1
        continue
      }
      guard index + 1 < plain.count, let value = shift.value(of: plain[index + 1]) else { return nil }
      if shift == .lowerCase {
        if index == 0 { return nil }
        lowerCase += 1
      }
      bytes.append(value)
      index += 2
    }
    return lowerCase > 0 ? bytes : nil
  }

  private enum Shift: UInt8 {
    case control = 0x24  // $
    case percent = 0x25
    case lowerCase = 0x2B  // +
    case punctuation = 0x2F  // /

    /// The ASCII code of this shift with a letter.
    func value(of letter: UInt8) -> UInt8? {
      guard (0x41...0x5A).contains(letter) else { return nil }
      let number = letter - 0x41
      switch self {
      case .control: return 1 + number
      case .lowerCase: return 0x61 + number
      case .punctuation:
        // A to L are ! to comma, O is the slash, Z the colon; the rest stands for itself elsewhere.
        switch number {
        case 0...11: return 0x21 + number
        case 14: return 0x2F
        case 25: return 0x3A
        default: return nil
        }
      case .percent:
        switch number {
        case 0...4: return 27 + number
        case 5...9: return 0x3B + number - 5
        case 10...14: return 0x5B + number - 10
        case 15...19: return 0x7B + number - 15
        case 20: return 0
        case 21: return 0x40
        case 22: return 0x60
        default: return 0x7F
        }
      }
    }
  }
}
