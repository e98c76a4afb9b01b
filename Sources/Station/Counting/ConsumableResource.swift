import Custody
import CustodyLedger
import StationStore
import StockCounting

/// A consumable at a place as the API and an export show it.
struct ConsumableResource: Encodable {
  let code: ConsumableCode
  let name: String
  let unit: String
  /// What a unit is worth.
  let unitValue: Money?
  let location: LocationCode
  let quantity: Int
  /// One of the two: in units, or in value.
  let toleranceQuantity: Int?
  let toleranceValue: Money?

  init(_ one: Consumable) {
    code = one.code
    name = one.name
    unit = one.unit
    unitValue = one.value.map { Self.money($0.minorUnits, $0.currency) }
    location = one.location
    quantity = one.quantity
    switch one.tolerance {
    case .quantity(let units): (toleranceQuantity, toleranceValue) = (units, nil)
    case .value(let worth):
      (toleranceQuantity, toleranceValue) = (nil, one.value.map { Self.money(worth, $0.currency) })
    }
  }

  private static func money(_ minorUnits: Int64, _ currency: String) -> Money {
    Money(amount: Consumable.UnitValue.text(minorUnits, of: currency), currency: currency)
  }
}

/// A line of a consumable as the API shows it.
struct ConsumableLineResource: Encodable {
  struct Accepted: Encodable {
    let at: Instant
    let by: PersonID
  }

  let code: ConsumableCode
  let place: LocationCode
  let name: String
  let unit: String
  /// Whether it was on record there when the count was opened.
  let expected: Bool
  let recorded: Int
  let counted: Int?
  let difference: Int?
  let result: ConsumableLine.Result
  let accepted: Accepted?

  init(_ stored: StoredConsumableLine) {
    let line = stored.line
    code = line.consumable.code
    place = line.consumable.location
    name = line.consumable.name
    unit = line.consumable.unit
    expected = line.isExpected
    recorded = line.consumable.quantity
    counted = line.counted
    difference = line.difference
    result = line.result
    accepted = stored.accepted.map { Accepted(at: $0.at, by: $0.by) }
  }
}
