import Custody
import CustodyLedger
import Foundation
import Kits
import StationStore

extension ScanFlow {
  // MARK: Which kit

  /// The kit that the session puts together; nil in a session without one.
  func filling() throws -> KitFilling? {
    guard let code = work.kit else { return nil }
    guard let filling = try transaction.kitFilling(of: session.id) else {
      throw StoreFault.damaged(reason: "nothing is kept of the kit \(code) of the session \(session.id)")
    }
    return filling
  }

  /// Why the session cannot turn to something else: things stand in a kit that nobody has handed over.
  func kitInTheWay() throws -> Refusal? {
    guard let filling = try filling(), !filling.items.isEmpty else { return nil }
    return .unfinished(filling)
  }

  /// Takes a kit's label: what is scanned from here on fills its slots.
  mutating func begin(kit text: String) throws -> ScanOutcome {
    guard let code = KitCode(text), let kit = try transaction.kit(code) else {
      return refused(
        Refusal(
          "scan.kit.unknown", "No kit has the code \(text).",
          remedy: "Look at the list of kits, or import it with custody import kits.csv."))
    }
    if let refusal = Verb.deploy.refusal(forRoles: actor.roles) { return refused(refusal) }
    if let filling = try filling(), !filling.items.isEmpty {
      return filling.template.code == code ? try told("Kit \(code)", of: filling) : refused(.unfinished(filling))
    }
    work.turn(to: .deploy)
    work.kit = code
    let filling = KitFilling(kit)
    try transaction.save(filling, of: session.id)
    return try told("Kit \(code)", of: filling)
  }

  // MARK: What is put into it

  /// Puts an asset into the kit. Whether it may be handed out now is asked as for any deployment; nothing is recorded.
  mutating func fill(_ asset: Asset) throws -> ScanOutcome {
    guard var filling = try filling() else { return refused(.noKit) }
    let reading = ReadingEvidence(
      kind: scan.source.rawValue, raw: base64(scan.raw), symbologyIdentifier: scan.symbologyIdentifier,
      device: scan.device)
    let taken = filling.take(
      asset, title: asset.title, readings: [reading] + scan.alsoRead, evidence: scan.evidence,
      neededBy: try asset.tag.flatMap { try transaction.kit(needing: $0) })
    var outcome: ScanOutcome
    switch taken {
    case .failure(let refusal): outcome = refused(refusal)
    case .success(let slot):
      // To whom it goes and with whose word is asked at the hand-over; here only the asset is judged.
      let trial = Intent(
        asset: asset.id, details: .deploy(DeployDetails(recipient: .team("kit \(filling.template.code)"))),
        actor: actor)
      if case .refuse(let refusal) = decide(trial, in: Circumstances(at: transaction.now, asset: asset)) {
        outcome = refused(refusal)
      } else {
        try transaction.save(filling, of: session.id)
        outcome = try told("\(slot.title) · \(filling.filled) of \(filling.required)", of: filling)
      }
    }
    outcome.asset = asset
    return outcome
  }

  /// Takes an asset out of the kit again.
  mutating func takeOut(_ id: AssetID) throws -> ScanOutcome {
    guard var filling = try filling() else { return refused(.noKit) }
    guard let item = filling.remove(id) else {
      return refused(
        Refusal("kit.notInIt", "That asset is not in the kit.", remedy: "Look at what the kit holds."))
    }
    try transaction.save(filling, of: session.id)
    var outcome = try told("Taken out: \(item.name)", of: filling)
    outcome.asset = try transaction.asset(id)
    return outcome
  }

  /// Lets the kit go: nothing was recorded, and nothing of it stays.
  mutating func letGo() throws -> ScanOutcome {
    guard let filling = try filling() else { return refused(.noKit) }
    work.kit = nil
    var outcome = blank(.context, "Kit \(filling.template.code) let go")
    outcome.sentence = "Nothing was handed out."
    return outcome
  }

  // MARK: Handing it over

  /// The badge of who gets the kit, shown again once it is complete: their word for all of it, and the hand-over. Nil when
  /// it only names somebody.
  mutating func handOver(shownBy person: Person) throws -> ScanOutcome? {
    guard let filling = try filling(), filling.isComplete, let badge,
      work.details[path: "recipient.person"]?.text == person.id.description
    else { return nil }
    // Who has signed, or given the PIN, has said more than a badge does.
    if HandOver(work)?.given(in: work) == nil {
      work.details[path: "acknowledgement"] = acknowledgement(by: person)
      work.commitments[WorkSession.recipientBadge] = try transaction.commit(to: badge)
    }
    return try handOver()
  }

  /// Deploys everything that is in the kit, or nothing of it.
  mutating func handOver() throws -> ScanOutcome {
    guard let filling = try filling() else { return refused(.noKit) }
    guard filling.isComplete else { return refused(.incomplete(filling)) }
    guard try recipientName() != nil else {
      return refused(
        Refusal(
          "kit.nobody", "Nobody is named who gets the kit \(filling.template.code).",
          remedy: "Scan their badge, or choose the person, team or place."))
    }
    var intents: [Intent] = []
    var troubles: [(name: String, refusal: Refusal)] = []
    let licences: [AssetID: [String]]
    switch filling.template.licences(on: try filling.inOrder.compactMap { try transaction.asset($0) }) {
    case .failure(let refusal): return refused(refusal)
    case .success(let placed): licences = placed
    }
    for item in filling.items {
      let asset = try transaction.asset(item.asset)
      switch try intent(for: item, asset) {
      case .failure(let refusal): troubles.append((item.name, refusal))
      case .success(let intent):
        intents.append(intent)
        if case .refuse(let refusal) = decide(intent, in: Circumstances(at: transaction.now, asset: asset)) {
          troubles.append((item.name, refusal))
        }
        // Right behind the deployment, with which it is taken back.
        if let asset, let installing = installing(licences[item.asset] ?? [], on: asset, with: filling.template.code) {
          intents.append(installing)
        }
      }
    }
    if let refusal = Self.refusal(for: troubles, in: filling) { return refused(refusal) }
    switch try transaction.record(together: intents) {
    case .refused(let refusal): return refused(refusal)
    case .recorded(let events, _): return try handedOver(filling, events)
    }
  }

  /// Records licences as installed on an asset; nil when they are on record there already.
  private func installing(_ licences: [String], on asset: Asset, with kit: KitCode) -> Intent? {
    let known = asset.facts.licences ?? []
    let new = licences.filter { !known.contains($0) }
    guard !new.isEmpty else { return nil }
    var facts = AssetFacts()
    facts.licences = known + new
    var intent = Intent(
      asset: asset.id, details: .amend(AmendDetails(set: facts, reason: "licences of the kit \(kit)")), actor: actor)
    intent.session = session.id
    return intent
  }

  private func intent(for item: KitFilling.Item, _ asset: Asset?) throws -> Result<Intent, Refusal> {
    guard let first = item.readings.first, let raw = Data(base64Encoded: first.raw),
      let source = Scan.Source(rawValue: first.kind)
    else { throw StoreFault.damaged(reason: "the reading of \(item.name) in a kit cannot be read") }
    var scan = Scan(
      raw: Array(raw), source: source, symbologyIdentifier: first.symbologyIdentifier, device: first.device)
    scan.evidence = item.evidence
    scan.alsoRead = Array(item.readings.dropFirst())
    let (transaction, site) = (transaction, site)
    return try IntentBuilder(
      verb: .deploy, work: work, scan: scan, asset: asset, seal: nil, identifier: .text(item.name), actor: actor,
      now: transaction.now, roles: { try transaction.activeRoles(of: $0, at: site) }, lastHolder: { nil }
    ).intent(for: item.asset, session: session.id).mapError { $0.refusal }
  }

  /// One answer for everything that stands in the way. What all of it lacks (a word, a role) is said once.
  private static func refusal(
    for troubles: [(name: String, refusal: Refusal)], in filling: KitFilling
  ) -> Refusal? {
    guard let first = troubles.first?.refusal else { return nil }
    if troubles.count == filling.items.count, troubles.allSatisfy({ $0.refusal.sentence == first.sentence }) {
      return Refusal(first.code, first.sentence, remedy: first.remedy)
    }
    let further = troubles.count > 3 ? ["And \(troubles.count - 3) more."] : []
    let told = troubles.prefix(3).map(\.refusal.sentence) + further
    let names = troubles.prefix(3).map(\.name).joined(separator: ", ")
    return Refusal(
      first.code, told.joined(separator: " ") + " Nothing was handed over.",
      remedy: "Take \(names) out of the kit and scan another instead; then hand it over.")
  }

  /// Keeps a reading for each event, so that each can be undone, and ends the kit. The next is for somebody else: nobody's
  /// word goes over to it.
  private mutating func handedOver(_ filling: KitFilling, _ events: [CustodyEvent]) throws -> ScanOutcome {
    let deployments = events.filter { $0.verb == .deploy }
    for (item, event) in zip(filling.items, deployments) {
      guard let first = item.readings.first, let raw = Data(base64Encoded: first.raw) else { continue }
      var reading = KeptReading(
        at: transaction.now, raw: Array(raw), symbologyIdentifier: first.symbologyIdentifier, device: first.device,
        session: session.id, person: actor.person, outcome: .accepted, words: Verb.deploy.words.done)
      reading.asset = item.asset
      reading.event = event.eventID
      try transaction.keep(reading)
      try transaction.settleFollowUps(
        ofCode: Array(raw), by: actor.person, "\(Verb.deploy.words.done) as \(item.name).")
    }
    // It is of all of them, so no single asset stands for it: neither in the banner nor beside it.
    var outcome = blank(.accepted, "Kit \(filling.template.code) handed over")
    outcome.sentence =
      "\(counted(deployments.count, "thing")) to \(try recipientName() ?? "them"): "
      + filling.items.prefix(8).map(\.name).joined(separator: ", ") + (filling.items.count > 8 ? " …" : ".")
    if !filling.template.licences.isEmpty {
      outcome.sentence? += " Licences with it: \(filling.template.licences.map(\.product).joined(separator: ", "))."
    }
    outcome.events = events
    outcome.entryHash = transaction.headHash
    outcome.eventsHaveReadings = true
    work.kit = nil
    work.details[path: "recipient"] = nil
    work.forgetWords()
    return outcome
  }

  // MARK: What is said

  /// What a step came to, with what is still to be done.
  private func told(_ words: String, of filling: KitFilling) throws -> ScanOutcome {
    var outcome = blank(.context, words)
    if let open = filling.stillToScan {
      outcome.sentence = "Still to scan: \(open)."
      return outcome
    }
    outcome.sentence = filling.isComplete ? "All of the kit is there." : nil
    outcome.remedy = try filling.isComplete ? nextStep() : "Scan what goes into it."
    return outcome
  }

  private func nextStep() throws -> String {
    guard let name = try recipientName() else { return "Scan the badge of who gets it." }
    guard let handOver = HandOver(work) else { return "Press Hand over." }
    return handOver.given(in: work) == nil
      ? "Scan the badge of \(name), or let them sign." : "Scan the badge of \(name) again, or press Hand over."
  }

  /// Who gets what is handed out; nil while nobody is named.
  private func recipientName() throws -> String? {
    if let person = work.details[path: "recipient.person"]?.text.flatMap(PersonID.init) {
      return try transaction.person(person)?.name ?? "a person no longer named"
    }
    return [work.details[path: "recipient.team"]?.text, work.details[path: "recipient.place"]?.text]
      .compactMap(\.self).first { !$0.isEmpty }
  }
}

extension ScanFlow {
  /// While a kit is put together, the newest step is the last thing that was put into it: it is taken out. Nil when the
  /// session has no kit, or nothing is in it.
  static func undoInKit(
    in transaction: StoreTransaction, session: StoredSession, actor: Actor, site: SiteCode, asked label: ScanOutcome?
  ) throws -> ScanOutcome? {
    var flow = try ScanFlow(
      transaction: transaction, site: site, actor: actor, session: session,
      scan: label?.scan ?? Scan(raw: Array("CUSTODY:CMD:UNDO".utf8), source: .keyed, device: "page"), badge: nil)
    guard let last = try flow.filling()?.items.last else { return nil }
    guard let label else { return try flow.run { try $0.takeOut(last.asset) } }
    // The label's reading is kept already.
    var outcome = try flow.takeOut(last.asset)
    (outcome.identifier, outcome.reading) = (label.identifier, label.reading)
    (outcome.session, outcome.work) = (session.id, flow.work)
    return outcome
  }
}

extension Refusal {
  static let noKit = Refusal(
    "kit.none", "The session puts no kit together.", remedy: "Scan a kit's label, or choose it under Kits.")
}
