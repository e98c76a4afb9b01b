import Custody
import GRDB
import StockCounting

/// When a place was counted last, and how right its records were then.
public struct CountedPlace: Hashable, Sendable {
  public let place: LocationCode
  public let count: CountID
  public let closedAt: Instant
  /// Assets that were expected there, and those of them that were found there; nil for a count that an older program closed.
  public let numbers: Numbers?
  /// Whether they tell of the place with everything below it, and not of the place alone.
  public let isWhole: Bool

  /// What was expected, and how much of it was found.
  public struct Numbers: Hashable, Sendable {
    public let expected: Int
    public let found: Int
  }

  /// Found of expected, in thousandths, rounded down; nil when nothing was expected, or when it is not known.
  public var thousandths: Int? { numbers.flatMap { $0.expected == 0 ? nil : $0.found * 1000 / $0.expected } }
}

extension StoreReading {
  /// When and how right each place was counted last, by place; none of what nobody has counted.
  public func countedPlaces() throws -> [LocationCode: CountedPlace] {
    var counted: [LocationCode: CountedPlace] = [:]
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM counted_place")
    while let row = try rows.next() {
      let code: String = row["place"]
      guard let place = LocationCode(code) else { continue }
      let (expected, found): (Int?, Int?) = (row["expected"], row["found"])
      var numbers: CountedPlace.Numbers?
      if let expected, let found { numbers = CountedPlace.Numbers(expected: expected, found: found) }
      counted[place] = CountedPlace(
        place: place, count: row["count"], closedAt: Instant(milliseconds: row["closed_at"]),
        numbers: numbers, isWhole: row["whole"])
    }
    return counted
  }
}

extension StoreTransaction {
  /// Keeps what a closing says of places, each in the stead of what the count before it said.
  func keep(_ accuracies: [PlaceAccuracy], of count: CountID, closedAt moment: Instant) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO counted_place(place, count, closed_at, expected, found, whole) VALUES (?,?,?,?,?,?)")
    for one in accuracies {
      try statement.execute(arguments: [
        one.place.text, count, moment.milliseconds, one.expected, one.found, one.isWhole,
      ])
    }
  }
}
