import Custody
import CustodyLedger
import StockCounting
import Testing

@Suite("Stock counts: the observation file") struct ObservationFileTests {
  private let head = ObservationFile.Head(
    count: Fixture.id(5), recountOf: nil, scope: .location(Fixture.room), blind: false, openedAt: Fixture.moment)

  @Test("the same count gives the same bytes, whatever came in which order and how often")
  func order() throws {
    let observations = [Fixture.seen(1, id: 3), Fixture.seen(2, .rfid, id: 1), Fixture.code("ZZ", id: 2)]
    let expected = [Fixture.expected(1), Fixture.expected(2)]
    func file(_ expected: [ExpectedAsset], _ observations: [Observation]) throws -> ObservationFile {
      try ObservationFile(head, places: Fixture.places, expected: expected, known: [], observations: observations)
    }
    let one = try file(expected, observations)
    let other = try file(expected.reversed(), observations.reversed() + [observations[1]])
    #expect(one.bytes == other.bytes)
    #expect(one.observations == 3)
    #expect(other.observations == 3)
  }

  @Test("each line is an object in canonical form: the count, the places, what was expected, what was seen")
  func lines() throws {
    let tag = Observation.TagEvidence(
      reader: "dock", antenna: 2, rssiTenths: -612, count: 9, firstSeen: Fixture.moment, lastSeen: Fixture.moment)
    let read = Observation(
      id: Fixture.id(7), counter: Fixture.counter, at: Fixture.moment, place: Fixture.shelfA, means: .rfid,
      text: "30AA",
      mark: "30AA", meaning: .asset(Fixture.id(1)), tag: tag)
    let file = try ObservationFile(
      head, places: PlaceTree(parents: [Fixture.shelfA: Fixture.room]), expected: [Fixture.expected(1)],
      known: [ExpectedAsset(asset: Fixture.id(9), standing: Standing(state: .missing))], observations: [read])
    let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines == [
        #"{"blind":false,"count":"01990000-0000-7000-8000-000000000005","openedAt":"2026-03-02T09:00:00.000Z","scope":{"location":"STORE"}}"#,
        #"{"place":"STORE-A","within":"STORE"}"#,
        #"{"expected":"01990000-0000-7000-8000-000000000001","standing":{"location":"STORE-A","state":"inStock"}}"#,
        #"{"known":"01990000-0000-7000-8000-000000000009","standing":{"state":"missing"}}"#,
        #"{"at":"2026-03-02T09:00:00.000Z","counter":"01990000-0000-7000-8000-000000000384","mark":"30AA","meaning":"01990000-0000-7000-8000-000000000001","means":"rfid","observation":"01990000-0000-7000-8000-000000000007","place":"STORE-A","tag":{"antenna":2,"count":9,"firstSeen":"2026-03-02T09:00:00.000Z","lastSeen":"2026-03-02T09:00:00.000Z","reader":"dock","rssiTenths":-612},"text":"30AA"}"#,
        "",
      ])
  }
}
