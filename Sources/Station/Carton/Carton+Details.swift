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
    for (field, name) in [(CartonField.partNumber, "partNumber"), (.gtin, "gtin")] {
      if let finding = findings(field).first { details[path: "facts.custom.\(name)"] = .string(finding.value) }
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
