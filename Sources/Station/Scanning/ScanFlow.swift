import AssetIdentifiers
import Custody
import CustodyLedger
import OrderReceiving
import StationStore

/// One scan, from its bytes to a sealed event, inside one write transaction: what it means, which asset, whether it may
/// be, and the reading kept whatever came of it.
struct ScanFlow {
  let transaction: StoreTransaction
  let site: SiteCode
  let actor: Actor
  var session: StoredSession
  var work: WorkSession
  var scan: Scan
  /// The badge that was scanned, recognised before the transaction: tokens are kept as HMACs only.
  let badge: Badge?
  /// How what is received differs from what was ordered, and the line that it came on.
  var findings: [ReceivingFinding] = []
  var line: OrderLineReference?
  /// What is odd about the seal of what arrived, a sentence.
  var oddSeal: String?
  /// The EPCs, in capital hexadecimal, of the RFID tags that the station's readers see at this moment.
  var tagsInField: () -> Set<String> = { [] }

  init(transaction: StoreTransaction, site: SiteCode, actor: Actor, session: StoredSession, scan: Scan, badge: Badge?)
    throws
  {
    self.transaction = transaction
    self.site = site
    self.actor = actor
    self.session = session
    work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    self.scan = scan
    self.badge = badge
  }

  /// Runs the scan and keeps its reading.
  mutating func run() throws -> ScanOutcome { try run { try $0.outcome() } }

  /// Does something in the session and keeps its reading, and the session as it is then.
  mutating func run(_ act: (inout ScanFlow) throws -> ScanOutcome) throws -> ScanOutcome {
    let before = work
    var outcome = try act(&self)
    if before.kit != nil, work.kit == nil { try transaction.forgetKit(of: session.id) }
    if work.workflow != .receive { try transaction.setAside(&work) }
    if work != before {
      session.document = try CanonicalEncoder().encode(work)
      try transaction.save(session)
    }
    outcome.session = session.id
    outcome.work = work
    var reading = KeptReading(
      at: outcome.at, raw: scan.shownBytes, symbologyIdentifier: scan.symbologyIdentifier,
      device: scan.device, session: session.id, person: actor.person,
      outcome: outcome.eventsHaveReadings ? .context : outcome.result, words: outcome.words)
    reading.code = outcome.code
    if !scan.holdsBadge { reading.reports = scan.reports }
    reading.asset = outcome.asset?.id
    if !outcome.eventsHaveReadings { reading.event = outcome.events.first?.eventID }
    outcome.reading = try transaction.keep(reading, marks: outcome.identifier?.marks.map(\.value) ?? [])
    try keepFollowUps(of: outcome)
    return outcome
  }

  private mutating func outcome() throws -> ScanOutcome {
    let identifier: AssetIdentifier
    do {
      identifier = try scan.interpret()
    } catch {
      var outcome = blank(.refused, "Unreadable scan")
      outcome.sentence = error.sentence
      outcome.remedy = error.remedy
      outcome.code = error.code
      outcome.span = (error.start, error.length)
      return outcome
    }
    var outcome: ScanOutcome
    switch identifier {
    case .command(.skip): outcome = try skipLabels()
    case .command(let command): outcome = try turn(by: command)
    case .location(let code): outcome = try place(at: code)
    case .order(let text): outcome = try receive(order: text)
    case .kit(let text): outcome = try begin(kit: text)
    case .badge: outcome = try recognise()
    case .assetTag, .gs1, .digitalLink, .epc, .iso15434, .serial, .mac, .imei, .text, .bytes:
      outcome = try scan.refusal.map(refused) ?? scanBack(identifier) ?? act(on: identifier)
    }
    outcome.identifier = identifier
    return outcome
  }

  // MARK: Labels that change what the next scans mean

  private mutating func turn(by command: DeskCommand) throws -> ScanOutcome {
    switch command {
    case .undo, .close:
      if command == .close, let refusal = try kitInTheWay() { return refused(refusal) }
      var outcome = blank(.context, command == .undo ? "Undo" : "Close")
      outcome.command = command
      return outcome
    case .damaged:
      return nextIsDamaged()
    default:
      // Said now, not after everything was filled in.
      if let refusal = command.verb?.refusal(forRoles: actor.roles) { return refused(refusal) }
      if command.verb != work.workflow, let refusal = try kitInTheWay() { return refused(refusal) }
      work.turn(to: command.verb)
      if work.waitsForRecipient {
        var outcome = blank(.context, "Deploy: scan the badge")
        outcome.remedy = WorkSession.whoGetsIt
        return outcome
      }
      return blank(.context, "\(work.workflow?.words.imperative ?? "Look up"): scan now")
    }
  }

  private mutating func place(at code: String) throws -> ScanOutcome {
    guard let code = LocationCode(code), let location = try transaction.location(code) else {
      return refused(
        Refusal(
          "scan.location.unknown", "No location has the code \(code).",
          remedy: "Scan the label of a location of this site, or import it with custody import locations.csv."))
    }
    var outcome = blank(.context, "Location \(location.code)")
    if work.workflow == .transfer {
      outcome.sentence = try transfer(to: location)
    } else {
      work.details[path: work.workflow == .ship ? "toLocation" : "location"] = .string(location.code.text)
      outcome.sentence = location.name
    }
    return outcome
  }

  private mutating func recognise() throws -> ScanOutcome {
    guard let badge else {
      return refused(
        Refusal(
          "scan.badge.unknown", "Nobody here has this badge.",
          remedy: "Ask an administrator to import the person with their badge."))
    }
    let person = badge.holder
    switch work.workflow {
    case .deploy:
      if let outcome = try handOver(shownBy: person) { return outcome }
      work.details[path: "recipient"] = ["person": .string(person.id.description)]
      work.details[path: "acknowledgement"] = acknowledgement(by: person)
      work.commitments[WorkSession.recipientBadge] = try transaction.commit(to: badge)
      return named(person, "Recipient")
    case .transfer:
      let sentence = try transfer(to: person)
      work.commitments[WorkSession.recipientBadge] = try transaction.commit(to: badge)
      var outcome = named(person, "New custodian")
      outcome.sentence = sentence
      return outcome
    case .return:
      return try takeBack(from: person)
    default:
      var outcome = named(person, "Badge")
      outcome.sentence = "\(person.name): a badge names a person, it does not sign for one."
      outcome.remedy = "To act as witness, approver or operator, enter badge and PIN."
      return outcome
    }
  }

  func acknowledgement(by person: Person) -> CanonicalJSON {
    [
      "method": .string(Acknowledgement.Method.badge.rawValue), "person": .string(person.id.description),
      "text": .string(Self.acknowledgementText),
    ]
  }

  /// What the recipient is shown before the badge is scanned.
  static let acknowledgementText = "I have received this equipment and answer for it until I give it back."

  private func named(_ person: Person, _ what: String) -> ScanOutcome {
    var outcome = blank(.context, "\(what): \(person.name)")
    outcome.sentence = work.workflow == .deploy ? Self.acknowledgementText : nil
    return outcome
  }

  // MARK: Assets

  private mutating func act(on identifier: AssetIdentifier) throws -> ScanOutcome {
    let resolution = try transaction.resolve(identifier, scanned: scan.text)
    let verb = scan.verb ?? work.workflow
    var outcome: ScanOutcome
    switch resolution {
    case .ambiguous(let candidates):
      outcome = refused(
        Refusal(
          "scan.ambiguous", "\(candidates.count) assets carry the mark \(identifier.mark).",
          remedy: "Scan the asset tag, which is one asset's only."))
    case .unknown:
      let makesNew = verb == .receive || verb == .register || verb == .expect
      let facts = work.details.overlaid(with: scan.details)
      if !identifier.namesOneThing {
        outcome = blank(.unknown, "Product number")
        outcome.sentence = "\(identifier.mark) is on every product of this kind. The reading is kept."
        outcome.remedy = "Scan the serial number or the asset tag."
        outcome.code = ScanOutcome.product
      } else if verb == .receive, let order = try orderBeingReceived() {
        outcome = try receiveStranger(identifier, saying: facts, for: order)
      } else if makesNew, let verb, facts[path: "facts.model"] != nil {
        outcome = try record(verb, on: nil, as: transaction.newID(), identifier)
      } else {
        outcome = blank(.unknown, "Unknown code")
        outcome.sentence = "No asset carries \(identifier.mark). The reading is kept."
        outcome.remedy =
          verb == .receive
          ? "Receive it as new: say what model it is." : "Receive or register it first, or bind this mark to its asset."
        outcome.code = "scan.unknown"
      }
    case .asset(let id):
      guard let asset = try transaction.asset(id) else {
        throw StoreFault.damaged(reason: "the mark \(identifier.mark) leads to an asset that is not there")
      }
      if verb == .deploy, work.kit != nil {
        outcome = try fill(asset)
      } else if let verb {
        note(arrival: asset, for: try verb == .receive ? orderBeingReceived() : nil)
        outcome = try record(verb, on: asset, as: id, identifier)
      } else {
        outcome = blank(.lookup, asset.state.label)
        outcome.asset = asset
      }
    }
    outcome.resolution = resolution
    return outcome
  }

  mutating func record(
    _ verb: Verb, on asset: Asset?, as id: AssetID, _ identifier: AssetIdentifier
  ) throws -> ScanOutcome {
    let (transaction, site) = (transaction, site)
    let seal = try self.seal(of: asset, for: verb)
    let destination = try self.destination(of: asset, for: verb)
    let builder = IntentBuilder(
      verb: verb, work: work, scan: scan, asset: asset, seal: seal, identifier: identifier, actor: actor,
      now: transaction.now,
      roles: { try transaction.activeRoles(of: $0, at: site) },
      lastHolder: { try asset.flatMap { try transaction.lastHolder(of: $0.id) } })
    let recording: Recording
    var lacks: String?
    switch try builder.intent(for: id, session: session.id) {
    case .failure(let unstated):
      recording = .refused(unstated.refusal)
      lacks = unstated.path
    case .success(let intent):
      if let refusal = try orderUnderWay(intent.details, of: asset) {
        recording = .refused(refusal)
      } else {
        recording = try transaction.record(intent, known: asset)
      }
    }
    switch recording {
    case .refused(let refusal):
      // It is in already: there is nothing left to confirm.
      if scan.receivesCarton, refusal.kind == .duplicate, let carton = work.carton {
        work.carton = nil
        work.done = DoneCarton(carton, as: asset?.id)
      }
      var outcome = refused(refusal)
      outcome.lacks = lacks
      if let at = refusal.previousAt {
        let by = try refusal.previousBy.flatMap { try transaction.person($0) }
        outcome.sentence =
          refusal.sentence
          + " Recorded \(Moments(clock: transaction.clock).dated(at))\(by.map { " by \($0.name)" } ?? "")."
      }
      outcome.asset = asset
      return outcome
    case .recorded(let events, let after):
      work.secondPersonsServed(verb)
      let (retired, after) = try takeOffReplaced(verb, after)
      if scan.receivesCarton { try transaction.received(&work, as: after) }
      var outcome = blank(.accepted, verb.words.done)
      outcome.events = events + retired
      outcome.entryHash = transaction.headHash
      outcome.asset = after
      if verb == .sanitize, case .sanitize(let details)? = events.first?.details, !details.record.passes {
        outcome.result = .acceptedWithNote
        outcome.words = "Recorded: wipe not passed"
        outcome.sentence = "The record of drive \(details.record.medium.serial) does not pass."
        outcome.remedy = "Wipe the drive again, or destroy it, before the asset is disposed of."
      } else if verb == .deploy || verb == .transfer {
        outcome.sentence = try newHolder(said: events)
      } else if verb == .return, let after {
        try tell(&outcome, returned: after, before: asset)
      } else if verb == .receive {
        try tell(&outcome, received: after)
      } else if verb == .arrive {
        tell(&outcome, arrived: after, under: seal)
        try tell(&outcome, arrived: after, boundFor: destination)
      }
      return outcome
    }
  }

  // MARK: Frames

  func blank(_ result: KeptReading.Outcome, _ words: String) -> ScanOutcome {
    ScanOutcome(result: result, words: words, at: transaction.now, scan: scan)
  }

  func refused(_ refusal: Refusal) -> ScanOutcome {
    var outcome = blank(
      refusal.kind == .duplicate ? .duplicate : .refused, refusal.headline(for: scan.verb ?? work.workflow))
    outcome.sentence = refusal.sentence
    outcome.remedy = refusal.remedy
    outcome.code = refusal.code
    return outcome
  }
}
