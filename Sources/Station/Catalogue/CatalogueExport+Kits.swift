import Kits
import StationStore

extension CatalogueExport {
  /// Writes all kits, a row for each slot and each licence or an element for each kit, in order of their codes. Gives back how many kits there are.
  @discardableResult
  public func kits(as format: Format, to sink: Sink) async throws -> Int {
    let kits = try await store.read { try $0.kits() }
    switch format {
    case .csv:
      var csv = CSVWriter()
      csv.append(KitColumn.allCases.map(\.name))
      for kit in kits {
        for slot in kit.slots { csv.append(KitColumn.allCases.map { Self.cell($0, of: slot, in: kit) }) }
        for licence in kit.licences { csv.append(KitColumn.allCases.map { Self.cell($0, of: licence, in: kit) }) }
      }
      try await sink(csv.take())
    case .json:
      var json = JSONArrayWriter()
      for kit in kits { try await sink(json.element(KitResource(kit))) }
      try await sink(json.end())
    }
    return kits.count
  }

  private static func cell(_ column: KitColumn, of slot: KitSlot, in kit: KitTemplate) -> String? {
    switch column {
    case .kit: kit.code.text
    case .title: kit.title
    case .slot: slot.title
    case .manufacturer: slot.manufacturer
    case .model: slot.model
    case .category: slot.category
    case .tag: slot.tag
    case .quantity: slot.tag == nil ? "\(slot.quantity)" : nil
    case .optional: slot.isOptional ? "yes" : "no"
    case .licence, .licenceNumber: nil
    }
  }

  private static func cell(_ column: KitColumn, of licence: KitLicence, in kit: KitTemplate) -> String? {
    switch column {
    case .kit: kit.code.text
    case .title: kit.title
    case .category: licence.category
    case .licence: licence.product
    case .licenceNumber: licence.number
    case .slot, .manufacturer, .model, .tag, .quantity, .optional: nil
    }
  }
}
