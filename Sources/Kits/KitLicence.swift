import Custody

/// A licence that goes out with a kit. Nobody scans it: with the hand-over it is recorded as installed on one thing of the kit, whose
/// return names it to be reclaimed.
public struct KitLicence: Hashable, Sendable, Codable {
  /// What is licensed, such as `Microsoft 365 E3`.
  public var product: String
  /// Number of the licence or its contract.
  public var number: String?
  /// Category of the thing that it is installed on; nil takes the first laptop, else the first thing that bears data.
  public var category: String?

  /// A licence.
  public init(_ product: String, number: String? = nil, category: String? = nil) {
    self.product = product
    self.number = number
    self.category = category
  }

  /// As it stands among the facts of the thing: `Microsoft 365 E3 (4711)`.
  public var text: String { number.map { "\(product) (\($0))" } ?? product }

  /// What it is installed on, in words.
  public var wanted: String { category ?? "laptop, else what bears data" }

  /// The first of some things that it is installed on; nil when none of them will do.
  func place(among assets: [Asset]) -> Asset? {
    func first(of category: String) -> Asset? {
      let wanted = KitSlot.Demand.folded(category)
      return assets.first { $0.facts.category.map(KitSlot.Demand.folded) == wanted }
    }
    if let category { return first(of: category) }
    return first(of: "laptop") ?? assets.first(where: \.isDataBearing)
  }
}

extension KitTemplate {
  /// What is to be installed on which of the things that stand in the kit, in the kit's order; or which licence has no place.
  ///
  /// - Parameter assets: the things, in the order of their slots.
  public func licences(on assets: [Asset]) -> Result<[AssetID: [String]], Refusal> {
    var placed: [AssetID: [String]] = [:]
    for licence in licences {
      guard let asset = licence.place(among: assets) else { return .failure(.licenceWithoutPlace(licence, in: code)) }
      placed[asset.id, default: []].append(licence.text)
    }
    return .success(placed)
  }
}
