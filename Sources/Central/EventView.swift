import CentralStore
import Custody
import CustodyLedger

/// An entry of the log as a line of a table or timeline.
struct EventView: Sendable {
  struct Reason: Sendable {
    var code: String
    var sentence: String
  }

  var index: Int64
  var verb: String
  /// Where it moved the asset, such as `in stock → deployed, Finance`.
  var movement: String?
  var asset: String
  /// The asset's page; nil where the asset cannot be read.
  var assetHref: String?
  /// The station's clock; nil where it cannot be read.
  var when: MomentView?
  var received: MomentView
  var who: String
  var station: String
  var place: String
  var status: String
  var statusWords: String
  var reason: Reason?
  var fork: Bool
  var keyID: String
  var hash: String
  var prevHash: String
  var eventID: String

  /// `tags` are those of the assets as they stand; an asset without one is shown by the end of its id.
  init(_ entry: LogEntry, tags: [AssetID: String] = [:]) {
    let content = entry.content
    index = entry.index
    received = MomentView(entry.receivedAt)
    station = entry.station
    place = entry.place.map { "epoch \($0.epoch), entry \($0.seq)" } ?? "place unknown"
    status = entry.status.rawValue
    statusWords =
      switch entry.status {
      case .applied: "Applied"
      case .contested: "Contested"
      case .stated: "Stated"
      // Not "Quarantined": beside an asset that is quarantined itself the word would say two things.
      case .quarantined: "Not applied"
      case .unsupported: "Unsupported"
      }
    reason = entry.reason.map { Reason(code: $0.code, sentence: $0.sentence) }
    fork = entry.reason?.code == "sync.fork"
    hash = entry.hash.description
    keyID = content.header?.keyID ?? "unknown"
    prevHash = content.header?.prevHash?.description ?? "unknown"
    switch content {
    case .event(let event):
      verb = event.verb.label
      movement = Self.movement(event)
      asset = tags[event.asset] ?? event.asset.short
      assetHref = "/assets/\(event.asset)"
      when = MomentView(event.wallClock, offsetMinutes: event.tzOffsetMinutes)
      who = Self.who(event)
      eventID = event.eventID.description
    case .statement(let statement):
      verb = statement.details.label
      asset = ""
      when = MomentView(statement.wallClock)
      who = Self.who(statement)
      eventID = statement.eventID.description
    case .unsupported(let header), .unreadable(.some(let header), _):
      verb = header.type
      asset = ""
      who = "unknown"
      eventID = header.eventID
    case .unreadable(nil, _):
      verb = "Unreadable event"
      asset = ""
      who = "unknown"
      eventID = "unknown"
    }
  }

  private static func movement(_ event: CustodyEvent) -> String? {
    guard event.from != event.to, let to = event.to else { return nil }
    return (event.from.map { "\($0.words) → " } ?? "→ ") + to.words
  }

  private static func who(_ event: CustodyEvent) -> String {
    let person = event.operator.map { "person \($0.short)" } ?? "system"
    return person + (event.witness.map { ", witness \($0.short)" } ?? "")
  }

  private static func who(_ statement: StationStatement) -> String {
    let person = statement.operator.map { "person \($0.short)" } ?? "system"
    guard case .disposalOrder(let act) = statement.details else { return person }
    return person + (act.witness.map { ", witness \($0.person.short)" } ?? "")
      + (act.approver.map { ", approved by \($0.person.short)" } ?? "")
  }
}

/// A moment as it is read, and as programs read it.
struct MomentView: Sendable {
  var iso: String
  var words: String

  /// UTC, or the local time of a station so many minutes east of it.
  init(_ moment: Instant, offsetMinutes: Int? = nil) {
    iso = moment.description
    // The offset comes from outside: RFC 3339 knows none beyond a day.
    let offset = offsetMinutes.flatMap { abs($0) < 1440 ? $0 : nil } ?? 0
    let local = Instant(milliseconds: moment.milliseconds).shifted(byMinutes: offset).description
    words =
      "\(local.prefix(10)) \(local.dropFirst(11).prefix(8)) "
      + (offset == 0 ? "UTC" : "UTC\(offset > 0 ? "+" : "−")\(Self.clock(abs(offset)))")
  }

  private static func clock(_ minutes: Int) -> String {
    "\(minutes / 60)" + (minutes % 60 == 0 ? "" : ":\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)")
  }
}

extension Instant {
  /// The moment so many minutes later; itself where that is beyond what can be counted.
  fileprivate func shifted(byMinutes minutes: Int) -> Instant {
    let (sum, overflow) = milliseconds.addingReportingOverflow(Int64(minutes) * 60_000)
    return overflow ? self : Instant(milliseconds: sum)
  }
}

extension EntityID {
  /// The end of the id: random, so that it tells ids of one day apart.
  var short: String { "…\(description.suffix(6))" }
}

extension LifecycleState {
  /// As it stands on a page.
  var label: String {
    switch self {
    case .expected: "Expected"
    case .inStock: "In stock"
    case .deployed: "Deployed"
    case .quarantined: "Quarantined"
    case .inRepair: "In repair"
    case .retired: "Retired"
    case .disposed: "Disposed"
    case .inTransit: "In transit"
    case .missing: "Missing"
    }
  }
}

extension Verb {
  /// As it stands on a page.
  var label: String {
    switch self {
    case .expect: "Expected"
    case .register: "Registered"
    case .amend: "Facts amended"
    case .bind: "Mark bound"
    case .unbind: "Mark taken off"
    case .attach: "Fitted"
    case .detach: "Taken out"
    case .receive: "Received"
    case .deploy: "Deployed"
    case .transfer: "Transferred"
    case .return: "Returned"
    case .triage: "Triaged"
    case .repairOut: "Sent to repair"
    case .repairIn: "Back from repair"
    case .ship: "Shipped"
    case .arrive: "Arrived"
    case .retire: "Retired"
    case .sanitize: "Sanitized"
    case .dispose: "Disposed"
    case .declareMissing: "Declared missing"
    case .found: "Found"
    case .correct: "Corrected"
    case .settle: "Settled"
    case .label: "Label printed"
    case .proveLabel: "Label proved"
    }
  }
}

extension StationStatement.Details {
  /// As it stands on a page.
  var label: String {
    switch self {
    case .enrol(let enrolment): "\(enrolment.subject) enrolled"
    case .rotate: "Key changed"
    case .revoke(let revocation): "\(revocation.subject) revoked"
    case .openEpoch: "Epoch opened"
    case .erase: "Personal data erased"
    case .closeCount(let closing): "Stock count closed: \(closing.tally.found) found, \(closing.tally.missing) missing"
    case .closeSession(let closing):
      "Session closed: \(closing.tally.events) \(closing.tally.events == 1 ? "event" : "events")"
    case .disposalOrder(let statement): statement.words
    }
  }
}

extension Custodian {
  /// As it stands on a page; the centre knows no names of people.
  var words: String {
    switch self {
    case .person(let person): "person \(person.short)"
    case .team(let team): team
    case .place(let place): place.text
    }
  }
}

extension Standing {
  fileprivate var words: String {
    ([state.label.lowercased()] + [custodian?.words, location?.text].compactMap { $0 }).joined(separator: ", ")
  }
}
