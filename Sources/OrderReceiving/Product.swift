/// What kind of thing it is, as far as somebody or something has said so.
public struct Product: Hashable, Sendable {
  public var manufacturer: String?
  public var model: String?
  public var partNumber: String?

  /// A product.
  public init(manufacturer: String? = nil, model: String? = nil, partNumber: String? = nil) {
    self.manufacturer = manufacturer
    self.model = model
    self.partNumber = partNumber
  }

  /// Whether nothing is said that names it; a manufacturer makes many.
  public var isUnnamed: Bool { model == nil && partNumber == nil }

  /// Whether it is what an order line asks for: one part number, or one model and no contradiction in the manufacturer. Case
  /// and surrounding blanks say nothing; a country's suffix behind `#` neither.
  public func fits(_ ordered: Product) -> Bool {
    if let mine = partNumber, let theirs = ordered.partNumber, Self.withoutCountry(mine) == Self.withoutCountry(theirs)
    {
      return true
    }
    if let mine = manufacturer, let theirs = ordered.manufacturer, Self.folded(mine) != Self.folded(theirs) {
      return false
    }
    guard let mine = model, let theirs = ordered.model else { return false }
    return Self.folded(mine) == Self.folded(theirs)
  }

  static func folded(_ text: String) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text.lowercased()
  }

  private static func withoutCountry(_ partNumber: String) -> String {
    folded(String(partNumber.prefix { $0 != "#" }))
  }
}
