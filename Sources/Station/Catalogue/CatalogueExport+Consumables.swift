import StationStore
import StockCounting

extension CatalogueExport {
  /// Writes all consumables, a row or an element for each code at each place, by place and code. Gives back how many there are. In CSV
  /// they have the columns of an import.
  @discardableResult
  public func consumables(as format: Format, matching text: String? = nil, to sink: Sink) async throws -> Int {
    var csv = CSVWriter()
    var json = JSONArrayWriter()
    if format == .csv { csv.append(ConsumableColumn.allCases.map(\.name)) }
    var (count, last): (Int, ConsumablePlace?) = (0, nil)
    while true {
      let after = last
      let found = try await store.read { try $0.consumables(matching: text, after: after, limit: Self.page) }
      for one in found {
        switch format {
        case .csv: csv.append(ConsumableColumn.allCases.map { Self.cell($0, of: one) })
        case .json: try await sink(json.element(ConsumableResource(one)))
        }
      }
      if format == .csv { try await sink(csv.take()) }
      count += found.count
      guard found.count == Self.page, let end = found.last else { break }
      last = ConsumablePlace(location: end.location, key: end.code.key)
    }
    if format == .json { try await sink(json.end()) }
    return count
  }

  private static func cell(_ column: ConsumableColumn, of one: Consumable) -> String? {
    switch column {
    case .code: one.code.text
    case .name: one.name
    case .unit: one.unit
    case .unitValue: one.value.map { Consumable.UnitValue.text($0.minorUnits, of: $0.currency) }
    case .currency: one.value?.currency
    case .location: one.location.text
    case .quantity: "\(one.quantity)"
    case .toleranceQuantity: if case .quantity(let units) = one.tolerance { "\(units)" } else { nil }
    case .toleranceValue:
      if case .value(let worth) = one.tolerance, let value = one.value {
        Consumable.UnitValue.text(worth, of: value.currency)
      } else {
        nil
      }
    }
  }
}
