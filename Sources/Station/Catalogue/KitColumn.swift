/// The columns of a file of kits: a row for each slot, and one for each licence.
enum KitColumn: Int, ImportColumn {
  case kit, title, slot, manufacturer, model, category, tag, quantity, optional, licence, licenceNumber

  static let ignoredNames: Set<String> = ["id", "createdat", "updatedat", "importproblem"]

  var names: [String] {
    switch self {
    case .kit: ["kit", "kit code", "kit name", "paket"]
    case .title: ["title", "kit title", "titel"]
    case .slot: ["slot", "item", "platz"]
    case .manufacturer: ["manufacturer", "make", "maker", "brand", "hersteller"]
    case .model: ["model", "model name", "modell"]
    case .category: ["category", "type", "kategorie", "typ"]
    case .tag: ["asset tag", "tag", "inventarnummer"]
    case .quantity: ["quantity", "qty", "count", "menge", "anzahl"]
    case .optional: ["optional"]
    case .licence: ["licence", "license", "lizenz"]
    case .licenceNumber: ["licence number", "license number", "lizenznummer"]
    }
  }
}
