import TamperEvidence

/// The end of a chain: how many entries it has, and the hash of the last. Whoever knows the head from elsewhere can
/// tell whether a chain was cut.
///
/// Its text is `SEQ:HASH`, such as `45:9f86…`; `ChainHead(head.description) == head`.
public struct ChainHead: Hashable, Sendable {
  /// The last entry's `seq`; 0 for a chain without entries.
  public let seq: Int
  /// The last entry's hash; `EntryHash.zero` for a chain without entries.
  public let hash: EntryHash

  /// The head of a chain without entries.
  public static let empty = ChainHead(seq: 0, hash: .zero)

  /// A head at `seq`.
  public init(seq: Int, hash: EntryHash) {
    self.seq = seq
    self.hash = hash
  }

  /// Reads `SEQ:HASH`: a decimal number below 2^53 without sign or leading zeros, a colon, 64 lower-case hexadecimal
  /// digits. Nil for any other text.
  public init?(_ text: String) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let number = Int(text[..<colon]),
      (0...Int(CanonicalJSON.maximumInteger)).contains(number), text[..<colon].utf8.elementsEqual("\(number)".utf8),
      let hash = EntryHash(hex: String(text[text.utf8.index(after: colon)...]))
    else { return nil }
    self.init(seq: number, hash: hash)
  }
}

extension ChainHead: CustomStringConvertible {
  /// `SEQ:HASH`.
  public var description: String { "\(seq):\(hash)" }
}
