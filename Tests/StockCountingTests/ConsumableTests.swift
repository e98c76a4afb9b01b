import Custody
import CustodyLedger
import StockCounting
import Testing

/// Consumables. Every number is worked out by hand.
@Suite("Stock counts: consumables") struct ConsumableTests {
  private static func code(_ text: String) throws -> ConsumableCode { try #require(ConsumableCode(text)) }

  private static func cable(
    _ quantity: Int, at place: LocationCode = Fixture.shelfA, _ tolerance: Consumable.Tolerance = .quantity(2),
    value: Int64? = nil
  ) throws -> Consumable {
    Consumable(
      code: try code("CAT6-2M"), location: place, name: "Patch cable 2 m", unit: "piece",
      value: value.map { .init(minorUnits: $0, currency: "EUR") }, tolerance: tolerance, quantity: quantity)
  }

  private static func said(
    _ quantity: Int, at place: LocationCode? = Fixture.shelfA, _ code: String = "CAT6-2M", id: UInt64,
    undoes: UInt64? = nil, by counter: CounterID = Fixture.counter
  ) throws -> Observation {
    Observation(
      id: Fixture.id(id), counter: counter, at: Fixture.moment, place: place, means: .barcode, text: code, mark: code,
      meaning: .consumable(
        ConsumableSighting(code: try Self.code(code), quantity: quantity, undoes: undoes.map { Fixture.id($0) })))
  }

  private static func lines(
    _ expected: [Consumable], _ observations: [Observation], records: [Consumable] = []
  ) -> [ConsumableLine] {
    ConsumableVariance(expected: expected, records: records, observations: observations, places: Fixture.places).lines
  }

  // The check digits are those of GS1's own examples: 4006381333931 (EAN-13) and 614141000036 (UPC-A).
  @Test(arguments: [
    ("4006381333931", "04006381333931"), ("04006381333931", "04006381333931"), ("614141000036", "00614141000036"),
    ("4006381333932", "4006381333932"), ("cat6-2m", "CAT6-2M"), ("A 1", "A 1"),
  ])
  func `a GTIN is the same in each length, another code whatever its case`(_ text: String, _ key: String) throws {
    #expect(try Self.code(text).key == key)
  }

  @Test(arguments: ["", " A", "A ", "Ä", "A\n", String(repeating: "A", count: 65)])
  func `what is blank, long, or not printable ASCII is no code`(_ text: String) {
    #expect(ConsumableCode(text) == nil)
  }

  // 40 on record, 2 units of tolerance: 38 to 42 are within.
  @Test(
    arguments: [
      (37, ConsumableLine.Result.short), (38, .within), (40, .within), (42, .within), (43, .over), (0, .short),
    ] as [(Int, ConsumableLine.Result)])
  func `a tolerance in units holds to its very edge`(_ counted: Int, _ result: ConsumableLine.Result) throws {
    let lines = Self.lines([try Self.cable(40)], [try Self.said(counted, id: 1)])
    #expect(lines.map(\.result) == [result])
    #expect(lines.map(\.difference) == [counted - 40])
  }

  // A unit is worth 3.33, ten of tolerance: 3 units are 9.99, 4 are 13.32.
  @Test(
    arguments: [(37, ConsumableLine.Result.within), (36, .short), (43, .within), (44, .over)]
      as [(Int, ConsumableLine.Result)])
  func `a tolerance in value is held to the cent`(_ counted: Int, _ result: ConsumableLine.Result) throws {
    let lines = Self.lines([try Self.cable(40, .value(1000), value: 333)], [try Self.said(counted, id: 1)])
    #expect(lines.map(\.result) == [result])
  }

  @Test func `what is worth more than can be said is not within a tolerance; what agrees always is`() {
    let dear = Consumable.UnitValue(minorUnits: .max, currency: "EUR")
    #expect(!Consumable.Tolerance.value(.max).holds(-2, at: dear))
    #expect(Consumable.Tolerance.value(.max).holds(1, at: dear))
    #expect(Consumable.Tolerance.value(0).holds(0, at: dear))
    #expect(!Consumable.Tolerance.value(100).holds(1, at: nil))
  }

  @Test func `what is said several times adds up, once for each id, whatever the order`() throws {
    let said = [
      try Self.said(10, id: 1), try Self.said(1, id: 2), try Self.said(1, "cat6-2m", id: 3), try Self.said(5, id: 4),
      try Self.said(0, id: 5, undoes: 4),
    ]
    for observations in [said, said.reversed(), said + said] {
      #expect(Self.lines([try Self.cable(12)], observations).map(\.counted) == [12])
    }
  }

  @Test func `nobody takes back what another counter said`() throws {
    let other: CounterID = Fixture.id(901)
    let said = [try Self.said(10, id: 1), try Self.said(0, id: 2, undoes: 1, by: other)]
    #expect(Self.lines([try Self.cable(10)], said).map(\.counted) == [10])
  }

  @Test func `what nobody spoke of is not counted, and none is a count`() throws {
    let expected = [try Self.cable(3), try Self.cable(4, at: Fixture.cage)]
    let variance = ConsumableVariance(
      expected: expected, observations: [try Self.said(0, id: 1)], places: Fixture.places)
    #expect(variance.lines.map(\.consumable.location) == [Fixture.cage, Fixture.shelfA])
    #expect(variance.lines.map(\.counted) == [nil, 0])
    #expect(variance.lines.map(\.result) == [.notCounted, .short])
    #expect(variance.tally == ConsumableTally(short: 1, notCounted: 1))
  }

  @Test func `what is said in a bin is of its shelf, what is said in the room of its one shelf`() throws {
    let expected = [try Self.cable(3)]
    #expect(Self.lines(expected, [try Self.said(3, at: Fixture.bin, id: 1)]).map(\.counted) == [3])
    #expect(Self.lines(expected, [try Self.said(3, at: Fixture.room, id: 1)]).map(\.counted) == [3])
  }

  @Test func `at a place where the count expects none it stands for itself`() throws {
    let expected = [try Self.cable(3)]
    let elsewhere = Self.lines(expected, [try Self.said(2, at: Fixture.cage, id: 1)])
    #expect(elsewhere.map(\.isExpected) == [false, true])
    #expect(elsewhere.map(\.difference) == [2, nil])
    let recorded = Self.lines(
      expected, [try Self.said(2, at: Fixture.cage, id: 1)], records: [try Self.cable(7, at: Fixture.cage)])
    #expect(recorded.map(\.difference) == [-5, nil])
  }

  @Test func `what was said at a place where none is expected and is taken back leaves no line`() throws {
    let (expected, elsewhere) = ([try Self.cable(3)], try Self.cable(7, at: Fixture.cage))
    let said = [try Self.said(2, at: Fixture.cage, id: 1), try Self.said(0, at: Fixture.cage, id: 2, undoes: 1)]
    let variance = ConsumableVariance(
      expected: expected, known: [elsewhere], records: [elsewhere], observations: said, places: Fixture.places)
    #expect(variance.lines.map(\.consumable.location) == [Fixture.shelfA])
    #expect(variance.tally == ConsumableTally(notCounted: 1))
  }

  @Test func `the observation file has consumables between assets and observations`() throws {
    let head = ObservationFile.Head(
      count: Fixture.id(5), recountOf: nil, scope: .location(Fixture.room), blind: false, openedAt: Fixture.moment)
    let line = ConsumableLine(
      consumable: try Self.cable(40, .value(1000), value: 333), isExpected: true, counted: nil)
    let file = try ObservationFile(
      head, places: PlaceTree(parents: [:]), expected: [], known: [], consumables: [line],
      observations: [try Self.said(5, id: 7), try Self.said(0, id: 8, undoes: 7)])
    let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
    #expect(
      lines.dropFirst() == [
        #"{"consumable":"CAT6-2M","currency":"EUR","name":"Patch cable 2 m","place":"STORE-A","quantity":40,"toleranceValue":1000,"unit":"piece","unitValue":333}"#,
        #"{"at":"2026-03-02T09:00:00.000Z","consumable":"CAT6-2M","counter":"01990000-0000-7000-8000-000000000384","mark":"CAT6-2M","means":"barcode","observation":"01990000-0000-7000-8000-000000000007","place":"STORE-A","quantity":5,"text":"CAT6-2M"}"#,
        #"{"at":"2026-03-02T09:00:00.000Z","consumable":"CAT6-2M","counter":"01990000-0000-7000-8000-000000000384","mark":"CAT6-2M","means":"barcode","observation":"01990000-0000-7000-8000-000000000008","place":"STORE-A","text":"CAT6-2M","undoes":"01990000-0000-7000-8000-000000000007"}"#,
      ])
    #expect(file.observations == 2)
  }
}
