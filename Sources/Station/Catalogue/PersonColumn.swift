/// The columns of a file of people.
enum PersonColumn: Int, ImportColumn {
  case name, email, title, team, badge, pin, roles, site, active

  static let ignoredNames: Set<String> = ["id", "createdat", "updatedat", "importproblem"]

  var names: [String] {
    switch self {
    case .name: ["name", "full name", "display name", "person", "vollständiger name", "anzeigename"]
    case .email: ["email", "e-mail", "email address", "mail", "e-mail-adresse", "mailadresse"]
    case .title: ["title", "job title", "position", "titel", "funktion"]
    case .team: ["team", "department", "abteilung", "group", "gruppe"]
    case .badge:
      ["badge", "badge token", "badge number", "badge no", "card", "card number", "ausweis", "ausweisnummer"]
    case .pin: ["pin", "pin code"]
    case .roles: ["roles", "role", "rollen", "rolle"]
    case .site: ["site", "site code", "werk"]
    case .active: ["active", "enabled", "activated", "aktiv"]
    }
  }
}

/// The columns of a file of orders: one row a line of an order.
enum OrderColumn: Int, ImportColumn {
  case number, line, supplier, orderedOn, manufacturer, model, category, partNumber, quantity, serials, tags

  static let ignoredNames: Set<String> = ["id", "createdat", "updatedat", "importproblem"]

  var names: [String] {
    switch self {
    case .number:
      [
        "order number", "order", "po number", "po", "purchase order", "order no", "order#", "bestellnummer",
        "bestellnr",
        "bestellung",
      ]
    case .line: ["line", "order line", "po line", "line number", "position", "bestellposition", "pos"]
    case .supplier: ["supplier", "supplier name", "vendor", "lieferant"]
    case .orderedOn: ["date", "order date", "ordered on", "ordered", "bestelldatum", "datum"]
    case .manufacturer: ["manufacturer", "make", "maker", "brand", "hersteller"]
    case .model: ["model", "model name", "product", "description", "modell", "bezeichnung", "artikel"]
    case .category: ["category", "type", "kategorie", "typ"]
    case .partNumber: ["part number", "part no", "part#", "mpn", "sku", "model number", "artikelnummer", "teilenummer"]
    case .quantity: ["quantity", "qty", "count", "menge", "anzahl"]
    case .serials:
      ["announced serials", "serials", "serial numbers", "serial number", "serial", "seriennummern", "seriennummer"]
    case .tags: ["announced tags", "tags", "asset tags", "asset tag", "tag", "inventarnummern", "inventarnummer"]
    }
  }
}

/// The columns of a file of locations.
enum LocationColumn: Int, ImportColumn {
  case code, name, site, siteName, parent

  static let ignoredNames: Set<String> = ["id", "createdat", "updatedat", "importproblem"]

  var names: [String] {
    switch self {
    case .code: ["code", "location code", "location", "standortcode", "standort"]
    case .name: ["name", "location name", "description", "bezeichnung"]
    case .site: ["site", "site code", "werk"]
    case .siteName: ["site name", "name of site"]
    case .parent: ["parent", "parent code", "parent location", "inside", "in", "übergeordnet"]
    }
  }
}
