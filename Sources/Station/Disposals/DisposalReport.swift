import Custody
import DisposalOrders
import StationStore

/// A disposal order as it stands, with each asset on it: what page, API and CSV show.
struct DisposalReport: Sendable {
  /// An asset on it.
  struct Line: Sendable {
    let line: DisposalLine
    /// Nil for one that is not known here any longer.
    let cargo: Cargo?
    let standing: DisposalStanding
    /// What keeps it from leaving, or from being confirmed.
    let hindrances: [DisposalHindrance]

    var name: String { cargo?.asset.displayName ?? line.asset.description }
  }

  let order: DisposalOrder
  /// In the order in which they were added.
  let lines: [Line]
  /// What the recycler's list says; nil before there is one.
  let match: RecyclerMatch?

  init(_ order: DisposalOrder, in snapshot: any StoreReading) throws {
    let cargo = try snapshot.cargo(of: order)
    let match = order.match(cargo)
    self.order = order
    self.match = match
    lines = order.lines.map { line in
      let one = cargo[line.asset]
      let standing = order.standing(of: line, one, match: match)
      let hindrances: [DisposalHindrance] =
        switch standing {
        case .hindered: one?.hindrances ?? []
        case .inTransit, .listed, .missing: one?.hindrancesOnTheWay ?? []
        default: []
        }
      return Line(line: line, cargo: one, standing: standing, hindrances: hindrances)
    }
  }

  /// How many lines stand so.
  func count(_ standings: DisposalStanding...) -> Int { lines.count { standings.contains($0.standing) } }

  /// How many assets go, or went, with it.
  var going: Int { lines.count { $0.line.left == nil } }
  /// How many are scanned onto the vehicle.
  var loaded: Int { lines.count { $0.line.left == nil && $0.line.loaded != nil } }
}

extension DisposalStanding {
  /// As pages and lists say it.
  var label: String {
    switch self {
    case .hindered: "Not ready"
    case .ready: "Ready"
    case .loaded: "Loaded"
    case .leftBehind: "Left behind"
    case .inTransit: "In transit"
    case .missing: "Not on their list"
    case .listed: "On their list"
    case .confirmed: "Confirmed"
    case .elsewhere: "No longer on the way"
    }
  }
}

extension DisposalOrder.State {
  /// As pages say it.
  var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

extension RecyclerMatch.Unlisted.Reason {
  /// One sentence.
  var sentence: String {
    switch self {
    case .notOnOrder: "Nothing on this order has this number."
    case .leftBehind(let name): "\(name) was left behind: it did not go with this order."
    case .repeats(let line): "The same as line \(line) of their list."
    case .ambiguous: "Several assets on this order have this number, and the list gives no tag that tells them apart."
    case .contradicts(let serial, let tag): "The serial number is \(serial)'s, the tag is \(tag)'s."
    }
  }

  /// What people do about it.
  var remedy: String {
    switch self {
    case .notOnOrder: "Look it up: it may have left on another order, or be theirs."
    case .leftBehind: "Look for it here, and ask them."
    case .repeats: "Nothing to do."
    case .ambiguous, .contradicts: "Ask them for a list with serial numbers and asset tags, and upload that."
    }
  }

  /// The reason as the API names it.
  var code: String {
    switch self {
    case .notOnOrder: "notOnOrder"
    case .leftBehind: "leftBehind"
    case .repeats: "repeats"
    case .ambiguous: "ambiguous"
    case .contradicts: "contradicts"
    }
  }
}
