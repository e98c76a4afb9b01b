import Custody
import CustodyLedger

/// The file behind a closing: JSON Lines, each line canonical JSON and ended by a line feed. First the count; then every place that
/// lies within another, in order of its code; then every expected asset in order of its id; then every asset that was seen and not expected, likewise; then the consumables, in order of their codes and
/// places; then every observation in order of its id, each once. The same count gives the same bytes whatever came in which order.
///
///     {"blind":false,"count":"…","openedAt":"…","scope":{"location":"HQ-STORE"}}
///     {"place":"HQ-STORE-A1","within":"HQ-STORE"}
///     {"expected":"ASSET","standing":{…}}
///     {"known":"ASSET","standing":{…}}
///     {"consumable":"CODE","place":"HQ-STORE-A1","quantity":40,"toleranceQuantity":2,"unit":"piece"}
///     {"at":"…","counter":"…","mark":"AT-00042","means":"barcode","meaning":"…","observation":"…","place":"…","text":"…"}
public struct ObservationFile: Sendable {
  /// The media type of the blob.
  public static let mediaType = "application/x-ndjson"

  /// What stands in the first line.
  public struct Head: Hashable, Sendable, Codable {
    public var count: CountID
    public var recountOf: CountID?
    public var scope: CountScope
    public var blind: Bool
    public var openedAt: Instant

    /// The first line.
    public init(count: CountID, recountOf: CountID?, scope: CountScope, blind: Bool, openedAt: Instant) {
      self.count = count
      self.recountOf = recountOf
      self.scope = scope
      self.blind = blind
      self.openedAt = openedAt
    }
  }

  /// The bytes.
  public let bytes: [UInt8]
  /// How many observations they hold.
  public let observations: Int

  /// Writes the file.
  public init(
    _ head: Head, places: PlaceTree, expected: [ExpectedAsset], known: [ExpectedAsset],
    consumables: [ConsumableLine] = [], observations: [Observation]
  ) throws(CanonicalCodingError) {
    let encoder = CanonicalEncoder()
    var bytes: [UInt8] = []
    func append(_ line: some Encodable) throws(CanonicalCodingError) {
      bytes += try encoder.encode(line)
      bytes.append(UInt8(ascii: "\n"))
    }
    try append(head)
    for (place, container) in places.parents.sorted(by: { $0.key < $1.key }) {
      try append(["place": place, "within": container])
    }
    for one in expected.sorted(by: { $0.asset < $1.asset }) {
      try append(ExpectedLine(expected: one.asset, known: nil, standing: one.standing))
    }
    for one in known.sorted(by: { $0.asset < $1.asset }) {
      try append(ExpectedLine(expected: nil, known: one.asset, standing: one.standing))
    }
    for line in consumables.sorted(by: Self.precedes) { try append(ConsumableRecord(line)) }
    var last: ObservationID?
    var written = 0
    for observation in observations.sorted(by: { $0.id < $1.id }) where observation.id != last {
      try append(ObservationLine(observation))
      last = observation.id
      written += 1
    }
    self.bytes = bytes
    self.observations = written
  }

  private static func precedes(_ one: ConsumableLine, _ other: ConsumableLine) -> Bool {
    let (left, right) = (one.consumable, other.consumable)
    return left.code == right.code ? left.location < right.location : left.code < right.code
  }
}

private struct ExpectedLine: Encodable {
  let expected: AssetID?
  let known: AssetID?
  let standing: Standing
}

/// A consumable as it was on record. What it came to follows from the observations.
private struct ConsumableRecord: Encodable {
  /// The code, where it was expected there.
  let consumable: ConsumableCode?
  /// The code, where it was not.
  let knownConsumable: ConsumableCode?
  let place: LocationCode
  let name: String
  let quantity: Int
  let unit: String
  /// In minor units of `currency`.
  let unitValue: Int64?
  let currency: String?
  let toleranceQuantity: Int?
  let toleranceValue: Int64?

  init(_ line: ConsumableLine) {
    let stock = line.consumable
    consumable = line.isExpected ? stock.code : nil
    knownConsumable = line.isExpected ? nil : stock.code
    place = stock.location
    name = stock.name
    quantity = stock.quantity
    unit = stock.unit
    unitValue = stock.value?.minorUnits
    currency = stock.value?.currency
    switch stock.tolerance {
    case .quantity(let units): (toleranceQuantity, toleranceValue) = (units, nil)
    case .value(let worth): (toleranceQuantity, toleranceValue) = (nil, worth)
    }
  }
}

private struct ObservationLine: Encodable {
  let observation: ObservationID
  let counter: CounterID
  let at: Instant
  let place: LocationCode?
  let means: Observation.Means
  let text: String
  let mark: String
  /// The asset, or `unknown`.
  let meaning: String?
  /// The assets, where several carry the mark.
  let several: [AssetID]?
  /// The code of a consumable, with how much of it or with the observation that this one takes back.
  let consumable: ConsumableCode?
  let quantity: Int?
  let undoes: ObservationID?
  let tag: Observation.TagEvidence?

  init(_ observation: Observation) {
    self.observation = observation.id
    counter = observation.counter
    at = observation.at
    place = observation.place
    means = observation.means
    text = observation.text
    mark = observation.mark
    switch observation.meaning {
    case .asset(let asset): (meaning, several) = (asset.description, nil)
    case .several(let assets): (meaning, several) = (nil, assets)
    case .unknown: (meaning, several) = ("unknown", nil)
    case .consumable: (meaning, several) = (nil, nil)
    }
    var sighting: ConsumableSighting?
    if case .consumable(let said) = observation.meaning { sighting = said }
    consumable = sighting?.code
    undoes = sighting?.undoes
    quantity = sighting?.undoes == nil ? sighting?.quantity : nil
    tag = observation.tag
  }
}
