import Custody
import Foundation

/// The words by which an asset is found, and those that somebody types: letters and digits alone, small, without accents, so
/// that `IT-004711`, `it004711` and `4711` mean one thing. A word that is typed finds what begins with it, and marks that end
/// with it: people read the last digits of a label.
struct SearchWords: Hashable, Sendable {
  /// Each word once. What begins with ``mark`` is no word of the asset's own: its state, place and custodian, and its marks from
  /// behind.
  private(set) var words: Set<String> = []

  /// Set before what is no word that somebody types: no keyboard's layout has it, and folding leaves it alone.
  static let mark: Character = "ŋ"
  /// Most letters of a word that are kept.
  private static let longest = 40
  /// Most words that one value gives: a mark can be a whole URI.
  private static let mostParts = 12

  /// - Parameter marks: everything that it goes by: tag, serial number, EPC and so on.
  init(
    marks: [String], manufacturer: String?, model: String?, state: String, custodian: String?, location: String?
  ) {
    for value in marks {
      let parts = Self.parts(of: value)
      words.formUnion(parts)
      for part in parts where part.first == "0" && part.allSatisfy(\.isNumber) {
        let digits = part.drop { $0 == "0" }
        if !digits.isEmpty { words.insert(String(digits)) }
      }
      let whole = String(parts.joined().suffix(Self.longest))
      guard !whole.isEmpty else { continue }
      words.insert(String(parts.joined().prefix(Self.longest)))
      words.insert(Self.backwards(whole))
    }
    for value in [manufacturer, model].compactMap(\.self) {
      let parts = Self.parts(of: value)
      words.formUnion(parts)
      if parts.count > 1 { words.insert(String(parts.joined().prefix(Self.longest))) }
    }
    words.insert(Self.state(state))
    if let custodian {
      words.insert(Self.custodian(custodian))
      // Of a person the key says nothing that somebody types; a team or a place is known by its name.
      if !custodian.hasPrefix("person:"), let colon = custodian.firstIndex(of: ":") {
        words.formUnion(Self.parts(of: String(custodian[custodian.index(after: colon)...])))
      }
    }
    if let location {
      words.insert(Self.location(location))
      let parts = Self.parts(of: location)
      words.formUnion(parts)
      words.insert(String(parts.joined().prefix(Self.longest)))
    }
  }

  /// As they were kept.
  init(kept text: String) { words = Set(text.split(separator: " ").map(String.init)) }

  /// As they are kept: in order, one blank between two.
  var text: String { words.sorted().joined(separator: " ") }

  static func state(_ name: String) -> String { key("s", name) }
  static func custodian(_ key: String) -> String { self.key("c", key) }
  static func location(_ code: String) -> String { key("l", code) }

  /// A mark from behind, so that what ends with a word is what begins with the word from behind.
  static func backwards(_ word: String) -> String { "\(mark)r" + String(word.reversed()) }

  /// A text as one word, whatever characters it has.
  private static func key(_ kind: String, _ value: String) -> String {
    var word = "\(mark)\(kind)"
    for byte in value.utf8 { word += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16) }
    return word
  }

  /// A word that was typed, as it is looked for; nil when it has neither letter nor digit.
  static func typed(_ word: Substring) -> String? {
    let folded = String(parts(of: String(word)).joined().prefix(longest))
    return folded.isEmpty ? nil : folded
  }

  /// The runs of letters and digits in a text, folded.
  private static func parts(of text: String) -> [String] {
    folded(text).split { !$0.isLetter && !$0.isNumber || $0 == mark }
      .prefix(mostParts).map { String($0.prefix(longest)) }
  }

  /// Small, and without accents.
  private static func folded(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text.lowercased() }
    // The letter and its accents come apart; the accents are left out.
    return String(
      String.UnicodeScalarView(
        text.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars.filter {
          $0.properties.generalCategory != .nonspacingMark
        }))
  }
}

extension SearchWords {
  init(_ asset: Asset) {
    self.init(
      marks: asset.identifiers.map(\.value), manufacturer: asset.facts.manufacturer, model: asset.facts.model,
      state: asset.state.rawValue, custodian: asset.custodian?.key, location: asset.location?.text)
  }
}
