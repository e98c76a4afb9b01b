import Custody

extension CountLine {
  /// What observations of one asset come to. `observations` hold each id once; their order does not matter.
  ///
  /// `isExpected` tells whether it was expected; `recorded` how it is recorded in either case.
  public static func asset(
    _ asset: AssetID, recorded: Standing?, isExpected: Bool, _ observations: [Observation], in places: PlaceTree
  ) -> CountLine {
    let confirming = observations.contains { $0.means.confirms }
    guard let holding = holding(observations, confirming: confirming, at: recorded?.location, in: places) else {
      return CountLine(
        subject: .asset(asset), result: isExpected ? .missing : .unexpected, recorded: recorded, sighting: nil,
        isProvisional: false, observations: 0, marks: [], candidates: [])
    }
    let apart = confirming ? marksApart(observations, in: places) : []
    let result =
      apart.isEmpty
      ? Self.result(seenAt: holding.place, recordedAt: recorded?.location, isExpected: isExpected, in: places)
      : .duplicate
    return CountLine(
      subject: .asset(asset), result: result, recorded: recorded, sighting: Sighting(holding),
      isProvisional: !confirming, observations: observations.count, marks: apart, candidates: [])
  }

  /// What one observation of an expected asset comes to: the same as `asset`, for the usual case.
  static func asset(_ expected: ExpectedAsset, seenOnce sighting: Sighting, in places: PlaceTree) -> CountLine {
    CountLine(
      subject: .asset(expected.asset),
      result: result(
        seenAt: sighting.place, recordedAt: expected.standing.location, isExpected: true, in: places),
      recorded: expected.standing, sighting: sighting, isProvisional: !sighting.means.confirms, observations: 1,
      marks: [], candidates: [])
  }

  private static func result(
    seenAt seen: LocationCode?, recordedAt expected: LocationCode?, isExpected: Bool, in places: PlaceTree
  ) -> Result {
    guard isExpected else { return .unexpected }
    // Nobody wrote down where it is, or nobody said where they stood: it is there.
    guard let seen, let expected else { return .found }
    return switch places.relation(of: seen, to: expected) {
    case .same: .found
    case .otherShelf: .otherShelf
    case .otherRoom: .otherRoom
    }
  }

  /// What observations of one code come to that means no single asset; at least one.
  static func code(_ code: String, _ observations: [Observation]) -> CountLine? {
    guard let newest = latest(observations) else { return nil }
    // A code may have been bound, or have come to be carried twice, while the count went on.
    var candidates: Set<AssetID> = []
    for case .several(let several) in observations.map(\.meaning) { candidates.formUnion(several) }
    let confirming = observations.contains { $0.means.confirms }
    return CountLine(
      subject: .code(code), result: candidates.isEmpty ? .unknown : .duplicate, recorded: nil,
      sighting: Sighting(confirming ? latest(observations.filter(\.means.confirms)) ?? newest : newest),
      isProvisional: !confirming, observations: observations.count, marks: candidates.isEmpty ? [] : [code],
      candidates: candidates.sorted())
  }

  /// The observation that says where the asset is: the latest that confirms. Radio goes through walls, so of reads alone one
  /// at the expected place is preferred; else the latest.
  private static func holding(
    _ observations: [Observation], confirming: Bool, at expected: LocationCode?, in places: PlaceTree
  ) -> Observation? {
    if confirming { return latest(observations.filter(\.means.confirms)) }
    if let expected {
      let there = observations.filter { $0.place.map { places.relation(of: $0, to: expected) == .same } ?? false }
      if let read = latest(there) { return read }
    }
    return latest(observations)
  }

  /// Marks of one asset that were read in places that are not the same, in order; empty when all agree.
  private static func marksApart(_ observations: [Observation], in places: PlaceTree) -> [String] {
    guard observations.count > 1 else { return [] }
    var newest: [String: Observation] = [:]
    for observation in observations where observation.means == .barcode || observation.means == .keyed {
      guard observation.place != nil else { continue }
      if let other = newest[observation.mark], !observation.isLater(than: other) { continue }
      newest[observation.mark] = observation
    }
    guard newest.count > 1 else { return [] }
    let marks = newest.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for (index, one) in marks.enumerated() {
      for other in marks[(index + 1)...] {
        if let here = newest[one]?.place, let there = newest[other]?.place,
          places.relation(of: here, to: there) != .same
        {
          return marks
        }
      }
    }
    return []
  }

  private static func latest(_ observations: [Observation]) -> Observation? {
    observations.max { $1.isLater(than: $0) }
  }
}
