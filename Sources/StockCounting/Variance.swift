import Custody
import CustodyLedger

/// Expected against observed: every line of a count. The same for every order in which observations come, and however often:
/// one id is one observation.
public struct Variance: Sendable {
  /// Expected assets in the order in which they were given; then the others, in order of their subjects.
  public let lines: [CountLine]
  /// How many of the lines, from the first on, are of expected assets.
  public let expected: Int
  public let tally: CountTally

  /// Compares. `known` are assets that are in the records and were not expected. Assets that were seen and are in neither are
  /// unexpected all the same. Each expected asset is given once.
  public init(
    expected: [ExpectedAsset], known: [ExpectedAsset] = [], observations: [Observation], places: PlaceTree
  ) {
    var rows: [AssetID: Int32] = [:]
    rows.reserveCapacity(expected.count)
    for (row, one) in expected.enumerated() { rows[one.asset] = Int32(truncatingIfNeeded: row) }
    // Observations of one row as a chain through `before`: no array for each of a million rows.
    var newest = [Int32](repeating: -1, count: expected.count)
    var before = [Int32](repeating: -1, count: observations.count)
    var odd: [CountLine.Subject: [Observation]] = [:]
    for index in observations.indices {
      switch observations[index].meaning {
      case .asset(let asset):
        if let row = rows[asset] {
          before[index] = newest[Int(row)]
          newest[Int(row)] = Int32(truncatingIfNeeded: index)
        } else {
          odd[.asset(asset), default: []].append(observations[index])
        }
      case .consumable: continue  // Has lines of its own: see ``ConsumableVariance``.
      case .several, .unknown: odd[.code(observations[index].mark), default: []].append(observations[index])
      }
    }
    var lines: [CountLine] = []
    lines.reserveCapacity(expected.count + odd.count)
    var tally = CountTally()
    var group: [Observation] = []
    for (row, one) in expected.enumerated() {
      let line: CountLine
      let last = Int(newest[row])
      if last >= 0, before[last] < 0 {
        // The usual case, a million times over: only what the line needs is read.
        let sighting = CountLine.Sighting(
          observation: observations[last].id, place: observations[last].place, at: observations[last].at,
          counter: observations[last].counter, means: observations[last].means)
        line = .asset(one, seenOnce: sighting, in: places)
      } else {
        group.removeAll(keepingCapacity: true)
        var index = newest[row]
        while index >= 0 {
          group.append(observations[Int(index)])
          index = before[Int(index)]
        }
        line = .asset(one.asset, recorded: one.standing, isExpected: true, Self.once(group), in: places)
      }
      tally.add(line)
      lines.append(line)
    }
    let standings = Dictionary(known.map { ($0.asset, $0.standing) }, uniquingKeysWith: { first, _ in first })
    for (subject, all) in odd.sorted(by: { $0.key < $1.key }) {
      let group = Self.once(all)
      let line: CountLine?
      switch subject {
      case .asset(let asset):
        line = .asset(asset, recorded: standings[asset], isExpected: false, group, in: places)
      case .code(let code): line = .code(code, group)
      }
      if let line {
        tally.add(line)
        lines.append(line)
      }
    }
    self.lines = lines
    self.expected = expected.count
    self.tally = tally
  }

  /// Each observation once. One id says one thing, so only what is about one subject can be the same twice.
  private static func once(_ observations: [Observation]) -> [Observation] {
    var seen: Set<ObservationID> = []
    return observations.filter { seen.insert($0.id).inserted }
  }
}

extension CountLine {
  /// What observations of one subject come to, each id once; nil for a code that nobody saw.
  public static func line(
    of subject: Subject, recorded: Standing?, isExpected: Bool, _ observations: [Observation], in places: PlaceTree
  ) -> CountLine? {
    switch subject {
    case .asset(let asset):
      .asset(asset, recorded: recorded, isExpected: isExpected, observations, in: places)
    case .code(let code): .code(code, observations)
    }
  }
}

extension CountTally {
  /// Counts a line in.
  public mutating func add(_ line: CountLine) {
    switch line.result {
    case .found: found += 1
    case .otherShelf: otherShelf += 1
    case .otherRoom: otherRoom += 1
    case .missing: missing += 1
    case .unexpected: unexpected += 1
    case .unknown: unknown += 1
    case .duplicate: duplicate += 1
    }
    if line.isProvisional { provisional += 1 }
  }

  /// How many lines came to `result`.
  public subscript(result: CountLine.Result) -> Int {
    switch result {
    case .found: found
    case .otherShelf: otherShelf
    case .otherRoom: otherRoom
    case .missing: missing
    case .unexpected: unexpected
    case .unknown: unknown
    case .duplicate: duplicate
    }
  }

  /// Lines on which the records and the count disagree.
  public var variances: Int { otherShelf + otherRoom + missing + unexpected + unknown + duplicate }
}
