import Custody
import DisposalOrders
import Testing

/// An order and the assets that a test puts before it: what the shell would read in its transaction.
struct Pallet {
  static let tomas: PersonID = id(101)
  static let aiko: PersonID = id(102)
  static let fatima: PersonID = id(103)

  static func id<Kind>(_ number: UInt64) -> EntityID<Kind> {
    EntityID(at: Instant(milliseconds: 1_780_000_000_000), random: (0, number))
  }

  static func actor(_ person: PersonID, _ roles: Set<Role> = [.disposalOperator], _ strength: AuthStrength = .badgePIN)
    -> Actor
  { Actor(person: person, roles: roles, authStrength: strength) }

  static let operator1 = actor(tomas)
  static let witness = actor(aiko, [.validator])
  static let manager = actor(fatima, [.manager])

  var order: DisposalOrder
  var cargo: [AssetID: Cargo] = [:]
  /// Counts up with every act, in minutes.
  private var minutes: Int64 = 0

  init(_ number: String = "DO-1") throws {
    order = try DisposalOrder(
      #require(DisposalNumber(number)), DisposalTerms(route: .recycle, vendor: "GreenCycle GmbH"), by: Self.tomas,
      at: Instant(milliseconds: 1_780_000_000_000))
  }

  mutating func now() -> Instant {
    minutes += 1
    return Instant(milliseconds: 1_780_000_000_000 + minutes * 60_000)
  }

  /// A retired laptop with one drive, wiped unless a test says otherwise.
  static func laptop(
    _ number: UInt64, _ state: LifecycleState = .retired, media: [String]? = nil, wiped: Bool = true,
    category: String = "laptop"
  ) -> Asset {
    var asset = Asset(
      id: id(number), state: state, head: id(900 + number), at: Instant(milliseconds: 1_780_000_000_000), verb: .retire,
      operator: fatima)
    asset.identifiers = [BoundIdentifier(.tag, "AT-0000\(number)"), BoundIdentifier(.serial, "SN\(number)")]
    asset.facts.category = category
    asset.facts.media = (media ?? ["DRIVE\(number)"]).map { Medium(serial: $0) }
    for medium in asset.facts.media ?? [] where wiped {
      asset.sanitized[medium.serial] = SanitizationOutcome(event: id(800 + number), method: .purge, passes: true)
    }
    return asset
  }

  mutating func add(
    _ asset: Asset, parts: [Asset] = [], fittedIn: String? = nil, elsewhere: DisposalNumber? = nil
  ) -> DisposalAnswer {
    cargo[asset.id] = Cargo(asset, parts: parts, fittedIn: fittedIn)
    return order.add(Cargo(asset, parts: parts, fittedIn: fittedIn), elsewhere: elsewhere, by: Self.tomas, at: now())
  }

  /// The asset as it is now, by what the test says happened to it.
  mutating func change(_ number: UInt64, _ change: (inout Asset) -> Void) throws {
    let old = try #require(cargo[Self.id(number)])
    var asset = old.asset
    change(&asset)
    cargo[asset.id] = Cargo(asset, parts: old.parts, fittedIn: old.fittedIn)
  }

  mutating func seal(_ seal: String = "SEAL-1", with second: Actor? = witness) -> DisposalAnswer {
    order.seal(seal, cargo, by: Self.operator1, with: second, at: now())
  }

  mutating func load(_ number: UInt64) throws -> DisposalAnswer {
    order.load(try #require(cargo[Self.id(number)]), seenBy: nil, by: Self.tomas, at: now())
  }

  mutating func depart(leavingBehind: Bool = false, carrier: String? = "Rhein Spedition") -> DisposalAnswer {
    let answer = order.depart(
      carrier: carrier, vehicle: "B-GC 2047", leavingBehind: leavingBehind, cargo, by: Self.tomas, at: now())
    if case .act(.ship(let assets)) = answer { set(assets, .inTransit) }
    return answer
  }

  /// Does to the assets what the events that an answer asks for do.
  mutating func set(_ assets: [AssetID], _ state: LifecycleState) {
    for id in assets {
      guard let old = cargo[id] else { continue }
      var asset = old.asset
      asset.state = state
      asset.disposalOrder = state == .retired ? nil : order.number.text
      cargo[id] = Cargo(asset, parts: old.parts, fittedIn: old.fittedIn)
    }
  }

  mutating func take(_ rows: [(serial: String?, tag: String?)], certificate: String? = nil) -> DisposalAnswer {
    let list = RecyclerList(
      rows.enumerated().map {
        RecyclerList.Row(line: $0 + 2, serial: $1.serial, tag: $1.tag, certificate: certificate)
      },
      file: EvidenceReference(
        digest: String(repeating: "a", count: 64), length: 9, mediaType: "text/csv", role: "recyclerList"))
    return order.take(list, by: Self.tomas, at: now())
  }

  mutating func confirm(certificate: String? = nil, with second: Actor? = witness) -> DisposalAnswer {
    let answer = order.confirm(certificate: certificate, cargo, by: Self.operator1, with: second, at: now())
    if case .act(.dispose(let confirmed)) = answer { set(confirmed.map(\.asset), .disposed) }
    return answer
  }

  mutating func close(_ reason: String? = nil, by actor: Actor = operator1, approver: Actor? = nil) -> DisposalAnswer {
    order.close(reason, cargo, by: actor, approver: approver, at: now())
  }

  func standing(_ number: UInt64) throws -> DisposalStanding {
    let id: AssetID = Self.id(number)
    let line = try #require(order.lines.first { $0.asset == id })
    return order.standing(of: line, cargo[id], match: order.match(cargo))
  }

  /// A pallet in that state, with laptops 1 and 2 on it, as far as the state allows.
  static func standing(in state: DisposalOrder.State) throws -> Pallet {
    var pallet = try Pallet()
    _ = pallet.add(laptop(1))
    _ = pallet.add(laptop(2))
    if state == .draft { return pallet }
    _ = pallet.seal()
    _ = try pallet.load(1)
    _ = try pallet.load(2)
    if state == .sealed { return pallet }
    _ = pallet.depart()
    if state == .departed { return pallet }
    _ = pallet.take([("SN1", nil), ("SN2", nil)])
    _ = pallet.confirm()
    if state == .confirmed { return pallet }
    _ = pallet.close()
    #expect(pallet.order.state == .closed)
    return pallet
  }
}

extension DisposalAnswer {
  var action: DisposalAction? { if case .act(let action) = self { action } else { nil } }
  var no: DisposalRefusal? { if case .refuse(let refusal) = self { refusal } else { nil } }
  var code: String? { no?.refusal.code }
  /// What is to be signed.
  var declared: DisposalDeclaration? { if case .declare(let declaration)? = action { declaration } else { nil } }
}
