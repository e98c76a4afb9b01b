import Custody
import Foundation
import Kits
import StationStore

/// The demo's reference data, and everything that happened, in order of time.
struct DemoStory: Sendable {
  /// One thing that happened.
  struct Step: Sendable {
    let at: Instant
    let intent: Intent
  }

  let sites: [Site]
  let locations: [Location]
  let people: [Person]
  let order: PurchaseOrder
  let kits: [KitTemplate]
  private(set) var steps: [Step] = []

  let today: Instant
  let places: DemoPlaces
  private let ids: [AssetID]

  /// A story that ends the day before `today`.
  init(site: SiteCode, today: Instant) throws {
    var random = SystemRandomNumberGenerator()
    self.today = today
    places = try DemoPlaces()
    sites = [Site(code: site, name: "Headquarters"), Site(code: places.depot, name: "Depot North")]
    locations = [
      Location(code: places.store, site: site, name: "Storeroom"),
      Location(code: places.storeA, site: site, name: "Storeroom, shelf A1", parent: places.store),
      Location(code: places.storeB, site: site, name: "Storeroom, shelf A2", parent: places.store),
      Location(code: places.quarantine, site: site, name: "Quarantine cage"),
      Location(code: places.workshop, site: site, name: "Workshop and wipe bench"),
      Location(code: places.depotCage, site: places.depot, name: "Depot, cage for disposal"),
    ]
    people = DemoCatalogue.logins.map { login in
      Person(
        id: PersonID(at: today, random: (random.next(), random.next())), name: login.name, title: login.title,
        email: login.badge.dropFirst(5).lowercased() + "@example.com", team: login.team)
    }
    ids = (0..<64).map { _ in AssetID(at: today, random: (random.next(), random.next())) }
    order = Self.order(orderedOn: Self.day(today, ago: 34))
    kits = [try Self.joiner()]
    tellOrder()
    tellDeployed()
    tellReturned()
    tellGone()
    steps.sort { $0.at < $1.at }
  }

  /// What a joiner gets: one can be handed out from the demo's stock, as there is one dock.
  private static func joiner() throws -> KitTemplate {
    guard let code = KitCode("JOINER") else { throw StoreFault.damaged(reason: "'JOINER' is not a code") }
    return KitTemplate(
      code: code, title: "Everything for a joiner",
      slots: [
        KitSlot("Laptop", category: "laptop"), KitSlot("Dock", category: "dock"),
        KitSlot("Monitor", category: "monitor"), KitSlot("Headset", category: "headset", isOptional: true),
      ], licences: [KitLicence("Microsoft 365 E3", number: "4711-0815", category: "laptop")])
  }

  private static func order(orderedOn: CalendarDate) -> PurchaseOrder {
    let lines: [(DemoModel, String, Int)] = [
      (.thinkPad, "21HES0LD00", 6), (.monitor, "DELL-U2723QE", 4), (.dock, "DELL-WD22TB4", 2),
      (.macBook, "MR7J3D/A", 2), (.eliteDisplay, "1FH47AA", 1), (.latitude, "N201L554015EMEA", 1),
      (.switch, "C9200L-24T-4G-E", 1), (.headset, "26599-999-899", 5),
    ]
    return PurchaseOrder(
      number: DemoCatalogue.order, supplier: "Bechtle", orderedOn: orderedOn,
      lines: lines.enumerated().map { index, line in
        PurchaseOrder.Line(
          line: index + 1, manufacturer: line.0.manufacturer, model: line.0.model, category: line.0.category,
          partNumber: line.1, quantity: line.2)
      })
  }
}

/// The codes of the demo's second site and of its locations.
struct DemoPlaces: Sendable {
  let depot: SiteCode
  let store: LocationCode
  let storeA: LocationCode
  let storeB: LocationCode
  let quarantine: LocationCode
  let workshop: LocationCode
  let depotCage: LocationCode

  init() throws {
    func code<Kind>(_ text: String) throws -> Code<Kind> {
      guard let code = Code<Kind>(text) else { throw StoreFault.damaged(reason: "'\(text)' is not a code") }
      return code
    }
    depot = try code("DEPOT")
    store = try code("STORE")
    storeA = try code("STORE-A1")
    storeB = try code("STORE-A2")
    quarantine = try code("QUARANTINE")
    workshop = try code("WORKSHOP")
    depotCage = try code("DEPOT-CAGE")
  }
}

extension DemoStory {
  enum Who: Int { case kim, tomas, aiko, fatima, liam, grace }

  func person(_ who: Who) -> PersonID { people[who.rawValue].id }

  func actor(_ who: Who) -> Actor {
    Actor(person: person(who), roles: DemoCatalogue.logins[who.rawValue].roles, authStrength: .badgePINOffline)
  }

  static func day(_ today: Instant, ago days: Int) -> CalendarDate {
    CalendarDate(daysSince1970: today.milliseconds / 86_400_000 - Int64(days))
  }

  func day(ago days: Int) -> CalendarDate { Self.day(today, ago: days) }

  /// So many days ago in office hours; things done to the same asset on one day follow one another.
  func moment(ago days: Int, asset number: Int, step: Int = 0) -> Instant {
    let midnight = (today.milliseconds / 86_400_000 - Int64(days)) * 86_400_000
    return Instant(milliseconds: midnight + (7 * 60 + Int64(number) * 7 + Int64(step) * 11) * 60_000 + 23_417)
  }

  /// Somebody did something to an asset, whose label was scanned.
  mutating func tell(
    _ number: Int, _ daysAgo: Int, by who: Who?, _ details: EventDetails, mark: String? = nil, step: Int = 0,
    witness: Who? = nil, approver: Who? = nil
  ) {
    let raw = Data((mark ?? Self.tag(number)).utf8).base64EncodedString()
    let reading = ReadingEvidence(kind: "symbol", raw: raw, symbologyIdentifier: "]C1", device: "desk")
    steps.append(
      Step(
        at: moment(ago: daysAgo, asset: number, step: step),
        intent: Intent(
          asset: ids[number], details: details, actor: who.map(actor), witness: witness.map(actor),
          approver: approver.map(actor), readings: who == nil ? [] : [reading])))
  }

  static func tag(_ number: Int) -> String { "AT-000" + (number < 10 ? "0" : "") + String(number) }
}
