import Custody
import StationStore

/// Whom and what the words of a file mean: the people, locations and orders that the store knows.
struct CatalogueDirectory: Sendable {
  /// What a word means.
  enum Found<Value> {
    case one(Value)
    case none
    case several
  }

  let people: [PersonID: Person]
  private let peopleByEmail: [String: PersonID]
  private let peopleByName: [String: [PersonID]]
  private var locationsByKey: [String: [LocationCode]] = [:]
  private(set) var orders: [String: PurchaseOrder] = [:]

  init(_ store: some StoreReading) throws {
    let everybody = try store.people()
    people = Dictionary(uniqueKeysWithValues: everybody.map { ($0.id, $0) })
    peopleByEmail = Dictionary(
      everybody.compactMap { person in person.email.map { ($0.lowercased(), person.id) } }, uniquingKeysWith: { $1 })
    peopleByName = Dictionary(grouping: everybody, by: \.name).mapValues { $0.map(\.id) }
    for location in try store.locations() { add(location) }
    for order in try store.orders() { orders[order.number] = order }
  }

  /// A person by id (`person:…`), e-mail address or exact name.
  func person(_ text: String) -> Found<PersonID> {
    if text.hasPrefix("person:"), let id = PersonID(String(text.dropFirst(7))) {
      return people[id] == nil ? .none : .one(id)
    }
    if let id = peopleByEmail[text.lowercased()] { return .one(id) }
    let named = peopleByName[text] ?? []
    return named.count > 1 ? .several : named.first.map(Found.one) ?? .none
  }

  func person(email: String) -> PersonID? { peopleByEmail[email.lowercased()] }

  /// A location by its code, or by its name; case does not matter for either.
  func location(_ text: String) -> Found<LocationCode> {
    for key in ["=" + text, "~" + text.lowercased()] {
      guard let found = locationsByKey[key] else { continue }
      return found.count > 1 ? .several : .one(found[0])
    }
    return .none
  }

  mutating func add(_ location: Location) {
    // A code as it stands wins over all else.
    locationsByKey["=" + location.code.text] = [location.code]
    for text in Set([location.code.text.lowercased(), location.name.lowercased()]) {
      locationsByKey["~" + text, default: []].append(location.code)
    }
  }

  /// The line of an order that is about a model, if there is exactly one.
  func line(of number: String, model: String?, manufacturer: String?) -> OrderLineReference? {
    guard let lines = orders[number]?.lines, let model else { return nil }
    let fitting = lines.filter { line in
      line.model == model && (manufacturer == nil || line.manufacturer == nil || line.manufacturer == manufacturer)
    }
    return fitting.count == 1 ? OrderLineReference(order: number, line: fitting[0].line) : nil
  }
}
