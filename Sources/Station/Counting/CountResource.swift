import Custody
import CustodyLedger
import StationStore
import StockCounting

/// A count as the API shows it. What a blind count expects stays out of it until it is closed.
struct CountResource: Encodable {
  struct Counter: Encodable {
    let id: CounterID
    let person: PersonID
    let device: String
    let held: Int?
    let place: LocationCode?
    let heardAt: Instant

    init(_ stored: StoredCounter) {
      (id, person, device, held) = (
        stored.counter.id, stored.counter.person, stored.counter.device, stored.counter.held
      )
      place = stored.place
      heardAt = stored.heardAt
    }
  }

  struct Closed: Encodable {
    let at: Instant
    let by: PersonID
    let outstanding: Int?
    let observations: Int
    let file: String
    let entry: String
    let late: Int
    let accuracyThousandths: Int?
  }

  let id: CountID
  let scope: CountScope
  let blind: Bool
  let recountOf: CountID?
  let openedAt: Instant
  let openedBy: PersonID
  let expected: Int?
  let seen: Int?
  let tally: CountTally?
  /// Lines of consumables by result; nil where there are none.
  let consumables: ConsumableTally?
  let counters: [Counter]
  let closed: Closed?

  init(_ count: StoredCount, in snapshot: some StoreReading) throws {
    id = count.id
    scope = count.scope
    blind = count.blind
    recountOf = count.recountOf
    openedAt = count.openedAt
    openedBy = count.openedBy
    let tally = try count.ending?.tally ?? snapshot.tally(of: count.id)
    expected = count.hides ? nil : count.expected
    seen = count.hides ? nil : count.expected - tally.missing
    self.tally = count.hides ? nil : tally
    consumables = count.hides ? nil : try snapshot.consumableTally(of: count.id)
    counters = try snapshot.counters(of: count.id).map(Counter.init)
    let late = try count.ending == nil ? 0 : snapshot.lateObservations(of: count.id)
    closed = count.ending.map { ending in
      Closed(
        at: ending.at, by: ending.by, outstanding: ending.outstanding, observations: ending.observations,
        file: ending.file, entry: ending.entry.description, late: late,
        accuracyThousandths: count.accuracy?.thousandths)
    }
  }
}

/// A line as the API shows it.
struct CountLineResource: Encodable {
  struct Sighting: Encodable {
    let observation: ObservationID
    let place: LocationCode?
    let at: Instant
    let counter: CounterID
    let means: Observation.Means
  }

  struct Accepted: Encodable {
    let at: Instant
    let by: PersonID
    let event: EventID?
  }

  let line: String
  let asset: AssetID?
  let code: String?
  let tag: String?
  let result: CountLine.Result
  let provisional: Bool
  let recorded: Standing?
  let seen: Sighting?
  let observations: Int
  let marks: [String]?
  let candidates: [AssetID]?
  let accepted: Accepted?

  init(_ stored: StoredCountLine, in snapshot: some StoreReading) throws {
    let found = stored.line
    line = found.subject.path
    switch found.subject {
    case .asset(let id):
      asset = id
      code = nil
      tag = try snapshot.asset(id).map { $0.tag ?? $0.serial } ?? nil
    case .code(let text): (asset, code, tag) = (nil, text, nil)
    }
    result = found.result
    provisional = found.isProvisional
    recorded = found.recorded
    seen = found.sighting.map {
      Sighting(observation: $0.observation, place: $0.place, at: $0.at, counter: $0.counter, means: $0.means)
    }
    observations = found.observations
    marks = found.marks.isEmpty ? nil : found.marks
    candidates = found.candidates.isEmpty ? nil : found.candidates
    accepted = stored.accepted.map { Accepted(at: $0.at, by: $0.by, event: $0.event) }
  }
}

extension CountLine.Subject {
  /// How a client names the line: the asset's id, or `code:` and the code.
  var path: String {
    switch self {
    case .asset(let id): id.description
    case .code(let code): "code:" + code
    }
  }

  /// Reads what `path` writes; nil for anything else.
  init?(path: String) {
    if path.hasPrefix("code:") {
      self = .code(String(path.dropFirst(5)))
    } else if let id = AssetID(path) {
      self = .asset(id)
    } else {
      return nil
    }
  }
}
