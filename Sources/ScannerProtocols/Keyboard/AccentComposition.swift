/// A dead key and what follows it.
enum AccentComposition {
  /// What an accent and the next character type: the accented letter; the accent alone when a space follows; else both,
  /// one after the other.
  static func compose(_ accent: Unicode.Scalar, _ next: Unicode.Scalar) -> [Unicode.Scalar] {
    if next == " " { return [accent] }
    if let composed = table[Pair(accent: accent, letter: next)] { return [composed] }
    return [accent, next]
  }

  private struct Pair: Hashable {
    let accent: Unicode.Scalar
    let letter: Unicode.Scalar
  }

  private static let table: [Pair: Unicode.Scalar] = {
    var table: [Pair: Unicode.Scalar] = [:]
    for (accent, letters, composed) in KeyboardLayout.compositions {
      for (letter, result) in zip(letters.unicodeScalars, composed.unicodeScalars) {
        table[Pair(accent: accent, letter: letter)] = result
      }
    }
    return table
  }()
}
