/// A model that may be on the carton: a line of an order, or a model known from elsewhere.
public struct KnownProduct: Hashable, Sendable {
  public let manufacturer: String?
  public let model: String
  public let partNumber: String?
  /// Order and line that announce it.
  public let order: String?
  public let line: Int?

  /// A product.
  public init(manufacturer: String?, model: String, partNumber: String? = nil, order: String? = nil, line: Int? = nil) {
    self.manufacturer = manufacturer
    self.model = model
    self.partNumber = partNumber
    self.order = order
    self.line = line
  }

  /// Manufacturer and model in words.
  public var name: String { manufacturer.map { "\($0) \(model)" } ?? model }

  static func precedes(_ left: KnownProduct, _ right: KnownProduct) -> Bool {
    (left.order ?? "", left.line ?? 0, left.name) < (right.order ?? "", right.line ?? 0, right.name)
  }
}

/// What is known before the carton is looked at. Make it once for many cartons: it is indexed.
public struct CartonKnowledge: Sendable {
  /// The model that the operator or the session names, if one is named.
  public var expected: KnownProduct?
  let byPartNumber: [String: [KnownProduct]]
  let byModel: [String: [KnownProduct]]
  let orders: Set<String>
  let corrections: [Correction]

  /// - Parameters:
  ///   - products: lines of orders, and other models.
  ///   - orders: numbers of purchase orders.
  ///   - corrections: what operators said, oldest first; of two with the same pattern the later holds.
  public init(
    products: [KnownProduct] = [], orders: [String] = [], corrections: [Correction] = [],
    expected: KnownProduct? = nil
  ) {
    self.expected = expected
    byPartNumber = Dictionary(grouping: products.filter { $0.partNumber != nil }) { folded($0.partNumber ?? "") }
    byModel = Dictionary(grouping: products) { folded($0.model) }
    self.orders = Set(orders.map(folded))
    var latest: [Correction] = []
    for correction in corrections {
      latest.removeAll { $0.isSuperseded(by: correction) }
      latest.append(correction)
    }
    self.corrections = latest
  }
}

/// Capital letters without spaces: how names and numbers are compared that people type.
func folded(_ text: String) -> String {
  String(decoding: text.utf8.filter { $0 != 0x20 }.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
}
