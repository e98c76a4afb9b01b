import Custody

/// What happens to assets in the demo, each as one line of the story.
extension DemoStory {
  /// Bought before the station was there, and taken in without an order.
  mutating func receive(
    _ number: Int, _ model: DemoModel, _ serial: String, ago days: Int, bought months: Int = 14
  ) {
    let facts = model.facts(
      serial: serial, supplier: "Bechtle", boughtOn: day(ago: days + months * 30), costCentre: "CC-4100")
    tell(
      number, days, by: .kim,
      .receive(
        ReceiveDetails(
          location: places.storeA, facts: facts,
          identifiers: [BoundIdentifier(.serial, serial), BoundIdentifier(.tag, Self.tag(number))],
          condition: "B", blindReason: "Bought before the station was set up")), mark: serial)
  }

  mutating func announce(
    _ number: Int, line: Int, _ model: DemoModel, _ serial: String, tag: String? = nil, listingMedia: Bool = false
  ) {
    var facts = model.facts(serial: serial, supplier: "Bechtle", boughtOn: day(ago: 34), costCentre: "CC-4100")
    // What is inside, and until when it is covered, is mostly known only once it is here.
    if !listingMedia { facts.media = nil }
    facts.warrantyEnd = nil
    facts.orderLine = OrderLineReference(order: DemoCatalogue.order, line: line)
    let marks = [BoundIdentifier(.serial, serial)] + (tag.map { [BoundIdentifier(.tag, $0)] } ?? [])
    tell(number, 33, by: nil, .expect(ExpectDetails(facts: facts, identifiers: marks, location: places.storeA)))
  }

  /// Announced by the order, and received from it.
  mutating func receive(_ number: Int, line: Int, _ model: DemoModel, _ serial: String, ago days: Int) {
    announce(number, line: line, model, serial)
    let full = model.facts(serial: serial, supplier: "Bechtle", boughtOn: day(ago: 34), costCentre: "CC-4100")
    var facts = AssetFacts()
    facts.media = full.media
    facts.warrantyEnd = full.warrantyEnd
    tell(
      number, days, by: .kim,
      .receive(
        ReceiveDetails(
          location: places.storeB, facts: facts, identifiers: [BoundIdentifier(.tag, Self.tag(number))], condition: "A")
      ),
      mark: serial)
  }

  mutating func deploy(_ number: Int, to who: Who, ago days: Int, loanFor loan: Int? = nil) {
    let text = "I have received \(Self.tag(number)) and answer for it until I give it back."
    tell(
      number, days, by: .kim,
      .deploy(
        DeployDetails(
          recipient: .person(person(who)),
          acknowledgement: Acknowledgement(method: .pin, person: person(who), text: text),
          expectedReturn: loan.map { day(ago: days - $0) })), step: 1)
  }

  mutating func deploy(_ number: Int, toTeam team: String, ago days: Int) {
    tell(number, days, by: .kim, .deploy(DeployDetails(recipient: .team(team))), step: 1)
  }

  mutating func takeBack(_ number: Int, ago days: Int, condition: String, missing: [String] = []) {
    tell(
      number, days, by: .kim,
      .return(ReturnDetails(condition: condition, location: places.quarantine, missingAccessories: missing)))
  }

  /// Wipes every drive that the story gave the asset.
  mutating func sanitize(_ number: Int, _ model: DemoModel, _ serial: String, ago days: Int, passes: Bool = true) {
    let media = model.facts(serial: serial, supplier: "", boughtOn: day(ago: 0), costCentre: "").media ?? []
    for (index, medium) in media.enumerated() {
      let step = 2 + index
      let end = moment(ago: days, asset: number, step: step)
      let isNVMe = medium.type == "nvme"
      var record = SanitizationRecord(
        medium: medium, requested: .purge, achieved: .purge,
        technique: isNVMe ? "NVMe Sanitize, crypto erase" : "Sanitize device, block erase",
        tool: isNVMe ? "nvme-cli" : "hdparm", result: passes ? .passed : .failed,
        endedAt: end.advanced(byMilliseconds: -120_000), performedBy: person(.kim))
      record.toolVersion = isNVMe ? "2.8" : "9.65"
      record.startedAt = end.advanced(byMilliseconds: -420_000)
      record.verificationMethod = passes ? "10 % sampling" : nil
      record.verification = passes ? .passed : nil
      record.place = "Workshop and wipe bench"
      if !passes { record.residualRisks = ["The drive stopped answering at 61 %"] }
      tell(
        number, days, by: .kim, .sanitize(SanitizeDetails(record: record)), mark: medium.serial, step: step,
        witness: .aiko)
    }
  }

  mutating func triage(
    _ number: Int, ago days: Int, to outcome: LifecycleState, grade: String, vendor: String? = nil
  ) {
    var details = TriageDetails(outcome: outcome, grade: grade)
    details.vendor = vendor
    details.location = outcome == .inStock ? places.storeA : nil
    if outcome == .retired { details.approver = person(.fatima) }
    tell(number, days, by: .kim, .triage(details), step: 7, approver: outcome == .retired ? .fatima : nil)
  }

  mutating func retire(_ number: Int, ago days: Int, _ reason: String) {
    tell(
      number, days, by: .tomas, .retire(RetireDetails(reason: reason, approver: person(.fatima))), step: 8,
      approver: .fatima)
  }

  /// Leaves on a disposal order; the recycler's list confirms it later.
  mutating func departOnOrder(_ number: Int, ago days: Int, _ order: String, seal: String) {
    var details = ShipDetails(carrier: "Hellmann", destination: "GreenCycle GmbH, Leipzig", order: order)
    details.sealNumber = seal
    details.trackingNumber = "HLM-88120\(number)"
    tell(number, days, by: .tomas, .ship(details), step: 9)
  }

  mutating func dispose(_ number: Int, ago days: Int, _ order: String, seal: String, certificate: String) {
    tell(
      number, days, by: .tomas,
      .dispose(
        DisposeDetails(
          order: order, route: .recycle, vendor: "GreenCycle GmbH", vehicle: seal, certificate: certificate)),
      witness: .aiko)
  }
}
