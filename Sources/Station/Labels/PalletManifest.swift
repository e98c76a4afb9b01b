import Custody
import CustodyLedger
import DisposalOrders
import StationStore

/// What leaves together: everything of a disposal order, over however many sessions, or everything of some sessions; each asset once.
struct PalletManifest {
  /// Whose departures are asked for.
  struct Scope: Hashable, Sendable {
    var order: String?
    var sessions: [SessionID] = []
    /// Only what goes to where this event goes; nil takes all.
    var like: CustodyEvent?

    /// Everything of an order, or of sessions, or of the order in these sessions.
    init(order: String? = nil, sessions: [SessionID] = []) {
      self.order = order
      self.sessions = sessions
    }

    /// What an event's session sent where the event sends its asset; the event alone without a session.
    init(ofSessionOf event: CustodyEvent) {
      order = event.disposalOrder
      sessions = event.session.map { [$0] } ?? []
      like = event
    }
  }

  /// An asset on it.
  struct Item {
    let asset: Asset
    /// The event with which it left; where nobody recorded that, the one that confirms it.
    let row: EntryRow
    /// The event that confirms that it is gone; nil while nobody has.
    let confirmation: EntryRow?
  }

  /// What was scanned for it, or had left with it, and is not on it.
  struct Absent: Hashable {
    /// Tag, serial number or scanned text.
    let name: String
    let asset: AssetID?
    /// Why not.
    let reason: String
  }

  let scope: Scope
  let items: [Item]
  let absent: [Absent]
  /// The disposal order of this station that it is of; nil for an order in words, and for sessions.
  let disposal: DisposalOrder?
  /// The sessions in which it was scanned, the oldest first.
  let sessions: [SessionID]
  /// Events of one manifest that are looked at.
  static let mostEvents = 4000

  /// Gathers it; what is not to be found gives one without items.
  init(_ scope: Scope, in snapshot: any StoreReading) throws {
    self.scope = scope
    let found =
      scope.sessions.isEmpty && scope.order == nil
      ? try scope.like.map { like in try snapshot.entries(of: like.asset) } ?? []
      : try snapshot.departures(order: scope.order, sessions: scope.sessions, limit: Self.mostEvents)
    let rows = found.filter { row in
      guard let like = scope.like else { return true }
      return row.event.travels(with: like) && (like.session != nil || row.event.eventID == like.eventID)
    }
    var absent: [Absent] = []
    var items: [Item] = []
    var order: [AssetID] = []
    var byAsset: [AssetID: [EntryRow]] = [:]
    for row in rows {
      if byAsset[row.event.asset] == nil { order.append(row.event.asset) }
      byAsset[row.event.asset, default: []].append(row)
    }
    for id in order {
      guard let asset = try snapshot.asset(id) else { continue }
      let corrected = Set(try snapshot.entries(of: id).filter { $0.misfit == nil }.compactMap(\.event.corrects))
      let all = byAsset[id] ?? []
      let standing = all.filter { $0.misfit == nil && !corrected.contains($0.event.eventID) }
      func leave(out reason: String) {
        absent.append(Absent(name: asset.displayName, asset: id, reason: reason))
      }
      guard let first = standing.first else {
        leave(out: all.allSatisfy { $0.misfit != nil } ? "recorded, but kept aside" : "taken back")
        continue
      }
      if let wanted = first.event.disposalOrder, asset.disposalOrder != wanted {
        leave(out: asset.disposalOrder.map { "left on order \($0)" } ?? "\(asset.state.label.lowercasedFirst) now")
        continue
      }
      items.append(Item(asset: asset, row: first, confirmation: standing.last { $0.event.verb == .dispose }))
    }
    var sessions: [SessionID] = []
    for case let session? in rows.map(\.event.session) where !sessions.contains(session) { sessions.append(session) }
    (self.items, self.sessions) = (items, sessions)
    disposal = try scope.order.flatMap(DisposalNumber.init).flatMap { try snapshot.disposalOrder($0) }
    for line in disposal?.lines ?? [] where line.left != nil && !items.contains(where: { $0.asset.id == line.asset }) {
      absent.append(
        Absent(
          name: try snapshot.asset(line.asset)?.displayName ?? line.asset.description, asset: line.asset,
          reason: "left behind"))
    }
    let known = Set(items.map(\.asset.id)).union(absent.compactMap(\.asset))
    for session in sessions {
      for one in try Self.leftOut(of: session, in: snapshot, but: known)
      where !absent.contains(where: { $0.name == one.name }) {
        absent.append(one)
      }
    }
    self.absent = absent
  }

  /// Why, in a few words; where the desk said no more than "Refused", what the code says.
  private static func reason(of reading: KeptReading) -> String {
    guard reading.words == "Refused", let code = reading.code?.split(separator: ".").last else {
      return reading.words.lowercasedFirst
    }
    return code.reduce(into: "") { words, letter in
      words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
  }

  /// What a session scanned and could not send off.
  private static func leftOut(
    of session: SessionID, in snapshot: any StoreReading, but known: Set<AssetID>
  ) throws -> [Absent] {
    let readings = try snapshot.readings(session: session, limit: mostEvents)
    let goesNow = try snapshot.session(session).map { stored in
      try CanonicalDecoder().decode(WorkSession.self, from: stored.document, limit: .max).workflow
    }
    // A session without an act may be told of each scan what it does.
    let isDeparting = goesNow == nil || goesNow == .ship || goesNow == .dispose
    let departed = readings.filter { $0.asset.map(known.contains) ?? false }.map(\.id)
    return try readings.reversed().compactMap { reading in
      switch reading.outcome {
      case .refused:
        guard let code = reading.code, code.hasPrefix("custody.ship.") || code.hasPrefix("custody.dispose.") else {
          return nil
        }
      case .unknown:
        // A session may have done something else before or after.
        let isAmong = departed.contains { $0 < reading.id } && departed.contains { $0 > reading.id }
        guard isDeparting || isAmong else { return nil }
      default: return nil
      }
      if let asset = reading.asset, known.contains(asset) { return nil }
      let asset = try reading.asset.flatMap { try snapshot.asset($0) }
      let text = TextPiece.words(insteadOf: reading) ?? String(reading.raw.shown.prefix(40))
      return Absent(name: asset?.displayName ?? text, asset: asset?.id, reason: Self.reason(of: reading))
    }
  }
}

extension CustodyEvent {
  /// The disposal order that it belongs to.
  var disposalOrder: String? {
    switch details {
    case .ship(let details): details.order
    case .dispose(let details): details.order
    default: nil
    }
  }

  /// Whether both leave on one order, to one place.
  fileprivate func travels(with other: CustodyEvent) -> Bool {
    switch (details, other.details) {
    case (.ship(let one), .ship(let this)):
      one.order == this.order && one.destination == this.destination && one.toLocation == this.toLocation
    case (.dispose(let one), .dispose(let this)): one.order == this.order && one.route == this.route
    default: false
    }
  }
}

extension String {
  /// `Not wiped` inside of a sentence; an abbreviation stays.
  fileprivate var lowercasedFirst: String {
    guard dropFirst().first?.isUppercase != true else { return self }
    return prefix(1).lowercased() + dropFirst()
  }
}
