import Custody

/// Which place is in which. The *room* of a place is the outermost place above it.
public struct PlaceTree: Sendable {
  /// How one place lies to another.
  public enum Relation: Hashable, Sendable {
    /// The same, or one of them is within the other.
    case same
    /// In one room, and neither is within the other.
    case otherShelf
    case otherRoom
  }

  /// Each place's container.
  public let parents: [LocationCode: LocationCode]

  /// A tree from each place's container. What would make a ring ends where it would begin anew.
  public init(parents: [LocationCode: LocationCode]) { self.parents = parents }

  /// The places above one, from the nearest to its room.
  public func above(_ place: LocationCode) -> [LocationCode] {
    var above: [LocationCode] = []
    var next = parents[place]
    while let one = next, one != place, !above.contains(one) {
      above.append(one)
      next = parents[one]
    }
    return above
  }

  /// The outermost place above it, or the place itself.
  public func room(of place: LocationCode) -> LocationCode { above(place).last ?? place }

  /// How `place` lies to `other`.
  public func relation(of place: LocationCode, to other: LocationCode) -> Relation {
    if place == other { return .same }
    let (mine, theirs) = (above(place), above(other))
    if mine.contains(other) || theirs.contains(place) { return .same }
    return (mine.last ?? place) == (theirs.last ?? other) ? .otherShelf : .otherRoom
  }
}
