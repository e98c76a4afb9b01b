import CartonReading
import Custody
import CustodyLedger
import StationStore

extension Carton {
  /// What would be recorded of the carton: part of a receive's `details`. Only settled fields count.
  func details(category: (KnownProduct) throws -> String?) rethrows -> CanonicalJSON {
    var details: CanonicalJSON = [:]
    if let product = namedProduct {
      details[path: "facts.model"] = .string(product.model)
      if let manufacturer = product.manufacturer { details[path: "facts.manufacturer"] = .string(manufacturer) }
      if let category = try category(product) { details[path: "facts.category"] = .string(category) }
    }
    if products.count == 1, let order = products[0].order, let line = products[0].line {
      details[path: "facts.orderLine"] = ["order": .string(order), "line": .integer(Int64(line))]
    }
    if details[path: "facts.model"] == nil, let model = findings(.model).first {
      details[path: "facts.model"] = .string(model.value)
    }
    for field in CartonField.recorded {
      let values = findings(field).map(\.value)
      // An order that the catalogue knows stands with its line; one item is not worth a word.
      if field == .purchaseOrder, details[path: "facts.orderLine"] != nil { continue }
      if field == .quantity, values == ["1"] { continue }
      if !values.isEmpty {
        details[path: "facts.custom.\(field.rawValue)"] = .string(values.joined(separator: ", "))
      }
    }
    let identifiers = marks
    if !identifiers.isEmpty {
      details[path: "identifiers"] = .array(
        identifiers.map { ["kind": .string($0.kind.rawValue), "value": .string($0.value)] })
    }
    return details
  }

  /// The marks by which the asset will be found again.
  var marks: [BoundIdentifier] {
    findings.compactMap { finding in
      switch finding.field {
      case .serial: BoundIdentifier(.serial, finding.value)
      case .assetTag: BoundIdentifier(.tag, finding.value)
      case .mac: BoundIdentifier(.mac, finding.value)
      case .imei: BoundIdentifier(.imei, finding.value)
      default: nil
      }
    }
  }

  /// The one model that the carton is of: named by its codes, or suggested by what was learned.
  var namedProduct: KnownProduct? {
    let models = Set(products.map { [$0.manufacturer ?? "", $0.model] })
    return models.count == 1 ? products.first : suggestion
  }

  /// What it is scanned as: its asset tag or serial number, whichever is the surer name.
  var name: Finding? { findings(.assetTag).first ?? findings(.serial).first }
}

extension CartonField {
  /// What is recorded of a carton as facts of its own, beside those that every asset has.
  static let recorded: [CartonField] = [.partNumber, .gtin, .purchaseOrder, .sscc, .quantity, .date]
}

extension [KnownProduct] {
  /// Whether a part number or model's name is that of one of them. A carton may have a country's suffix behind it.
  func named(by finding: Finding) -> Bool {
    if case .catalogue = finding.reason { return true }
    let name = finding.value.prefix { $0 != "#" }.uppercased()
    return contains { [$0.partNumber?.uppercased(), $0.model.uppercased()].contains(name) }
  }
}
