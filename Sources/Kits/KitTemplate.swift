import Custody

/// What somebody is given all at once, such as everything that a joiner gets: a list of slots, and licences.
public struct KitTemplate: Hashable, Sendable, Codable {
  /// Most slots of one kit, and most things in all of them together.
  public static let mostSlots = 500
  public static let mostThings = 1000

  public let code: KitCode
  /// What people call it.
  public var title: String
  /// In the order in which they are shown; a slot's number is its place, from 1.
  public var slots: [KitSlot]
  /// What goes with it without being scanned.
  public var licences: [KitLicence]

  private enum CodingKeys: String, CodingKey { case code, title, slots, licences }

  /// A kit.
  public init(code: KitCode, title: String, slots: [KitSlot], licences: [KitLicence] = []) {
    self.code = code
    self.title = title
    self.slots = slots
    self.licences = licences
  }

  /// Reads a kit, also one that was kept before kits had licences.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    code = try container.decode(KitCode.self, forKey: .code)
    title = try container.decode(String.self, forKey: .title)
    slots = try container.decode([KitSlot].self, forKey: .slots)
    licences = try container.decodeIfPresent([KitLicence].self, forKey: .licences) ?? []
  }

  /// How many things it takes before it can be handed out.
  public var required: Int { slots.reduce(0) { $0 + ($1.isOptional ? 0 : $1.quantity) } }

  /// The tags of the very assets that it asks for.
  public var tags: [String] { slots.compactMap(\.tag) }

  /// How many could be made of what is in stock, at most: the scarcest thing decides. Slots that ask for the same are
  /// counted together; slots that ask in different words for what one thing can be are not weighed against each other.
  ///
  /// - Parameters:
  ///   - stock: how many things of each kind there are.
  ///   - tags: those of ``tags`` that are in stock.
  public func makeable(of stock: [KitStock], tags: Set<String>) -> Int {
    var wanted: [KitSlot.Demand: Int] = [:]
    for slot in slots where !slot.isOptional { wanted[slot.demand, default: 0] += slot.quantity }
    return wanted.map { demand, quantity in
      if let tag = demand.tag { return tags.contains(tag) ? 1 / quantity : 0 }
      return stock.reduce(0) { $0 + (demand.fits($1.facts) ? $1.count : 0) } / quantity
    }.min() ?? 0
  }
}

/// How many things of one kind are in stock.
public struct KitStock: Hashable, Sendable {
  /// Manufacturer, model and category.
  public let facts: AssetFacts
  public let count: Int

  /// So many of a kind.
  public init(manufacturer: String?, model: String?, category: String?, count: Int) {
    var facts = AssetFacts()
    facts.manufacturer = manufacturer
    facts.model = model
    facts.category = category
    self.facts = facts
    self.count = count
  }
}

/// One place of a kit: so many things of a kind, or one very asset.
public struct KitSlot: Hashable, Sendable, Codable {
  /// What it is called at the desk, such as `Laptop`.
  public var title: String
  /// The tag of the only asset that it takes; nil for any of a kind.
  public var tag: String?
  public var manufacturer: String?
  public var model: String?
  public var category: String?
  /// How many things it takes; at least 1, and 1 for a slot of one very asset.
  public var quantity: Int
  /// Whether the kit may go out without it.
  public var isOptional: Bool

  /// A slot.
  public init(
    _ title: String, tag: String? = nil, manufacturer: String? = nil, model: String? = nil, category: String? = nil,
    quantity: Int = 1, isOptional: Bool = false
  ) {
    self.title = title
    self.tag = tag
    self.manufacturer = manufacturer
    self.model = model
    self.category = category
    self.quantity = max(1, quantity)
    self.isOptional = isOptional
  }

  /// What it asks of a thing, without title and number. Case and blanks at either end of a name say nothing; of a tag
  /// every character counts.
  public struct Demand: Hashable, Sendable {
    public let tag: String?
    let manufacturer: String?
    let model: String?
    let category: String?

    /// Whether a thing of this kind will do. Of a slot of one very asset none will: its tag decides.
    func fits(_ facts: AssetFacts) -> Bool {
      guard tag == nil, !isNothing else { return false }
      return Self.agree(manufacturer, facts.manufacturer) && Self.agree(model, facts.model)
        && Self.agree(category, facts.category)
    }

    /// Whether nothing at all is asked: such a slot takes nothing.
    var isNothing: Bool { tag == nil && manufacturer == nil && model == nil && category == nil }

    /// How narrow it is: one very asset, then a model, then a category, then a manufacturer; what asks for several of
    /// them is narrower than what asks for the first of them alone.
    var narrowness: Int {
      (tag == nil ? 0 : 8) + (model == nil ? 0 : 4) + (category == nil ? 0 : 2) + (manufacturer == nil ? 0 : 1)
    }

    private static func agree(_ wanted: String?, _ given: String?) -> Bool {
      wanted.map { $0 == given.map(folded) } ?? true
    }

    static func folded(_ text: String) -> String {
      var text = Substring(text)
      while text.first?.isWhitespace == true { text.removeFirst() }
      while text.last?.isWhitespace == true { text.removeLast() }
      return text.lowercased()
    }
  }

  /// What it asks of a thing.
  public var demand: Demand {
    Demand(
      tag: tag, manufacturer: manufacturer.map(Demand.folded), model: model.map(Demand.folded),
      category: category.map(Demand.folded))
  }

  /// Whether it asks for anything.
  public var asksForSomething: Bool { !demand.isNothing }

  /// What it asks for, in words: `AT-00042`, `Dell U2723QE`, `any laptop`.
  public var wanted: String {
    if let tag { return tag }
    if model != nil { return [manufacturer, model].compactMap(\.self).joined(separator: " ") }
    return (["any"] + [manufacturer, category].compactMap(\.self)).joined(separator: " ")
  }

  /// Whether an asset will do: the very one, or one of the kind.
  public func fits(_ asset: Asset) -> Bool {
    if let tag { return asset.identifiers.contains { $0.kind == .tag && $0.value == tag } }
    return demand.fits(asset.facts)
  }
}
