import Custody
import DisposalOrders
import Testing

/// Every state with every act: what is allowed, and that everything else is refused and changes nothing.
@Suite struct StateTableTests {
  private enum Act: String, CaseIterable {
    case change, add, remove, seal, unseal, load, unload, depart, take, confirm, takeBack, close

    func apply(to pallet: inout Pallet) throws -> DisposalAnswer {
      let now = pallet.now()
      switch self {
      case .change:
        return pallet.order.change(DisposalTerms(route: .destroy, vendor: "Other"), by: Pallet.tomas, at: now)
      case .add: return pallet.add(Pallet.laptop(3))
      case .remove: return pallet.order.remove(Pallet.id(2), named: "AT-00002")
      case .seal: return pallet.seal()
      case .unseal: return pallet.order.unseal("why not", by: Pallet.tomas, at: now)
      case .load:
        // What is loaded already would be a duplicate, which is another answer.
        _ = pallet.order.unload(Pallet.id(1), named: "AT-00001")
        return try pallet.load(1)
      case .unload: return pallet.order.unload(Pallet.id(1), named: "AT-00001")
      case .depart: return pallet.depart()
      case .take: return pallet.take([("SN1", nil)])
      case .confirm: return pallet.confirm()
      case .takeBack: return pallet.order.takeBack("wrong", pallet.cargo, by: Pallet.tomas, at: now)
      case .close: return pallet.close("because", by: Pallet.manager)
      }
    }
  }

  /// What is allowed, and the state that it leads to.
  private static let allowed: [DisposalOrder.State: [Act: DisposalOrder.State]] = [
    .draft: [.change: .draft, .add: .draft, .remove: .draft, .seal: .sealed],
    .sealed: [.unseal: .draft, .load: .sealed, .unload: .sealed, .depart: .departed],
    .departed: [.take: .departed, .takeBack: .sealed, .close: .closed],
    .confirmed: [.take: .confirmed, .takeBack: .departed, .close: .closed],
    .closed: [:],
  ]

  @Test func `every act in every state leads where the table says, or is refused and changes nothing`() throws {
    for state in DisposalOrder.State.allCases {
      for act in Act.allCases {
        var pallet = try Pallet.standing(in: state)
        #expect(pallet.order.state == state)
        let before = pallet.order
        let answer = try act.apply(to: &pallet)
        if let target = Self.allowed[state]?[act] {
          #expect(answer.no == nil, "\(state) \(act)")
          #expect(pallet.order.state == target, "\(state) \(act)")
        } else {
          let no = try #require(answer.no, "\(state) \(act)")
          #expect(pallet.order == before, "\(state) \(act)")
          let expected =
            switch (state, act) {
            // The list is not here, or everything on it is confirmed.
            case (.departed, .confirm): "disposal.confirm.noList"
            case (.confirmed, .confirm): "disposal.confirm.nothing"
            case (.closed, .close): "disposal.close.already"
            default: "disposal.state"
            }
          #expect(no.refusal.code == expected, "\(state) \(act)")
          #expect(!no.refusal.remedy.isEmpty)
        }
      }
    }
  }
}
