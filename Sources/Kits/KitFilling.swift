import Custody

/// A kit while it is put together: which scanned asset stands in which slot, and what is still to be scanned. Fed with
/// assets, one at a time; nothing of it is an event before the kit is handed over.
///
/// The rule by which a slot is found: required slots before optional ones, the narrowest before the wider
/// (``KitSlot/Demand/narrowness``), then in the kit's order. An asset whose slots are full is taken all the same when
/// those that stand there can move to other slots that fit them. So whether a set of assets fits does not depend on the
/// order in which they are scanned; which of two alike stands in which slot does.
public struct KitFilling: Hashable, Sendable, Codable {
  /// An asset in the kit.
  public struct Item: Hashable, Sendable, Codable {
    public let asset: AssetID
    /// What people call it: its tag or serial number.
    public let name: String
    /// Manufacturer and model, as far as they are known.
    public let title: String
    /// Place of its slot among the kit's, from 0.
    public fileprivate(set) var slot: Int
    /// Every slot that it fits, best first.
    fileprivate let fitting: [Int]
    /// By what it was recognised: it stands in the event.
    public let readings: [ReadingEvidence]
    public let evidence: [EvidenceReference]
  }

  /// The kit as it was when it was begun: another that is imported meanwhile is for the next one.
  public let template: KitTemplate
  /// In the order in which they were scanned.
  public private(set) var items: [Item] = []

  /// Nothing scanned yet.
  public init(_ template: KitTemplate) { self.template = template }

  // MARK: How it stands

  /// How many things stand in a slot, by its place.
  public func count(in slot: Int) -> Int { items.reduce(0) { $0 + ($1.slot == slot ? 1 : 0) } }

  /// How many required things are there, and how many it takes.
  public var filled: Int { items.reduce(0) { $0 + (template.slots[$1.slot].isOptional ? 0 : 1) } }
  public var required: Int { template.required }

  /// Whether nothing that must be there is missing.
  public var isComplete: Bool { filled == required && !items.isEmpty }

  /// Slots that take more, with how many: those that must be filled first, then the optional ones.
  public var open: [(slot: KitSlot, missing: Int)] {
    var counts = Array(repeating: 0, count: template.slots.count)
    for item in items { counts[item.slot] += 1 }
    let open = zip(template.slots, counts).map { (slot: $0, missing: $0.quantity - $1) }.filter { $0.missing > 0 }
    return open.filter { !$0.slot.isOptional } + open.filter { $0.slot.isOptional }
  }

  /// What must still be scanned, in words: `Laptop, 2 × Monitor`; nil when nothing must.
  public var stillToScan: String? {
    let words = open.filter { !$0.slot.isOptional }.map {
      $0.missing == 1 ? $0.slot.title : "\($0.missing) × \($0.slot.title)"
    }
    guard !words.isEmpty else { return nil }
    let shown = words.prefix(5).joined(separator: ", ")
    return words.count > 5 ? shown + " and \(words.count - 5) more" : shown
  }

  /// The assets in the order of their slots, and in each in the order in which they were scanned.
  public var inOrder: [AssetID] {
    template.slots.indices.flatMap { slot in items.filter { $0.slot == slot }.map(\.asset) }
  }

  // MARK: What is scanned

  /// Takes an asset into its slot, and gives back the slot; or says why not, and stays as it was.
  ///
  /// - Parameters:
  ///   - title: what kind of thing it is, for people.
  ///   - readings: by what it was recognised.
  ///   - other: the other kit that asks for this very asset, if one does.
  public mutating func take(
    _ asset: Asset, title: String = "", readings: [ReadingEvidence] = [], evidence: [EvidenceReference] = [],
    neededBy other: KitCode? = nil
  ) -> Result<KitSlot, Refusal> {
    if items.contains(where: { $0.asset == asset.id }) { return .failure(.twice(asset.name)) }
    let fitting = template.slots.indices.filter { template.slots[$0].fits(asset) }.sorted { left, right in
      let (one, two) = (template.slots[left], template.slots[right])
      if one.isOptional != two.isOptional { return !one.isOptional }
      let (narrow, wide) = (one.demand.narrowness, two.demand.narrowness)
      return narrow == wide ? left < right : narrow > wide
    }
    guard !fitting.isEmpty else { return .failure(.notOfThisKit(asset.name, stillToScan)) }
    if let other, other != template.code, !fitting.contains(where: { template.slots[$0].tag != nil }) {
      return .failure(.neededElsewhere(asset.name, other))
    }
    items.append(
      Item(
        asset: asset.id, name: asset.name, title: title, slot: fitting[0], fitting: fitting, readings: readings,
        evidence: evidence))
    guard place(items.count - 1) else {
      items.removeLast()
      return .failure(.slotFull(asset.name, template.slots[fitting[0]].title, stillToScan))
    }
    return .success(template.slots[items[items.count - 1].slot])
  }

  /// Takes an asset out again; gives back what it was, nil when it is not there. What stands in an optional slot moves to
  /// a required one that came free.
  @discardableResult
  public mutating func remove(_ asset: AssetID) -> Item? {
    guard let index = items.firstIndex(where: { $0.asset == asset }) else { return nil }
    let item = items.remove(at: index)
    for index in items.indices where template.slots[items[index].slot].isOptional { _ = place(index) }
    return item
  }

  // MARK: Finding a slot

  /// Finds a slot for an item, moving others where that makes room: among the required slots first, then among all.
  /// Gives back whether there is one; an item that stood somewhere stays there when there is none.
  private mutating func place(_ item: Int) -> Bool {
    let required = items[item].fitting.filter { !template.slots[$0].isOptional }
    let before = items[item].slot
    // While it looks for a slot it stands in none.
    items[item].slot = Self.nowhere
    var counts = Array(repeating: 0, count: template.slots.count)
    for item in items where item.slot != Self.nowhere { counts[item.slot] += 1 }
    var tried: Set<Int> = []
    if seat(item, in: required, onlyRequired: true, counts, &tried) { return true }
    tried = []
    if seat(item, in: items[item].fitting, onlyRequired: false, counts, &tried) { return true }
    items[item].slot = before
    return false
  }

  private static let nowhere = -1

  /// Seats an item in one of `slots`, where there is room or where one that stands there can be seated elsewhere; each slot
  /// is tried once. `counts` is how many stand in each slot: it holds until somebody is seated, which ends the search.
  private mutating func seat(
    _ item: Int, in slots: [Int], onlyRequired: Bool, _ counts: [Int], _ tried: inout Set<Int>
  ) -> Bool {
    if let slot = slots.first(where: { counts[$0] < template.slots[$0].quantity }) {
      items[item].slot = slot
      return true
    }
    for slot in slots where tried.insert(slot).inserted {
      for other in items.indices where other != item && items[other].slot == slot {
        let others = items[other].fitting.filter {
          $0 != slot && !tried.contains($0) && !(onlyRequired && template.slots[$0].isOptional)
        }
        if seat(other, in: others, onlyRequired: onlyRequired, counts, &tried) {
          items[item].slot = slot
          return true
        }
      }
    }
    return false
  }
}
