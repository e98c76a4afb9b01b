import Custody
import StationStore

/// A door compared with the record over a period. Rendered by `door-comparison.mustache`.
struct DoorComparisonView: Sendable {
  /// The days, for the form.
  var from: String
  var to: String
  /// The door that is compared; nil for all.
  var door: String?
  /// A number for each finding, leading to its list.
  var chips: [StateChip]
  /// What the numbers leave out; nil for nothing.
  var note: String?
}

/// Something that left by record and was not seen going out. Rendered by `passages.mustache`.
struct UnseenRow: Sendable {
  var at: MomentView
  var asset: TagAssetView?
  /// How it left, by record.
  var left: String
  /// To whom or where.
  var to: String?
  /// Why no door can see it; nil for what has a tag.
  var untagged: String?
}

extension DoorFinding {
  /// What stands over its number.
  var label: String {
    switch self {
    case .outExpected: "Went out as expected"
    case .outNotExpected: "Went out unexpectedly"
    case .inExpected: "Came in"
    case .inNotExpected: "Came in unexpectedly"
    case .unknown: "Unknown tags"
    case .noVerdict: "No verdict"
    }
  }
}

extension DoorComparisonView {
  init(_ choice: PassageChoice, in snapshot: any StoreReading) throws {
    let found = try snapshot.doorFindings(doorway: choice.door, during: choice.period.moments)
    let unseen = try snapshot.unseenCount(doorway: choice.door, during: choice.period.moments)
    from = choice.period.from.description
    to = choice.period.to.description
    door = choice.door
    chips =
      DoorFinding.allCases.map { finding in
        StateChip(
          label: finding.label, href: "/passages" + choice.query(finding.rawValue), count: found[finding] ?? 0,
          current: choice.finding == finding)
      } + [
        StateChip(
          label: "Expected but not seen", href: "/passages" + choice.query(PassageChoice.unseenName),
          count: unseen.count, current: choice.shown == .unseen)
      ]
    var notes: [String] = []
    if !unseen.isAll { notes.append("More than \(UnseenCount.most) were not seen: compare a shorter time.") }
    if unseen.untagged > 0 {
      notes.append("Of what was not seen, \(unseen.untagged) have no RFID tag on record: no door can see them.")
    }
    note = notes.isEmpty ? nil : notes.joined(separator: " ")
  }
}

extension UnseenDeparture {
  /// How it left by record, and to whom or where.
  func words(_ names: AssetPresenter) throws -> (left: String, to: String?) {
    switch entry.event.details {
    case .deploy(let details): ("Handed out", try names.name(details.recipient))
    case .ship(let details):
      if let order = details.order {
        ("On order \(order)", details.destination)
      } else {
        ("Shipped", try details.destination ?? names.place(details.toLocation))
      }
    case .repairOut(let details): ("Sent to repair", details.vendor)
    default: (entry.event.verb.rawValue, nil)
    }
  }
}

/// A door compared with the record, as machines are told of it: numbers, each of whose lists is asked for by its name.
struct DoorComparisonResource: Encodable {
  let door: String?
  let from: CalendarDate
  let to: CalendarDate
  let outExpected: Int
  let outNotExpected: Int
  let inExpected: Int
  let inNotExpected: Int
  let unknown: Int
  let noVerdict: Int
  /// Left by record and not seen, 10,000 at most.
  let notSeen: Int
  /// Whether there are no more.
  let isNotSeenAll: Bool
  /// Those of them that no door can see.
  let notSeenUntagged: Int

  init(_ choice: PassageChoice, in snapshot: any StoreReading) throws {
    let found = try snapshot.doorFindings(doorway: choice.door, during: choice.period.moments)
    let unseen = try snapshot.unseenCount(doorway: choice.door, during: choice.period.moments)
    door = choice.door
    from = choice.period.from
    to = choice.period.to
    outExpected = found[.outExpected] ?? 0
    outNotExpected = found[.outNotExpected] ?? 0
    inExpected = found[.inExpected] ?? 0
    inNotExpected = found[.inNotExpected] ?? 0
    unknown = found[.unknown] ?? 0
    noVerdict = found[.noVerdict] ?? 0
    notSeen = unseen.count
    isNotSeenAll = unseen.isAll
    notSeenUntagged = unseen.untagged
  }
}

/// Something that left by record and was not seen going out, as machines are told of it.
struct UnseenResource: Encodable {
  let asset: TagAsset?
  /// When it left by record.
  let at: Instant
  /// `deploy`, `ship` or `repairOut`, and the event itself.
  let verb: String
  let event: EventID
  /// The disposal order that it left on.
  let order: String?
  /// Whether it has an RFID tag on record, without which no door can see it.
  let isTagged: Bool

  init(_ departure: UnseenDeparture, asset: Asset?) {
    self.asset = asset.map { TagAsset($0) }
    let left = departure.entry.event
    at = left.wallClock
    verb = left.verb.rawValue
    event = left.eventID
    if case .ship(let details) = left.details { order = details.order } else { order = nil }
    isTagged = departure.isTagged
  }
}
