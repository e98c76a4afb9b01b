/// What an operator said of a code on a carton, as it is remembered for the manufacturer and model.
public struct Correction: Hashable, Sendable, Codable {
  /// Empty when it is not known.
  public let manufacturer: String
  public let model: String
  /// What the code looks like.
  public let pattern: CodePattern
  public let field: CartonField
  /// Who said so, by name.
  public let by: String
  /// When, as `YYYY-MM-DD`.
  public let on: String

  /// A correction as it was kept.
  public init(
    manufacturer: String, model: String, pattern: CodePattern, field: CartonField, by name: String, on day: String
  ) {
    self.manufacturer = manufacturer
    self.model = model
    self.pattern = pattern
    self.field = field
    by = name
    on = day
  }

  /// Learns from one code: all codes of its look on cartons of that model are taken for `field` from now on.
  /// - Parameter keepsWhole: the operator wants the code whole, with the letter that looks like a data identifier.
  public static func learn(
    _ part: CartonPart, as field: CartonField, of product: KnownProduct, keepsWhole: Bool = false, by name: String,
    on day: String
  ) -> Correction {
    Correction(
      manufacturer: product.manufacturer ?? "", model: product.model,
      pattern: CodePattern(part, dropping: keepsWhole ? nil : CodePattern.prefix(of: part, for: field)), field: field,
      by: name, on: day)
  }

  /// The model in words.
  public var modelName: String { manufacturer.isEmpty ? model : "\(manufacturer) \(model)" }

  func isFor(_ product: KnownProduct) -> Bool {
    folded(model) == folded(product.model)
      && (manufacturer.isEmpty || product.manufacturer == nil
        || folded(manufacturer) == folded(product.manufacturer ?? ""))
  }

  /// Whether a later correction says something of the same codes of the same model.
  public func isSuperseded(by later: Correction) -> Bool {
    folded(model) == folded(later.model) && folded(manufacturer) == folded(later.manufacturer)
      && pattern.looksLike(later.pattern)
  }
}
