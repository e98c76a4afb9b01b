import Custody
import DisposalOrders
import Testing

/// The recycler's list held against what left.
@Suite struct MatchTests {
  @Test func `serial numbers are compared without case and blanks, and nothing else is forgiven`() throws {
    var pallet = try Pallet.standing(in: .departed)
    _ = pallet.take([(" sn 1 ", nil), ("SN-2", nil)])
    let match = try #require(pallet.order.match(pallet.cargo))
    #expect(Set(match.confirmed.keys) == [Pallet.id(1)])
    #expect(match.missing == [Pallet.id(2)])
    #expect(match.unlisted.map(\.row.serial) == ["SN-2"] && match.unlisted.map(\.reason) == [.notOnOrder])
  }

  @Test func `a row that says the same again counts once, and is told`() throws {
    var pallet = try Pallet.standing(in: .departed)
    _ = pallet.take([("SN1", nil), ("sn1", nil), ("SN2", nil), (nil, "AT-00002")])
    let match = try #require(pallet.order.match(pallet.cargo))
    #expect(match.missing.isEmpty)
    #expect(match.unlisted.map(\.reason) == [.repeats(line: 2), .repeats(line: 4)])
  }

  @Test func `without a serial number the tag counts; a tag of another asset contradicts the serial number`() throws {
    var pallet = try Pallet.standing(in: .departed)
    _ = pallet.take([(nil, "at-00001"), ("SN2", "AT-00001")])
    let match = try #require(pallet.order.match(pallet.cargo))
    #expect(Set(match.confirmed.keys) == [Pallet.id(1)])
    #expect(match.unlisted.map(\.reason) == [.contradicts("AT-00002", "AT-00001")])
    #expect(match.missing == [Pallet.id(2)])
  }

  @Test func `two makers' equal serial numbers are told apart by the tag, or not at all`() throws {
    var pallet = try Pallet()
    for number in [1, 2] as [UInt64] {
      var laptop = Pallet.laptop(number)
      laptop.identifiers = [BoundIdentifier(.tag, "AT-0000\(number)"), BoundIdentifier(.serial, "SAME")]
      _ = pallet.add(laptop)
    }
    _ = pallet.seal()
    _ = try pallet.load(1)
    _ = try pallet.load(2)
    _ = pallet.depart()
    _ = pallet.take([("SAME", nil)])
    #expect(pallet.order.match(pallet.cargo)?.unlisted.map(\.reason) == [.ambiguous])
    _ = pallet.take([("SAME", "AT-00002")])
    #expect(pallet.order.match(pallet.cargo)?.confirmed.keys.map { $0 } == [Pallet.id(2)])
  }

  @Test func `what was left behind and stands on their list is told, not confirmed`() throws {
    var pallet = try Pallet.standing(in: .draft)
    _ = pallet.seal()
    _ = try pallet.load(1)
    _ = pallet.depart(leavingBehind: true)
    _ = pallet.take([("SN1", nil), ("SN2", nil)])
    let match = try #require(pallet.order.match(pallet.cargo))
    #expect(match.unlisted.map(\.reason) == [.leftBehind("AT-00002")])
    #expect(match.missing.isEmpty)
    #expect(pallet.confirm().action == .dispose([.init(asset: Pallet.id(1), certificate: nil)]))
  }

  @Test func `a service tag is a serial number`() throws {
    var pallet = try Pallet()
    var laptop = Pallet.laptop(1)
    laptop.identifiers = [BoundIdentifier(.tag, "AT-00001"), BoundIdentifier(.serviceTag, "7XK2RT3")]
    _ = pallet.add(laptop)
    _ = pallet.seal()
    _ = try pallet.load(1)
    _ = pallet.depart()
    _ = pallet.take([("7xk2rt3", nil)])
    #expect(pallet.confirm().action == .dispose([.init(asset: Pallet.id(1), certificate: nil)]))
  }

  @Test func `an empty list and one that is too long are refused, and leave the one before`() throws {
    var pallet = try Pallet.standing(in: .departed)
    _ = pallet.take([("SN1", nil)])
    #expect(pallet.take([]).code == "disposal.list.empty")
    #expect(pallet.take((0...RecyclerList.mostRows).map { ("X\($0)", nil) }).code == "disposal.list.tooLong")
    #expect(pallet.order.list?.rows.count == 1)
  }
}
