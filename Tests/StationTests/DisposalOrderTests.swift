import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("Disposal orders") struct DisposalOrderTests {
  @Test(
    "an order's whole life makes one ship and one dispose for each asset, with order, seal, vehicle, certificate and witness"
  )
  func wholeLife() async throws {
    try await DisposalUnderTest.run { test in
      var ids: [String] = []
      for number in 1...3 { ids.append(try await test.retired(number)) }
      for number in 1...3 { #expect(try await test.add(number).text("result") == "accepted") }
      #expect(try await test.add(2).text("result") == "duplicate")
      #expect(try await test.standings() == ["ready", "ready", "ready"])
      let sealed = try await test.act("seal", ["seal": "SEAL-7", "witness": DisposalUnderTest.witness])
      try #require(sealed.status == .ok, "\(sealed)")
      #expect(try sealed.text("state") == "sealed")
      // By its serial number, too.
      #expect(
        try await test.api.post(test.order + "/loads", ["text": "SN-1"], as: test.api.dana).text("name") == "DK-10001")
      for number in 2...3 { #expect(try await test.load(number).status == .ok) }
      let sequence = test.api.core.store.head.seq
      let left = try await test.act("depart", ["carrier": "Rhein Spedition", "vehicle": "B-GC 2047"])
      try #require(left.status == .ok, "\(left)")
      #expect(test.api.core.store.head.seq == sequence + 3)
      for id in ids {
        let ship = try #require(try await test.events(id).last)
        #expect(ship[path: "event.type"]?.text == "ship")
        let details = try #require(ship[path: "event.details"])
        #expect(details[path: "order"]?.text == "DO-9" && details[path: "carrier"]?.text == "Rhein Spedition")
        #expect(
          details[path: "sealNumber"]?.text == "SEAL-7" && details[path: "destination"]?.text == "GreenCycle GmbH")
        #expect(details[path: "contents"] == [])
        guard case .array(let readings)? = ship[path: "event.readings"] else {
          Issue.record("no reading")
          return
        }
        #expect(readings.count == 1, "the scan onto the vehicle stands in the event")
      }

      let matched = try await test.list(
        "Serial Number;Asset Tag;Certificate\nsn-1;;GC-1\n SN-2 ;DK-10002;GC-1\nSN-9;;GC-1\n")
      try #require(matched.status == .ok, "\(matched)")
      #expect(try await test.standings() == ["listed", "listed", "missing"])
      #expect(try matched.items("unlisted").map { $0[path: "serial"]?.text } == ["SN-9"])
      let signed = try await test.act("confirm", ["witness": DisposalUnderTest.witness])
      try #require(signed.status == .ok, "\(signed)")
      #expect(try await test.standings() == ["confirmed", "confirmed", "missing"])
      for id in ids.prefix(2) {
        let event = try #require(try await test.events(id).last)
        #expect(event[path: "event.type"]?.text == "dispose")
        #expect(event[path: "event.witness"]?.text == test.api.kim.person.id.description)
        let details = try #require(event[path: "event.details"])
        #expect(details[path: "certificate"]?.text == "GC-1" && details[path: "vendor"]?.text == "GreenCycle GmbH")
        #expect(details[path: "vehicle"]?.text == "B-GC 2047, seal SEAL-7" && details[path: "route"]?.text == "recycle")
        guard case .array(let files)? = event[path: "event.evidence"] else {
          Issue.record("no evidence")
          return
        }
        #expect(files.first?[path: "role"]?.text == "recyclerList")
      }
      // The third stays in transit, and keeps the order open.
      #expect(try await test.api.get("/api/v1/assets/\(ids[2])").text("state") == "inTransit")
      try await test.act("close").expectProblem(.forbidden, "disposal.close.missing")
      _ = try await test.list("serial\nSN-3\n")
      #expect(
        try await test.act("confirm", ["certificate": "GC-2", "witness": DisposalUnderTest.witness]).status == .ok)
      #expect(
        try await test.api.get(test.order).items("lines").map { $0[path: "certificate"]?.text } == [
          "GC-1", "GC-1", "GC-2",
        ])
      let closed = try await test.act("close")
      #expect(try closed.text("state") == "closed", "\(closed)")
    }
  }

  @Test("sealing is refused with each asset and each drive by name, and goes once they are wiped")
  func gates() async throws {
    try await DisposalUnderTest.run { test in
      let facts: CanonicalJSON = [
        "manufacturer": "HP", "model": "840", "category": "laptop",
        "media": [["serial": "D-ONE"], ["serial": "D-TWO"]],
      ]
      try await test.thing(1, "retired", facts)
      try await test.thing(2, "retired", ["manufacturer": "HP", "model": "840", "category": "laptop"])
      try await test.retired(3)
      for number in 1...3 { #expect(try await test.add(number).status == .ok) }
      #expect(try await test.standings() == ["hindered", "hindered", "ready"])
      let body: CanonicalJSON = ["seal": "S-1", "witness": DisposalUnderTest.witness]
      let no = try await test.act("seal", body)
      try no.expectProblem(.conflict, "disposal.seal.hindered")
      let found = try no.items("hindrances").map {
        "\($0[path: "name"]?.text ?? "") \($0[path: "code"]?.text ?? "") \($0[path: "drive"]?.text ?? "")"
      }
      #expect(
        found == [
          "DK-10001 disposal.line.mediumNotSanitized D-ONE", "DK-10001 disposal.line.mediumNotSanitized D-TWO",
          "DK-10002 disposal.line.mediaUnknown ",
        ])
      let wiping = try await test.api.open("sanitize", as: test.api.dana)
      try await test.api.second(test.api.lee, as: .witness, in: wiping, beside: test.api.dana)
      for drive in ["D-ONE", "D-TWO"] {
        let record: CanonicalJSON = [
          "medium": ["serial": .string(drive)], "requested": "purge", "achieved": "purge", "technique": "NVMe Sanitize",
          "tool": "nvme-cli", "verificationMethod": "full read", "verification": "passed", "result": "passed",
        ]
        #expect(
          try await test.api.scan("DK-10001", "sanitize", ["record": record], as: test.api.dana, in: wiping).status
            == .ok)
      }
      #expect(try await test.standings() == ["ready", "hindered", "ready"])
      let id = try await test.api.get(test.order).items("lines")[1][path: "asset"]?.text ?? ""
      #expect(try await test.api.ask(.delete, test.order + "/assets/\(id)", as: test.api.dana).status == .ok)
      #expect(try await test.act("seal", body).text("state") == "sealed")
    }
  }

  @Test("a drive without a record is named by maker, model and serial: by the API, on the page and at the desk")
  func drivesByName() async throws {
    try await DisposalUnderTest.run { test in
      try await test.thing(
        1, "retired",
        [
          "manufacturer": "HP", "model": "840", "category": "laptop",
          "media": [["serial": "S4EV1", "manufacturer": "Samsung", "model": "MZVL2512HCJQ"]],
        ])
      let sentence = "Drive Samsung MZVL2512HCJQ S4EV1 of DK-10001 has no passing sanitization record."
      _ = try await test.add(1)
      let no = try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness])
      #expect(try no.text("detail").hasSuffix(sentence), "\(no)")
      #expect(try no.items("hindrances").map { $0[path: "detail"]?.text } == [sentence])
      let page = try await test.form(
        "/disposals/DO-9/seal", "seal=S-1&badge=CUSTODY%3ABADGE%3Atok-kim-second&pin=918273")
      #expect(page.description.contains("may not leave yet: DK-10001. " + sentence), "\(page)")
      let desk = try await test.api.scan(
        "DK-10001", "ship", ["carrier": "R", "destination": "GreenCycle", "order": "OTHER-1"], as: test.api.dana)
      #expect(try desk.text("detail") == sentence, "\(desk)")
    }
  }

  @Test("only what is retired goes on; unknown codes and labels of other things are told and kept")
  func scans() async throws {
    try await DisposalUnderTest.run { test in
      try await test.retired(1, "inStock")
      let no = try await test.add(1)
      try no.expectProblem(.conflict, "disposal.line.notRetired")
      #expect(try no.text("remedy").contains("Retire"))
      func scan(_ text: String) async throws -> APIAnswer {
        try await test.api.post(test.order + "/assets", ["text": .string(text)], as: test.api.dana)
      }
      try await scan("WX-99871").expectProblem(.notFound, "scan.unknown")
      try await scan("CUSTODY:LOC:HQ-A").expectProblem(.unprocessableContent, "disposal.scan.notAsset")
      try await scan("CUSTODY:BADGE:" + APIUnderTest.robsBadge).expectProblem(
        .unprocessableContent, "disposal.scan.notAsset")
      try await scan("").expectProblem(.unprocessableContent, "identifier.empty")
      let readings = try await test.api.get("/api/v1/readings?limit=4").items()
      #expect(readings.compactMap { $0[path: "words"]?.text }.allSatisfy { $0.hasSuffix("order DO-9") }, "\(readings)")
      #expect(!String(decoding: try await test.api.get("/api/v1/readings").bytes, as: UTF8.self).contains("cm9icy"))
    }
  }

  @Test(
    "an asset that was changed after it was put on the order is refused at the sealing, at the vehicle and at the departure"
  )
  func changedMeanwhile() async throws {
    try await DisposalUnderTest.run { test in
      try await test.retired(1)
      try await test.retired(2)
      for number in 1...2 { try await test.add(number) }
      func hold(_ holds: Bool, _ number: Int) async throws {
        let answer = try await test.api.scan(
          DisposalUnderTest.tag(number), "amend", ["set": ["legalHold": .bool(holds)], "reason": "case 7"],
          as: test.api.lee)
        #expect(answer.status == .ok, "\(answer)")
      }
      let body: CanonicalJSON = ["seal": "S-1", "witness": DisposalUnderTest.witness]
      try await hold(true, 2)
      let no = try await test.act("seal", body)
      try no.expectProblem(.conflict, "disposal.seal.hindered")
      #expect(try no.items("hindrances").map { $0[path: "code"]?.text } == ["disposal.line.legalHold"])
      try await hold(false, 2)
      #expect(try await test.act("seal", body).status == .ok)
      try await hold(true, 1)
      try await test.load(1).expectProblem(.conflict, "disposal.line.legalHold")
      try await hold(false, 1)
      for number in 1...2 { #expect(try await test.load(number).status == .ok) }
      // No longer retired: its registration is corrected by a manager, and it is gone from the records.
      try await hold(true, 1)
      let sequence = test.api.core.store.head.seq
      try await test.act("depart", ["carrier": "R"]).expectProblem(.conflict, "disposal.depart.hindered")
      #expect(test.api.core.store.head.seq == sequence, "all of it or nothing")
      #expect(try await test.state() == "sealed")
    }
  }

  @Test("an asset that is no longer retired is refused at the sealing")
  func unretired() async throws {
    try await DisposalUnderTest.run { test in
      try await test.api.register("DK-10001", "inStock")
      let retired = try await test.api.scan("DK-10001", "retire", ["reason": "old"], as: test.api.lee)
      let event = try #require(try retired.items("decision.recorded").first?[path: "eventID"])
      #expect(try await test.add(1).status == .ok)
      let back = try await test.api.scan(
        "DK-10001", "correct", ["event": event, "reason": "mistake"], as: test.api.lee)
      #expect(back.status == .ok, "\(back)")
      let no = try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness])
      try no.expectProblem(.conflict, "disposal.seal.hindered")
      #expect(try no.items("hindrances").map { $0[path: "code"]?.text } == ["disposal.line.notRetired"])
    }
  }

  @Test("nobody is their own witness, and a wrong PIN is none")
  func witness() async throws {
    try await DisposalUnderTest.run { test in
      try await test.api.core.store.setCredentials(of: test.api.dana.person.id, badge: "tok-dana", pin: "736455")
      try await test.retired(1)
      try await test.add(1)
      let seal: CanonicalJSON = ["seal": "S-1"]
      try await test.act("seal", seal).expectProblem(.forbidden, "disposal.witnessMissing")
      var own = seal
      own[path: "witness"] = ["badge": "tok-dana", "pin": "736455"]
      try await test.act("seal", own).expectProblem(.forbidden, "access.secondPersonSame")
      var wrong = seal
      wrong[path: "witness"] = ["badge": "tok-kim-second", "pin": "000000"]
      try await test.act("seal", wrong).expectProblem(.forbidden, "access.notRecognised")
      #expect(try await test.state() == "draft")
    }
  }

  @Test("who has no role for it may look and nothing else")
  func roles() async throws {
    try await DisposalUnderTest.run { test in
      try await test.retired(1)
      #expect(try await test.api.get(test.order, as: test.api.vic).status == .ok)
      try await test.api.post(test.order + "/assets", ["text": "DK-10001"], as: test.api.vic)
        .expectProblem(.forbidden, "custody.dispose.role")
      try await test.api.post(test.order + "/depart", as: test.api.vic).expectProblem(.forbidden, "custody.ship.role")
      try await test.api.post(
        DisposalUnderTest.orders, ["route": "recycle", "vendor": "X"], as: test.api.kim
      ).expectProblem(.forbidden, "custody.dispose.role")
      try await test.api.ask(.get, test.order, as: nil).expectProblem(.unauthorized, "access.notSignedIn")
    }
  }

  @Test("two people who close one order at once: one closes it, the other is told that it is closed")
  func closesOnce() async throws {
    try await DisposalUnderTest.run { test in
      try await test.departed(1)
      _ = try await test.list("serial\nSN-1\n")
      #expect(try await test.act("confirm", ["witness": DisposalUnderTest.witness]).status == .ok)
      async let one = test.act("close", as: test.api.dana)
      async let other = test.act("close", as: test.api.lee)
      let answers = try await [one, other]
      #expect(answers.count { $0.status == .ok } == 1)
      let late = try #require(answers.first { $0.status != .ok })
      try late.expectProblem(.conflict, "disposal.close.already")
      let steps = try await test.api.get(test.order).items("steps").compactMap { $0[path: "act"]?.text }
      #expect(steps.count { $0 == "closed" } == 1)
    }
  }

  @Test("two people who confirm at once record each disposal once")
  func confirmsOnce() async throws {
    try await DisposalUnderTest.run { test in
      try await test.departed(2)
      _ = try await test.list("serial\nSN-1\nSN-2\n")
      let sequence = test.api.core.store.head.seq
      async let one = test.act("confirm", ["witness": DisposalUnderTest.witness])
      async let other = test.act("confirm", ["witness": DisposalUnderTest.witness], as: test.api.lee)
      let statuses = try await [one.status, other.status]
      #expect(statuses.count { $0 == .ok } == 1 && statuses.contains(.conflict))
      #expect(test.api.core.store.head.seq == sequence + 2)
    }
  }

  @Test(
    "a departure without all of it says which; what stays is listed as left behind, by whom and when, and may go on another order"
  )
  func leftBehind() async throws {
    try await DisposalUnderTest.run { test in
      for number in 1...3 {
        try await test.retired(number)
        try await test.add(number)
      }
      #expect(try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness]).status == .ok)
      #expect(try await test.load(1)["loaded"] == .integer(1))
      let no = try await test.act("depart", ["carrier": "R"])
      try no.expectProblem(.conflict, "disposal.depart.notLoaded")
      #expect(try no.items("hindrances").map { $0[path: "name"]?.text } == ["DK-10002", "DK-10003"])
      #expect(try await test.act("depart", ["carrier": "R", "leaveBehind": true]).status == .ok)
      #expect(try await test.standings() == ["inTransit", "leftBehind", "leftBehind"])
      let left = try await test.api.get(test.order).items("lines")[1][path: "left"]
      #expect(left?[path: "by"]?.text == test.api.dana.person.id.description && left?[path: "at"]?.text != nil)
      let second = try await test.api.post(
        DisposalUnderTest.orders, ["route": "donate", "vendor": "School"], as: test.api.dana)
      #expect(try second.text("number") == "DO-DESK-1-0002")
      let path = DisposalUnderTest.orders + "/DO-DESK-1-0002/assets"
      #expect(try await test.api.post(path, ["text": "DK-10002"], as: test.api.dana).status == .ok)
      try await test.api.post(path, ["text": "DK-10001"], as: test.api.dana)
        .expectProblem(.conflict, "disposal.line.notRetired")
      // What is on its way on one order goes on no other.
      #expect(try await test.api.get("/manifest?order=DO-9").description.contains("left behind"))
    }
  }

  @Test("an asset goes on one open order; a number that is taken, and one that is none, are refused")
  func oneOrder() async throws {
    try await DisposalUnderTest.run { test in
      try await test.retired(1)
      try await test.add(1)
      let other: CanonicalJSON = ["number": "do-10", "route": "destroy", "vendor": "Shred Ltd"]
      #expect(try await test.api.post(DisposalUnderTest.orders, other, as: test.api.dana).text("number") == "DO-10")
      try await test.api.post(DisposalUnderTest.orders + "/DO-10/assets", ["text": "DK-10001"], as: test.api.dana)
        .expectProblem(.conflict, "disposal.add.otherOrder")
      try await test.api.post(DisposalUnderTest.orders, other, as: test.api.dana)
        .expectProblem(.conflict, "disposal.number.taken")
      for (member, value, code) in [
        ("number", "DO 7/8", "disposal.number"), ("vendor", " ", "disposal.vendor"),
        ("route", "sea", "request.malformed"),
        ("plannedOn", "soon", "request.malformed"),
      ] {
        var body = other
        body[path: "number"] = "DO-11"
        body[path: member] = .string(value)
        try await test.api.post(DisposalUnderTest.orders, body, as: test.api.dana)
          .expectProblem(.unprocessableContent, code)
      }
      for path in ["/DO-99", "/..%2f", "/%20"] {
        #expect(try await test.api.get(DisposalUnderTest.orders + path).status == .notFound, "\(path)")
      }
    }
  }

  @Test("a departure and a confirmation are taken back by corrections that a manager approves; the events stay")
  func takesBack() async throws {
    try await DisposalUnderTest.run { test in
      try await test.departed(2)
      let id = try await test.api.get(test.order).items("lines")[0][path: "asset"]?.text ?? ""
      _ = try await test.list("serial\nSN-1\nSN-2\n")
      #expect(try await test.act("confirm", ["witness": DisposalUnderTest.witness]).status == .ok)
      let back: CanonicalJSON = ["reason": "wrong list", "approver": DisposalUnderTest.manager]
      let first = try await test.act("take-back", back)
      try #require(first.status == .ok, "\(first)")
      #expect(try await test.state() == "departed")
      #expect(try await test.standings() == ["listed", "listed"])
      #expect(try await test.act("take-back", back).status == .ok)
      #expect(try await test.state() == "sealed")
      #expect(try await test.standings() == ["loaded", "loaded"])
      let types = try await test.events(id).compactMap { $0[path: "event.type"]?.text }
      #expect(types == ["register", "ship", "dispose", "correct", "correct"])
      #expect(try await test.act("depart", ["carrier": "R"]).status == .ok)
    }
  }

  @Test(arguments: ["a draft", "sealed", "on its way"])
  func `the desk disposes of nothing under the number of an order that is under way`(_ state: String) async throws {
    try await DisposalUnderTest.run { test in
      let api = test.api
      if state == "on its way" {
        try await test.departed(1)
      } else {
        try await test.retired(1)
        #expect(try await test.add(1).status == .ok)
        if state == "sealed" {
          #expect(try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness]).status == .ok)
        }
      }
      try await test.retired(2)
      let session = try await api.open("dispose", ["order": "do-9", "route": "recycle"], as: api.dana)
      try await api.second(api.lee, as: .witness, in: session, beside: api.dana)
      let before = api.core.store.head.seq
      // What is on the order, and what would be slipped under it.
      for number in 1...2 {
        let refused = try await api.scan(DisposalUnderTest.tag(number), "dispose", as: api.dana, in: session)
        try refused.expectProblem(.conflict, "scan.dispose.underWay")
        #expect(try refused.text("detail").contains("DO-9 is \(state)"))
        #expect(try refused.text("remedy").contains("order's page"))
      }
      #expect(api.core.store.head.seq == before)
      let other = try await api.scan(
        DisposalUnderTest.tag(2), "dispose", ["order": "ELSEWHERE-1"], as: api.dana, in: session)
      #expect(other.status == .ok, "\(other)")
    }
  }

  @Test("a creating call under one key is answered once, and makes one order")
  func idempotent() async throws {
    try await DisposalUnderTest.run { test in
      let body: CanonicalJSON = ["route": "recycle", "vendor": "X"]
      let key: HTTPFields = [.idempotencyKey: "k-1"]
      let one = try await test.api.post(DisposalUnderTest.orders, body, as: test.api.dana, headers: key)
      let two = try await test.api.post(DisposalUnderTest.orders, body, as: test.api.dana, headers: key)
      #expect(one.status == .created && one.bytes == two.bytes)
      #expect(try await test.api.get(DisposalUnderTest.orders).items().count == 2)
    }
  }

  @Test("answers are as they are described, also the refusals")
  func described() async throws {
    try await DisposalUnderTest.run { test in
      try await test.thing(1, "retired", ["manufacturer": "HP", "model": "840", "category": "laptop"])
      let added = try await test.add(1)
      let refused = try await test.act("seal", ["seal": "S", "witness": DisposalUnderTest.witness])
      let hindered = try await test.api.get(test.order)
      let id = try hindered.items("lines")[0][path: "asset"]?.text ?? ""
      _ = try await test.api.ask(.delete, test.order + "/assets/\(id)", as: test.api.dana)
      try await test.departedAfter(2)
      let matched = try await test.list("serial,tag\nSN-2,DK-10002\nXX,\n")
      try APIDescriptionTests.check([
        ("DisposalScan", added), ("Problem", refused), ("DisposalOrder", hindered), ("DisposalOrder", matched),
        ("DisposalOrderPage", try await test.api.get(DisposalUnderTest.orders)),
      ])
    }
  }

  @Test("the lines leave as CSV, which is written down as an export")
  func csv() async throws {
    try await DisposalUnderTest.run { test in
      try await test.departed(1)
      let answer = try await test.api.get(test.order + "/lines.csv")
      #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
      let lines = String(decoding: answer.bytes, as: UTF8.self).split(separator: "\r\n")
      #expect(lines.count == 2)
      #expect(lines[1].hasPrefix("DO-9,DK-10001,SN-1,Acme,M1,dock,In transit,no media,"), "\(lines)")
      let records = try await test.api.core.store.read { try $0.readRecords(limit: 10) }
      #expect(records.contains { $0.what == "document.export" && $0.subject.hasSuffix("/lines.csv") })
    }
  }

  @Test("orders are listed newest first, page by page and by state")
  func lists() async throws {
    try await DisposalUnderTest.run { test in
      for number in 1...3 {
        test.api.clock.advance(seconds: 60)
        _ = try await test.api.post(
          DisposalUnderTest.orders, ["number": .string("DO-2\(number)"), "route": "recycle", "vendor": "X"],
          as: test.api.dana)
      }
      let first = try await test.api.get(DisposalUnderTest.orders + "?limit=2")
      #expect(try first.items().compactMap { $0[path: "number"]?.text } == ["DO-23", "DO-22"])
      let next = try first.text("next")
      let rest = try await test.api.get(DisposalUnderTest.orders + "?limit=5&after=\(next)")
      #expect(try rest.items().compactMap { $0[path: "number"]?.text } == ["DO-21", "DO-9"])
      #expect(try await test.api.get(DisposalUnderTest.orders + "?state=sealed").items().isEmpty)
      #expect(try await test.api.get(DisposalUnderTest.orders + "?state=none").status == .unprocessableContent)
    }
  }
}

extension DisposalUnderTest {
  /// The same from asset 2 on, for an order on which asset 1 was tried.
  fileprivate func departedAfter(_ number: Int) async throws {
    try await retired(number)
    #expect(try await add(number).status == .ok)
    #expect(try await act("seal", ["seal": "S-1", "witness": Self.witness]).status == .ok)
    #expect(try await load(number).status == .ok)
    #expect(try await act("depart", ["carrier": "R"]).status == .ok)
  }
}
