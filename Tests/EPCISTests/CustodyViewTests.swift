import Custody
import SyncTestSupport
import TamperEvidence
import Testing

@testable import EPCIS

/// What custody events become in EPCIS: the table of docs/epcis.md.
@Suite struct CustodyViewTests {
  private func view(_ life: SampleLife) -> [EPCISHistory.Viewed] {
    var byAsset: [AssetID: [EPCISHistory.Recorded]] = [:]
    for event in life.events {
      byAsset[event.asset, default: []].append(
        .init(event: event, entry: EntryHash(of: Array("\(event.eventID)".utf8))))
    }
    let views = byAsset.values.flatMap { EPCISHistory($0).events }
    return views.sorted { $0.source.seq < $1.source.seq }
  }

  @Test func `every verb has its action, step and disposition`() throws {
    let views = view(try SampleLife.whole())
    #expect(Set(views.map(\.source.verb)) == Set(Verb.allCases))
    // Written by hand after the design and CBV 2.0; `*` is a step of our own.
    let wanted: [Verb: Set<String>] = [
      .expect: ["OBSERVE *announcing -"], .register: ["ADD commissioning available", "ADD commissioning inactive"],
      .amend: ["OBSERVE *amending available"], .bind: ["ADD commissioning active"],
      .unbind: ["DELETE decommissioning inactive"], .attach: ["ADD installing available"],
      .detach: ["DELETE removing available"], .receive: ["OBSERVE receiving in_progress"],
      .deploy: ["OBSERVE *deploying active"], .transfer: ["OBSERVE *transferring active"],
      .return: ["OBSERVE receiving returned"], .triage: ["OBSERVE inspecting inactive"],
      .repairOut: ["OBSERVE repairing unavailable"], .repairIn: ["OBSERVE receiving unavailable"],
      .ship: ["OBSERVE shipping in_transit"], .arrive: ["OBSERVE arriving inactive"],
      .retire: ["OBSERVE *retiring inactive"], .sanitize: ["OBSERVE *sanitizing inactive"],
      .dispose: ["DELETE destroying destroyed", "OBSERVE shipping disposed", "OBSERVE shipping inactive"],
      .declareMissing: ["OBSERVE *declaring_missing unknown"], .found: ["OBSERVE *finding unavailable"],
      // The event that it takes back, declared to be an error.
      .correct: ["ADD commissioning active"], .label: ["OBSERVE encoding available"],
      .proveLabel: ["OBSERVE inspecting available"], .settle: ["OBSERVE *settling disposed"],
    ]
    var found: [Verb: Set<String>] = [:]
    for view in views {
      let event = view.event
      let step = event.step.map { ($0.isOwn ? "*" : "") + $0.word } ?? "-"
      found[view.source.verb, default: []].insert(
        "\(event.action.rawValue) \(step) \(event.disposition?.word ?? "-")")
    }
    for verb in Verb.allCases { #expect(found[verb] == wanted[verb], "\(verb)") }
  }

  @Test func `an asset goes by the first GS1 key that it carries then, else by its own id`() throws {
    let life = try SampleLife.whole()
    let views = view(life)
    func names(_ verb: Verb) -> [EPCISEvent.What] { views.filter { $0.source.verb == verb }.map(\.event.what) }
    let laptop = EPCISNames.asset(life.events[0].asset)
    let key = "https://id.gs1.org/8004/0614141A%2F42"
    #expect(names(.receive) == [.objects([laptop])])
    // A mark of its own; the correction declares the first again.
    #expect(
      names(.bind) == [
        .objects(["urn:custody:mark:tag:AT-00042"]), .objects([key]),
        .objects(["https://id.gs1.org/8004/06141415678"]),
      ])
    #expect(names(.correct) == [.objects(["urn:custody:mark:tag:AT-00042"])])
    #expect(names(.deploy) == [.objects([key]), .objects([key])])
    #expect(names(.unbind) == [.objects([key])])
    // With the first key taken off, the tag's counts.
    #expect(names(.settle) == [.objects(["https://id.gs1.org/8004/06141415678"])])
    #expect(
      names(.attach) == [.association(parent: laptop, children: [EPCISNames.asset(life.events[7].asset)])])
  }

  @Test func `what an event is called does not change with events that come later or beside it`() throws {
    var life = try SampleLife()
    let asset = life.newAsset()
    let facts = AssetFacts()
    let first = life.add(
      .register(
        RegisterDetails(
          facts: facts, identifiers: [.init(.tag, "AT-1")], state: .inStock, source: .declared(reason: "-"))),
      asset, to: Standing(state: .inStock))
    life.add(.amend(AmendDetails(set: facts, reason: "-")), asset, to: Standing(state: .inStock))
    let before = view(life).map(\.event)
    life.add(
      .bind(BindDetails(identifier: .init(.giai, "06141419"))), asset, to: Standing(state: .inStock), after: first)
    let beside = life.add(.amend(AmendDetails(set: facts, reason: "-")), asset, to: Standing(state: .inStock))
    let after = view(life).map(\.event)
    #expect(Array(after.prefix(2)) == before)
    #expect(after[3].what == .objects(["https://id.gs1.org/8004/06141419"]), "\(beside)")
  }

  @Test func `events in any order, twice, in a circle or without the one before are viewed all the same`() throws {
    var life = try SampleLife()
    let asset = life.newAsset()
    let here = Standing(state: .inStock)
    let one = life.add(.bind(BindDetails(identifier: .init(.giai, "06141419"))), asset, to: here)
    let two = life.add(.amend(AmendDetails(set: AssetFacts(), reason: "-")), asset, to: here)
    var events = life.events
    events[0].prior = Prior(head: two, version: 2)
    func views(_ events: [CustodyEvent]) -> [EPCISEvent] {
      EPCISHistory(events.map { .init(event: $0, entry: .zero) }).events.map(\.event)
    }
    #expect(views(events).count == 2)
    #expect(views(Array(life.events.reversed())) == views(life.events).reversed())
    #expect(views(life.events + life.events).count == 4)
    #expect(views([life.events[1]])[0].what == .objects([EPCISNames.asset(asset)]), "\(one)")
  }

  @Test func `ten thousand events of one asset are viewed in a moment`() throws {
    var life = try SampleLife()
    let asset = life.newAsset()
    for _ in 0..<10_000 {
      life.add(.amend(AmendDetails(set: AssetFacts(), reason: "-")), asset, to: Standing(state: .inStock))
    }
    #expect(view(life).count == 10_000)
  }

  @Test func `marks that GS1's rules refuse are texts of their own`() {
    for mark in [
      BoundIdentifier(.giai, "(8004)"), .init(.grai, "(8003)00614141123452"), .init(.gtinSerial, "(01)123"),
      .init(.epc, "urn:epc:raw:96.xFFFFFFFFFFFFFFFFFFFFFFFF"), .init(.epc, "not hex"), .init(.epc, ""),
      .init(.tag, "AT-1"), .init(.serial, "(8004)06141415678"),
    ] {
      #expect(EPCISNames.gs1(mark) == nil, "\(mark)")
      #expect(EPCISNames.name(of: mark).hasPrefix("urn:custody:mark:\(mark.kind.rawValue):"))
    }
    // GS1 EPC Tag Data Standard 1.13, appendix E.3.
    #expect(
      EPCISNames.gs1(.init(.epc, "3074257BF7194E4000001A85")) == "https://id.gs1.org/01/80614141123458/21/6789")
    #expect(
      EPCISNames.gs1(.init(.epc, "urn:epc:tag:sgtin-96:3.0614141.812345.6789"))
        == EPCISNames.gs1(.init(.gtinSerial, "(01)80614141123458(21)6789")))
    #expect(
      EPCISNames.gs1(.init(.grai, "(8003)006141411234525678")) == "https://id.gs1.org/8003/006141411234525678")
  }

  @Test func `nothing that a person wrote or is called goes out`() throws {
    let text = String(
      decoding: EPCISDocument.bytes(of: view(try SampleLife.whole()).map(\.event), createdAt: Instant(milliseconds: 0)),
      as: UTF8.self)
    for word in [
      "typing error", "not at the desk", "damaged", "it is gone", "there before", "new hinge", "NVMe Sanitize",
    ] {
      #expect(!text.contains(word), "\(word)")
    }
    #expect(text.contains("urn:uuid:\(SampleLife.person(5))"))
  }
}
