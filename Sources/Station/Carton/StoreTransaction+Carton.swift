import AssetIdentifiers
import CartonReading
import Custody
import CustodyLedger
import StationStore

extension StoreTransaction {
  /// The scan as it is to be run in a session: one that belongs to the carton on the desk receives it. Such are the
  /// operator's confirmation, the carton's own serial number scanned once more, and the asset tag that is stuck on it.
  func joining(_ scan: Scan, to session: StoredSession) throws -> Scan {
    let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    guard work.workflow == .receive, scan.verb ?? .receive == .receive, let shown = try cartonOnDesk(work) else {
      guard scan.receivesCarton else { return scan }
      var scan = scan
      scan.refusal = Refusal(
        "carton.none", "No carton lies on this desk.", remedy: "Take a picture of the carton; then confirm it.")
      return scan
    }
    var scan = scan
    if !scan.receivesCarton {
      guard let identifier = try meaning(of: scan, for: shown) else { return scan }
      scan.meaning = identifier
      scan.receivesCarton = true
    }
    guard shown.reading.isSettled else {
      scan.refusal = Refusal(
        "carton.unsettled", "It is not settled which code of the carton is which.",
        remedy: "Tap the right code in the picture; then confirm.")
      return scan
    }
    scan = try scan.joined(with: shown, category: category)
    try name(&scan, work)
    return scan
  }

  /// What a scan means that belongs to the carton; nil when it does not.
  private func meaning(of scan: Scan, for shown: CartonOnDesk) throws -> AssetIdentifier? {
    guard let identifier = try? AssetIdentifier.interpret(scan.text, symbologyIdentifier: scan.symbologyIdentifier)
    else { return nil }
    if case .assetTag(let tag) = identifier {
      guard case .unknown = try resolve(tag) else { return nil }
      return identifier
    }
    guard let name = shown.reading.name,
      scan.text == name.value || name.sources.contains(where: { $0.symbol.bytes == scan.raw })
    else { return nil }
    return .text(name.value)
  }

  /// Finds the asset that the carton's marks name, and what a new one needs.
  private func name(_ scan: inout Scan, _ work: WorkSession) throws {
    guard case .array(let marks)? = scan.details[path: "identifiers"] else { return }
    let serials = marks.filter { $0[path: "kind"]?.text == BoundIdentifier.Kind.serial.rawValue }
    guard serials.count < 2 else {
      scan.refusal = Refusal(
        "carton.severalSerials", "The carton names \(serials.count) serial numbers; an asset has one.",
        remedy: "Set the carton aside and scan its items one by one, or leave one serial number in the form.")
      return
    }
    var names: [String] = []
    var known: [AssetID: String] = [:]
    for kind in [BoundIdentifier.Kind.serial, .tag] {
      for mark in marks where mark[path: "kind"]?.text == kind.rawValue {
        guard let value = mark[path: "value"]?.text else { continue }
        names.append(value)
        if case .asset(let id) = try resolve(value), known[id] == nil { known[id] = value }
      }
    }
    guard let first = names.first else {
      scan.refusal = Refusal(
        "carton.nameless", "The carton gives neither a serial number nor an asset tag.",
        remedy: "Tap the code that is its serial number, or stick a label on it and scan that.")
      return
    }
    guard known.count < 2 else {
      scan.refusal = Refusal(
        "carton.twoAssets",
        "The carton's codes name \(known.count) assets: \(known.values.sorted().joined(separator: ", ")).",
        remedy: "Take out the one that does not belong to it.")
      return
    }
    scan.meaning = .text(known.values.first ?? first)
    guard known.isEmpty, scan.details[path: "facts.model"]?.text == nil else { return }
    // An order's line says what it is of.
    let whole = work.details.overlaid(with: scan.details)
    if let order = whole[path: "facts.orderLine.order"]?.text,
      case .integer(let number)? = whole[path: "facts.orderLine.line"],
      let line = try orderLine(OrderLineReference(order: order, line: Int(number)))
    {
      scan.details[path: "facts.model"] = .string(line.model)
      if let manufacturer = line.manufacturer, whole[path: "facts.manufacturer"]?.text == nil {
        scan.details[path: "facts.manufacturer"] = .string(manufacturer)
      }
      if let category = line.category, whole[path: "facts.category"]?.text == nil {
        scan.details[path: "facts.category"] = .string(category)
      }
    } else if whole[path: "facts.model"]?.text == nil {
      scan.refusal = Refusal(
        "carton.modelMissing", "The model is not known.",
        remedy: "Choose the order line or enter the model; then confirm.")
    }
  }

  /// Remembers a choice for the model.
  func teach(_ choice: DeskCarton.Choice, _ part: CartonPart, of product: KnownProduct) throws {
    try keep(
      Correction.learn(
        part, as: choice.field, of: product, keepsWhole: choice.value == part.text, by: choice.name, on: today),
      example: part.text, by: choice.by)
  }

  /// Takes the carton out of a session that was not received: what was read on it is kept among the unknown codes.
  func setAside(_ work: inout WorkSession) throws {
    guard let carton = work.carton else { return }
    for mark in carton.marks {
      let scan = Scan(raw: mark.symbol.bytes, source: .symbol, symbologyIdentifier: mark.symbologyIdentifier)
      try markUnknown(mark.reading, marks: scan.marks)
    }
    work.carton = nil
    work.done = work.workflow == .receive ? DoneCarton(carton, as: nil) : nil
  }

  /// Takes the carton out of a session that ends.
  func setAside(of session: inout StoredSession) throws {
    var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    guard work.carton != nil else { return }
    try setAside(&work)
    session.document = try CanonicalEncoder().encode(work)
  }

  /// What goes with a carton that was received: what was said of its codes is remembered for its model.
  func received(_ work: inout WorkSession, as asset: Asset?) throws {
    guard let carton = work.carton else { return }
    if let model = asset?.facts.model {
      let product = KnownProduct(manufacturer: asset?.facts.manufacturer, model: model)
      for choice in carton.choices {
        guard let part = carton.marks[choice.mark].symbol.part(choice.part) else { continue }
        try teach(choice, part, of: product)
      }
    }
    work.carton = nil
    work.done = DoneCarton(carton, as: asset?.id)
  }
}

extension StoreReading {
  /// The category that an order's line gives its model.
  func category(of product: KnownProduct) throws -> String? {
    guard let order = product.order, let line = product.line else { return nil }
    return try orderLine(OrderLineReference(order: order, line: line))?.category
  }
}
