import Custody
import DisposalOrders
import Testing

/// What keeps assets from leaving: every gate by name.
@Suite struct GateTests {
  @Test func `only what is retired goes on an order, and the others are told why and what comes first`() throws {
    for state in LifecycleState.allCases where state != .retired {
      var pallet = try Pallet()
      let no = try #require(pallet.add(Pallet.laptop(1, state)).no)
      #expect(no.refusal.code == "disposal.line.notRetired")
      #expect(no.refusal.sentence.contains("AT-00001") && !no.refusal.remedy.isEmpty)
      #expect(!no.refusal.remedy.contains("off the order"), "it is not on it: \(no.refusal.remedy)")
      #expect(pallet.order.lines.isEmpty)
    }
    var pallet = try Pallet()
    #expect(pallet.add(Pallet.laptop(1, .inTransit)).no?.refusal.remedy.contains("Book its arrival first.") == true)
  }

  @Test func `an asset is on one open order, once, and a part goes with what it is fitted in`() throws {
    var pallet = try Pallet()
    #expect(pallet.add(Pallet.laptop(1)).action == .keep)
    let again = pallet.add(Pallet.laptop(1)).no?.refusal
    #expect(again?.code == "disposal.add.already" && again?.kind == .duplicate)
    let other = pallet.add(Pallet.laptop(2), elsewhere: DisposalNumber("DO-9")).no?.refusal
    #expect(other?.code == "disposal.add.otherOrder" && other?.sentence.contains("DO-9") == true)
    #expect(pallet.add(Pallet.laptop(3), fittedIn: "AT-00001").code == "disposal.line.fitted")
    #expect(pallet.order.lines.count == 1)
  }

  @Test func `no order holds more than its paper has room for`() throws {
    var pallet = try Pallet()
    for number in 1...UInt64(DisposalOrder.mostLines) { _ = pallet.add(Pallet.laptop(number)) }
    #expect(pallet.order.lines.count == DisposalOrder.mostLines)
    #expect(pallet.add(Pallet.laptop(5000)).code == "disposal.add.full")
  }

  @Test func `sealing names each asset and each drive that is in the way, with what to do about it`() throws {
    var pallet = try Pallet()
    _ = pallet.add(Pallet.laptop(1))
    _ = pallet.add(Pallet.laptop(2, media: ["D-A", "D-B", "D-C"], wiped: false))
    var unknown = Pallet.laptop(3)
    unknown.facts.media = nil
    _ = pallet.add(unknown)
    var held = Pallet.laptop(4)
    held.facts.legalHold = true
    _ = pallet.add(held)
    try pallet.change(2) {
      $0.sanitized["D-B"] = SanitizationOutcome(event: Pallet.id(1), method: .purge, passes: true)
      $0.sanitized["D-C"] = SanitizationOutcome(event: Pallet.id(1), method: .clear, passes: false)
    }
    let no = try #require(pallet.seal().no)
    #expect(no.refusal.code == "disposal.seal.hindered")
    #expect(no.refusal.sentence.hasPrefix("3 of 4 assets"))
    #expect(
      no.refusal.sentence.hasSuffix(
        ": AT-00002, AT-00003, AT-00004. Drive D-A of AT-00002 has no passing sanitization record. "
          + "Drive D-C of AT-00002 has no passing sanitization record."))
    let found = no.hindrances.map { "\($0.name) \($0.refusal.code) \($0.drive ?? "")" }
    #expect(
      found == [
        "AT-00002 disposal.line.mediumNotSanitized D-A", "AT-00002 disposal.line.mediumNotSanitized D-C",
        "AT-00003 disposal.line.mediaUnknown ", "AT-00004 disposal.line.legalHold ",
      ])
    #expect(
      no.hindrances.allSatisfy { !$0.refusal.remedy.isEmpty && $0.refusal.sentence.contains($0.drive ?? $0.name) })
    #expect(pallet.order.state == .draft)
  }

  @Test func `a drive without a passing record is named by maker, model and serial in the sentence that people see`()
    throws
  {
    var pallet = try Pallet()
    var laptop = Pallet.laptop(1, wiped: false)
    laptop.facts.media = [
      Medium(serial: "S4EV1", manufacturer: "Samsung", model: "MZVL2512HCJQ"),
      Medium(serial: "S4EV2", manufacturer: "Samsung", model: "Samsung SSD 980 PRO"),
      Medium(serial: "W-3", model: "WD10EZEX"), Medium(serial: "D-4"), Medium(serial: "D-5", manufacturer: "Intel"),
    ]
    _ = pallet.add(laptop)
    let no = try #require(pallet.seal().no)
    #expect(
      no.refusal.sentence
        == "1 of 1 assets on DO-1 may not leave yet: AT-00001. "
        + "Drive Samsung MZVL2512HCJQ S4EV1 of AT-00001 has no passing sanitization record. "
        + "Drive Samsung SSD 980 PRO S4EV2 of AT-00001 has no passing sanitization record. "
        + "Drive WD10EZEX W-3 of AT-00001 has no passing sanitization record. Further drives without one: 2.")
    #expect(no.hindrances.map(\.drive) == ["S4EV1", "S4EV2", "W-3", "D-4", "D-5"])
    #expect(no.hindrances.last?.refusal.sentence.contains("Drive Intel D-5 of AT-00001") == true)
  }

  @Test func `what bears no data needs no list, and a destroyed drive counts as done`() throws {
    var pallet = try Pallet()
    var dock = Pallet.laptop(1, category: "dock")
    dock.facts.media = nil
    _ = pallet.add(dock)
    var shredded = Pallet.laptop(2, wiped: false)
    shredded.sanitized["DRIVE2"] = SanitizationOutcome(event: Pallet.id(1), method: .destroy, passes: true)
    _ = pallet.add(shredded)
    #expect(pallet.seal().declared?.act == .sealed)
  }

  @Test func `a part's drive, a part's hold and a part's unknown list stand in the way of what it is fitted in`() throws
  {
    func part(_ number: UInt64, _ change: (inout Asset) -> Void) -> Asset {
      var part = Pallet.laptop(number, .inStock, category: "ssd")
      part.parent = Pallet.id(1)
      change(&part)
      return part
    }
    for (code, spoil) in [
      ("disposal.line.mediumNotSanitized", { $0.sanitized = [:] }),
      ("disposal.line.legalHold", { $0.facts.legalHold = true }),
      (
        "disposal.line.mediaUnknown",
        { asset in
          asset.facts.media = nil
          asset.facts.category = "module"
        }
      ),
    ] as [(String, (inout Asset) -> Void)] {
      var pallet = try Pallet()
      _ = pallet.add(Pallet.laptop(1), parts: [part(7, spoil)])
      let no = pallet.seal().no
      #expect(no?.hindrances.map(\.refusal.code) == [code])
      #expect(no?.hindrances.first?.asset == Pallet.id(1), "the line is the asset's, not the part's")
      #expect(no?.hindrances.first?.refusal.sentence.contains("AT-00007") == true)
    }
    // The drive stands on the laptop's own list, which has the newer record.
    var pallet = try Pallet()
    _ = pallet.add(
      Pallet.laptop(1, media: ["DRIVE7"]),
      parts: [part(7) { $0.sanitized = [:] }])
    #expect(pallet.seal().declared?.act == .sealed)
  }

  @Test func `nobody seals alone, by a badge alone, or as their own witness`() throws {
    var pallet = try Pallet.standing(in: .draft)
    #expect(pallet.seal(with: nil).code == "disposal.witnessMissing")
    #expect(pallet.seal(with: Pallet.actor(Pallet.aiko, [], .badge)).code == "disposal.witnessNotAuthenticated")
    #expect(pallet.seal(with: Pallet.actor(Pallet.tomas)).code == "disposal.witnessSame")
    #expect(pallet.seal(" ").code == "disposal.seal.number")
    #expect(pallet.order.state == .draft)
    #expect(pallet.seal().declared?.act == .sealed)
  }

  @Test func `nobody confirms alone or as their own witness`() throws {
    var pallet = try Pallet.standing(in: .departed)
    _ = pallet.take([("SN1", nil)])
    #expect(pallet.confirm(with: nil).code == "disposal.witnessMissing")
    #expect(pallet.confirm(with: Pallet.operator1).code == "disposal.witnessSame")
    #expect(pallet.order.state == .departed)
  }

  @Test func `an empty order is not sealed`() throws {
    var pallet = try Pallet()
    #expect(pallet.seal().code == "disposal.seal.empty")
  }

  @Test func `what changed between adding and sealing is refused at the sealing`() throws {
    for (code, change) in [
      ("disposal.line.notRetired", { $0.state = .inStock }), ("disposal.line.legalHold", { $0.facts.legalHold = true }),
      ("disposal.line.mediumNotSanitized", { $0.facts.media?.append(Medium(serial: "D-NEW")) }),
    ] as [(String, (inout Asset) -> Void)] {
      var pallet = try Pallet.standing(in: .draft)
      try pallet.change(2, change)
      let no = pallet.seal().no
      #expect(no?.hindrances.map(\.refusal.code) == [code])
      #expect(no?.hindrances.map(\.name) == ["AT-00002"])
      let isOfAsset = code != "disposal.line.mediumNotSanitized"
      #expect(no?.hindrances.first?.refusal.remedy.contains("off the order") == isOfAsset)
    }
  }

  @Test func `what changed between sealing and departure is refused at the vehicle, and at the departure`() throws {
    var pallet = try Pallet.standing(in: .sealed)
    try pallet.change(1) { $0.facts.legalHold = true }
    #expect(pallet.depart().code == "disposal.depart.hindered")
    #expect(pallet.order.unload(Pallet.id(1), named: "AT-00001").action == .keep)
    #expect(try pallet.load(1).code == "disposal.line.legalHold")
    #expect(pallet.depart(leavingBehind: true).action == .ship([Pallet.id(2)]))
    #expect(try pallet.standing(1) == .leftBehind)
  }

  @Test func `what is not on the order is not loaded, nor loaded twice`() throws {
    var pallet = try Pallet.standing(in: .sealed)
    pallet.cargo[Pallet.id(9)] = Cargo(Pallet.laptop(9))
    #expect(try pallet.load(9).code == "disposal.line.notOnOrder")
    let again = try pallet.load(1).no?.refusal
    #expect(again?.code == "disposal.load.already" && again?.kind == .duplicate)
  }

  @Test func `nothing departs without its carrier`() throws {
    var pallet = try Pallet.standing(in: .sealed)
    #expect(pallet.depart(carrier: " ").code == "disposal.depart.carrier")
    #expect(pallet.order.state == .sealed)
  }

  @Test func `a hold that was set on the way keeps that one in transit, not the others`() throws {
    var pallet = try Pallet.standing(in: .departed)
    _ = pallet.take([("SN1", nil), ("SN2", nil)])
    try pallet.change(1) { $0.facts.legalHold = true }
    #expect(pallet.confirm().action == .dispose([.init(asset: Pallet.id(2), certificate: nil)]))
    #expect(try pallet.standing(1) == .listed)
    #expect(pallet.confirm().code == "disposal.confirm.hindered")
  }

  @Test func `terms without a vendor, or with text that is none, are refused`() throws {
    let number = try #require(DisposalNumber("DO-1"))
    for (terms, code) in [
      (DisposalTerms(route: .recycle, vendor: "  "), "disposal.vendor"),
      (DisposalTerms(route: .recycle, vendor: String(repeating: "x", count: 201)), "disposal.text"),
      (DisposalTerms(route: .recycle, vendor: "A", carrier: "a\u{7}b"), "disposal.text"),
    ] {
      do {
        _ = try DisposalOrder(number, terms, by: Pallet.tomas, at: Instant(milliseconds: 0))
        Issue.record("\(terms) was taken")
      } catch {
        #expect(error.refusal.code == code)
      }
    }
  }
}
