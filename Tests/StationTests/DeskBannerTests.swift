import Custody
import CustodyLedger
import Foundation
import Hummingbird
import Kits
import StationStore
import Testing

@testable import Station

/// The operator looks at the box: the banner says all there is to know of what has just happened.
@Suite("Desk: what the banner says")
struct DeskBannerTests {
  /// Does something as the desk's page does; gives back the page as it is then.
  @discardableResult
  private func act(_ api: APIUnderTest, _ path: String, _ form: String = "", as who: SignedIn? = nil) async throws
    -> String
  {
    let who = who ?? api.kim
    let headers: HTTPFields = [.custodyFragment: "desk", .custodyOperator: who.person.id.description]
    let answer = try await api.ask(.post, path, as: who, bytes: Array(form.utf8), headers: headers)
    try #require(answer.status == .ok, "\(answer)")
    return String(decoding: answer.bytes, as: UTF8.self)
  }

  /// Scans with the desk's scanner.
  @discardableResult
  private func scanner(_ api: APIUnderTest, _ text: String) async throws -> ScanOutcome {
    try await api.core.deskScan(Scan(raw: Array(text.utf8), source: .symbol, device: "05e0:1200/1-2"))
    return try #require(api.core.desk.lastOutcome)
  }

  @Test func `what is handed out or passed on is said with who has it now`() async throws {
    try await APIUnderTest.run { api in
      for number in 1...3 { try await api.register("DK-0000\(number)") }
      try await act(api, "/desk/session", "workflow=deploy")
      #expect(try await scanner(api, "CUSTODY:BADGE:" + APIUnderTest.robsBadge).words == "Recipient: Rob")
      let toRob = try await scanner(api, "DK-00001")
      #expect(toRob.words == "Deployed" && toRob.sentence == "Handed out to Rob.")
      try await act(api, "/desk/details", "recipient.person=&recipient.team=Finance")
      #expect(try await scanner(api, "DK-00002").sentence == "Handed out to Finance.")
      try await act(api, "/desk/details", "recipient.person=&recipient.team=&recipient.place=HQ-B")
      #expect(try await scanner(api, "DK-00003").sentence == "Handed out to Room HQ-B (HQ-B).")
      try await act(api, "/desk/session", "workflow=transfer")
      try await act(api, "/desk/details", "custodian.team=Legal")
      #expect(try await scanner(api, "DK-00002").sentence == "Passed on to Legal.")
    }
  }

  @Test func `the label DEPLOY asks for the badge of who gets it, as long as nobody is named`() async throws {
    try await APIUnderTest.run { api in
      try await act(api, "/desk/session", "workflow=lookup")
      let asked = try await scanner(api, "CUSTODY:CMD:DEPLOY")
      #expect(asked.result == .context && asked.words == "Deploy: scan the badge")
      #expect(asked.remedy == "Scan the badge of who gets it, or choose the person, team or place.")
      try await scanner(api, "CUSTODY:BADGE:" + APIUnderTest.robsBadge)
      let named = try await scanner(api, "CUSTODY:CMD:DEPLOY")
      #expect(named.words == "Deploy: scan now" && named.remedy == nil)
      // The button asks as well.
      try await act(api, "/desk/session", "workflow=return")
      let page = try await act(api, "/desk/session", "workflow=deploy")
      #expect(page.contains("Ready to scan") && page.contains("Scan the badge of who gets it"))
    }
  }

  @Test func `who closes a session by its label is told how many are recorded and what is not, each counted once`()
    async throws
  {
    try await APIUnderTest.run { api in
      for number in 1...3 { try await api.register("DK-0000\(number)", "deployed", custodian: ["team": "Finance"]) }
      try await api.register("DK-00004")
      try await act(api, "/desk/session", "workflow=return")
      try await scanner(api, "CUSTODY:LOC:HQ-A")
      for tag in ["DK-00001", "DK-00002", "DK-00002", "DK-00003"] { try await scanner(api, tag) }
      // Twice refused is one thing that is not recorded; nobody knows the other.
      for text in ["DK-00004", "DK-00004", "4711-X"] { try await scanner(api, text) }
      // What was taken back does not count.
      try await scanner(api, "CUSTODY:CMD:UNDO")
      let closed = try await scanner(api, "CUSTODY:CMD:CLOSE")
      #expect(closed.result == .context && closed.words == "Closed: 2 recorded, 2 not")
      #expect(closed.sentence == "Return · HQ-A. Not recorded: 4711-X, DK-00004.")
      #expect(closed.remedy?.isEmpty == false)
      // The asset of the session before does not lie on the desk any longer.
      #expect(api.core.desk.asset == nil)
      let german = try await api.ask(
        .get, "/desk", as: api.kim, headers: [.accept: "text/html", .acceptLanguage: "de"])
      #expect(german.description.contains("Abgeschlossen: 2 erfasst, 2 nicht"))
      #expect(german.description.contains("Nicht erfasst: 4711-X, DK-00004."))
    }
  }

  @Test func `with nothing open CLOSE closes nothing and opens nothing: it says so, and what to do`() async throws {
    try await APIUnderTest.run { api in
      try await act(api, "/desk/session", "workflow=return")
      let first = try await act(api, "/desk/close")
      #expect(first.contains("Closed: nothing recorded") && first.contains(#"data-result="accepted""#))
      let sequence = api.core.store.head.seq
      let again = try await scanner(api, "CUSTODY:CMD:CLOSE")
      #expect(again.result == .refused && again.code == "session.close.nothing" && again.words == "Nothing is open")
      #expect(again.remedy == "Choose what to do, or scan a command label.")
      #expect(try await api.core.deskSession() == nil && api.core.store.head.seq == sequence)
      let button = try await act(api, "/desk/close")
      #expect(button.contains("Nothing is open") && button.contains(#"data-result="refused""#))
    }
  }

  @Test func `a triage asks for a manager only where it retires, and says in a sentence what nobody has said`()
    async throws
  {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "quarantined")
      let asks = #"id="second-approver""#
      let begun = try await act(api, "/desk/session", "workflow=triage")
      #expect(!begun.contains(asks))
      let refused = try await scanner(api, "DK-00001")
      #expect(refused.code == "scan.detail.missing")
      #expect(refused.sentence == "Nobody has said where it goes from here: to stock, to repair, or retired.")
      #expect(refused.remedy == "Fill in Goes to; then scan again.")
      #expect(try await !act(api, "/desk/details", "outcome=inStock&grade=A").contains(asks))
      #expect(try await act(api, "/desk/details", "outcome=retired&grade=C").contains(asks))
      #expect(try await !act(api, "/desk/details", "outcome=inRepair&grade=C").contains(asks))
      // Retiring is what it is about in the other act.
      try await act(api, "/desk/close")
      #expect(try await act(api, "/desk/session", "workflow=retire", as: api.dana).contains(asks))
    }
  }

  @Test func `the folded details show each value that holds for the next scan`() async throws {
    try await APIUnderTest.run { api in
      func held(_ label: String, _ value: String, isTyped: Bool = true) -> String {
        #"<span class="held"><i>\#(label)</i> <b\#(isTyped ? #" translate="no""# : "")>\#(value)</b></span>"#
      }
      try await act(api, "/desk/session", "workflow=triage")
      let triage = try await act(
        api, "/desk/details", "outcome=inRepair&grade=B&vendor=Fixit&location=HQ-A&sanitizationRequired=no")
      let folded = try #require(triage.split(separator: "<summary>").first { $0.contains("Triage: details") })
      let line = try #require(folded.firstRange(of: "</summary>").map { folded[..<$0.lowerBound] })
      #expect(line.contains("<span>HQ-A</span>"))
      #expect(
        line.contains(held("Goes to", "Repair", isTyped: false)) && line.contains(held("Grade", "B", isTyped: false)))
      #expect(line.contains(held("Repair vendor", "Fixit")))
      #expect(line.contains(held("Wipe required", "No", isTyped: false)))
      // The place stands there once.
      #expect(line.ranges(of: "HQ-A").count == 1)
      for (workflow, form, shown) in [
        (
          "ship", "carrier=DHL&trackingNumber=T-1&sealNumber=S-9&destination=Fixit%20GmbH",
          [
            held("Carrier", "DHL"), held("Tracking number", "T-1"), held("Seal number", "S-9"),
            held("Address", "Fixit GmbH"),
          ]
        ),
        (
          "repairOut", "vendor=Fixit&rma=R-77&mediaPresent=yes",
          [held("Vendor", "Fixit"), held("RMA number", "R-77"), held("Drives go along", "Yes", isTyped: false)]
        ),
        ("transfer", "custodian.team=Legal", [held("Team", "Legal")]),
        (
          "deploy", "recipient.place=HQ-B&expectedReturn=2026-05-01",
          [held("Place", "HQ-B"), held("Loan until", "2026-05-01")]
        ),
      ] {
        try await act(api, "/desk/session", "workflow=" + workflow)
        let page = try await act(api, "/desk/details", form)
        for one in shown { #expect(page.contains(one), "\(workflow)") }
      }
    }
  }

  /// Rob signs, as the page sends it.
  private func sign(_ api: APIUnderTest) async throws -> String {
    let drawn: String? = "data:image/png;base64," + HandOverTests.line
    return try await act(api, "/desk/sign", String(DeskPages.query([("picture", drawn)]).dropFirst()))
  }

  @Test func `what was refused for want of a word stands there no longer once it is given`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      try await act(api, "/desk/session", "workflow=deploy")
      try await act(api, "/desk/details", "recipient.person=\(api.rob.id)")
      let refused = try await scanner(api, "DK-00001")
      #expect(refused.code == "custody.deploy.acknowledgementMissing")
      #expect(try await api.page("/desk", as: api.kim).contains("has not acknowledged it"))
      let signed = try await sign(api)
      #expect(!signed.contains("has not acknowledged it") && signed.contains("Signed: Rob"))
      #expect(signed.contains("Scan DK-00001 again."))
      #expect(try await scanner(api, "DK-00001").words == "Deployed")
    }
  }

  @Test func `a word that arrives from elsewhere is shown at the desk as well`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      try await act(api, "/desk/session", "workflow=deploy")
      try await act(api, "/desk/details", "recipient.person=\(api.rob.id)")
      try await scanner(api, "DK-00001")
      let session = try #require(try await api.core.deskSession()?.0.id)
      let signed = try await api.post(
        "/api/v1/sessions/\(session)/acknowledgement", ["signature": .string(HandOverTests.line)], as: api.kim)
      try #require(signed.status == .ok, "\(signed)")
      let shown = try await api.page("/desk", as: api.kim)
      #expect(shown.contains("Signed: Rob") && !shown.contains("has not acknowledged it"))
    }
  }

  @Test func `a detail that was missing is asked for until it is set, and no longer`() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      try await act(api, "/desk/session", "workflow=deploy")
      let refused = try await scanner(api, "DK-00001")
      #expect(refused.sentence == "Deploy needs: Recipient." && refused.lacks == "recipient")
      // Another detail is no answer to it.
      #expect(try await act(api, "/desk/details", "expectedReturn=2026-05-01").contains("Deploy needs: Recipient."))
      let set = try await act(api, "/desk/details", "recipient.team=Finance")
      #expect(!set.contains("Deploy needs") && set.contains("Details set") && set.contains("Scan DK-00001 again."))
      #expect(try await scanner(api, "DK-00001").words == "Deployed")
    }
  }

  @Test func `a kit that is handed over is named with how many went to whom, and no single thing of it stands there`()
    async throws
  {
    try await APIUnderTest.run { api in
      let code = try #require(KitCode("JOINER"))
      let kit = KitTemplate(
        code: code, title: "Joiner", slots: [KitSlot("Laptop", category: "laptop"), KitSlot("Dock", category: "dock")])
      try await api.core.store.write { try $0.save(kit) }
      try await api.register("LT-00001", category: "laptop")
      let dock = try await api.register("DK-00001")
      try await act(api, "/desk/session", "workflow=deploy")
      for text in ["CUSTODY:KIT:JOINER", "LT-00001", "DK-00001"] { try await scanner(api, text) }
      // The asset beside the banner is the one that was put in last, also once somebody is named.
      #expect(try await scanner(api, "CUSTODY:BADGE:" + APIUnderTest.robsBadge).words == "Recipient: Rob")
      #expect(api.core.desk.asset?.description == dock)
      let handed = try await scanner(api, "CUSTODY:BADGE:" + APIUnderTest.robsBadge)
      #expect(handed.words == "Kit JOINER handed over" && handed.events.count == 2)
      #expect(handed.sentence == "2 things to Rob: LT-00001, DK-00001.")
      #expect(handed.asset == nil && api.core.desk.asset == nil)
      let page = try await api.page("/desk", as: api.kim)
      #expect(page.contains("The asset that you scan is shown here"))
      #expect(!page.contains(#"<p class="result-asset"><code>DK-00001"#))
    }
  }

  @Test func `what was missing when something came back stands in the banner, and marks it`() async throws {
    try await APIUnderTest.run { api in
      for tag in ["DK-00001", "DK-00002"] {
        try await api.register(tag, "deployed", custodian: ["team": "Finance"])
      }
      try await act(api, "/desk/session", "workflow=return")
      try await act(api, "/desk/details", "missingAccessories=charger,%20cable")
      let back = try await scanner(api, "DK-00001")
      #expect(back.words == "Returned" && back.result == .acceptedWithNote)
      #expect(back.sentence == "Missing: charger, cable.")
      let whole = try await scanner(api, "DK-00002")
      #expect(whole.result == .accepted && whole.sentence == nil)
    }
  }
}
