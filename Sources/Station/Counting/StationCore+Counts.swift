import AssetIdentifiers
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import ScannerProtocols
import StationStore
import StockCounting

/// An observation as a client sends it, before its code is looked up.
struct SentObservation: Sendable {
  let id: ObservationID
  let counter: CounterID
  let at: Instant
  let place: LocationCode?
  let means: Observation.Means
  let text: String
  var symbologyIdentifier: String?
  var tag: Observation.TagEvidence?
  /// Of a consumable: so many more; nil is one.
  var quantity: Int?
  /// The observation of the same counter that this one takes back.
  var undoes: ObservationID?
}

/// What became of an observation.
struct TakenObservation: Sendable {
  let id: ObservationID
  let taking: StockCount.Taking
  /// What its line comes to as things are; nil where there is none, and in a blind count that is open.
  let line: StoredCountLine?
  /// The same of a consumable: every place where the count has it.
  var consumables: [StoredConsumableLine] = []
}

extension StationCore {
  /// The largest batch of observations that is taken at once.
  static let mostObservations = 10_000

  /// Opens a count. Throws the problem that says why not; `keep` writes in the same transaction.
  func openCount(
    _ scope: CountScope, blind: Bool, recountOf: CountID? = nil, by signedIn: SignedIn,
    keep: (@Sendable (StoredCount, StoreTransaction) throws -> Void)? = nil
  ) async throws -> StoredCount {
    try requireCounter(signedIn)
    let count = try await store.write { transaction in
      switch try transaction.openCount(scope, blind: blind, recountOf: recountOf, by: signedIn.person.id) {
      case .failure(let refusal): throw Problem(counting: refusal, at: transaction.clock)
      case .success(let count):
        try keep?(count, transaction)
        return count
      }
    }
    try tell(count.id)
    return count
  }

  /// A count by id; throws the problem when there is none.
  func stockCount(_ id: CountID) async throws -> StoredCount {
    guard let count = try await store.read({ try $0.stockCount(id) }) else { throw Problem.noCount(id) }
    return count
  }

  /// A counter joins, or says anew how many observations it holds.
  func report(
    _ counter: CounterID, device: String, held: Int?, at place: LocationCode? = nil, in id: CountID,
    by signedIn: SignedIn
  ) async throws {
    try requireCounter(signedIn)
    try await store.write { transaction in
      guard let count = try transaction.stockCount(id) else { throw Problem.noCount(id) }
      try transaction.checkPlace(place)
      let counter = StockCount.Counter(id: counter, person: signedIn.person.id, device: device, held: held)
      if let refusal = try transaction.report(counter, at: place, in: count) {
        throw Problem(counting: refusal, at: transaction.clock)
      }
    }
    try tell(id)
  }

  /// Takes what a counter of this person says that it holds still; nothing of one that has not joined, or is somebody else's.
  func hear(_ counter: CounterID, holds observations: Int, in id: CountID, by signedIn: SignedIn) async throws {
    try requireCounter(signedIn)
    try await store.write { transaction in
      guard let count = try transaction.stockCount(id) else { throw Problem.noCount(id) }
      try transaction.hear(counter, holds: observations, of: signedIn.person.id, in: count)
    }
    try tell(id)
  }

  /// The counter under which this station's pages count for one person. It holds nothing back itself: what a page has not sent yet,
  /// its browser reports under an id of its own.
  func ownCounter(in id: CountID, of signedIn: SignedIn) async throws -> StoredCounter {
    try requireCounter(signedIn)
    let device = desk.name
    return try await store.write { transaction in
      guard let count = try transaction.stockCount(id) else { throw Problem.noCount(id) }
      func mine() throws -> StoredCounter? {
        try transaction.counters(of: id).first {
          $0.counter.person == signedIn.person.id && $0.counter.device == device
        }
      }
      if let known = try mine() { return known }
      // A closed count takes nobody in any more: what comes late goes under what its person counted with.
      if count.ending != nil,
        let other = try transaction.counters(of: id).first(where: { $0.counter.person == signedIn.person.id })
      {
        return other
      }
      let counter = StockCount.Counter(id: transaction.newID(), person: signedIn.person.id, device: device, held: 0)
      if let refusal = try transaction.report(counter, in: count) {
        throw Problem(counting: refusal, at: transaction.clock)
      }
      guard let known = try mine() else { throw StoreFault.damaged(reason: "a counter joined and is not there") }
      return known
    }
  }

  /// Takes observations, each under its own id; and, where `held` is given, that the counter holds so many more. Durable when it
  /// gives back what became of each.
  func take(
    _ sent: [SentObservation], held: (counter: CounterID, observations: Int)? = nil, in id: CountID,
    by signedIn: SignedIn
  ) async throws -> [TakenObservation] {
    try requireCounter(signedIn)
    let taken = try await store.write { transaction -> [TakenObservation] in
      guard let count = try transaction.stockCount(id) else { throw Problem.noCount(id) }
      // Each is judged by itself: one that is no thing must not hold up all that a phone has kept.
      let read = try sent.map { try transaction.observation($0, in: count) }
      var observations: [Observation] = []
      for case .success(let observation) in read { observations.append(observation) }
      var takings = try transaction.take(observations, by: signedIn.person.id, in: count)[...]
      if let held {
        try transaction.hear(held.counter, holds: held.observations, of: signedIn.person.id, in: count)
      }
      return try zip(sent, read).map { one, read in
        switch read {
        case .failure(let refusal): return TakenObservation(id: one.id, taking: .refuse(refusal), line: nil)
        case .success(let observation):
          var taken = TakenObservation(
            id: one.id, taking: takings.popFirst() ?? .again,
            line: count.hides ? nil : try observation.subject.flatMap { try transaction.countLine(of: id, about: $0) })
          if !count.hides, case .consumable(let sighting) = observation.meaning {
            taken.consumables = try transaction.consumableLines(of: id, coded: sighting.code)
          }
          return taken
        }
      }
    }
    if taken.contains(where: { $0.taking == .count }) { try tell(id) }
    return taken
  }

  /// Takes what the station's readers see at this moment, all of it as one batch, for somebody who stands where their counter
  /// does. Gives back how many tags there were.
  func takeTags(in id: CountID, by signedIn: SignedIn) async throws -> Int {
    let counter = try await ownCounter(in: id, of: signedIn)
    let present = Array(tags.present.prefix(Self.mostObservations))
    let now = clock.now()
    let elapsed = tags.time.elapsed
    func instant(_ time: Duration) -> Instant {
      let parts = (elapsed - time).components
      return now.advanced(byMilliseconds: -(parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000))
    }
    let known = try await store.read { try Set($0.locations().map(\.code)) }
    let ids: [ObservationID] = try await store.write { transaction in present.map { _ in transaction.newID() } }
    let sent = zip(present, ids).map { tag, observation in
      var tenths: Int?
      if case .dBm(let value)? = tag.strength { tenths = value * 10 }
      // A zone that is named as a location is where the tag is; else it is where the counter stands.
      let zone = tag.zone.flatMap(LocationCode.init).flatMap { known.contains($0) ? $0 : nil }
      return SentObservation(
        id: observation, counter: counter.counter.id, at: now, place: zone ?? counter.place, means: .rfid,
        text: hexadecimal(tag.epc).uppercased(),
        tag: Observation.TagEvidence(
          reader: tag.antenna.reader, antenna: tag.antenna.shown, rssiTenths: tenths, count: tag.count,
          firstSeen: instant(tag.firstSeen), lastSeen: instant(tag.lastSeen)))
    }
    if !sent.isEmpty { _ = try await take(sent, in: id, by: signedIn) }
    return sent.count
  }

  /// Closes a count by a signed entry. Throws the problem that says why not.
  func closeCount(_ id: CountID, anyway: Bool, by signedIn: SignedIn) async throws -> StoredCount {
    try requireCounter(signedIn)
    switch try await store.closeCount(id, by: signedIn.actor, anyway: anyway) {
    case nil: throw Problem.noCount(id)
    case .refused(let refusal)?:
      let name = try await store.read { snapshot in try refusal.previousBy.flatMap { try snapshot.person($0)?.name } }
      throw Problem(counting: refusal, at: clock, by: name)
    case .closed(let count)?:
      recorded.signal()
      try tell(id)
      return count
    }
  }

  /// Accepts lines one by one, each in the way that `answer` names: each is an act of its own, and one that is refused holds no
  /// other back.
  func accept(
    _ subjects: [CountLine.Subject], of id: CountID, by signedIn: SignedIn, _ answer: CountLine.Answer = .init()
  ) async throws -> [(subject: CountLine.Subject, outcome: CountAcceptance)] {
    var outcomes: [(subject: CountLine.Subject, outcome: CountAcceptance)] = []
    let count = try await stockCount(id)
    let own = try await count.ending == nil ? ownCounter(in: id, of: signedIn) : nil
    // So many at once that no scan waits long behind them.
    for portion in stride(from: 0, to: subjects.count, by: 50) {
      let some = Array(subjects[portion..<min(portion + 50, subjects.count)])
      outcomes += try await store.write { transaction -> [(subject: CountLine.Subject, outcome: CountAcceptance)] in
        guard let count = try transaction.stockCount(id) else { throw Problem.noCount(id) }
        return try some.map { subject -> (subject: CountLine.Subject, outcome: CountAcceptance) in
          if let own, count.ending == nil, let said = try transaction.confirm(subject, of: count, by: own) {
            return (subject, said)
          }
          guard let outcome = try transaction.acceptLine(subject, of: count, by: signedIn.actor, answer) else {
            throw Problem.notFound("such line in the count", remedy: "Look at the count again.")
          }
          if case .recorded(let event) = outcome { try transaction.keepFollowUps(of: event, by: signedIn.person.id) }
          guard case .refused(let refusal) = outcome else { return (subject, outcome) }
          let told = try refusal.namingSighting(in: transaction, Moments(clock: transaction.clock))
          return (subject, .refused(told))
        }
      }
    }
    if outcomes.contains(where: { if case .recorded = $0.outcome { true } else { false } }) { recorded.signal() }
    try tell(id)
    return outcomes
  }

  func requireCounter(_ signedIn: SignedIn) throws {
    if StockCount.roles.isDisjoint(with: signedIn.actor.roles) { throw Problem(counting: .noCounter, at: clock) }
  }

  /// Tells every page that something became of a count.
  func tell(_ id: CountID) throws { live.publish("count", Array(#"{"count":"\#(id)"}"#.utf8)) }
}

extension StoreTransaction {
  /// Throws the problem when there is no such location.
  fileprivate func checkPlace(_ place: LocationCode?) throws {
    if let place, try location(place) == nil { throw Problem(counting: .noPlace(place), at: clock) }
  }

  /// Takes how many observations a counter of `person` holds still; nothing of one that has not joined, or is somebody else's.
  fileprivate func hear(
    _ id: CounterID, holds observations: Int, of person: PersonID, in count: StoredCount
  ) throws {
    guard let known = try counters(of: count.id).first(where: { $0.counter.id == id }), known.counter.person == person
    else { return }
    var counter = known.counter
    counter.held = observations
    _ = try report(counter, in: count)
  }

  /// What follows from a count leaves the same to be looked into as at the desk: licences to reclaim, a seal that was broken.
  fileprivate func keepFollowUps(of event: CustodyEvent, by person: PersonID) throws {
    let name = try asset(event.asset)?.displayName ?? "an asset"
    var found = FollowUp(licencesBy: event, of: name, at: now)
    if case .arrive(let details) = event.details, details.sealIntact == false {
      found = FollowUp(kind: FollowUpKind.seal.rawValue, at: now, words: "\(name) came with its seal broken.")
    }
    guard var odd = found else { return }
    (odd.person, odd.asset) = (person, event.asset)
    try keep(odd)
  }

  /// An observation with what its code means now; or why it is none.
  fileprivate func observation(_ sent: SentObservation, in count: StoredCount) throws -> Result<Observation, Refusal> {
    if let place = sent.place, try location(place) == nil { return .failure(.noPlace(place)) }
    var scan = Scan(raw: Array(sent.text.utf8), source: sent.means == .rfid ? .tag : .symbol)
    scan.symbologyIdentifier = sent.symbologyIdentifier
    scan = scan.splittingAIMPrefix()
    if scan.holdsBadge {
      return .failure(
        Refusal(
          "count.observation.badge", "That is a person's badge, and no thing. It is not kept.",
          remedy: "Scan the asset's label."))
    }
    let identifier: AssetIdentifier
    do throws(IdentifierError) {
      if sent.means == .rfid, let meaning = Self.meaning(ofTag: sent.text) {
        identifier = meaning
      } else {
        identifier = try scan.interpret()
      }
    } catch {
      return .failure(Refusal(error.code, error.sentence, remedy: error.remedy))
    }
    let mark: String
    switch identifier {
    case .command, .badge:
      return .failure(
        Refusal(
          "count.observation.command", "That is a command, and no thing.", remedy: "Scan the asset's label."))
    case .location:
      return .failure(
        Refusal(
          "count.observation.location", "That is a location, and no thing.",
          remedy: "Say where the next ones are as their place."))
    case .epc: mark = sent.means == .rfid ? sent.text : identifier.mark
    default: mark = identifier.mark
    }
    var place = sent.place
    let meaning: Observation.Meaning
    switch try resolve(identifier, scanned: scan.text) {
    case .asset(let id): meaning = .asset(try canonical(of: id) ?? id)
    case let other:
      // A number that several things carry, or none, is a product's: it may be on record as stock without serial numbers.
      switch try sighting(of: identifier, scanned: scan.text, sent, in: count, at: &place) {
      case .failure(let refusal): return .failure(refusal)
      case .success(let sighting?): meaning = .consumable(sighting)
      case .success(.none):
        if case .ambiguous(let ids) = other { meaning = .several(ids.sorted()) } else { meaning = .unknown }
      }
    }
    return .success(
      Observation(
        id: sent.id, counter: sent.counter,
        at: Observation.credibleTime(sent.at, opened: count.openedAt, now: now), place: place,
        means: sent.means, text: sent.text, mark: mark, meaning: meaning, tag: sent.tag))
  }

  /// What the bits of a tag say, in hexadecimal; nil for what is no EPC of GS1.
  private static func meaning(ofTag text: String) -> AssetIdentifier? {
    let digits = Array(text.utf8)
    guard digits.count >= 8, digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
    }
    do throws(IdentifierError) { return .epc(try EPC(binary: bytes)) } catch { return nil }
  }

  /// A person takes the readers' word for a line of an open count: an observation like any other. Nil where RFID alone does not
  /// tell of it.
  fileprivate func confirm(
    _ subject: CountLine.Subject, of count: StoredCount, by own: StoredCounter
  ) throws -> CountAcceptance? {
    guard let kept = try countLine(of: count.id, about: subject), kept.line.isProvisional,
      let sighting = kept.line.sighting,
      let seen = try observation(sighting.observation, of: count.id)?.observation
    else { return nil }
    let word = Observation(
      id: newID(), counter: own.counter.id, at: now, place: seen.place, means: .accepted, text: seen.text,
      mark: seen.mark, meaning: seen.meaning)
    _ = try take([word], by: own.counter.person, in: count)
    return .noted
  }
}

extension Observation {
  /// The line that it is about; nil of a consumable, which has lines of its own.
  var subject: CountLine.Subject? {
    switch meaning {
    case .asset(let id): .asset(id)
    case .several, .unknown: .code(mark)
    case .consumable: nil
    }
  }
}

extension Refusal {
  static func noPlace(_ place: LocationCode) -> Refusal {
    Refusal(
      "count.place.unknown", "No location has the code \(place).",
      remedy: "Scan the label of a location of this site, or import it with custody import locations.csv.")
  }
}

extension Problem {
  /// A "no" in a count; what was done before says when and by whom.
  init(counting refusal: Refusal, at clock: any StationClock, by name: String? = nil) {
    let status: HTTPResponse.Status
    switch refusal.code {
    case "count.role", "count.consumable.role": status = .forbidden
    case "count.closed", "count.close.out", "count.accept.open", "count.accept.already", "count.recount.open",
      "count.accept.changed", "count.accept.choose", "count.consumable.changed", "station.restored":
      status = .conflict
    default: status = .unprocessableContent
    }
    var detail = refusal.sentence
    if let at = refusal.previousAt {
      detail += " Closed \(Moments(clock: clock).dated(at))\(name.map { " by \($0)" } ?? "")."
    }
    self.init(status, refusal.code, "Not counted", detail: detail, remedy: refusal.remedy)
  }

  static func noCount(_ id: CountID) -> Problem {
    .notFound("count \(id)", remedy: "Look at the list of counts.")
  }
}
