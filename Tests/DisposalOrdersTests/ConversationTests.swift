import Custody
import DisposalOrders
import Testing

/// The order as a conversation: what is said to it, and what it answers.
@Suite struct ConversationTests {
  @Test func `forty laptops become a pallet that is sealed, loaded, driven off, confirmed and closed`() throws {
    var pallet = try Pallet()
    for number in 1...40 as ClosedRange<UInt64> { #expect(pallet.add(Pallet.laptop(number)).action == .keep) }
    #expect(pallet.seal().declared?.act == .sealed)
    #expect(pallet.order.state == .sealed && pallet.order.seal == "SEAL-1")
    #expect(pallet.order.last(.sealed)?.by == Pallet.tomas && pallet.order.last(.sealed)?.with == Pallet.aiko)
    for number in (1...40 as ClosedRange<UInt64>).reversed() { #expect(try pallet.load(number).action == .keep) }
    let all: [AssetID] = (1...40).map { Pallet.id($0) }
    #expect(pallet.depart().action == .ship(all))
    #expect(try pallet.standing(7) == .inTransit)

    #expect(pallet.take((1...40).map { ("SN\($0)", nil) }, certificate: "GC-1").declared?.act == .listTaken)
    #expect(try pallet.standing(7) == .listed)
    #expect(pallet.confirm().action == .dispose(all.map { .init(asset: $0, certificate: "GC-1") }))
    #expect(try pallet.standing(7) == .confirmed)
    #expect(pallet.order.lines.allSatisfy { $0.confirmed?.by == Pallet.tomas && $0.certificate == "GC-1" })
    #expect(pallet.close().declared?.act == .closed)
    #expect(pallet.order.state == .closed)
    #expect(pallet.order.steps.map(\.act) == [.made, .sealed, .departed, .listed, .confirmed, .closed])
  }

  @Test func `what was not scanned onto the vehicle is named, stays behind only when that is said, and stays listed`()
    throws
  {
    var pallet = try Pallet.standing(in: .draft)
    _ = pallet.add(Pallet.laptop(3))
    _ = pallet.seal()
    _ = try pallet.load(1)
    let no = pallet.depart().no
    #expect(no?.refusal.code == "disposal.depart.notLoaded")
    #expect(no?.hindrances.map(\.name) == ["AT-00002", "AT-00003"])
    #expect(pallet.order.state == .sealed)
    #expect(pallet.depart(leavingBehind: true).action == .ship([Pallet.id(1)]))
    #expect(try pallet.standing(2) == .leftBehind)
    let left = pallet.order.lines.filter { $0.left != nil }
    #expect(left.map(\.asset) == [Pallet.id(2), Pallet.id(3)])
    #expect(left.allSatisfy { $0.left?.by == Pallet.tomas && $0.left?.at == pallet.order.last(.departed)?.at })
    #expect(pallet.order.going.map(\.asset) == [Pallet.id(1)])
  }

  @Test
  func `the recycler's list comes in two parts; what is on neither keeps the order open until a manager says why`()
    throws
  {
    var pallet = try Pallet.standing(in: .draft)
    _ = pallet.add(Pallet.laptop(3))
    _ = pallet.seal()
    for number in 1...3 as ClosedRange<UInt64> { _ = try pallet.load(number) }
    _ = pallet.depart()
    _ = pallet.take([("SN1", nil)])
    #expect(try pallet.standing(2) == .missing)
    #expect(pallet.confirm(certificate: "GC-1").action == .dispose([.init(asset: Pallet.id(1), certificate: "GC-1")]))
    #expect(pallet.close().code == "disposal.close.missing")
    _ = pallet.take([("SN1", nil), ("SN2", nil)])
    #expect(pallet.confirm(certificate: "GC-2").action == .dispose([.init(asset: Pallet.id(2), certificate: "GC-2")]))
    let no = pallet.close().no
    #expect(no?.refusal.code == "disposal.close.missing" && no?.hindrances.map(\.name) == ["AT-00003"])
    #expect(pallet.close("lost", approver: Pallet.actor(Pallet.aiko, [.validator])).code == "disposal.close.missing")
    #expect(pallet.close("", by: Pallet.manager).code == "disposal.reason")
    let last = pallet.close("Fell off at their gate", approver: Pallet.manager).declared
    #expect(last?.act == .closed && last?.open == [Pallet.id(3)] && last?.approver == Pallet.manager)
    #expect(last?.reason == "Fell off at their gate" && last?.seal == "SEAL-1" && last?.list?.rows.count == 2)
    #expect(pallet.order.last(.closed)?.with == Pallet.fatima)
    #expect(try pallet.standing(3) == .missing, "it stays in transit, and is shown so")
  }

  @Test func `unsealing opens it again, says why, and what was loaded is to be loaded anew`() throws {
    var pallet = try Pallet.standing(in: .sealed)
    #expect(pallet.order.unseal(" ", by: Pallet.tomas, at: pallet.now()).code == "disposal.reason")
    let broken = pallet.order.unseal("A wrong one is on it", by: Pallet.tomas, at: pallet.now()).declared
    #expect(broken?.act == .unsealed && broken?.seal == "SEAL-1" && broken?.reason == "A wrong one is on it")
    #expect(broken?.assets == [Pallet.id(1), Pallet.id(2)])
    #expect(pallet.order.state == .draft && pallet.order.seal == nil)
    #expect(pallet.order.lines.allSatisfy { $0.loaded == nil })
    #expect(pallet.order.remove(Pallet.id(2), named: "AT-00002").action == .keep)
    let again = pallet.seal("SEAL-2").declared
    #expect(again?.act == .sealed && again?.seal == "SEAL-2" && again?.witness == Pallet.witness)
    #expect(again?.assets == [Pallet.id(1)] && again?.open == [] && again?.list == nil)
    #expect(pallet.depart().code == "disposal.depart.nothingLoaded")
    #expect(pallet.order.last(.unsealed)?.words == "A wrong one is on it")
  }

  @Test func `a confirmation is taken back, and then the departure; each names what is to be corrected`() throws {
    var pallet = try Pallet.standing(in: .confirmed)
    let both: [AssetID] = [Pallet.id(1), Pallet.id(2)]
    let confirmed = pallet.order.takeBack("Wrong list", pallet.cargo, by: Pallet.tomas, at: pallet.now())
    #expect(confirmed.action == .correctConfirmation(both))
    pallet.set(both, .inTransit)
    #expect(pallet.order.state == .departed && pallet.order.lines.allSatisfy { $0.confirmed == nil })
    #expect(try pallet.standing(1) == .listed)
    let departed = pallet.order.takeBack("It never left", pallet.cargo, by: Pallet.tomas, at: pallet.now())
    #expect(departed.action == .correctDeparture(both))
    pallet.set(both, .retired)
    #expect(pallet.order.state == .sealed && pallet.order.list == nil)
    #expect(try pallet.standing(1) == .loaded)
  }

  @Test func `an empty draft is closed as it is; one with something on it is not`() throws {
    var pallet = try Pallet()
    let empty = pallet.close().declared
    #expect(empty?.act == .closed && empty?.assets == [] && empty?.open == [] && empty?.approver == nil)
    #expect(pallet.order.state == .closed)
    var other = try Pallet.standing(in: .draft)
    #expect(other.close().code == "disposal.state")
  }

  @Test func `an asset that came back at the desk is shown as that, and keeps nothing open`() throws {
    var pallet = try Pallet.standing(in: .departed)
    _ = pallet.take([("SN1", nil)])
    _ = pallet.confirm()
    try pallet.change(2) { $0.state = .retired }
    #expect(try pallet.standing(2) == .elsewhere)
    #expect(pallet.close().declared?.open == [])
  }

  @Test func `numbers are read as people type them, and what is none is none`() {
    #expect(DisposalNumber(" do-2026.7 ")?.text == "DO-2026.7")
    for text in ["", " ", "-1", ".", "..", "DO 7", "DO/7", "DÖ-7", "DO-7\n8", String(repeating: "A", count: 41)] {
      #expect(DisposalNumber(text) == nil, "\(text)")
    }
    #expect(DisposalNumber(String(repeating: "A", count: 40)) != nil)
  }
}
