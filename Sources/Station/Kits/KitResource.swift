import Custody
import Kits

/// A kit as the API shows it.
struct KitResource: Encodable {
  /// One of its slots.
  struct Slot: Encodable {
    /// Its place, from 1.
    let slot: Int
    let title: String
    let assetTag: String?
    let manufacturer: String?
    let model: String?
    let category: String?
    let quantity: Int
    let optional: Bool

    init(_ slot: KitSlot, at place: Int) {
      self.slot = place + 1
      title = slot.title
      assetTag = slot.tag
      manufacturer = slot.manufacturer
      model = slot.model
      category = slot.category
      quantity = slot.quantity
      optional = slot.isOptional
    }
  }

  /// One of its licences.
  struct Licence: Encodable {
    let product: String
    let number: String?
    /// Category of the thing that it is installed on; nil takes the first laptop, else the first thing that bears data.
    let category: String?

    init(_ licence: KitLicence) {
      product = licence.product
      number = licence.number
      category = licence.category
    }
  }

  let kit: String
  let title: String
  /// What its label says.
  let label: String
  let slots: [Slot]
  let licences: [Licence]
  /// How many could be made of what is in stock, at most.
  let makeable: Int?

  init(_ kit: KitTemplate, makeable: Int? = nil) {
    self.kit = kit.code.text
    title = kit.title
    label = kit.code.label
    slots = kit.slots.enumerated().map { Slot($1, at: $0) }
    licences = kit.licences.map(Licence.init)
    self.makeable = makeable
  }
}

/// A kit that is put together as the API shows it.
struct KitFillingResource: Encodable {
  struct Item: Encodable {
    let asset: AssetID
    /// Tag or serial number.
    let name: String
    /// Its slot, from 1.
    let slot: Int
  }

  struct Open: Encodable {
    let title: String
    /// What it asks for, in words.
    let wanted: String
    let missing: Int
    let optional: Bool
  }

  let kit: String
  let filled: Int
  let required: Int
  let isComplete: Bool
  let items: [Item]
  /// What is still to scan, the optional last.
  let open: [Open]
  /// What goes with it without being scanned.
  let licences: [KitResource.Licence]

  init(_ filling: KitFilling) {
    kit = filling.template.code.text
    filled = filling.filled
    required = filling.required
    isComplete = filling.isComplete
    items = filling.items.map { Item(asset: $0.asset, name: $0.name, slot: $0.slot + 1) }
    licences = filling.template.licences.map(KitResource.Licence.init)
    open = filling.open.map {
      Open(title: $0.slot.title, wanted: $0.slot.wanted, missing: $0.missing, optional: $0.slot.isOptional)
    }
  }
}
