import Custody

/// What the text of a cell can mean.
enum Cell {
  /// Without blanks at either end.
  static func trimmed(_ text: String) -> String {
    // Most cells have nothing to trim; only ASCII edges are sure of it.
    if let first = text.utf8.first, let last = text.utf8.last, (0x21...0x7E).contains(first),
      (0x21...0x7E).contains(last)
    {
      return text
    }
    var slice = text.unicodeScalars[...]
    while slice.first?.properties.isWhitespace == true { slice.removeFirst() }
    while slice.last?.properties.isWhitespace == true { slice.removeLast() }
    return String(slice)
  }

  /// yes, true, 1, ja, x… or their opposites; nil for anything else.
  static func bool(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "yes", "y", "true", "t", "1", "x", "on", "ja", "j", "wahr": true
    case "no", "n", "false", "f", "0", "-", "off", "nein", "falsch": false
    default: nil
    }
  }

  /// A list separated by `|` or `;`; before either, and before itself, a backslash takes that meaning away.
  static func list(_ text: String) -> [String] {
    var items: [String] = []
    var item = ""
    var characters = text[...]
    while let character = characters.popFirst() {
      if character == "\\", let next = characters.first, "|;\\".contains(next) {
        item.append(next)
        characters.removeFirst()
      } else if character == "|" || character == ";" {
        items.append(trimmed(item))
        item = ""
      } else {
        item.append(character)
      }
    }
    items.append(trimmed(item))
    return items
  }

  /// The text that `list` reads back.
  static func text(ofList items: [String]) -> String {
    items.map { item in
      item.contains { "|;\\".contains($0) }
        ? item.reduce(into: "") { text, character in
          if "|;\\".contains(character) { text.append("\\") }
          text.append(character)
        } : item
    }.joined(separator: "|")
  }

  /// A role list may also use commas.
  static func words(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == "|" }).map { trimmed(String($0)) }.filter {
      !$0.isEmpty
    }
  }
}
