import Custody

/// What somebody looks for among the assets.
public struct AssetSearch: Hashable, Sendable {
  /// Words, of which each must be found: in a mark, the maker or model, the name of who has it, or where it is.
  public var text: String
  public var state: LifecycleState?
  public var custodian: Custodian?
  public var location: LocationCode?
  /// The last asset of the page before.
  public var after: AssetID?
  /// How many are wanted at most.
  public var limit: Int
  /// Whether, where nothing begins or ends with the words, every asset is looked through for them: not while somebody types.
  public var isThorough: Bool

  public init(
    text: String = "", state: LifecycleState? = nil, custodian: Custodian? = nil, location: LocationCode? = nil,
    after: AssetID? = nil, limit: Int, isThorough: Bool = true
  ) {
    (self.text, self.state, self.custodian, self.location) = (text, state, custodian, location)
    (self.after, self.limit, self.isThorough) = (after, limit, isThorough)
  }

  /// Most words of a search that count: a bound on what one request can make the database do.
  static let mostWords = 8

  /// The words, folded; nil when there are none to look for by the index, or one has neither letter nor digit.
  var typed: [String]? {
    let words = text.split(whereSeparator: \.isWhitespace).prefix(Self.mostWords)
    let typed = words.compactMap(SearchWords.typed)
    return typed.isEmpty || typed.count != words.count ? nil : typed
  }
}

/// A search as the index is asked: each word with what may stand for it.
struct IndexQuery: Hashable, Sendable {
  /// One word that was typed.
  struct Word: Hashable, Sendable {
    let typed: String
    /// Keys of people and places whose names have the word, see ``SearchWords``.
    let keys: [String]
  }

  let words: [Word]
  /// Keys that must be there whatever was typed: the state, the custodian, the place.
  let keys: [String]
  /// How many letters of the beginning of a word are asked for.
  var letters = Int.max

  /// In FTS5's language (https://www.sqlite.org/fts5.html, 3). Every word is letters and digits, so that nothing in it could be
  /// taken for a part of that language.
  var expression: String {
    let typed = words.map { word in
      let whole = [#""\#(word.typed.prefix(letters))"*"#, #""\#(SearchWords.backwards(word.typed))"*"#]
      return "(" + (whole + word.keys.map { #""\#($0)""# }).joined(separator: " OR ") + ")"
    }
    return (typed + keys.map { #""\#($0)""# }).joined(separator: " AND ")
  }

  /// The same by the first three letters of each word, which finds more, and at once: the index has a list of its own for each such
  /// beginning, while what begins with more letters is gathered from all words first. Nil where no word has more.
  var rough: IndexQuery? {
    guard words.contains(where: { $0.typed.count > Self.indexed }) else { return nil }
    return IndexQuery(words: words, keys: keys, letters: Self.indexed)
  }

  /// The longest beginnings that the index keeps lists of, letters.
  static let indexed = 3

  /// Whether an asset is what is looked for, as it stands now.
  func fits(_ asset: SearchWords) -> Bool {
    keys.allSatisfy(asset.words.contains)
      && words.allSatisfy { word in
        let behind = SearchWords.backwards(word.typed)
        return word.keys.contains(where: asset.words.contains)
          || asset.words.contains { $0.hasPrefix(word.typed) || $0.hasPrefix(behind) }
      }
  }
}
