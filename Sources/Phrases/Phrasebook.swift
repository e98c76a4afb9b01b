/// What the pages say in another language than English: English texts, with places for what is filled in, and the same texts
/// in that language.
///
/// English is the key, as in gettext: a text that is not in the book is shown as it is.
public struct Phrasebook: Sendable {
  /// A text longer than this, in bytes of UTF-8, is somebody's own and not looked up.
  public static let longestText = 2_000

  /// A phrase with places, and what is said for it.
  struct Pattern: Sendable {
    let english: Phrase
    let words: Phrase
    let weight: Int
    /// Both as they stand in the file.
    let texts: (english: String, words: String)
  }

  /// Texts without places.
  private var fixed: [String: String] = [:]
  private(set) var patterns: [Pattern] = []
  /// Numbers of patterns by the longest word that a text must have to be made of them.
  private var byWord: [ArraySlice<UInt8>: [Int]] = [:]
  /// Those without a whole word.
  private var wordless: [Int] = []

  /// An empty book: nothing is translated.
  public init() {}

  /// Reads a file of phrases; `others` hold where the file has no entry of its own. Throws the first fault, with its entry.
  public init(file: [UInt8], over others: Phrasebook = Phrasebook()) throws(PhraseFault) {
    var known: Set<String> = []
    for entry in try PhraseFile.entries(file) {
      func fault(_ reason: PhraseFault.Reason) -> PhraseFault {
        PhraseFault(line: entry.line, entry: entry.english, reason: reason)
      }
      guard known.insert(entry.english).inserted else { throw fault(.duplicate) }
      guard !entry.english.isEmpty, !entry.words.isEmpty else { throw fault(.empty) }
      do {
        try add(entry.english, entry.words)
      } catch {
        throw fault(error)
      }
    }
    for (english, words) in others.fixed where fixed[english] == nil { fixed[english] = words }
    let own = Set(patterns.map(\.english))
    for pattern in others.patterns where !own.contains(pattern.english) { index(pattern) }
  }

  private mutating func add(_ english: String, _ words: String) throws(PhraseFault.Reason) {
    let (key, value) = (try Phrase(english), try Phrase(words))
    let places = key.places
    guard places == Array(0..<places.count) else { throw .uncounted }
    guard !key.hasTouchingPlaces else { throw .touching }
    guard Set(places) == Set(value.places) else { throw .places }
    if key.hasPlaces {
      index(Pattern(english: key, words: value, weight: key.weight, texts: (english, words)))
    } else {
      fixed[english] = words
    }
  }

  private mutating func index(_ pattern: Pattern) {
    let number = patterns.count
    patterns.append(pattern)
    if let word = pattern.english.longestWord {
      byWord[word, default: []].append(number)
    } else {
      wordless.append(number)
    }
  }

  /// How many entries it has.
  public var count: Int { fixed.count + patterns.count }

  /// What a text without places is called; nil where the book does not have it.
  public subscript(fixed text: String) -> String? { fixed[text] }

  /// What is said for a text with its places still open; nil where the book does not have it.
  public func phrase(for english: String) -> String? {
    fixed[english] ?? patterns.first { $0.texts.english == english }?.texts.words
  }

  /// What is said for a text, of which places may be filled in; nil where the book has nothing for any part of it.
  public func words(for text: String) -> String? {
    var search = PhraseSearch(book: self)
    return search.words(for: Array(text.utf8)[...]).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The patterns that a text may be made of, the one that says most of it first.
  func candidates(for text: ArraySlice<UInt8>) -> [Pattern] {
    let words = Set(text.split(separator: UInt8(ascii: " ")))
    return (words.flatMap { byWord[$0] ?? [] } + wordless).map { patterns[$0] }.sorted { $0.weight > $1.weight }
  }
}
