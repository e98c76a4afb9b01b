/// The columns of a file of consumables: a row for each code at each place.
enum ConsumableColumn: Int, ImportColumn {
  case code, name, unit, unitValue, currency, location, quantity, toleranceQuantity, toleranceValue

  static let ignoredNames: Set<String> = ["id", "createdat", "updatedat", "importproblem"]

  var names: [String] {
    switch self {
    case .code: ["code", "gtin", "part number", "item no", "sku", "artikelnummer", "artikel"]
    case .name: ["name", "description", "title", "bezeichnung", "beschreibung"]
    case .unit: ["unit", "unit of measure", "einheit"]
    case .unitValue: ["unit value", "unit price", "purchase cost", "stückpreis", "einzelpreis"]
    case .currency: ["currency", "währung"]
    case .location: ["location", "location code", "standort", "ort", "lagerort"]
    case .quantity: ["quantity", "qty", "on hand", "menge", "anzahl", "bestand"]
    case .toleranceQuantity: ["tolerance quantity", "tolerance", "toleranz", "toleranz menge"]
    case .toleranceValue: ["tolerance value", "toleranz wert"]
    }
  }
}
