import Custody
import CustodyLedger
import Foundation
import Station
import StationStore
import Synchronization
import Testing

/// `custody export`.
@Suite struct CatalogueExportTests {
  private func assets(_ store: StationStore, _ format: CatalogueExport.Format) async throws -> String {
    var bytes: [UInt8] = []
    try await CatalogueExport(from: store).assets(as: format) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("An export of assets, imported elsewhere, gives the same facts")
  func roundTrip() async throws {
    let people = "name,email\nKim Novák,kim@example.com\nLiam,liam@example.com\n"
    let locations = "code,name\nSTORE-A1,Storeroom\n"
    let (text, originals) = try await withStation { store in
      _ = try await store.importing(.people, people)
      _ = try await store.importing(.locations, locations)
      let kim = try #require(try await store.read { try $0.person(email: "kim@example.com") })
      try await store.write { transaction in
        for (number, state) in LifecycleState.allCases.enumerated() where state != .disposed {
          try transaction.register(number, state, custodian: .person(kim.id))
        }
      }
      return (try await assets(store, .csv), try await store.all())
    }
    #expect(originals.count == 8)
    try await withStation { store in
      _ = try await store.importing(.people, people)
      _ = try await store.importing(.locations, locations)
      let report = try await store.importing(.assets, text)
      #expect(report.problems.isEmpty)
      #expect(report.imported == 8)
      #expect(report.ignoredColumns.isEmpty)
      for original in originals {
        let tag = try #require(original.tag)
        let copy = try #require(try await store.asset(tagged: tag))
        #expect(copy.facts == original.facts)
        #expect(Set(copy.identifiers) == Set(original.identifiers))
        #expect(copy.tag == original.tag)
        #expect(copy.serial == original.serial)
        #expect(copy.state == original.state)
        #expect(copy.location == original.location)
        #expect(copy.condition == original.condition)
        #expect(copy.expectedReturn == original.expectedReturn)
        #expect((copy.custodian == nil) == (original.custodian == nil))
      }
      // And what was exported is there already where it came from.
      #expect(try await assets(store, .csv).split(separator: "\r\n").count == 9)
    }
  }

  @Test("A cell that a spreadsheet would run is guarded, and names are shown")
  func guarded() async throws {
    try await withStation { store in
      _ = try await store.importing(.people, "name,email\n=Kim,kim@example.com\n")
      _ = try await store.importing(
        .assets, "tag,custodian email,note,price,currency\nA1,kim@example.com,=HYPERLINK(1),-5.00,EUR\n")
      let text = try await assets(store, .csv)
      #expect(text.contains(",'=Kim,kim@example.com,"))
      #expect(text.contains(",'=HYPERLINK(1)\r\n"))
      #expect(text.contains(",-5.00,EUR,"))
      #expect(text.hasPrefix("asset tag,serial number,"))
      let json = try JSONSerialization.jsonObject(with: Data(try await assets(store, .json).utf8)) as? [[String: Any]]
      #expect(json?.count == 1)
      #expect(json?.first?["custodianName"] as? String == "=Kim")
      #expect(
        (json?.first?["facts"] as? [String: Any])?["price"] as? [String: String] == [
          "amount": "-5.00", "currency": "EUR",
        ])
    }
  }

  @Test("An empty station exports a header, an empty array and an empty chain")
  func empty() async throws {
    try await withStation { store in
      let (csv, json) = (try await assets(store, .csv), try await assets(store, .json))
      #expect(csv.split(separator: "\r\n").count == 1)
      #expect(json == "[]\n")
      var chain: [UInt8] = []
      #expect(try await CatalogueExport(from: store).chain { chain += $0 } == 0)
      #expect(chain.isEmpty)
    }
  }

  @Test("Pages join into one file: chain, events as CSV and as JSON, more than one page long")
  func pages() async throws {
    try await withStation { store in
      _ = try await store.importing(.assets, "tag\n" + (1...1203).map { "A\($0)\n" }.joined())
      let export = CatalogueExport(from: store)
      var chain: [UInt8] = []
      var pages = 0
      let count = try await export.chain {
        chain += $0
        pages += 1
      }
      #expect(count == 1203)
      #expect(pages == 3)
      var reader = ChainFileReader()
      reader.append(chain)
      var verifier = ChainVerifier(key: store.verifierKey)
      while let frame = try reader.next() { #expect(verifier.next(frame.entry) == nil) }
      #expect(reader.unfinished == 0)
      #expect(verifier.finish(expectedHead: ChainHead(seq: 1203, hash: store.head.hash)) == nil)

      var csv: [UInt8] = []
      #expect(try await export.events(as: .csv) { csv += $0 } == 1203)
      #expect(String(decoding: csv, as: UTF8.self).split(separator: "\r\n").count == 1204)
      var json: [UInt8] = []
      #expect(try await export.events(as: .json) { json += $0 } == 1203)
      let events = try JSONSerialization.jsonObject(with: Data(json)) as? [[String: Any]]
      #expect(events?.count == 1203)
      let last = events?.last?["event"] as? [String: Any]
      #expect(last?["seq"] as? Int == 1203)
      #expect(last?["type"] as? String == "register")
    }
  }

  @Test("A sink that fails ends the export with its own error")
  func failingSink() async throws {
    struct Full: Error {}
    try await withStation { store in
      _ = try await store.importing(.assets, "tag\nA1\n")
      await #expect(throws: Full.self) { try await CatalogueExport(from: store).chain { _ in throw Full() } }
    }
  }
}

extension StoreTransaction {
  /// Registers (or announces) an asset that has every fact there is.
  fileprivate func register(_ number: Int, _ state: LifecycleState, custodian: Custodian) throws {
    var facts = AssetFacts()
    facts.manufacturer = "Maker, \"Quoted\""
    facts.model = "Two\nlines"
    facts.category = "laptop"
    facts.owner = "=Owner"
    facts.department = "'-Department"
    facts.costCentre = "-1"
    facts.orderLine = OrderLineReference(order: "PO-1", line: 7)
    facts.supplier = "Supplier; GmbH"
    facts.price = Money(amount: "1234.50", currency: "EUR")
    facts.purchaseDate = CalendarDate("2024-02-29")
    facts.warrantyEnd = CalendarDate("2027-02-28")
    facts.refreshDate = CalendarDate("2028-01-01")
    facts.legalHold = true
    facts.classification = "secret"
    facts.dataBearing = false
    facts.media = [
      Medium(serial: "D|1", type: "nvme", manufacturer: "Samsung", model: "PM9A1", capacity: 512_110_190_592),
      Medium(serial: "D2\(number)", type: "hdd"),
    ]
    if number == 1 { facts.media = [] }
    facts.licences = ["Office", "CAD; big"]
    facts.custom = ["Room key": "17", "model": "not the model", "custom: x": "@y"]
    let marks = [
      BoundIdentifier(.tag, "OLD-\(number)"), BoundIdentifier(.mac, "00-1A-2B-3C-4D-\(number)"),
      BoundIdentifier(.giai, "8004|\(number)"), BoundIdentifier(.serial, "S\(number)"),
      BoundIdentifier(.tag, "T\(number)"),
    ]
    let location = LocationCode("STORE-A1")
    if state == .expected {
      let details = ExpectDetails(facts: facts, identifiers: marks, location: location)
      _ = try record(Intent(asset: newID(), details: .expect(details), actor: nil))
      return
    }
    var details = RegisterDetails(
      facts: facts, identifiers: marks, state: state, source: .file(sha256: String(repeating: "0", count: 64), row: 1))
    details.location = location
    details.condition = "B"
    if state == .deployed || state == .missing { details.custodian = custodian }
    if state == .deployed { details.expectedReturn = CalendarDate("2026-12-24") }
    _ = try record(Intent(asset: newID(), details: .register(details), actor: nil))
  }
}
