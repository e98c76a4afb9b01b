import Custody
import CustodyLedger
import StockCounting
import Testing

@Suite("Stock counts: expected against observed") struct VarianceTests {
  private func line(
    _ expected: [ExpectedAsset], known: [ExpectedAsset] = [], _ observations: [Observation]
  ) throws -> CountLine {
    let variance = Variance(
      expected: expected, known: known, observations: observations, places: Fixture.places)
    try #require(variance.lines.count == 1)
    return variance.lines[0]
  }

  @Test("what is seen where it is recorded is found, and confirmed by its barcode")
  func found() throws {
    let line = try line([Fixture.expected(1)], [Fixture.seen(1, id: 1)])
    #expect(line.result == .found)
    #expect(!line.isProvisional)
    #expect(line.sighting?.place == Fixture.shelfA)
    #expect(line.result.agrees)
  }

  @Test("a bin of the shelf, and the room around it, are no other place")
  func within() throws {
    for place in [Fixture.bin, Fixture.room, nil] {
      #expect(try line([Fixture.expected(1)], [Fixture.seen(1, at: place, id: 1)]).result == .found)
    }
    #expect(try line([Fixture.expected(1, at: nil)], [Fixture.seen(1, at: Fixture.cage, id: 1)]).result == .found)
  }

  @Test("another shelf of the room is told from another room")
  func elsewhere() throws {
    #expect(try line([Fixture.expected(1)], [Fixture.seen(1, at: Fixture.shelfB, id: 1)]).result == .otherShelf)
    #expect(try line([Fixture.expected(1)], [Fixture.seen(1, at: Fixture.cage, id: 1)]).result == .otherRoom)
    #expect(
      try line([Fixture.expected(1, at: Fixture.bin)], [Fixture.seen(1, at: Fixture.shelfB, id: 1)]).result
        == .otherShelf)
  }

  @Test("what was expected and not seen is missing")
  func missing() throws {
    let line = try line([Fixture.expected(1)], [])
    #expect(line.result == .missing)
    #expect(line.sighting == nil)
    #expect(line.observations == 0)
  }

  @Test("what is in the records and was not expected is unexpected, with how it is recorded")
  func unexpected() throws {
    let recorded = Standing(state: .missing)
    let line = try line([], known: [ExpectedAsset(asset: Fixture.id(7), standing: recorded)], [Fixture.seen(7, id: 1)])
    #expect(line.result == .unexpected)
    #expect(line.recorded == recorded)
  }

  @Test("a code that nothing carries is one line, however often it is seen")
  func unknown() throws {
    let line = try line([], [Fixture.code("ZZ-9", id: 1), Fixture.code("ZZ-9", id: 2)])
    #expect(line.subject == .code("ZZ-9"))
    #expect(line.result == .unknown)
    #expect(line.observations == 2)
  }

  @Test("one mark on two assets is a duplicate label, and neither of them is found by it")
  func mark() throws {
    let several = Fixture.code("AT-5", .several([Fixture.id(5), Fixture.id(6)]), id: 1)
    let variance = Variance(
      expected: [Fixture.expected(5), Fixture.expected(6)], observations: [several], places: Fixture.places)
    #expect(variance.lines.map(\.result) == [.missing, .missing, .duplicate])
    #expect(variance.lines[2].candidates == [Fixture.id(5), Fixture.id(6)])
  }

  @Test("two marks of one asset that are seen in two places are a duplicate label; in one place they are not")
  func apart() throws {
    let tag = Fixture.seen(1, id: 1)
    let there = Fixture.seen(1, at: Fixture.cage, second: 5, id: 2, mark: "S-1")
    let line = try line([Fixture.expected(1)], [tag, there])
    #expect(line.result == .duplicate)
    #expect(line.marks == ["AT-1", "S-1"])
    let here = Fixture.seen(1, second: 5, id: 3, mark: "S-1")
    #expect(try self.line([Fixture.expected(1)], [tag, here]).result == .found)
  }

  @Test("one label that was carried to another place while the count went on is where it was seen last")
  func carried() throws {
    let first = Fixture.seen(1, at: Fixture.cage, second: 1, id: 9)
    let later = Fixture.seen(1, second: 2, id: 1)
    #expect(try line([Fixture.expected(1)], [later, first]).result == .found)
  }

  @Test("RFID alone is provisional; a barcode or a person's word confirms")
  func provisional() throws {
    let read = Fixture.seen(1, .rfid, id: 1, mark: "30AA")
    let alone = try line([Fixture.expected(1)], [read])
    #expect(alone.result == .found)
    #expect(alone.isProvisional)
    for means in [Observation.Means.barcode, .keyed, .accepted] {
      #expect(try !line([Fixture.expected(1)], [read, Fixture.seen(1, means, id: 2)]).isProvisional)
    }
  }

  @Test("a barcode says where a thing is, whatever a reader hears through the wall")
  func throughWalls() throws {
    let scan = Fixture.seen(1, id: 1)
    let read = Fixture.seen(1, at: Fixture.cage, .rfid, second: 60, id: 2)
    #expect(try line([Fixture.expected(1)], [scan, read]).result == .found)
    // Of reads alone, one at the expected place is believed before a later one elsewhere.
    let near = Fixture.seen(1, .rfid, second: 1, id: 3)
    #expect(try line([Fixture.expected(1)], [near, read]).result == .found)
    #expect(try line([Fixture.expected(1)], [read]).result == .otherRoom)
  }

  @Test("every line is in one number of the tally")
  func tally() {
    let variance = Variance(
      expected: (1...6).map { Fixture.expected($0) },
      known: [ExpectedAsset(asset: Fixture.id(70), standing: Standing(state: .deployed))],
      observations: [
        Fixture.seen(1, id: 1), Fixture.seen(2, at: Fixture.shelfB, id: 2), Fixture.seen(3, at: Fixture.cage, id: 3),
        Fixture.seen(4, .rfid, id: 4), Fixture.seen(5, id: 5), Fixture.seen(5, at: Fixture.cage, id: 6, mark: "S-5"),
        Fixture.seen(70, id: 7), Fixture.code("ZZ", id: 8), Fixture.code("YY", id: 9),
      ], places: Fixture.places)
    #expect(
      variance.tally
        == CountTally(
          found: 2, otherShelf: 1, otherRoom: 1, missing: 1, unexpected: 1, unknown: 2, duplicate: 1, provisional: 1))
    #expect(variance.tally.variances == 7)
  }

  @Test("observations in any order, and any of them repeated, give the same lines", arguments: 0..<200)
  func anyOrder(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let places: [LocationCode?] = [Fixture.shelfA, Fixture.shelfB, Fixture.bin, Fixture.cage, nil]
    let expected = (1...12).map { Fixture.expected($0) }
    var observations: [Observation] = []
    for number in 1...40 as ClosedRange<UInt64> {
      let asset = UInt64.random(in: 1...16, using: &random)
      let means = Observation.Means.allCases.randomElement(using: &random) ?? .barcode
      observations.append(
        Fixture.seen(
          asset, at: places.randomElement(using: &random) ?? nil, means,
          second: Int64.random(in: 0...5, using: &random),
          id: number, mark: Bool.random(using: &random) ? "AT-\(asset)" : "S-\(asset)"))
    }
    for number in 41...50 as ClosedRange<UInt64> {
      let meaning: Observation.Meaning =
        Bool.random(using: &random) ? .unknown : .several([Fixture.id(1), Fixture.id(2)])
      observations.append(Fixture.code("C-\(UInt64.random(in: 1...3, using: &random))", meaning, id: number))
    }
    let variance = Variance(expected: expected, observations: observations, places: Fixture.places)
    let repeated = observations + observations.filter { _ in Bool.random(using: &random) }
    let other = Variance(
      expected: expected, observations: repeated.shuffled(using: &random), places: Fixture.places)
    #expect(other.lines == variance.lines)
    #expect(other.tally == variance.tally)
    // Line by line comes to the same as all at once.
    for line in variance.lines {
      let about = observations.filter { observation in
        switch (observation.meaning, line.subject) {
        case (.asset(let id), .asset(let subject)): id == subject
        case (.unknown, .code(let code)), (.several, .code(let code)): observation.mark == code
        default: false
        }
      }
      let isExpected = expected.contains { .asset($0.asset) == line.subject }
      #expect(
        CountLine.line(
          of: line.subject, recorded: line.recorded, isExpected: isExpected, about.shuffled(using: &random),
          in: Fixture.places) == line)
    }
  }
}

/// Numbers that are the same for the same seed (Steele, Lea and Flood's SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
