import Custody
import StockCounting
import Testing

/// A storeroom with two shelves and a bin in the first. Counted by hand: three stand on shelf A, of which two are seen there; two on shelf
/// B, of which one is seen on A; nothing in the bin; one in the room itself, which is seen.
@Suite("Stock counts: accuracy of places") struct PlaceAccuracyTests {
  private let variance = Variance(
    expected: [
      Fixture.expected(1), Fixture.expected(2), Fixture.expected(3), Fixture.expected(4, at: Fixture.shelfB),
      Fixture.expected(5, at: Fixture.shelfB), Fixture.expected(6, at: Fixture.room),
    ],
    known: [Fixture.expected(9, at: Fixture.cage)],
    observations: [
      Fixture.seen(1, id: 1), Fixture.seen(2, id: 2), Fixture.seen(4, at: Fixture.shelfB, id: 3),
      Fixture.seen(5, at: Fixture.shelfA, id: 4), Fixture.seen(6, at: Fixture.room, id: 5),
      Fixture.seen(9, at: Fixture.shelfA, id: 6), Fixture.code("ZZ", id: 7),
    ], places: Fixture.places)

  @Test func `each place has what was expected and found in it alone, the counted room the whole`() {
    #expect(
      variance.accuracies(within: Fixture.room, in: Fixture.places) == [
        PlaceAccuracy(place: Fixture.room, expected: 6, found: 4, isWhole: true),
        PlaceAccuracy(place: Fixture.shelfA, expected: 3, found: 2, isWhole: false),
        PlaceAccuracy(place: Fixture.bin, expected: 0, found: 0, isWhole: false),
        PlaceAccuracy(place: Fixture.shelfB, expected: 2, found: 1, isWhole: false),
      ])
  }

  @Test func `a place that lies outside of what was counted is told nothing of`() {
    let places = variance.accuracies(within: Fixture.room, in: Fixture.places).map(\.place)
    #expect(!places.contains(Fixture.cage))
  }
}
