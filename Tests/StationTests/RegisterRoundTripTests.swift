import Custody
import Station
import StationStore
import Testing

/// People, orders and locations: what an export writes, an import reads.
@Suite struct RegisterRoundTripTests {
  private func export(_ kind: CatalogueExport.Kind, of store: StationStore) async throws -> String {
    var bytes: [UInt8] = []
    try await CatalogueExport(from: store).write(kind, as: .csv, withAccess: true) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let orders = """
    order number,line,supplier,date,manufacturer,model,category,part number,quantity,serials,tags
    PO-1,1,=Bechtle,2026-01-05,Dell,Latitude 5450,laptop,L5450,3,S-2;S-1,T-2
    PO-1,4,,,,Dock,,,5,,
    PO-2,7,,,Acme,"Cable, 2 m",cable,,10,,|T|9

    """

  @Test(arguments: [CatalogueExport.Kind.people, .orders, .locations])
  func `of the demo all is there already where it came from`(kind: CatalogueExport.Kind) async throws {
    let importKind = try #require(CatalogueImport.Kind(rawValue: kind.rawValue))
    try await withStation(clock: DemoClock(following: StillClock())) { store in
      _ = try await DemoCatalogue.load(into: store)
      let (head, text) = (store.head.seq, try await export(kind, of: store))
      let report = try await store.importing(importKind, text)
      #expect(report.problems == [])
      #expect(report.read > 0 && report.skipped == report.read, "\(report.words())")
      #expect(store.head.seq == head)
      #expect(try await export(kind, of: store) == text)
    }
  }

  @Test func `another station takes exported orders as they are, with what they still announce`() async throws {
    let text = try await withStation { store in
      #expect(try await store.importing(.orders, Self.orders).announced == 4)
      return try await export(.orders, of: store)
    }
    let rows = text.split(separator: "\r\n").map(String.init)
    #expect(
      rows == [
        "order number,line,supplier,date,manufacturer,model,category,part number,quantity,announced serials,"
          + "announced tags,received,awaited,over",
        "PO-1,1,'=Bechtle,2026-01-05,Dell,Latitude 5450,laptop,L5450,3,S-1|S-2,|T-2,0,3,0",
        "PO-1,4,'=Bechtle,2026-01-05,,Dock,,,5,,,0,5,0", "PO-2,7,,,Acme,\"Cable, 2 m\",cable,,10,,9|T,0,10,0",
      ])
    try await withStation { store in
      let report = try await store.importing(.orders, text)
      #expect(report.problems == [])
      #expect(report.imported == 3 && report.announced == 4)
      #expect(report.ignoredColumns == ["received", "awaited", "over"])
      #expect(try await export(.orders, of: store) == text)
      let again = try await store.importing(.orders, text)
      #expect(again.skipped == 3 && again.announced == 0 && again.updated == 0)
    }
  }

  @Test func `another station takes exported people with what they may do, and gives nobody a badge or a PIN`()
    async throws
  {
    let file = """
      name,email,title,department,badge,pin,roles,active
      Ada Lovelace,ada@example.com,Engineer,"Research, North",ADA-1,482915,"admin, manager",yes
      Bob,,,,,,,no

      """
    let text = try await withStation { store in
      #expect(try await store.importing(.people, file).imported == 2)
      return try await export(.people, of: store)
    }
    #expect(!text.contains("ADA-1") && !text.contains("482915"))
    let rows = text.split(separator: "\r\n").map(String.init)
    #expect(
      rows == [
        "name,email,title,department,active,assets,roles,has badge,has PIN",
        "Ada Lovelace,ada@example.com,Engineer,\"Research, North\",yes,0,\"manager, admin\",yes,yes",
        "Bob,,,,no,0,,no,no",
      ])
    try await withStation { store in
      let report = try await store.importing(.people, text)
      #expect(report.problems == [] && report.imported == 2)
      #expect(report.ignoredColumns == ["assets", "has badge", "has PIN"])
      let ada = try #require(try await store.read { try $0.person(email: "ada@example.com") })
      let site = store.identity.site
      #expect(try await store.read { try $0.roles(of: ada.id, at: site) } == [.admin, .manager])
      #expect(try await store.read { try $0.peopleWithBadge().isEmpty && $0.peopleWithPIN().isEmpty })
      #expect(try await store.importing(.people, text).skipped == 2)
    }
  }

  @Test func `another station takes exported locations, with their sites' names`() async throws {
    let file = """
      code,name,site,site name,parent
      B-1,Branch,BR,Branch office,
      B-1-A,"Shelf, left",BR,,B-1
      H-1,Store,,,

      """
    let text = try await withStation { store in
      #expect(try await store.importing(.locations, file).imported == 3)
      return try await export(.locations, of: store)
    }
    try await withStation { store in
      let report = try await store.importing(.locations, text)
      #expect(report.problems == [] && report.imported == 3)
      let shelf = try await store.read { try $0.locations() }.first { $0.code.text == "B-1-A" }
      #expect(shelf?.name == "Shelf, left" && shelf?.parent?.text == "B-1" && shelf?.site.text == "BR")
      #expect(try await store.read { try $0.sites() }.first { $0.code.text == "BR" }?.name == "Branch office")
      #expect(try await store.importing(.locations, text).skipped == 3)
    }
  }
}
