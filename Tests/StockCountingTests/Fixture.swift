import Custody
import StockCounting

/// A storeroom with two shelves, another room, and things in them.
enum Fixture {
  static let moment = Instant(milliseconds: 1_772_442_000_000)

  static func id<Kind>(_ number: UInt64) -> EntityID<Kind> {
    EntityID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
  }

  static func place(_ text: String) -> LocationCode {
    guard let code = LocationCode(text) else { fatalError("\(text) is no code") }
    return code
  }

  static let room = place("STORE")
  static let shelfA = place("STORE-A")
  static let shelfB = place("STORE-B")
  static let bin = place("STORE-A-3")
  static let cage = place("CAGE")
  static let places = PlaceTree(parents: [shelfA: room, shelfB: room, bin: shelfA])

  static let counter: CounterID = id(900)
  static let kim: PersonID = id(800)
  static let lee: PersonID = id(801)

  static func expected(_ number: UInt64, at place: LocationCode? = shelfA) -> ExpectedAsset {
    ExpectedAsset(asset: id(number), standing: Standing(state: .inStock, location: place))
  }

  /// An observation of asset `asset`, made `second` seconds into the count.
  static func seen(
    _ asset: UInt64, at place: LocationCode? = shelfA, _ means: Observation.Means = .barcode, second: Int64 = 0,
    id: UInt64, mark: String? = nil
  ) -> Observation {
    let mark = mark ?? "AT-\(asset)"
    return Observation(
      id: Fixture.id(id), counter: counter, at: moment.advanced(byMilliseconds: second * 1000), place: place,
      means: means, text: mark, mark: mark, meaning: .asset(Fixture.id(asset)))
  }

  static func code(_ code: String, _ meaning: Observation.Meaning = .unknown, id: UInt64) -> Observation {
    Observation(
      id: Fixture.id(id), counter: counter, at: moment, place: shelfA, means: .barcode, text: code, mark: code,
      meaning: meaning)
  }
}
