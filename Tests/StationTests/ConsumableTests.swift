import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

/// Consumables: files of them, and counts.
@Suite("Consumables") struct ConsumableStationTests {
  private static let file = """
    code,name,unit,unit value,currency,location,quantity,tolerance quantity,tolerance value
    CAT6-2M,"Patch cable, 2 m",piece,3.33,EUR,HQ-A,40,2,
    4006381333931,Pens,box,1250,JPY,HQ-A,7,,2500
    =CMD,Glue,kg,,,HQ-B,0,0,

    """.replacing("\n", with: "\r\n")

  private func imported(_ text: String, _ api: APIUnderTest, dryRun: Bool = false) async throws -> APIAnswer {
    try await api.ask(
      .post, "/api/v1/imports?kind=consumables" + (dryRun ? "&dryRun=true" : ""), as: api.lee, bytes: Array(text.utf8),
      headers: [.contentType: "text/csv"])
  }

  @Test func `a file comes out as it went in, runs no formula, and is there already the second time`() async throws {
    try await APIUnderTest.run { api in
      let rehearsed = try await imported(Self.file, api, dryRun: true)
      #expect(try rehearsed["imported"] == .integer(3), "\(rehearsed)")
      #expect(try await api.get("/api/v1/consumables").items().isEmpty)
      let first = try await imported(Self.file, api)
      #expect(try first["imported"] == .integer(3), "\(first)")
      let out = String(decoding: try await api.get("/api/v1/export/consumables").bytes, as: UTF8.self)
      let rows = out.split(separator: "\r\n").map(String.init)
      #expect(
        rows == [
          "code,name,unit,unit value,currency,location,quantity,tolerance quantity,tolerance value",
          "4006381333931,Pens,box,1250,JPY,HQ-A,7,,2500", "CAT6-2M,\"Patch cable, 2 m\",piece,3.33,EUR,HQ-A,40,2,",
          "'=CMD,Glue,kg,,,HQ-B,0,0,",
        ])
      let second = try await imported(out, api)
      #expect(try second["skipped"] == .integer(3))
      #expect(try second["imported"] == .integer(0))
      #expect(String(decoding: try await api.get("/consumables.csv").bytes, as: UTF8.self) == out)
    }
  }

  @Test(arguments: [
    ("X,N,piece,,,HQ-A,-1,,", "import.number"), ("X,N,piece,,,HQ-A,99999999999999999999,,", "import.number"),
    ("X,N,piece,,,HQ-A,,,", "import.consumable.quantity"), (",N,piece,,,HQ-A,1,,", "import.consumable.unnamed"),
    ("X,N,piece,,,,1,,", "import.consumable.unnamed"), ("Ä,N,piece,,,HQ-A,1,,", "import.consumable.code"),
    ("X,N,piece,,,HQ-NOWHERE,1,,", "import.location.unknown"), ("X,N,piece,,,a b,1,,", "import.code"),
    ("X,N,piece,3.33,,HQ-A,1,,", "import.price.currency"), ("X,N,piece,3.333,EUR,HQ-A,1,,", "import.price.ambiguous"),
    ("X,N,piece,3.3333,EUR,HQ-A,1,,", "import.consumable.value"),
    ("X,N,piece,-3,EUR,HQ-A,1,,", "import.consumable.value"), ("X,N,piece,3,EURO,HQ-A,1,,", "import.consumable.value"),
    ("X,N,piece,99999999999999,EUR,HQ-A,1,,", "import.consumable.value"),
    ("X,N,piece,1,EUR,HQ-A,1,2,3", "import.consumable.tolerance"),
    ("X,N,piece,,EUR,HQ-A,1,,3", "import.consumable.tolerance"),
    ("X,N\u{1B}[2J,piece,,,HQ-A,1,,", "import.text.controlCharacter"),
    ("4006381333931,N,piece,,,HQ-A,1,,\r\n04006381333931,N,piece,,,HQ-A,1,,", "import.row.twice"),
  ])
  func `a row that cannot be kept is named, and nothing of its file is imported`(row: String, code: String) async throws
  {
    try await APIUnderTest.run { api in
      let header = "code,name,unit,unit value,currency,location,quantity,tolerance quantity,tolerance value\r\n"
      let answer = try await imported(header + "GOOD,N,piece,,,HQ-A,1,,\r\n" + row + "\r\n", api)
      #expect(answer.status == .unprocessableContent, "\(answer)")
      let problems = try answer.items("report.problems")
      #expect(problems.map { $0[path: "code"]?.text } == [code], "\(answer)")
      #expect(try await api.get("/api/v1/consumables").items().isEmpty)
    }
  }

  @Test func `scans add one each, a number adds so many, undo takes back, and what is accepted is on record`()
    async throws
  {
    try await APIUnderTest.run { api in
      _ = try await imported(Self.file, api)
      let opened = try await api.post("/api/v1/counts", ["scope": ["location": "HQ-A"]], as: api.kim)
      let id = try opened.text("id")
      let (path, page) = ("/api/v1/counts/" + id, "/counts/" + id)
      func post(_ where: String, _ fields: [(String, String)]) async throws -> APIAnswer {
        api.clock.advance(seconds: 1)
        return try await api.form(page + `where`, fields, as: api.kim)
      }
      #expect(try await post("/scans", [("text", "CUSTODY:LOC:HQ-A")]).status == .seeOther)
      // The same code in another case, and the GTIN with the prefix of an EAN-13 reader.
      for text in ["CAT6-2M", "cat6-2m", "]E04006381333931"] {
        #expect(try await post("/scans", [("text", text)]).status == .seeOther, "\(text)")
      }
      let said: [(String, String)] = [("code", "CAT6-2M"), ("place", "HQ-A")]
      let added = try await post("/consumables", said + [("quantity", "36")])
      #expect(added.status == .seeOther, "\(added)")
      let shown = try await api.page(try #require(added.headers[.location]), as: api.kim)
      #expect(shown.contains("38 counted"), "\(shown)")
      _ = try await post("/consumables", said + [("quantity", "9")])
      // What was said later at another place is not what is taken back here.
      let other: [(String, String)] = [("code", "CAT6-2M"), ("place", "HQ-B")]
      #expect(try await post("/consumables", other + [("quantity", "4")]).status == .seeOther)
      let undone = try await post("/consumables", said + [("undo", "yes")])
      #expect(undone.status == .seeOther, "\(undone)")
      let back = try await api.page(try #require(undone.headers[.location]), as: api.kim)
      #expect(back.contains("38 counted") && back.contains("4 counted"), "\(back)")
      #expect(try await post("/consumables", other + [("undo", "yes")]).status == .seeOther)
      #expect(try await post("/consumables", other + [("undo", "yes")]).status == .conflict)
      #expect(try await post("/consumables", said + [("quantity", "-3")]).status == .unprocessableContent)

      let lines = try await api.get(path + "/consumables")
      let found = try lines.items().map { line in
        [line[path: "code"]?.text, line[path: "result"]?.text].compactMap(\.self).joined(separator: " ")
      }
      // 38 of 40 with 2 of tolerance; 1 of 7, worth 6 × 1250 JPY, with 2500 of tolerance.
      #expect(found == ["4006381333931 short", "CAT6-2M within"])
      #expect(try lines.items().map { $0[path: "difference"] } == [.integer(-6), .integer(-2)])
      let closed = try await api.post(path + "/close", as: api.kim)
      #expect(try closed["consumables.within"] == .integer(1))

      let body: CanonicalJSON = [
        "lines": [["code": "CAT6-2M", "place": "HQ-A"], ["code": "4006381333931", "place": "HQ-A"]],
        "reason": "recounted",
      ]
      let accepted = try await api.post(path + "/consumables/accept", body, as: api.kim)
      #expect(try accepted.items().map { $0[path: "outcome"]?.text } == ["recorded", "recorded"], "\(accepted)")
      let now = try await api.get("/api/v1/consumables")
      #expect(try now.items().map { $0[path: "quantity"] } == [.integer(1), .integer(38), .integer(0)])
      let changes = try await api.get("/api/v1/consumables/changes?code=CAT6-2M&location=HQ-A")
      #expect(try changes.items().map { $0[path: "after"] } == [.integer(38), .integer(40)])
      #expect(try changes.items()[0][path: "by"]?.text == api.kim.person.id.description)
      #expect(try await api.page("/consumable?code=CAT6-2M&location=HQ-A", as: api.kim).contains("recounted"))
      let denied = try await api.post(path + "/consumables/accept", body, as: api.vic)
      #expect(
        try denied.items().map { $0[path: "problem"]?.text } == ["count.consumable.role", "count.consumable.role"])
      try APIDescriptionTests.check([
        ("ConsumablePage", now), ("ConsumableChangePage", changes), ("ConsumableLinePage", lines),
        ("ConsumablesAccepted", accepted), ("Count", closed),
      ])
    }
  }

  @Test func `a quantity of what is no consumable, or in a count of a category, is refused and keeps nothing`()
    async throws
  {
    try await APIUnderTest.run { api in
      _ = try await imported(Self.file, api)
      _ = try await api.register("DK-00001")
      let counter = "01990000-0000-7000-8000-000000000900"
      for (scope, text, code) in [
        (["location": "HQ-A"], "ZZ-TOP", "count.consumable.unknown"),
        (["category": "dock"], "CAT6-2M", "count.consumable.scope"),
        (["location": "HQ-A"], "=CMD", "count.consumable.place"),
      ] as [(CanonicalJSON, String, String)] {
        let opened = try await api.post("/api/v1/counts", ["scope": scope], as: api.kim)
        let path = "/api/v1/counts/" + (try opened.text("id"))
        let joining: CanonicalJSON = ["device": "phone", "held": 0]
        _ = try await api.ask(.put, path + "/counters/" + counter, as: api.kim, bytes: try joining.bytes(limit: .max))
        let sent = try await api.post(
          path + "/observations",
          [
            "counter": .string(counter),
            "observations": [
              [
                "id": "01990000-0000-7000-8000-000000000001", "at": "2026-03-02T09:00:01.000Z", "text": .string(text),
                "quantity": 5,
              ]
            ],
          ], as: api.kim)
        #expect(try sent.items().map { $0[path: "code"]?.text } == [code], "\(sent)")
        #expect(
          try await api.post(path + "/close", ["anyway": true], as: api.kim)["closed.observations"] == .integer(0))
      }
    }
  }

  @Test func `pages say in German what was counted, and name is no place for markup`() async throws {
    try await APIUnderTest.run { api in
      let text = "code,name,unit,location,quantity,tolerance quantity\r\nA-1,<b>x</b>,piece,HQ-A,3,1\r\n"
      _ = try await imported(text, api)
      let opened = try await api.post("/api/v1/counts", ["scope": ["location": "HQ-A"]], as: api.kim)
      let german: HTTPFields = [.acceptLanguage: "de", .accept: "text/html"]
      let page = try await api.get("/counts/" + (try opened.text("id")), headers: german).description
      for words in ["Verbrauchsmaterial", "noch nichts gesagt · 3 erfasst · Toleranz ± 1"] {
        #expect(page.contains(words), "\(words) in \(page)")
      }
      let list = try await api.get("/consumables", headers: german).description
      #expect(list.contains("&lt;b&gt;x&lt;/b&gt;") && !list.contains("<b>x</b>"))
    }
  }
}
