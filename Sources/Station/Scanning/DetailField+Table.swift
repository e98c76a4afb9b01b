import Custody

extension DetailField {
  /// What a verb captures, in the order a desk asks for it.
  static func fields(for verb: Verb?) -> [DetailField] {
    switch verb {
    case nil: []
    case .receive:
      [
        DetailField(path: "location", label: "Location", kind: .location, required: true, hint: "or scan its label"),
        DetailField(path: "facts.orderLine", label: "Order line", kind: .orderLine),
        DetailField(path: "blindReason", label: "Without order", hint: "why no order announces it"),
        DetailField(path: "condition", label: "Condition", kind: .choice(grades)),
      ] + newAsset
    case .deploy:
      [
        DetailField(
          path: "recipient.person", label: "Recipient", kind: .person, hint: "or scan the badge"),
        DetailField(path: "recipient.team", label: "or team", isExtra: true),
        DetailField(path: "recipient.place", label: "or place", kind: .location, isExtra: true),
        DetailField(path: "location", label: "Location", kind: .location),
        DetailField(path: "expectedReturn", label: "Loan until", kind: .date),
      ]
    case .return:
      [
        DetailField(path: "location", label: "Location", kind: .location),
        DetailField(path: "condition", label: "Condition", kind: .choice(grades)),
        DetailField(path: "missingAccessories", label: "Missing accessories", kind: .list, hint: "separated by commas"),
      ]
    case .triage:
      [
        DetailField(
          path: "outcome", label: "Goes to", kind: .choice(triageOutcomes), required: true,
          missing: "Nobody has said where it goes from here: to stock, to repair, or retired."),
        DetailField(path: "grade", label: "Grade", kind: .choice(grades), required: true),
        DetailField(path: "location", label: "Location", kind: .location),
        DetailField(path: "vendor", label: "Repair vendor", isExtra: true),
        DetailField(path: "reason", label: "Reason", isExtra: true),
        DetailField(path: "sanitizationRequired", label: "Wipe required", kind: .yesNo, isExtra: true),
      ]
    case .sanitize:
      [
        DetailField(
          path: "record.medium.serial", label: "Drive serial", kind: .medium, hint: "empty: the asset's only drive"),
        DetailField(
          path: "record.requested", label: "Requested", kind: .choice(methods), required: true,
          missing: "Nobody has said which wipe was asked for: clear, purge or destroy."),
        DetailField(
          path: "record.achieved", label: "Achieved", kind: .choice(methods), required: true,
          missing: "Nobody has said which wipe was achieved: clear, purge or destroy."),
        DetailField(path: "record.technique", label: "Technique", required: true, hint: "such as NVMe Sanitize"),
        DetailField(path: "record.tool", label: "Tool", required: true),
        DetailField(path: "record.toolVersion", label: "Tool version"),
        DetailField(path: "record.verificationMethod", label: "Verified by", hint: "such as full read"),
        DetailField(path: "record.verification", label: "Verification", kind: .choice(results)),
        DetailField(path: "record.result", label: "Result", kind: .choice(results), required: true),
        DetailField(path: "record.place", label: "Where", isExtra: true),
        DetailField(path: "record.destination", label: "Goes to", isExtra: true),
        DetailField(path: "record.categorisation", label: "Data category", isExtra: true),
        DetailField(path: "record.propertyNumber", label: "Property number", isExtra: true),
        DetailField(path: "record.residualRisks", label: "Residual risks", kind: .list, isExtra: true),
      ]
    case .retire:
      [DetailField(path: "reason", label: "Reason", required: true)]
    case .dispose:
      [
        DetailField(path: "order", label: "Disposal order", required: true),
        DetailField(path: "route", label: "Route", kind: .choice(routes), required: true),
        DetailField(path: "vendor", label: "Vendor"),
        DetailField(path: "vehicle", label: "Vehicle or seal"),
        DetailField(path: "certificate", label: "Certificate number"),
      ]
    case .transfer:
      [
        DetailField(path: "custodian.person", label: "New custodian", kind: .person, hint: "or scan the badge"),
        DetailField(path: "custodian.team", label: "or team", isExtra: true),
        DetailField(path: "location", label: "New location", kind: .location, hint: "or scan its label"),
        DetailField(path: "reason", label: "Reason"),
      ]
    case .repairOut:
      [
        DetailField(path: "vendor", label: "Vendor", required: true),
        DetailField(path: "rma", label: "RMA number"),
        DetailField(
          path: "mediaPresent", label: "Drives go along", kind: .yesNo, required: true,
          missing: "Nobody has said whether its drives go along."),
      ]
    case .repairIn:
      [
        DetailField(
          path: "outcome", label: "What was done", required: true, missing: "Nobody has said what was done to it."),
        DetailField(path: "condition", label: "Condition", kind: .choice(grades)),
        DetailField(path: "location", label: "Location", kind: .location),
        DetailField(path: "mediaRemoved", label: "Drives taken out", kind: .list, isExtra: true),
        DetailField(path: "mediaAdded", label: "Drives put in", kind: .media, isExtra: true),
      ]
    case .ship:
      [
        DetailField(path: "carrier", label: "Carrier", required: true),
        DetailField(path: "trackingNumber", label: "Tracking number"),
        DetailField(path: "sealNumber", label: "Seal number"),
        DetailField(path: "toLocation", label: "To location", kind: .location),
        DetailField(path: "destination", label: "or address"),
        DetailField(path: "order", label: "Disposal order", isExtra: true),
      ]
    case .arrive:
      [
        DetailField(path: "location", label: "Location", kind: .location, required: true, hint: "or scan its label"),
        DetailField(path: SealCheck.field, label: "Seal number", hint: "as it arrived"),
        DetailField(path: "sealIntact", label: "Seal intact", kind: .yesNo),
        DetailField(path: "condition", label: "Condition", kind: .choice(grades)),
      ]
    case .declareMissing:
      [
        DetailField(path: "reason", label: "Reason", required: true),
        DetailField(path: "since", label: "Missing since", kind: .date),
        DetailField(path: "incident", label: "Incident number"),
      ]
    case .found:
      [
        DetailField(path: "location", label: "Location", kind: .location, required: true, hint: "or scan its label"),
        DetailField(path: "condition", label: "Condition", kind: .choice(grades)),
        DetailField(path: "incident", label: "Incident number"),
      ]
    case .register:
      [
        DetailField(path: "state", label: "State", kind: .choice(registerStates), required: true),
        DetailField(path: "location", label: "Location", kind: .location),
        DetailField(path: "source.declared.reason", label: "Reason", required: true),
      ] + newAsset
    case .expect:
      [DetailField(path: "facts.orderLine", label: "Order line", kind: .orderLine)] + newAsset
    case .amend:
      [
        DetailField(path: "set.manufacturer", label: "Manufacturer"),
        DetailField(path: "set.model", label: "Model"),
        DetailField(path: "set.category", label: "Category"),
        DetailField(path: "set.dataBearing", label: "Bears data", kind: .yesNo),
        DetailField(
          path: "set.media", label: "Drive serials", kind: .media, hint: "separated by commas; none: no drives"),
        DetailField(path: "set.legalHold", label: "Legal hold", kind: .yesNo),
        DetailField(path: "set.warrantyEnd", label: "Warranty until", kind: .date),
        DetailField(path: "reason", label: "Reason", required: true),
      ]
    case .bind, .unbind:
      [
        DetailField(path: "identifier.kind", label: "Kind of mark", kind: .choice(identifierKinds), required: true),
        DetailField(path: "identifier.value", label: "Mark", required: true),
        DetailField(path: "reason", label: "Reason"),
      ]
    case .attach, .detach:
      [
        DetailField(path: "parent", label: "Fitted in (asset id)", required: true),
        DetailField(path: "slot", label: "Slot"),
        DetailField(path: "reason", label: "Reason"),
      ]
    case .correct:
      [
        DetailField(path: "event", label: "Event id", required: true),
        DetailField(path: "reason", label: "Reason", required: true),
      ]
    case .settle:
      [
        DetailField(path: "kind", label: "Kind of exception", required: true),
        DetailField(path: "holds", label: "Event that holds"),
        DetailField(path: "identity", label: "Same or different"),
        DetailField(path: "reason", label: "Reason", required: true),
      ]
    case .label:
      [
        DetailField(path: "template", label: "Template", required: true),
        DetailField(path: "printer", label: "Printer", required: true),
        DetailField(path: "purpose", label: "Purpose", kind: .choice(purposes), required: true),
        DetailField(path: "reason", label: "Reason", hint: "why it is printed again"),
      ]
    case .proveLabel: []
    }
  }

  /// What an asset that nobody announced needs.
  private static let newAsset: [DetailField] = [
    DetailField(path: "facts.manufacturer", label: "Manufacturer", isExtra: true),
    DetailField(
      path: "facts.model", label: "Model of new assets", hint: "set: unknown codes come in as new", isExtra: true),
    DetailField(path: "facts.category", label: "Category", hint: "laptop, phone, dock …", isExtra: true),
    DetailField(path: "facts.media", label: "Drive serials", kind: .media, isExtra: true),
  ]

  static let grades = choices("A", "B", "C", "damaged")
  private static let purposes = choices("first", "reprint", "replacement")
  private static let methods = choices("clear", "purge", "destroy")
  private static let results = choices("passed", "failed", "aborted")
  private static let triageOutcomes = [
    (value: "inStock", label: "Stock"), (value: "inRepair", label: "Repair"), (value: "retired", label: "Retired"),
  ]
  private static let routes = [
    (value: "recycle", label: "Recycle"), (value: "resale", label: "Resale"), (value: "donate", label: "Donate"),
    (value: "returnToLessor", label: "Return to lessor"), (value: "destroy", label: "Destroy"),
  ]
  private static let registerStates = LifecycleState.allCases.filter { $0 != .disposed }.map {
    (value: $0.rawValue, label: $0.rawValue)
  }
  private static let identifierKinds = BoundIdentifier.Kind.allCases.map { (value: $0.rawValue, label: $0.rawValue) }

  private static func choices(_ words: String...) -> [(value: String, label: String)] {
    words.map { (value: $0, label: $0.prefix(1).uppercased() + $0.dropFirst()) }
  }
}
