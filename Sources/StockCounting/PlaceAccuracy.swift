import Custody

/// How right the records of one place were, as one count found them.
public struct PlaceAccuracy: Hashable, Sendable {
  public let place: LocationCode
  /// How many assets were expected there.
  public let expected: Int
  /// How many of them were found there.
  public let found: Int
  /// Whether the numbers tell of the place with everything below it, and not of the place alone: true of what was counted as a
  /// whole.
  public let isWhole: Bool

  /// How right the records of a place were.
  public init(place: LocationCode, expected: Int, found: Int, isWhole: Bool) {
    self.place = place
    self.expected = expected
    self.found = found
    self.isWhole = isWhole
  }
}

extension Variance {
  /// What a count of `root` with everything below it says of each place in it, in order of their codes: of `root` the whole count, of
  /// any other place the assets that are recorded in that very place. A place in which nothing was expected has both numbers 0.
  public func accuracies(within root: LocationCode, in places: PlaceTree) -> [PlaceAccuracy] {
    var expected: [LocationCode: Int] = [:]
    var found: [LocationCode: Int] = [:]
    for place in places.parents.keys where places.above(place).contains(root) { expected[place] = 0 }
    var all = (expected: 0, found: 0)
    for line in lines.prefix(self.expected) {
      let isFound = line.result == .found
      all.expected += 1
      if isFound { all.found += 1 }
      guard let place = line.recorded?.location, place != root else { continue }
      expected[place, default: 0] += 1
      if isFound { found[place, default: 0] += 1 }
    }
    expected[root] = all.expected
    found[root] = all.found
    return expected.sorted { $0.key < $1.key }.map { place, number in
      PlaceAccuracy(place: place, expected: number, found: found[place] ?? 0, isWhole: place == root)
    }
  }
}
