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
  /// By the length of what they are of.
  private let corrections: [Int: [Correction]]

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
    // Only those of one model supersede each other.
    var latest: [String: [(place: Int, correction: Correction)]] = [:]
    for (place, correction) in corrections.enumerated() {
      let model = folded(correction.manufacturer) + "\n" + folded(correction.model)
      latest[model, default: []].removeAll { $0.correction.isSuperseded(by: correction) }
      latest[model, default: []].append((place, correction))
    }
    let kept = latest.values.joined().sorted { $0.place < $1.place }.map(\.correction)
    self.corrections = Dictionary(grouping: kept) { $0.pattern.wholeLength }
  }

  /// Corrections that may be of a part with so many bytes, oldest first.
  func corrections(ofLength length: Int) -> [Correction] { corrections[length] ?? [] }
}

/// Capital letters without spaces: how names and numbers are compared that people type.
func folded(_ text: String) -> String {
  String(decoding: text.utf8.filter { $0 != 0x20 }.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
}
