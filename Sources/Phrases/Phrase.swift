/// A text with places for what differs from page to page, such as `{0} of {#1} received`.
///
/// `{0}` to `{9}` stand for any text but an empty one, `{#0}` to `{#9}` for a whole number. No other braces are allowed, and
/// two places do not touch.
struct Phrase: Sendable, Hashable {
  enum Piece: Sendable, Hashable {
    case literal([UInt8])
    /// What stands here is number `index` of what was found.
    case place(Int, isNumber: Bool)
  }

  let pieces: [Piece]

  /// Takes a text apart.
  init(_ text: String) throws(PhraseFault.Reason) {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "{") else {
        if byte == UInt8(ascii: "}") { throw .stray("}") }
        literal.append(byte)
        continue
      }
      let isNumber = rest.first == UInt8(ascii: "#")
      if isNumber { rest.removeFirst() }
      guard let digit = rest.popFirst(), (0x30...0x39).contains(digit), rest.popFirst() == UInt8(ascii: "}") else {
        throw .stray("{")
      }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = []
      pieces.append(.place(Int(digit - 0x30), isNumber: isNumber))
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    self.pieces = pieces
  }

  /// The numbers of its places, in their order.
  var places: [Int] {
    pieces.compactMap { if case .place(let index, _) = $0 { index } else { nil } }
  }

  var hasPlaces: Bool { !places.isEmpty }

  /// How many bytes of it are fixed: of two phrases that fit a text, the one with more of them says more of it.
  var weight: Int {
    pieces.reduce(0) { if case .literal(let bytes) = $1 { $0 + bytes.count } else { $0 } }
  }

  /// The longest of its words between spaces that no place touches; nil where it has none.
  var longestWord: ArraySlice<UInt8>? {
    var words: [ArraySlice<UInt8>] = []
    for (at, piece) in pieces.enumerated() {
      guard case .literal(let bytes) = piece else { continue }
      var parts = bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      if at < pieces.count - 1 { parts.removeLast() }
      if at > 0, !parts.isEmpty { parts.removeFirst() }
      words += parts
    }
    return words.filter { !$0.isEmpty }.max { $0.count < $1.count }
  }

  /// Whether two places stand side by side, so that nobody could tell where one ends.
  var hasTouchingPlaces: Bool {
    zip(pieces, pieces.dropFirst()).contains { if case (.place, .place) = $0 { true } else { false } }
  }
}

/// What is wrong with a file of phrases.
public struct PhraseFault: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Reason: Error, Sendable, Hashable {
    /// The file is no flat JSON object of texts; what was looked for.
    case malformed(String)
    case duplicate
    case empty
    /// A brace that belongs to no place.
    case stray(String)
    /// The English text does not count its places 0, 1, 2.
    case uncounted
    case touching
    /// The places of the two texts differ.
    case places
  }

  /// The line of the file, counted from 1.
  public let line: Int
  /// The English text of the entry; empty where none was read yet.
  public let entry: String
  public let reason: Reason

  public var description: String {
    let place = entry.isEmpty ? "Line \(line)" : "Line \(line), “\(entry.prefix(120))”"
    switch reason {
    case .malformed(let wanted): return "\(place): \(wanted) was expected."
    case .duplicate: return "\(place): the entry stands there twice."
    case .empty: return "\(place): a text is empty."
    case .stray(let brace):
      return "\(place): \(brace) belongs to no place; places are {0} to {9}, and {#0} for numbers."
    case .uncounted: return "\(place): the places of the English text are {0}, {1}, {2} in this order."
    case .touching: return "\(place): two places touch."
    case .places: return "\(place): the two texts have different places."
    }
  }
}
