import Custody
import CustodyLedger
import Logging
import StationStore
import Testing

@testable import Station

@Suite("Labels of what was received") struct OwedLabelTests {
  private static var onReceive: StationOptions {
    var options = StationOptions(usb: false)
    options.labelOnReceive = PrintingUnderTest.template
    return options
  }

  /// Receives something without a tag at the desk; gives back the asset.
  private func receive(_ serial: String, at core: StationCore, by who: SignedIn) async throws -> AssetID {
    core.desk.operatorToken = who.token
    if try await core.deskSession() == nil {
      let facts: CanonicalJSON = ["manufacturer": "Acme", "model": "M1", "category": "dock"]
      let work = WorkSession(
        workflow: .receive, details: ["location": "HQ-A", "blindReason": "gift", "facts": facts])
      _ = try await core.openSession(work, by: who, desk: core.desk.name)
    }
    var scan = Scan(raw: Array(serial.utf8), source: .symbol, device: "05e0:1200/1-2")
    scan.identifierKind = .serial
    try await core.deskScan(scan)
    let received = try #require(core.desk.lastOutcome)
    #expect(received.result == .accepted, "\(received.sentence ?? "")")
    return try #require(received.asset?.id)
  }

  private func jobs(_ asset: AssetID, _ core: StationCore) async throws -> [LabelJob.State] {
    try await core.store.read { try $0.labelJobs(asset: asset, limit: 9).map(\.state) }
  }

  /// The station as it starts anew on the same data.
  private func restarted(_ test: PrintingUnderTest, _ options: StationOptions) async throws -> StationCore {
    try await StationCore(store: test.api.core.store, options: options, demo: nil, logger: test.api.core.logger)
  }

  @Test("a station that was killed between receipt and order has the label ordered at the next start, once")
  func killed() async throws {
    try await PrintingUnderTest.run(options: Self.onReceive) { test in
      let first = test.api.core
      // Nobody prints yet: the receipt is sealed, its label is not ordered.
      let asset = try await receive("5CG0000001", at: first, by: test.api.kim)
      #expect(try await jobs(asset, first).isEmpty)
      for _ in 0..<3 {
        let core = try await restarted(test, Self.onReceive)
        try await core.orderOwedLabels()
        #expect(try await jobs(asset, core) == [.queued])
      }
      #expect(try await first.store.read { try $0.asset(asset)?.tag } == "AT-00001")
      #expect(try await first.store.read { try $0.owedLabel(of: asset) } == nil)
    }
  }

  @Test("two that order at once order one label")
  func twice() async throws {
    try await PrintingUnderTest.run(options: Self.onReceive) { test in
      let core = test.api.core
      let asset = try await receive("5CG0000002", at: core, by: test.api.kim)
      async let one: Void = core.orderOwedLabels()
      async let two: Void = core.orderOwedLabels()
      _ = try await (one, two)
      #expect(try await jobs(asset, core) == [.queued])
      #expect(try await core.store.read { try $0.owedLabel(of: asset) } == nil)
    }
  }

  @Test(
    "a label that is refused stays owed, the desk and the asset's page say why, and it is ordered once that is mended")
  func refused() async throws {
    var options = Self.onReceive
    options.labelOnReceive = "asset-tag-100x50-code128"
    try await PrintingUnderTest.run(options: options) { [options] test in
      let core = test.api.core
      let asset = try await receive("5CG0000003", at: core, by: test.api.kim)
      try await core.orderOwedLabels()
      let owed = try #require(try await core.store.read { try $0.owedLabel(of: asset) })
      #expect(owed.refusal?.code == "label.printer.none")
      for page in ["/desk", "/assets/\(asset)", "/printers"] {
        let shown = try await test.api.get(page, as: test.api.kim).description
        #expect(shown.contains("Label not printed: No printer has labels of 100 × 50 mm"), "\(page)")
      }
      // Nobody tries by itself again and again.
      try await core.orderOwedLabels()
      #expect(try await jobs(asset, core).isEmpty)
      // Tried again without anything mended it is refused again; after a restart it still is known.
      #expect(try await test.api.ask(.post, "/printers/owed", as: test.api.vic).status.code >= 400)
      #expect(try await test.api.ask(.post, "/printers/owed", as: test.api.kim).status.code < 400)
      let again = try await restarted(test, options)
      try await again.orderOwedLabels()
      #expect(try await core.store.read { try $0.owedLabel(of: asset) }?.refusal?.code == "label.printer.none")
      // Mended: the printer is given that size.
      try await test.setUp("desk", labels: ["100x50+3"])
      try await core.orderOwedLabels()
      #expect(try await jobs(asset, core) == [.queued])
      #expect(try await core.store.read { try $0.owedLabel(of: asset) } == nil)
      #expect(try await !test.api.get("/desk", as: test.api.kim).description.contains("Label not printed"))
    }
  }

  @Test("a label that somebody prints by hand is owed no longer; nor is that of a receipt that was taken back")
  func settledOtherwise() async throws {
    var options = Self.onReceive
    options.labelOnReceive = "asset-tag-100x50-code128"
    try await PrintingUnderTest.run(options: options) { test in
      let core = test.api.core
      let byHand = try await receive("5CG0000004", at: core, by: test.api.kim)
      try await core.orderOwedLabels()
      try await test.order(byHand.description) { $0.newTag = true }
      #expect(try await core.store.read { try $0.owedLabel(of: byHand) } == nil)
      let takenBack = try await receive("5CG0000005", at: core, by: test.api.kim)
      let session = try #require(try await core.deskSession()?.0.id)
      _ = try await core.undo(in: session, by: test.api.kim)
      try await core.orderOwedLabels()
      #expect(try await core.store.read { try $0.owedLabel(of: takenBack) } == nil)
      #expect(try await jobs(takenBack, core).isEmpty)
    }
  }

  @Test("what was received while no label was to be printed gets none when that is set later")
  func setLater() async throws {
    try await PrintingUnderTest.run { test in
      let asset = try await receive("5CG0000006", at: test.api.core, by: test.api.kim)
      let core = try await restarted(test, Self.onReceive)
      try await core.orderOwedLabels()
      #expect(try await jobs(asset, core).isEmpty)
      #expect(try await core.store.read { try $0.owedLabels(refused: false, limit: 9).isEmpty })
    }
  }
}

@Suite("Labels and printers on their pages") struct LabelPageTests {
  @Test(
    "what is printed from a template's page with the tag of an asset stands in its custody; again it wants a reason")
  func page() async throws {
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("DK-00001")
      let path = "/labels/\(PrintingUnderTest.template)/print"
      func print(_ form: String) async throws -> APIAnswer {
        try await test.api.ask(
          .post, path, as: test.api.kim, bytes: Array(form.utf8),
          headers: [.contentType: "application/x-www-form-urlencoded"])
      }
      let first = try await print("field-tag=DK-00001&copies=1")
      #expect(first.headers[.location] == "/assets/\(id)#label", "\(first)")
      try await test.printing {
        let job = try #require(try await test.api.core.labelJobs(limit: 1).first)
        _ = try await test.until(job.id, is: .printed)
      }
      #expect(try await test.labelEvents(id).map(\.purpose) == [.first])
      let again = try await print("field-tag=DK-00001&copies=1")
      #expect(again.status == .ok && again.description.contains("It is not said why"), "\(again)")
      #expect(try await print("field-tag=DK-00001&copies=1&reason=Torn").status.kind == .redirection)
      // A number that no asset has is printed, and no more.
      let free = try await print("field-tag=XX-00009&copies=1")
      #expect(free.headers[.location] == "/printers", "\(free)")
      let jobs = try await test.api.core.labelJobs(limit: 3)
      #expect(jobs.map { $0.asset?.description } == [nil, id, id])
    }
  }

  @Test("a printer is asked how it is while somebody looks at its page, every ten seconds at most")
  func looked() async throws {
    try await PrintingUnderTest.run { test in
      let core = test.api.core
      try await test.printing {
        _ = try await eventually("it was asked at the start") {
          try await core.printerState("desk").state == .ready ? true : nil
        }
        test.printer.change { $0.conditions = [.mediaOut] }
        test.api.clock.advance(seconds: 9)
        _ = try await test.api.get("/printers", as: test.api.kim)
        #expect(!core.printers.takeLook(at: "desk"), "it said so nine seconds ago")
        test.api.clock.advance(seconds: 1)
        _ = try await test.api.get("/printers", as: test.api.kim)
        let state = try await eventually("it was asked again") {
          let state = try await core.printerState("desk")
          return state.state == .blocked ? state : nil
        }
        #expect(state.words == "the labels have run out")
      }
    }
  }
}
