import Custody
import Foundation
import Station
import StationStore
import Testing

/// What an export writes, an import reads.
@Suite struct CatalogueRoundTripTests {
  private func export(_ store: StationStore) async throws -> String {
    var bytes: [UInt8] = []
    try await CatalogueExport(from: store).assets(as: .csv) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The demo's people and places, in an empty station.
  private func bring(_ people: [Person], _ locations: [Location], to store: StationStore) async throws {
    let rows = people.map { "\($0.name),\($0.email ?? "")\n" }.joined()
    #expect(try await store.importing(.people, "name,email\n" + rows).result == .imported)
    let places = locations.map { "\($0.code.text),\"\($0.name)\",\($0.site.text),\($0.site.text)\n" }.joined()
    #expect(try await store.importing(.locations, "code,name,site,site name\n" + places).result == .imported)
  }

  @Test("All of the demo, what is disposed of included, is already there where it came from")
  func sameStation() async throws {
    try await withStation(clock: DemoClock(following: StillClock())) { store in
      _ = try await DemoCatalogue.load(into: store)
      let head = store.head.seq
      let text = try await export(store)
      let report = try await store.importing(.assets, text)
      #expect(report.problems == [])
      #expect(report.result == .imported && report.imported == 0)
      // Two of the forty are disposed of.
      #expect(report.skipped == 40)
      #expect(store.head.seq == head)

      // Whoever says of one of them something else is not believed.
      let other = try await store.importing(.assets, "tag,state\nAT-00021,in stock\nAT-99999,disposed\n")
      #expect(other.codes == ["import.asset.conflict", "import.state.disposed"])
    }
  }

  @Test("An empty station takes it all but what is disposed of, which it names")
  func emptyStation() async throws {
    let (text, people, locations, assets) = try await withStation(clock: DemoClock(following: StillClock())) { store in
      _ = try await DemoCatalogue.load(into: store)
      let (people, locations) = try await store.read { (try $0.people(), try $0.locations()) }
      return (try await export(store), people, locations, try await store.all())
    }
    try await withStation { store in
      try await bring(people, locations, to: store)
      let refused = try await store.importing(.assets, text)
      #expect(refused.codes == ["import.state.disposed", "import.state.disposed"])
      #expect(refused.imported == 0)
      var options = CatalogueImport.Options()
      options.skipBadRows = true
      let report = try await store.importing(.assets, text, options: options)
      #expect(report.imported == 38 && report.badRows == 2)
      for asset in assets where asset.state != .disposed {
        // What an order only announces has a serial number and no tag.
        let mark = BoundIdentifier(asset.tag == nil ? .serial : .tag, asset.tag ?? asset.serial ?? "")
        let copy = try #require(
          try await store.read { snapshot in
            try snapshot.assets(carrying: mark).first.flatMap { try snapshot.asset($0) }
          })
        #expect(copy.facts == asset.facts && copy.state == asset.state && copy.location == asset.location)
      }
    }
  }

  @Test("The demo gives no price to what has none")
  func price() async throws {
    try await withStation(clock: DemoClock(following: StillClock())) { store in
      _ = try await DemoCatalogue.load(into: store)
      let monitor = try #require(try await store.all().first { $0.serial == "CNK8181G2C" })
      #expect(monitor.facts.price == nil)
    }
  }

  @Test("The reason of a bad row stands in a column of its own, also where the row lacks cells")
  func shortRow() async throws {
    try await withStation { store in
      var options = CatalogueImport.Options()
      options.skipBadRows = true
      let report = try await store.importing(.assets, "tag,serial,model\nA1,S1,X1\nA2,S2\n", options: options)
      #expect(report.words()[0].contains("2 rows read, 1 asset imported"))
      let rejected = String(decoding: try #require(report.rejected), as: UTF8.self)
      let lines = rejected.split(separator: "\r\n").map(String.init)
      #expect(lines[0] == "import problem,tag,serial,model")
      #expect(lines[1].hasPrefix("\"line 3: It has 2 cells, but the header has 3.") && lines[1].hasSuffix("\",A2,S2"))
      // Unmended it is still bad: nothing was put into the row that could pass for a cell of it.
      #expect(try await store.importing(.assets, rejected).codes == ["import.row.cells"])
    }
  }

  @Test("One row is one row")
  func oneRow() async throws {
    try await withStation { store in
      let good = try await store.importing(.assets, "tag\nA1\n")
      #expect(good.words()[0] == "file.csv: 1 row read, 1 asset imported.")
      let bad = try await store.importing(.assets, "tag,state\nA2,gone fishing\n")
      #expect(bad.words()[0] == "file.csv: nothing was imported. 1 of 1 row is bad.")
    }
  }
}
