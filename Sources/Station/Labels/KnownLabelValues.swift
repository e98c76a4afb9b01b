import Custody
import Foundation
import Kits
import LabelDesign
import StationStore

/// What the station knows that a label can say: of itself, an asset, a location, a person, an order, a kit.
struct KnownLabelValues {
  let core: StationCore
  let snapshot: any StoreReading

  /// What of the station's knowledge a template asks for.
  private enum Subject { case asset, location, person, order, kit }

  private static func subject(of template: ShelfTemplate) -> Subject? {
    let names = Set(template.fieldNames)
    if names.isSuperset(of: ["name", "token"]) { return .person }
    if names.isSuperset(of: ["code", "name"]) { return .location }
    if names.isSuperset(of: ["order", "supplier"]) { return .order }
    if names.isSuperset(of: ["kit", "title"]) { return .kit }
    return names.contains("tag") ? .asset : nil
  }

  /// What the fields of a template begin with: its examples, with what is asked for in their place.
  func values(
    for template: ShelfTemplate, asset: String?, location: String?, person: String?, order: String? = nil,
    kit: String? = nil
  ) throws -> LabelValues {
    var values = template.examples
    let identity = core.store.identity
    let site = try snapshot.sites().first { $0.code == identity.site }?.name ?? identity.site.text
    var known = try core.options.organisation.fields(site: identity.site, snapshot)
    (known["station"], known["site"]) = (identity.station.text, site)
    switch Self.subject(of: template) {
    case .asset:
      if let asset { known.merge(try fields(ofAsset: asset), uniquingKeysWith: { $1 }) }
    case .location:
      if let location { known.merge(try fields(ofLocation: location), uniquingKeysWith: { $1 }) }
    case .person:
      if let person { known.merge(try fields(ofPerson: person), uniquingKeysWith: { $1 }) }
    case .order:
      if let order { known.merge(try fields(ofOrder: order), uniquingKeysWith: { $1 }) }
    case .kit:
      if let kit { known.merge(try fields(ofKit: kit), uniquingKeysWith: { $1 }) }
    case nil: break
    }
    // Of a subject that was asked for, no example stands for what is not known.
    if asset ?? location ?? person ?? order ?? kit != nil, Self.subject(of: template) != nil { values.fields = [:] }
    for field in template.fields {
      if let text = known[field.name], !text.isEmpty { values.fields[field.name] = text }
    }
    return values
  }

  /// The asset whose label this is, by the tag that stands on it; nil for any other label.
  func asset(labelledBy values: LabelValues, of template: ShelfTemplate) throws -> Asset? {
    guard Self.subject(of: template) == .asset, let tag = values.fields["tag"], !tag.isEmpty,
      case .asset(let id) = try snapshot.resolve(tag), let asset = try snapshot.asset(id), asset.tag == tag
    else { return nil }
    return asset
  }

  /// Whether a template makes labels of assets.
  static func isOfAssets(_ template: ShelfTemplate) -> Bool { subject(of: template) == .asset }

  private func fields(ofAsset text: String) throws -> [String: String] {
    var found = try AssetID(text).flatMap { try snapshot.asset($0) }
    if found == nil, case .asset(let id) = try snapshot.resolve(text) { found = try snapshot.asset(id) }
    guard let asset = found else {
      throw Problem.notFound("asset \(text)", remedy: "Search for it under Assets.")
    }
    return [
      "tag": asset.tag ?? "", "serial": asset.serial ?? "", "model": asset.title, "owner": asset.facts.owner ?? "",
    ]
  }

  private func fields(ofLocation code: String) throws -> [String: String] {
    guard let location = try snapshot.locations().first(where: { $0.code.text == code }) else {
      throw Problem.notFound("location \(code)", remedy: "Choose one from the list.")
    }
    let site = try snapshot.sites().first { $0.code == location.site }?.name
    return ["code": location.code.text, "name": location.name, "site": site ?? location.site.text]
  }

  private func fields(ofPerson id: String) throws -> [String: String] {
    guard let person = try PersonID(id).flatMap({ try snapshot.person($0) }) else {
      throw Problem.notFound("person \(id)", remedy: "Choose one from the list.")
    }
    return ["name": person.name, "role": person.title ?? "", "department": person.team ?? ""]
  }

  private func fields(ofOrder text: String) throws -> [String: String] {
    guard let (order, line) = try snapshot.order(named: text) else {
      throw Problem.notFound("order \(text)", remedy: "Choose one from the list.")
    }
    return [
      "order": line.map { "\(order.number)/\($0.line)" } ?? order.number, "supplier": order.supplier ?? "",
    ]
  }

  private func fields(ofKit code: String) throws -> [String: String] {
    guard let kit = try KitCode(code).flatMap({ try snapshot.kit($0) }) else {
      throw Problem.notFound("kit \(code)", remedy: "Choose one from the list.")
    }
    // The template takes no more of a title; its code says which kit it is.
    return ["kit": kit.code.text, "title": String(kit.title.prefix(60))]
  }

  /// The choice of whose facts fill the fields; nil for a template that asks for none.
  func chooser(for template: ShelfTemplate) throws -> LabelChooser? {
    switch Self.subject(of: template) {
    case nil: return nil
    case .asset:
      var field = FormField(.input, "asset", "Fill in from an asset: its tag or serial", prefix: "choose")
      (field.required, field.code, field.scannable) = (true, true, true)
      return LabelChooser(field: field)
    case .location:
      return LabelChooser(
        field: Self.select(
          "location", "Fill in from a location",
          try snapshot.locations().map { ($0.code.text, "\($0.code) · \($0.name)") }
        ))
    case .order:
      return LabelChooser(
        field: Self.select(
          "order", "Fill in from an order",
          try snapshot.orders().map { order in
            (order.number, [order.number, order.supplier].compactMap(\.self).joined(separator: " · "))
          }))
    case .kit:
      return LabelChooser(
        field: Self.select(
          "kit", "Fill in from a kit", try snapshot.kits().map { ($0.code.text, "\($0.code) · \($0.title)") }))
    case .person:
      var field = Self.select(
        "person", "Fill in from a person",
        try snapshot.people().filter(\.active).map { ($0.id.description, $0.name) })
      field.hint = "The station keeps no badge's secret text: scan it, or type the new one, into its field."
      return LabelChooser(field: field)
    }
  }

  private static func select(_ name: String, _ label: String, _ choices: [(String, String)]) -> FormField {
    var field = FormField(.select, name, label, prefix: "choose")
    field.required = true
    field.options = choices.map { FieldOption(value: $0.0, label: $0.1) }
    return field
  }
}
