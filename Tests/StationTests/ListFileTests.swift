import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

/// The lists of the desk as CSV.
@Suite("Pages: every list as a file") struct ListFileTests {
  private static let now = "2026-03-02T09:00:00.000Z"

  @Test(arguments: [
    "orders", "counts", "disposals", "follow-ups", "exceptions", "events", "readings", "corrections", "tags",
    "passages",
    "webhooks",
  ])
  func `a list has its file, which its page leads to and which is for who is signed in`(list: String) async throws {
    try await APIUnderTest.run { api in
      let page = try await api.page("/\(list)", as: api.lee)
      #expect(page.contains("href=\"/\(list).csv\" download"))
      let file = try await api.ask(.get, "/\(list).csv", as: api.lee)
      #expect(file.status == .ok && file.headers[.contentType] == "text/csv; charset=utf-8", "\(file)")
      #expect(file.headers[.contentDisposition] == "attachment; filename=\"\(list).csv\"")
      #expect(file.description.contains(",") && file.bytes.suffix(2) == [0x0D, 0x0A])
      let stranger = try await api.ask(.get, "/\(list).csv", as: nil)
      #expect(stranger.status != .ok && !stranger.description.contains(",asset"))
    }
  }

  @Test func `of a blind count that is open the file tells no more than the page`() async throws {
    try await APIUnderTest.run { api in
      for isBlind in [true, false] {
        let opened = try await api.post(
          "/api/v1/counts", ["scope": ["location": "HQ-A"], "blind": .bool(isBlind)], as: api.lee)
        try #require(opened.status == .created, "\(opened)")
      }
      let rows = try await api.rows("/counts.csv", as: api.lee)
      #expect(rows.count == 2 && rows.allSatisfy { $0.contains(",location:HQ-A,Room HQ-A (HQ-A),") }, "\(rows)")
      let end = Self.now + ",Lee,,,"
      #expect(rows.contains { $0.hasSuffix(",blind,open" + String(repeating: ",", count: 10) + end) }, "\(rows)")
      #expect(rows.contains { $0.hasSuffix(",guided,open,0,0,0,0,0,0,0,0,," + end) }, "\(rows)")
    }
  }

  @Test func `disposal orders are filed by the state that is looked at`() async throws {
    try await APIUnderTest.run { api in
      let made = try await api.form(
        "/disposals", [("number", "DO-77"), ("route", "donate"), ("vendor", "=School()")], as: api.dana)
      try #require(made.status == .seeOther, "\(made)")
      let row = "DO-77,draft,'=School(),donate,,,,,0,\(Self.now),Dana,\(Self.now),Dana,,,"
      #expect(try await api.rows("/disposals.csv", as: api.vic) == [row])
      #expect(try await api.rows("/disposals.csv?state=draft", as: api.vic) == [row])
      #expect(try await api.rows("/disposals.csv?state=closed", as: api.vic) == [])
      #expect(try await api.page("/disposals?state=draft", as: api.vic).contains("/disposals.csv?state=draft"))
    }
  }

  @Test func `follow-ups and unknown codes are filed with what was scanned, and no cell of it is a formula`()
    async throws
  {
    try await APIUnderTest.run { api in
      let kim = api.kim.person.id
      try await api.core.store.write { transaction in
        var short = FollowUp(kind: "short", at: transaction.now, words: "2 of 3 did not come.")
        (short.person, short.order, short.line, short.quantity) = (kim, "PO-1", 4, 2)
        try transaction.keep(short)
        var unknown = FollowUp(kind: "unknown", at: transaction.now, words: "Nobody knows it.")
        unknown.raw = Array("=1+1\u{1D}2".utf8)
        try transaction.keep(unknown)
        try transaction.keep(
          KeptReading(
            at: transaction.now, raw: Array("=1+1\u{1D}2".utf8), symbologyIdentifier: "]d2", device: "gate",
            session: nil, person: kim, outcome: .unknown, words: "Unknown code"))
      }
      let rows = try await api.rows("/follow-ups.csv", as: api.vic)
      try #require(rows.count == 2, "\(rows)")
      #expect(rows[0].hasSuffix(",Nobody knows it.,1,,,'=1+1<GS>2,,,\(Self.now),,,,"), "\(rows)")
      let short = ",short,Too few came,2 of 3 did not come.,2,,,,PO-1,4,\(Self.now),Kim,,,"
      #expect(rows[1].hasSuffix(short), "\(rows)")
      #expect(try await api.rows("/follow-ups.csv?order=PO-1", as: api.vic) == [rows[1]])
      let readings = try await api.rows("/readings.csv", as: api.vic)
      #expect(readings.count == 1 && readings[0].hasSuffix(",'=1+1<GS>2,]d2,gate,Kim,Unknown code"), "\(readings)")
    }
  }

  @Test func `what went through a door is filed for that door, more of it than a page holds`() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.write { transaction in
        for number in 0..<600 {
          try transaction.keep(
            KeptPassage(
              at: transaction.now, doorway: number == 0 ? "YARD" : "GATE",
              direction: number == 0 ? .inwards : .outwards, epc: [0xE2, UInt8(number / 256), UInt8(number % 256)]))
        }
      }
      let rows = try await api.rows("/passages.csv", as: api.vic)
      #expect(rows.count == 600 && Set(rows).count == 600)
      #expect(rows.first?.hasSuffix(",\(Self.now),GATE,out,E20257,,,,,,,,") == true, "\(rows.first ?? "")")
      let yard = try await api.rows("/passages.csv?door=YARD", as: api.vic)
      #expect(yard.count == 1 && yard[0].hasSuffix(",\(Self.now),YARD,in,E20000,,,,,,,,"), "\(yard)")
    }
  }

  @Test func `the ledger is filed whole, and who took lists along that name people is written down`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let rows = try await api.rows("/events.csv", as: api.vic)
      #expect(rows.count == 1 && rows[0].contains(",register,DK-00001,"), "\(rows)")
      _ = try await api.rows("/follow-ups.csv?order=PO-1", as: api.vic)
      let kept = try await api.core.store.read { try $0.readRecords(limit: 10) }.map { "\($0.what) \($0.subject)" }
      #expect(kept == ["document.export /follow-ups.csv?order=PO-1", "document.export /events.csv"])
    }
  }
}
