import Custody
import StockCounting
import Testing

@Suite("Stock counts: places") struct PlaceTreeTests {
  @Test("a place lies within its container, at any depth, and in the room that is outermost")
  func depth() {
    let places = Fixture.places
    #expect(places.above(Fixture.bin) == [Fixture.shelfA, Fixture.room])
    #expect(places.room(of: Fixture.bin) == Fixture.room)
    #expect(places.relation(of: Fixture.bin, to: Fixture.shelfB) == .otherShelf)
    #expect(places.relation(of: Fixture.cage, to: Fixture.bin) == .otherRoom)
  }

  @Test("places that somebody put into one another in a ring end")
  func ring() {
    let (a, b) = (Fixture.place("A"), Fixture.place("B"))
    let places = PlaceTree(parents: [a: b, b: a])
    #expect(places.above(a) == [b])
    #expect(places.relation(of: a, to: b) == .same)
  }
}
