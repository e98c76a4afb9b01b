/// Looks one text up in a phrasebook: as a whole; as a phrase with its places filled in, where what fills them is looked up
/// in turn; or part by part, sentence by sentence.
///
/// A text may be anybody's: what a search costs is bounded by ``steps``, however the text is made.
struct PhraseSearch {
  let book: Phrasebook
  /// How often a fixed part may still be looked for in the text.
  private var steps = 500
  /// Phrases within phrases, and parts of parts.
  private static let deepest = 5

  init(book: Phrasebook) { self.book = book }

  mutating func words(for text: ArraySlice<UInt8>, depth: Int = 0) -> [UInt8]? {
    guard text.count <= Phrasebook.longestText, text.contains(where: Self.isOfWord) else { return nil }
    if let known = book[fixed: String(decoding: text, as: UTF8.self)] { return Array(known.utf8) }
    guard depth < Self.deepest else { return nil }
    return phrase(text, depth) ?? parts(text, at: Self.dots(in: text), depth)
      ?? parts(text, at: Self.sentenceEnds(in: text), depth) ?? list(text, depth) ?? unended(text, depth)
  }

  // MARK: Phrases with places

  private mutating func phrase(_ text: ArraySlice<UInt8>, _ depth: Int) -> [UInt8]? {
    for pattern in book.candidates(for: text) where pattern.weight < text.count {
      guard steps > 0 else { return nil }
      steps -= 1
      var found: [ArraySlice<UInt8>] = []
      guard fits(pattern.english.pieces[...], text, &found) else { continue }
      var made: [UInt8] = []
      for piece in pattern.words.pieces {
        switch piece {
        case .literal(let bytes): made += bytes
        case .place(let index, _): made += words(for: found[index], depth: depth + 1) ?? Array(found[index])
        }
      }
      return made
    }
    return nil
  }

  /// Whether the pieces make up the text; `found` is then what fills the places.
  private mutating func fits(
    _ pieces: ArraySlice<Phrase.Piece>, _ text: ArraySlice<UInt8>, _ found: inout [ArraySlice<UInt8>]
  ) -> Bool {
    switch pieces.first {
    case nil: return text.isEmpty
    case .literal(let bytes):
      return text.starts(with: bytes) && fits(pieces.dropFirst(), text.dropFirst(bytes.count), &found)
    case .place(_, true):
      let end = Self.endOfNumber(text)
      guard end > text.startIndex else { return false }
      found.append(text[..<end])
      if fits(pieces.dropFirst(), text[end...], &found) { return true }
      found.removeLast()
      return false
    case .place(_, false): return fitsAny(pieces.dropFirst(), text, &found)
    }
  }

  /// A place for any text: it ends where the fixed part behind it begins, but holds no more than one part of a sentence.
  private mutating func fitsAny(
    _ pieces: ArraySlice<Phrase.Piece>, _ text: ArraySlice<UInt8>, _ found: inout [ArraySlice<UInt8>]
  ) -> Bool {
    guard case .literal(let next)? = pieces.first else {
      return isOnePart(text)
        && {
          found.append(text); return true
        }()
    }
    var end = text.startIndex + 1
    // The last part has but one place where it can stand.
    if pieces.count == 1 { end = max(end, text.endIndex - next.count) }
    while steps > 0, end + next.count <= text.endIndex {
      steps -= 1
      guard let start = Self.first(next, in: text, from: end), isOnePart(text[..<start]) else { return false }
      let before = found.count
      found.append(text[..<start])
      if fits(pieces, text[start...], &found) { return true }
      found.removeSubrange(before...)
      end = start + 1
    }
    return false
  }

  private func isOnePart(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && Self.dots(in: text).isEmpty && Self.sentenceEnds(in: text).isEmpty
  }

  private static func first(_ wanted: [UInt8], in text: ArraySlice<UInt8>, from start: Int) -> Int? {
    var at = start
    while at + wanted.count <= text.endIndex {
      if text[at] == wanted[0], text[at..<(at + wanted.count)].elementsEqual(wanted) { return at }
      at += 1
    }
    return nil
  }

  // MARK: Parts

  /// A text without the full stop that a sentence made of it has.
  private mutating func unended(_ text: ArraySlice<UInt8>, _ depth: Int) -> [UInt8]? {
    guard text.last == UInt8(ascii: "."), text.count > 1 else { return nil }
    return words(for: text.dropLast(), depth: depth + 1).map { $0 + [UInt8(ascii: ".")] }
  }

  /// Each part by itself, with what stands between them as it is.
  private mutating func parts(_ text: ArraySlice<UInt8>, at gaps: [Range<Int>], _ depth: Int) -> [UInt8]? {
    guard !gaps.isEmpty else { return nil }
    var made: [UInt8] = []
    var isKnown = false
    var start = text.startIndex
    for gap in gaps + [text.endIndex..<text.endIndex] {
      let part = text[start..<gap.lowerBound]
      let words = words(for: part, depth: depth + 1)
      isKnown = isKnown || words != nil
      made += words ?? Array(part)
      made += text[gap]
      start = gap.upperBound
    }
    return isKnown ? made : nil
  }

  /// A list such as `receive, deploy and return`: only where the book has every item.
  private mutating func list(_ text: ArraySlice<UInt8>, _ depth: Int) -> [UInt8]? {
    for separator in [" and ", " or ", ", "].map({ Array($0.utf8) }) {
      guard let at = Self.first(separator, in: text, from: text.startIndex) else { continue }
      guard let one = words(for: text[..<at], depth: depth + 1),
        let others = words(for: text[(at + separator.count)...], depth: depth + 1)
      else { return nil }
      let between = book[fixed: String(decoding: separator, as: UTF8.self)].map { Array($0.utf8) } ?? separator
      return one + between + others
    }
    return nil
  }

  /// The middle dots that stand between parts of a line.
  private static func dots(in text: ArraySlice<UInt8>) -> [Range<Int>] {
    let dot = Array(" · ".utf8)
    var gaps: [Range<Int>] = []
    var at = text.startIndex
    while let start = first(dot, in: text, from: at) {
      gaps.append(start..<(start + dot.count))
      at = start + dot.count
    }
    return gaps
  }

  /// The spaces after which a new sentence begins.
  private static func sentenceEnds(in text: ArraySlice<UInt8>) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    for at in text.indices.dropFirst().dropLast() where text[at] == UInt8(ascii: " ") {
      guard [UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "!")].contains(text[at - 1]) else { continue }
      if (0x41...0x5A).contains(text[at + 1]) || Self.isDigit(text[at + 1]) { gaps.append(at..<(at + 1)) }
    }
    return gaps
  }

  /// Behind the digits that a text begins with, and the signs between them: `100,000`.
  private static func endOfNumber(_ text: ArraySlice<UInt8>) -> Int {
    var end = text.startIndex
    while end < text.endIndex {
      let isSign = text[end] == UInt8(ascii: ",") || text[end] == UInt8(ascii: ".")
      let isBetween = isSign && end > text.startIndex && end + 1 < text.endIndex && isDigit(text[end + 1])
      guard isDigit(text[end]) || isBetween else { break }
      end += 1
    }
    return end
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
  }
}
