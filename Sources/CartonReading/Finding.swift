/// A field that was found, and where.
public struct Finding: Hashable, Sendable {
  public let field: CartonField
  /// As it is to be recorded: without identifiers and prefixes, otherwise as the label has it.
  public let value: String
  /// The parts of symbols that say so; more than one when it stands on two faces, or in two symbologies.
  public internal(set) var sources: [CartonPart]
  public let reason: Reason
  public let confidence: Confidence
}

/// A part of a symbol that has one meaning: the whole of a plain symbol, one element of a structured one.
public struct CartonPart: Hashable, Sendable {
  public let symbol: CartonSymbol
  /// From 0, in the order of the symbol's data.
  public let number: Int
  /// Application or data identifier that stands before it; nil in a plain symbol.
  public let identifier: String?
  /// The data, without the identifier.
  public let text: String

  static func precedes(_ left: CartonPart, _ right: CartonPart) -> Bool {
    left.symbol == right.symbol ? left.number < right.number : CartonSymbol.precedes(left.symbol, right.symbol)
  }
}

/// Where nobody but the operator can say: candidates of equal right.
public struct Conflict: Hashable, Sendable {
  /// In words, such as `two codes could be the serial number`.
  public let words: String
  /// The candidates, at least two, in the order of their fields and values.
  public let candidates: [Finding]
}

/// A part that is left over, kept and shown.
public struct Leftover: Hashable, Sendable {
  public let part: CartonPart
  /// Why it was not taken, in words.
  public let words: String
}
