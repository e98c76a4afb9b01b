import Custody
import CustodyLedger

/// The file behind a closing: JSON Lines, each line canonical JSON and ended by a line feed. First the count; then every place that
/// lies within another, in order of its code; then every expected asset in order of its id; then every asset that was seen and not expected, likewise; then every observation in order of its
/// id, each once. The same count gives the same bytes whatever came in which order.
///
///     {"blind":false,"count":"…","openedAt":"…","scope":{"location":"HQ-STORE"}}
///     {"place":"HQ-STORE-A1","within":"HQ-STORE"}
///     {"expected":"ASSET","standing":{…}}
///     {"known":"ASSET","standing":{…}}
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
    _ head: Head, places: PlaceTree, expected: [ExpectedAsset], known: [ExpectedAsset], observations: [Observation]
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
}

private struct ExpectedLine: Encodable {
  let expected: AssetID?
  let known: AssetID?
  let standing: Standing
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
    }
    tag = observation.tag
  }
}
