import Custody
import CustodyLedger
import StockCounting

/// How long a count takes from what was expected and what was seen to its variance: a million of each, one core. One in a hundred
/// is missing, one in a hundred lies on another shelf, one in two hundred is an RFID read besides its barcode, and the
/// observations come shuffled. The best of five rounds is printed beside the mean: other work disturbs only upwards.
let amount = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 1_000_000

let moment = Instant(milliseconds: 1_772_442_000_000)
func id<Kind>(_ space: UInt64, _ number: Int) -> EntityID<Kind> {
  // Spread as random ids are, and the same in every run.
  let mixed = (UInt64(number) &+ space << 40) &* 0x9E37_79B9_7F4A_7C15
  return EntityID(at: moment.advanced(byMilliseconds: Int64(number / 16)), random: (mixed >> 20, mixed))
}

let room = LocationCode("HQ-STORE")
let shelves = (0..<500).compactMap { LocationCode("HQ-STORE-\($0 / 20)-\($0 % 20)") }
let places = PlaceTree(
  parents: Dictionary(uniqueKeysWithValues: shelves.compactMap { shelf in room.map { (shelf, $0) } }))
let counter: CounterID = id(3, 0)
let expected = (0..<amount).map { number in
  ExpectedAsset(
    asset: id(1, number), standing: Standing(state: .inStock, location: shelves[number % shelves.count]))
}
var observations: [Observation] = []
observations.reserveCapacity(amount)
var number = 0
while observations.count < amount {
  let asset = number % amount
  let shelf = shelves[(asset % 100 == 1 ? asset + 1 : asset) % shelves.count]
  if asset % 100 != 0 || number >= amount {
    let means: Observation.Means = number >= amount ? .rfid : .barcode
    observations.append(
      Observation(
        id: id(2, number), counter: counter, at: moment.advanced(byMilliseconds: Int64(number)),
        place: number >= amount ? shelves[(asset + 7) % shelves.count] : shelf, means: means,
        text: "AT-\(1_000_000 + asset)",
        mark: "AT-\(1_000_000 + asset)", meaning: .asset(id(1, number >= amount ? asset * 2 + 3 : asset))))
  }
  number += 1
}
// Shuffled, the same in every run.
var state: UInt64 = 88_172_645_463_325_252
for index in stride(from: observations.count - 1, to: 0, by: -1) {
  state ^= state << 13
  state ^= state >> 7
  state ^= state << 17
  observations.swapAt(index, Int(state % UInt64(index + 1)))
}

let clock = ContinuousClock()
var times: [Double] = []
var tally = CountTally()
for _ in 0..<5 {
  let took = clock.measure {
    tally = Variance(expected: expected, observations: observations, places: places).tally
  }
  times.append(Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18)
}
func text(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
print("\(expected.count) expected, \(observations.count) observed")
print(
  "\(tally.found) found, \(tally.otherShelf) on another shelf, \(tally.missing) missing, \(tally.unexpected) unexpected, "
    + "\(tally.provisional) by RFID alone")
print("\(text(times.min() ?? 0)) s best, \(text(times.reduce(0, +) / Double(times.count))) s mean")
