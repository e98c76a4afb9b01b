/// A term of a vocabulary: one of GS1's Core Business Vocabulary 2.0, or one of our own, which EPCIS lets anybody have.
public struct EPCISTerm: Hashable, Sendable {
  /// The vocabularies in use. The raw value is how CBV 2.0 §7 begins a term's web URI.
  public enum Vocabulary: String, Hashable, Sendable {
    case step = "BizStep"
    case disposition = "Disp"
    case transaction = "BTT"
    case party = "SDT"
    case error = "ER"

    /// The same in our own URIs.
    fileprivate var own: String {
      switch self {
      case .step: "bizstep"
      case .disposition: "disp"
      case .transaction: "btt"
      case .party: "sdt"
      case .error: "er"
      }
    }
  }

  let vocabulary: Vocabulary
  let word: String
  let isOwn: Bool

  private init(_ vocabulary: Vocabulary, _ word: String, isOwn: Bool) {
    self.vocabulary = vocabulary
    self.word = word
    self.isOwn = isOwn
  }

  /// A term of GS1's. It must stand in the JSON Schema, which the tests check.
  static func standard(_ vocabulary: Vocabulary, _ word: String) -> EPCISTerm {
    EPCISTerm(vocabulary, word, isOwn: false)
  }

  /// A term of ours: `docs/epcis.md` has them all.
  static func own(_ vocabulary: Vocabulary, _ word: String) -> EPCISTerm { EPCISTerm(vocabulary, word, isOwn: true) }

  static func step(_ word: String) -> EPCISTerm { standard(.step, word) }
  static func ownStep(_ word: String) -> EPCISTerm { own(.step, word) }
  static func disposition(_ word: String) -> EPCISTerm { standard(.disposition, word) }

  /// The whole URI, which the hash is made of.
  public var uri: String {
    isOwn
      ? EPCISNames.namespace + vocabulary.own + ":" + word : "https://ref.gs1.org/cbv/\(vocabulary.rawValue)-\(word)"
  }

  /// As it stands in JSON-LD: GS1's terms are bare words there.
  var text: String { isOwn ? uri : word }
}
