import AssetIdentifiers
import Custody
import CustodyLedger
import OrderReceiving
import StationStore

extension ScanFlow {
  // MARK: Which order

  /// Takes an order's label: from here on what comes is held against it.
  mutating func receive(order text: String) throws -> ScanOutcome {
    guard let (order, line) = try transaction.order(named: text) else {
      return refused(
        Refusal(
          "scan.order.unknown", "No order has the number \(text).",
          remedy: "Import it with custody import orders.csv, or receive without an order."))
    }
    if let refusal = Verb.receive.refusal(forRoles: actor.roles) { return refused(refusal) }
    if let refusal = try kitInTheWay() { return refused(refusal) }
    work.turn(to: .receive)
    work.receive(order.number, line: line?.line)
    let sheet = try transaction.sheet(of: order)
    var outcome = blank(.context, line.map { "\(order.number), line \($0.line)" } ?? "Order \(order.number)")
    outcome.sentence = sheet.progress
    return outcome
  }

  /// The order that the session receives, with what has come of it; nil in a session without one.
  func orderBeingReceived() throws -> ReceivingSheet? {
    try work.orderNumber.flatMap { try transaction.order($0) }.map { try transaction.sheet(of: $0) }
  }

  // MARK: What comes

  /// Notes how an asset that is known differs from the order that is being received.
  mutating func note(arrival asset: Asset, for sheet: ReceivingSheet?) {
    guard let sheet, asset.state == .expected else { return }
    // What announced it goes before the line that is set for what comes now.
    if let own = asset.facts.orderLine, work.details[path: "facts.orderLine"] != nil {
      scan.details[path: "facts.orderLine"] = ["order": .string(own.order), "line": .integer(Int64(own.line))]
    }
    switch sheet.place(.announced(asset.facts.orderLine), chosen: work.orderLine) {
    case .line(let number, let odd):
      line = OrderLineReference(order: sheet.order, line: number)
      findings = odd
    case .outside(let finding): findings = [finding]
    case .ask: break
    }
  }

  /// Receives what no asset stands for yet on the line that it belongs to; asks where that is not clear.
  mutating func receiveStranger(
    _ identifier: AssetIdentifier, saying facts: CanonicalJSON, for sheet: ReceivingSheet
  ) throws -> ScanOutcome {
    if !scan.receivesCarton, let what = whatElse(identifier, isOn: sheet) {
      var outcome = blank(.unknown, "Not a serial number")
      outcome.sentence = "\(what) The reading is kept."
      outcome.remedy = "Scan the serial number or the asset tag."
      outcome.code = ScanOutcome.product
      return outcome
    }
    let said = Product(
      manufacturer: scan.details[path: "facts.manufacturer"]?.text, model: scan.details[path: "facts.model"]?.text,
      partNumber: scan.details[path: "facts.custom.partNumber"]?.text)
    switch sheet.place(.stranger(said), chosen: chosenLine(facts, in: sheet)) {
    case .ask(let lines):
      var outcome = blank(.unknown, "Which line is it?")
      outcome.sentence = "\(sheet.order) awaits something on \(lines.count) lines. Nothing is recorded yet."
      outcome.remedy = "Scan the line's label or tap the line; then scan \(identifier.mark) again."
      outcome.code = "scan.order.line"
      return outcome
    case .line(let number, let odd):
      findings = odd
      let reference = OrderLineReference(order: sheet.order, line: number)
      line = reference
      scan.details[path: "facts.orderLine"] = ["order": .string(reference.order), "line": .integer(Int64(number))]
      try complete(from: reference)
    case .outside(let finding):
      findings = [finding]
      // The line that is set for what comes now is not its line; it stays that of the next.
      let line = work.details[path: "facts.orderLine"]
      defer { work.details[path: "facts.orderLine"] = line }
      work.details[path: "facts.orderLine"] = nil
      scan.details[path: "facts.orderLine"] = nil
      if facts[path: "blindReason"] == nil {
        scan.details[path: "blindReason"] = .string("came with order \(sheet.order): \(finding.words.lowercased())")
      }
      return try record(.receive, on: nil, as: transaction.newID(), identifier)
    }
    return try record(.receive, on: nil, as: transaction.newID(), identifier)
  }

  /// What a code is that names no one thing of the order, a sentence; nil for what may be a serial number or a tag.
  private func whatElse(_ identifier: AssetIdentifier, isOn sheet: ReceivingSheet) -> String? {
    let mark = identifier.mark
    switch sheet.naming(mark) {
    case .order: return "\(mark) is the number of this order."
    case .partNumber(let line): return "\(mark) is the part number of line \(line.number)."
    case .model(let line): return "\(mark) is the model of line \(line.number)."
    case nil: break
    }
    guard !identifier.mayBeSerial else { return nil }
    switch identifier {
    case .mac: return "\(mark) is the address of a network card."
    case .imei: return "\(mark) is the IMEI of a radio."
    default: return "\(mark) does not look like a serial number."
    }
  }

  /// The line that the scan or the session names, if it is one of this order.
  private func chosenLine(_ facts: CanonicalJSON, in sheet: ReceivingSheet) -> Int? {
    guard facts[path: "facts.orderLine.order"]?.text == sheet.order,
      case .integer(let line)? = facts[path: "facts.orderLine.line"]
    else { return nil }
    return Int(exactly: line)
  }

  /// What the order says of its line, where nothing else says otherwise.
  private mutating func complete(from reference: OrderLineReference) throws {
    guard let line = try transaction.orderLine(reference) else { return }
    let given = work.details.overlaid(with: scan.details)
    for (path, value) in [
      ("facts.model", line.model), ("facts.manufacturer", line.manufacturer), ("facts.category", line.category),
    ] where given[path: path] == nil {
      if let value { scan.details[path: path] = .string(value) }
    }
  }

  // MARK: What is told and kept

  /// Says of a receipt how far its order is, and what is odd about it.
  mutating func tell(_ outcome: inout ScanOutcome, received asset: Asset?) throws {
    if work.details.overlaid(with: scan.details)[path: "condition"]?.text == Self.damaged {
      findings.append(.damaged)
      // It was said of this one; the next box is thought to be whole.
      work.details[path: "condition"] = nil
    }
    outcome.findings = findings
    outcome.line = line ?? asset?.facts.orderLine
    if let number = work.orderNumber, let order = try transaction.order(number) {
      outcome.sentence = try transaction.sheet(of: order).progress
    }
    guard let first = findings.first else { return }
    outcome.result = .acceptedWithNote
    outcome.words = first.words
    outcome.remedy = "Put it aside where you keep what is to be settled; it stands under Follow-ups."
  }

  /// Takes the label that says of the next box that it is damaged.
  mutating func nextIsDamaged() -> ScanOutcome {
    guard work.workflow == .receive else {
      return refused(
        Refusal(
          "scan.command.damaged", "Nothing is being received.",
          remedy: "Choose Receive first; for any other act set its condition."))
    }
    work.details[path: "condition"] = .string(Self.damaged)
    var outcome = blank(.context, "Next box: damaged")
    outcome.sentence = "It holds for one box."
    return outcome
  }

  /// The grade that says so.
  static let damaged = "damaged"

  /// Keeps what somebody has to look into, and ends what this scan has answered.
  func keepFollowUps(of outcome: ScanOutcome) throws {
    switch outcome.result {
    case .unknown where work.workflow != nil && ![ScanOutcome.product, "scan.order.line"].contains(outcome.code):
      var unknown = FollowUp(
        kind: FollowUpKind.unknown.rawValue, at: outcome.at, words: outcome.sentence ?? outcome.words)
      (unknown.person, unknown.session) = (actor.person, session.id)
      (unknown.order, unknown.line) = (work.orderNumber, work.orderLine)
      (unknown.reading, unknown.raw) = (outcome.reading, scan.shownBytes)
      try transaction.keep(unknown)
    case .accepted, .acceptedWithNote:
      let name = outcome.asset?.displayName ?? "an asset"
      try transaction.settleFollowUps(
        ofCode: scan.shownBytes, by: actor.person, "\(outcome.events.first?.verb.words.done ?? "Known") as \(name).")
      for finding in outcome.findings {
        var odd = FollowUp(
          kind: finding.rawValue, at: outcome.at, words: finding.sentence(of: name, order: work.orderNumber))
        (odd.person, odd.session, odd.asset) = (actor.person, session.id, outcome.asset?.id)
        (odd.order, odd.line) = (work.orderNumber ?? outcome.line?.order, outcome.line?.line)
        odd.reading = outcome.reading
        try transaction.keep(odd)
      }
      if let oddSeal {
        var odd = FollowUp(kind: FollowUpKind.seal.rawValue, at: outcome.at, words: oddSeal)
        (odd.person, odd.session, odd.asset) = (actor.person, session.id, outcome.asset?.id)
        odd.reading = outcome.reading
        try transaction.keep(odd)
      }
      if let event = outcome.events.first, var licences = FollowUp(licencesBy: event, of: name, at: outcome.at) {
        (licences.person, licences.session, licences.asset) = (actor.person, session.id, outcome.asset?.id)
        licences.reading = outcome.reading
        try transaction.keep(licences)
      }
    default: break
    }
  }
}

extension FollowUp {
  /// The licences that a return leaves to be reclaimed; nil for any other event, and where there are none.
  init?(licencesBy event: CustodyEvent, of name: String, at moment: Instant) {
    guard case .return(let details) = event.details, !details.licencesToReclaim.isEmpty else { return nil }
    self.init(
      kind: FollowUpKind.licence.rawValue, at: moment,
      words: "\(name) came back: reclaim \(details.licencesToReclaim.joined(separator: ", ")).")
  }
}

extension AssetIdentifier {
  /// Whether it can be a serial number or a tag, by which a thing may be received that nobody has said anything else of: a
  /// number of its own, not a sentence, an address or a network card.
  var mayBeSerial: Bool {
    switch self {
    case .assetTag, .serial, .iso15434, .epc, .gs1, .digitalLink: return namesOneThing
    case .text(let text):
      return (4...64).contains(text.utf8.count) && text.utf8.contains { (0x30...0x39).contains($0) }
        && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
    case .command, .location, .order, .kit, .badge, .mac, .imei, .bytes: return false
    }
  }
}
