import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

/// The pages of disposal orders as a browser without our script uses them: forms, redirects, a file.
@Suite("Disposal orders: pages") struct DisposalPageTests {
  private static let second = "badge=CUSTODY%3ABADGE%3Atok-kim-second&pin=918273"

  @Test("an order is made, filled, sealed, loaded, sent off, confirmed and closed by plain forms alone")
  func wholeLife() async throws {
    try await DisposalUnderTest.run { test in
      let made = try await test.form(
        "/disposals", "number=do-77&route=donate&vendor=School+12&plannedOn=&carrier=&vehicle=")
      #expect(made.status == .seeOther && made.headers[.location] == "/disposals/DO-77", "\(made)")
      let path = "/disposals/DO-77"
      func act(_ act: String, _ body: String = "") async throws -> APIAnswer {
        try await test.form(path + "/" + act, body)
      }
      func follow(_ answer: APIAnswer) async throws -> String {
        #expect(answer.status == .seeOther, "\(answer)")
        return try await test.page(answer.headers[.location]).description
      }
      for number in 1...2 { try await test.retired(number) }
      var page = try await follow(try await act("add", "text=DK-10001"))
      for words in [
        "data-result=\"accepted\"", "Added", "DK-10001", "1 of 1 ready to leave", "action=\"/disposals/DO-77/add\"",
      ] {
        #expect(page.contains(words), "\(words)")
      }
      page = try await follow(try await act("add", "text=SN-2"))
      #expect(page.contains("2 of 2 ready to leave"))
      page = try await follow(try await act("seal", "seal=S-9&" + Self.second))
      #expect(page.contains("Seal S-9.") && page.contains("Dana · together with Kim"))
      #expect(page.contains("action=\"/disposals/DO-77/load\"") && !page.contains("action=\"/disposals/DO-77/add\""))
      for number in 1...2 { page = try await follow(try await act("load", "text=DK-1000\(number)")) }
      #expect(page.contains("2 of 2 loaded"))
      page = try await follow(try await act("depart", "carrier=Rhein&vehicle=B-GC+2047"))
      #expect(page.contains("/manifest.pdf?order=DO-77") && page.contains("2 assets on the way"))
      page = try await follow(try await upload(path, "serial\nSN-1\nSN-2\n", test))
      #expect(page.contains("2 of 2 on their list"))
      page = try await follow(try await act("confirm", "certificate=C-1&" + Self.second))
      #expect(page.contains("2 of 2 confirmed") && page.contains("Certificate C-1"))
      page = try await follow(try await act("close", "reason="))
      #expect(page.contains("is-current\" aria-current=\"step\"") && !page.contains("disposal-scan-form"))
    }
  }

  private func upload(_ path: String, _ text: String, _ test: DisposalUnderTest) async throws -> APIAnswer {
    let body =
      "--b\r\nContent-Disposition: form-data; name=\"list\"; filename=\"l.csv\"\r\nContent-Type: text/csv\r\n\r\n"
      + text + "\r\n--b--\r\n"
    return try await test.api.ask(
      .post, path + "/list", as: test.api.dana, bytes: Array(body.utf8),
      headers: [.contentType: "multipart/form-data; boundary=b", .accept: "text/html"])
  }

  @Test("what is refused stands on the page with its remedy; what was typed stays, but for the PIN")
  func refused() async throws {
    try await DisposalUnderTest.run { test in
      let path = "/disposals/DO-9"
      try await test.thing(
        1, "retired", ["manufacturer": "HP", "model": "840", "category": "laptop", "media": [["serial": "D-ONE"]]])
      try await test.retired(2, "inStock")
      let added = try await test.form(path + "/add", "text=DK-10001")
      #expect(try await test.page(added.headers[.location]).description.contains("acceptedWithNote"))
      let stock = try await test.form(path + "/add", "text=DK-10002")
      #expect(stock.status == .conflict && stock.description.contains("data-result=\"refused\""))
      #expect(stock.description.contains("only what is retired leaves"))
      let twice = try await test.form(path + "/add", "text=DK-10001")
      #expect(twice.status == .ok && twice.description.contains("data-result=\"duplicate\""))
      let unknown = try await test.form(path + "/add", "text=%3Cscript%3E")
      #expect(unknown.status == .notFound && unknown.description.contains("data-result=\"unknown\""))
      #expect(!unknown.description.contains("<script>") && unknown.description.contains("&lt;script&gt;"))
      let no = try await test.form(path + "/seal", "seal=SEAL-55&" + Self.second)
      #expect(no.status == .conflict)
      for words in ["Drive D-ONE of DK-10001 has no passing", "value=\"SEAL-55\"", "1 of 1 assets on DO-9"] {
        #expect(no.description.contains(words), "\(words)")
      }
      #expect(!no.description.contains("918273"))
      // That page stands at the address of the act: asked for anew, it is the order's.
      #expect(try await test.page(path + "/seal").headers[.location] == path)
      let empty = try await upload(path, "", test)
      #expect(empty.status == .unprocessableContent && empty.description.contains("No list was chosen"))
    }
  }

  @Test("a page that shows an earlier state does nothing to the order as it is now")
  func stale() async throws {
    try await DisposalUnderTest.run { test in
      for number in 1...2 { try await test.retired(number) }
      try await test.add(1)
      #expect(try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness]).status == .ok)
      // The page of a draft is still open on another screen.
      let late = try await test.form("/disposals/DO-9/add", "text=DK-10002")
      #expect(late.status == .conflict && late.description.contains("DO-9 is sealed"))
      let same = try await test.form("/disposals/DO-9/add", "text=DK-10001")
      #expect(same.status == .conflict)
      #expect(try await test.standings() == ["ready"], "nothing was loaded by it")
    }
  }

  @Test("a scan that a page has kept is taken from nobody but who made it")
  func keptScan() async throws {
    try await DisposalUnderTest.run { test in
      try await test.retired(1)
      func scan(as who: SignedIn) async throws -> APIAnswer {
        try await test.api.ask(
          .post, "/disposals/DO-9/add", as: who, bytes: Array("text=DK-10001".utf8),
          headers: [
            .contentType: "application/x-www-form-urlencoded",
            .custodyOperator: test.api.dana.person.id.description,
          ])
      }
      try await scan(as: test.api.lee).expectProblem(.conflict, "access.otherPerson")
      #expect(try await test.standings().isEmpty)
      #expect(try await scan(as: test.api.dana).status == .seeOther)
      #expect(try await test.standings() == ["ready"])
    }
  }

  @Test("a link to what was done tells nothing that is not so any longer")
  func oldLink() async throws {
    try await DisposalUnderTest.run { test in
      let id = try await test.retired(1)
      try await test.add(1)
      #expect(
        try await test.page("/disposals/DO-9?did=add&asset=\(id)").description.contains("data-result=\"accepted\""))
      let line = try await test.form("/disposals/DO-9/remove", "asset=\(id)")
      #expect(line.status == .seeOther)
      for query in ["did=add&asset=\(id)", "did=seal", "did=close", "did=load&asset=\(id)", "did=%00"] {
        #expect(try await !test.page("/disposals/DO-9?" + query).description.contains("data-result"), "\(query)")
      }
    }
  }

  @Test("who may only look sees no field and no button; nothing is at an act that there is not")
  func onlyLooks() async throws {
    try await DisposalUnderTest.run { test in
      let page = try await test.api.ask(.get, "/disposals/DO-9", as: test.api.vic, headers: [.accept: "text/html"])
      #expect(page.status == .ok && !page.description.contains("action=\"/disposals/"), "\(page)")
      #expect(page.description.contains("disposal operator"))
      #expect(try await test.form("/disposals/DO-9/explode", "").status == .notFound)
      #expect(try await test.form("/disposals/DO-404/add", "text=X").status == .notFound)
      let foreign = try await test.api.ask(
        .post, "/disposals/DO-9/close", as: test.api.dana,
        headers: [.secFetchSite: "cross-site", .contentType: "application/x-www-form-urlencoded"])
      try foreign.expectProblem(.forbidden, "access.crossSite")
    }
  }

  @Test("the manifest is the order's paper: its seal, its vehicle and the two people who sealed it")
  func paper() async throws {
    try await DisposalUnderTest.run { test in
      try await test.departed(2)
      let paper = try await test.api.core.store.read { snapshot in
        try test.api.core.documents(snapshot, for: test.api.dana).manifest(
          PalletManifest(PalletManifest.Scope(order: "DO-9"), in: snapshot))
      }
      let values = try #require(paper?.values)
      #expect(values.lists["items"]?.map { $0["tag"] } == ["DK-10001", "DK-10002"])
      for (field, value) in [
        ("order", "DO-9"), ("seal", "S-1"), ("vehicle", "B-GC 2047"), ("sealedBy", "Dana"), ("witness", "Kim"),
        ("vendor", "GreenCycle GmbH"), ("route", "recycled"), ("handedOverBy", "Dana"),
      ] { #expect(values.fields[field] == value, "\(field) is \(values.fields[field] ?? "missing")") }
      let pdf = try await test.api.get("/manifest.pdf?order=DO-9")
      #expect(pdf.bytes.starts(with: Array("%PDF".utf8)), "\(pdf)")
      #expect(try await test.page("/manifest?order=DO-9").description.contains("/disposals/DO-9"))
    }
  }
}
