/// The columns of a file of assets: those that an export writes, under their first name, and that an import reads.
enum AssetColumn: Int, ImportColumn {
  case tag, serial, manufacturer, model, category, state, condition, custodian, custodianEmail, location, expectedReturn
  case orderNumber, orderLine, supplier, price, currency, purchaseDate, warrantyEnd, refreshDate, owner, department
  case costCentre, classification, dataBearing, legalHold, drives, driveTypes, driveMakers, driveModels, driveSizes
  case licences, marks
  // Read only: an export says the same in the columns above.
  case warrantyMonths, mac, imei, epc, serviceTag

  /// Columns that an export writes.
  static let exported = allCases.filter { $0.rawValue <= marks.rawValue }

  /// What a custom field's column is called: this and the field's name.
  static let customPrefix = "custom: "

  static let ignoredNames: Set<String> = [
    "id", "assetid", "sysid", "createdat", "updatedat", "changedat", "version", "importproblem",
  ]

  var names: [String] {
    switch self {
    case .tag:
      [
        "asset tag", "tag", "asset number", "asset no", "inventory number", "inventory no", "inventarnummer",
        "inventarnr", "anlagennummer",
      ]
    case .serial: ["serial number", "serial", "serial no", "s/n", "serial#", "seriennummer", "seriennr", "serien nr"]
    case .manufacturer: ["manufacturer", "manufacturer name", "make", "maker", "brand", "hersteller", "vendor"]
    case .model:
      ["model", "model name", "asset model", "modell", "modellname", "product", "product name", "part name", "part"]
    case .category:
      [
        "category", "asset category", "model category", "kategorie", "type", "asset type", "device type", "typ",
        "gerätetyp", "geräteart",
      ]
    case .state:
      [
        "state", "status", "asset status", "asset state", "status label", "install status", "hardware status",
        "lifecycle state", "life cycle stage",
      ]
    case .condition: ["condition", "condition grade", "grade", "zustand"]
    case .custodian:
      [
        "custodian", "assigned to", "checked out to", "checked out", "assignee", "assigned user", "user", "used by",
        "full name", "zugewiesen an", "ausgegeben an", "benutzer", "nutzer", "verwahrer",
      ]
    case .custodianEmail:
      ["custodian email", "assigned to email", "checked out to email", "user email", "email", "email address"]
    case .location:
      [
        "location", "location code", "location name", "stock location", "standort", "lagerort", "raum", "room", "ort",
        "site",
      ]
    case .expectedReturn:
      [
        "expected return", "expected checkin", "expected checkin date", "expected check in date", "due back",
        "rückgabe bis", "rueckgabe bis", "rückgabedatum",
      ]
    case .orderNumber:
      [
        "order number", "purchase order number", "purchase order", "po number", "po", "order no", "order#", "order",
        "bestellnummer", "bestellnr", "bestellung",
      ]
    case .orderLine: ["order line", "po line", "line", "bestellposition", "position"]
    case .supplier:
      // "vendor" stands later than among manufacturers: alone, it is the maker.
      ["supplier", "supplier name", "reseller", "lieferant", "händler", "distributor", "sold by", "vendor"]
    case .price:
      [
        "price", "purchase price", "purchase cost", "cost", "unit price", "preis", "kaufpreis", "anschaffungspreis",
        "anschaffungskosten", "anschaffungswert",
      ]
    case .currency: ["currency", "purchase price currency", "währung", "waehrung"]
    case .purchaseDate:
      ["purchase date", "purchased", "date purchased", "purchased on", "acquired", "kaufdatum", "anschaffungsdatum"]
    case .warrantyEnd:
      [
        "warranty end", "warranty expiration", "warranty expires", "warranty expiry", "warranty until", "garantieende",
        "garantie bis",
      ]
    case .refreshDate: ["refresh date", "eol date", "asset eol date", "eol", "end of life", "ersatzdatum"]
    case .owner: ["owner", "company", "owned by", "lessor", "eigentümer", "eigentuemer", "firma"]
    case .department: ["department", "abteilung"]
    case .costCentre: ["cost centre", "cost center", "kostenstelle"]
    case .classification: ["classification", "data classification", "schutzklasse"]
    case .dataBearing: ["data bearing", "bears data", "holds data", "datentragend"]
    case .legalHold: ["legal hold", "litigation hold"]
    case .drives:
      [
        "drive serials", "drive serial", "media serials", "media serial", "drives", "disk serials", "disk serial",
        "hdd serial", "ssd serial", "festplatten", "laufwerke",
      ]
    case .driveTypes: ["drive types"]
    case .driveMakers: ["drive manufacturers"]
    case .driveModels: ["drive models"]
    case .driveSizes: ["drive sizes"]
    case .licences: ["licences", "licenses", "lizenzen"]
    case .marks: ["further marks"]
    case .warrantyMonths: ["warranty months", "warranty", "warranty period", "garantiemonate", "garantie"]
    case .mac: ["mac address", "mac", "mac adresse"]
    case .imei: ["imei"]
    case .epc: ["epc", "rfid", "rfid tag"]
    case .serviceTag: ["service tag"]
    }
  }
}
