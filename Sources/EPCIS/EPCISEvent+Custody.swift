import Custody

extension EPCISEvent {
  /// The view of a custody event; `marks` are those that its asset carries after it. `docs/epcis.md` has the table.
  init(_ recorded: EPCISHistory.Recorded, _ marks: CarriedMarks) {
    let event = recorded.event
    let asset = marks.name(of: event.asset)
    func seen(_ step: EPCISTerm, _ disposition: EPCISTerm?, _ action: Action = .observe, _ names: [String]? = nil)
      -> Self
    {
      var seen = Self(
        .objects(names ?? [asset]), at: event.wallClock, offsetMinutes: event.tzOffsetMinutes, action, step)
      seen.disposition = disposition
      return seen
    }
    let now = event.to.flatMap { Self.disposition(of: $0.state) }
    switch event.details {
    case .expect(let details):
      self = seen(.ownStep("announcing"), nil)
      order(details.facts)
    case .register(let details):
      self = seen(.step("commissioning"), now, .add)
      order(details.facts)
    case .amend: self = seen(.ownStep("amending"), now)
    case .bind(let details):
      self = seen(.step("commissioning"), .disposition("active"), .add, [EPCISNames.name(of: details.identifier)])
    case .unbind(let details):
      self = seen(
        .step("decommissioning"), .disposition("inactive"), .delete, [EPCISNames.name(of: details.identifier)])
    case .attach(let details):
      self = seen(.step("installing"), now, .add)
      what = .association(parent: EPCISNames.asset(details.parent), children: [asset])
    case .detach(let details):
      self = seen(.step("removing"), now, .delete)
      what = .association(parent: EPCISNames.asset(details.parent), children: [asset])
    case .receive(let details):
      self = seen(.step("receiving"), .disposition("in_progress"))
      order(details.facts)
    case .deploy(let details):
      self = seen(.ownStep("deploying"), .disposition("active"))
      destinations = [possessing(details.recipient, event)]
    case .transfer(let details):
      self = seen(.ownStep("transferring"), now)
      if let custodian = details.custodian {
        sources = event.from?.custodian.map { [possessing($0, event)] } ?? []
        destinations = [possessing(custodian, event)]
      }
    case .return(let details):
      self = seen(.step("receiving"), .disposition("returned"))
      sources = (details.from ?? event.from?.custodian).map { [possessing($0, event)] } ?? []
    case .triage: self = seen(.step("inspecting"), now)
    case .repairOut(let details):
      self = seen(.step("repairing"), .disposition("unavailable"))
      destinations = [Self.party(details.vendor)]
      if let rma = details.rma { transactions = [.init(.rma, EPCISNames.transaction("rma", rma))] }
    case .repairIn: self = seen(.step("receiving"), now)
    case .ship(let details):
      self = seen(.step("shipping"), .disposition("in_transit"))
      destinations =
        details.toLocation.map { [.init(.place, EPCISNames.location($0, of: event.site))] } ?? []
      destinations.append(Self.party(details.carrier))
      if let order = details.order { transactions = [.init(.disposal, EPCISNames.transaction("disposal", order))] }
    case .arrive: self = seen(.step("arriving"), now)
    case .retire: self = seen(.ownStep("retiring"), .disposition("inactive"))
    case .sanitize(let details):
      self = seen(.ownStep("sanitizing"), now)
      let certificate = details.record.reportDigest.map { EPCISNames.transaction("report", $0) }
      transactions = [.init(.certificate, certificate ?? EPCISNames.event(event.eventID))]
      fields = [
        .init(
          "sanitization",
          .fields([
            .init("medium", .text(EPCISNames.mark(BoundIdentifier(.serial, details.record.medium.serial)))),
            .init("requested", .text(Self.word("method", details.record.requested.rawValue))),
            .init("achieved", .text(Self.word("method", details.record.achieved.rawValue))),
            .init("result", .text(Self.word("result", details.record.result.rawValue))),
          ]))
      ]
    case .dispose(let details):
      switch details.route {
      case .destroy: self = seen(.step("destroying"), .disposition("destroyed"), .delete)
      case .recycle: self = seen(.step("shipping"), .disposition("disposed"))
      case .resale, .donate, .returnToLessor: self = seen(.step("shipping"), .disposition("inactive"))
      }
      destinations = details.vendor.map { [Self.party($0)] } ?? []
      transactions = [.init(.disposal, EPCISNames.transaction("disposal", details.order))]
      if let number = details.certificate {
        transactions.append(.init(.certificate, EPCISNames.transaction("certificate", number)))
      }
    case .declareMissing: self = seen(.ownStep("declaring_missing"), .disposition("unknown"))
    case .found: self = seen(.ownStep("finding"), now)
    case .correct: self = seen(.ownStep("correcting"), now)
    case .label: self = seen(.step("encoding"), now)
    case .proveLabel: self = seen(.step("inspecting"), now)
    case .settle: self = seen(.ownStep("settling"), now)
    }
    readPoint = EPCISNames.station(event.station, of: event.site)
    location = event.to?.location.map { EPCISNames.location($0, of: event.site) }
    fields += Self.fields(recorded, marks)
  }

  /// What ties the event to the ledger, and what EPCIS has no word for.
  private static func fields(_ recorded: EPCISHistory.Recorded, _ marks: CarriedMarks) -> [Field] {
    let event = recorded.event
    var fields = [
      Field("event", .text(EPCISNames.event(event.eventID))),
      Field("entry", .text(EPCISNames.entry(recorded.entry))),
      Field("verb", .text(word("verb", event.verb.rawValue))),
      Field("asset", .text(EPCISNames.asset(event.asset))),
    ]
    if let state = event.to?.state { fields.append(Field("state", .text(word("state", state.rawValue)))) }
    if !marks.marks.isEmpty { fields.append(Field("mark", .texts(marks.marks.map(EPCISNames.mark)))) }
    if let person = event.operator { fields.append(Field("operator", .text(EPCISNames.person(person)))) }
    if let person = event.witness { fields.append(Field("witness", .text(EPCISNames.person(person)))) }
    if let wrong = event.corrects { fields.append(Field("corrects", .text(EPCISNames.event(wrong)))) }
    if let claims = event.settles, !claims.isEmpty {
      fields.append(Field("settles", .texts(claims.map(EPCISNames.event))))
    }
    return fields
  }

  /// Words of ours are URIs, so that none can be taken for one of GS1's.
  private static func word(_ kind: String, _ word: String) -> String { EPCISNames.namespace + kind + ":" + word }

  private mutating func order(_ facts: AssetFacts) {
    guard let line = facts.orderLine else { return }
    transactions = [.init(.order, EPCISNames.transaction("po", line.order))]
  }

  private static func party(_ name: String) -> Typed { Typed(.possessor, EPCISNames.party(name)) }

  /// What a state is in GS1's words, where the verb has no better one.
  private static func disposition(of state: LifecycleState) -> EPCISTerm? {
    switch state {
    case .expected: nil
    case .inStock: .disposition("available")
    case .deployed: .disposition("active")
    case .quarantined, .inRepair: .disposition("unavailable")
    case .retired: .disposition("inactive")
    case .inTransit: .disposition("in_transit")
    case .missing: .disposition("unknown")
    case .disposed: .disposition("disposed")
    }
  }
}

/// Who has the asset.
private func possessing(_ custodian: Custodian, _ event: CustodyEvent) -> EPCISEvent.Typed {
  .init(.possessor, EPCISNames.custodian(custodian, of: event.site))
}

extension EPCISTerm {
  fileprivate static let possessor = standard(.party, "possessing_party")
  fileprivate static let place = standard(.party, "location")
  fileprivate static let order = standard(.transaction, "po")
  fileprivate static let rma = standard(.transaction, "rma")
  fileprivate static let certificate = standard(.transaction, "cert")
  fileprivate static let disposal = own(.transaction, "disposal_order")
}
