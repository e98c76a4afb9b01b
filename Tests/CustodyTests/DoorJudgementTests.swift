import Custody
import Testing

/// What a door makes of a passage, by the record of that moment.
@Suite struct DoorJudgementTests {
  private struct Row {
    let state: LifecycleState
    let out: DoorJudgement.Verdict
    let back: DoorJudgement.Verdict
    /// What should follow on coming in.
    let follows: String?

    init(
      _ state: LifecycleState, _ out: DoorJudgement.Verdict, _ back: DoorJudgement.Verdict, _ follows: String? = nil
    ) { (self.state, self.out, self.back, self.follows) = (state, out, back, follows) }
  }

  /// Each state: what goes out of it, and what comes in.
  private static let table = [
    Row(.expected, .notExpected, .expected, "received"),
    Row(.inStock, .notExpected, .expected),
    Row(.deployed, .expected, .expected, "returned"),
    Row(.quarantined, .notExpected, .expected),
    Row(.inRepair, .expected, .expected, "taken back from repair"),
    Row(.retired, .notExpected, .expected),
    Row(.disposed, .notExpected, .notExpected),
    Row(.inTransit, .expected, .expected, "booked as arrived"),
    Row(.missing, .notExpected, .notExpected),
  ]

  private func judged(
    _ asset: Asset, _ direction: DoorDirection?, parts: [Asset] = [], order: DoorJudgement.Consignment? = nil
  ) -> DoorJudgement {
    DoorJudgement(of: .asset(asset, parts: parts, order: order), going: direction)
  }

  @Test func `every state has its verdict in either direction, with a code of its own and the asset's name`() throws {
    #expect(Set(Self.table.map(\.state)) == Set(LifecycleState.allCases))
    for row in Self.table {
      let asset = try Fixture.asset(row.state)
      let out = judged(asset, .outwards)
      #expect(out.verdict == row.out, "\(row.state)")
      #expect(out.code == "door.out.\(row.state.rawValue)")
      let back = judged(asset, .inwards)
      #expect(back.verdict == row.back, "\(row.state)")
      #expect(back.code == "door.in.\(row.state.rawValue)")
      for judgement in [out, back] { #expect(judgement.sentence.hasPrefix("AT-00042 "), "\(judgement)") }
      // What is not expected says what to do; what comes in as expected, which scan is to follow.
      if out.verdict == .notExpected { #expect(out.remedy?.isEmpty == false, "\(row.state)") }
      if let follows = row.follows {
        #expect(back.sentence.hasSuffix(": it should be \(follows)."), "\(back.sentence)")
        #expect(back.remedy?.isEmpty == false)
      } else if back.verdict == .expected {
        #expect(back.remedy == nil)
      }
      #expect(judged(asset, nil).verdict == .undirected)
      #expect(judged(asset, nil).code == "door.undirected")
    }
    #expect(judged(try Fixture.asset(.missing), .inwards).sentence == "AT-00042 is missing and came in: it is found.")
  }

  @Test func `what is on legal hold, or holds such a part, goes out unexpectedly in any state`() throws {
    for state in LifecycleState.allCases {
      var asset = try Fixture.asset(state)
      asset.facts.legalHold = true
      let sealed = DoorJudgement.Consignment(number: "DO-9", isSealed: true, isLoaded: true)
      #expect(judged(asset, .outwards, order: sealed).code == "door.out.legalHold", "\(state)")
      #expect(judged(asset, .outwards, order: sealed).verdict == .notExpected, "\(state)")
      #expect(judged(try Fixture.asset(state), .outwards, parts: [asset]).code == "door.out.legalHold", "\(state)")
    }
  }

  @Test func `what is on a sealed order is expected, and said to be on it; a draft lets nothing out`() throws {
    let retired = try Fixture.asset(.retired)
    func out(_ isSealed: Bool, _ isLoaded: Bool) -> DoorJudgement {
      judged(retired, .outwards, order: .init(number: "DO-9", isSealed: isSealed, isLoaded: isLoaded))
    }
    #expect(out(false, false).code == "door.out.retired")
    #expect(out(false, false).verdict == .notExpected)
    #expect(out(true, false).verdict == .expected)
    #expect(out(true, false).code == "door.out.onOrder")
    #expect(out(true, false).sentence == "AT-00042 is on order DO-9, not yet departed.")
    #expect(out(true, false).remedy?.contains("Scan it onto the vehicle") == true)
    #expect(out(true, true).remedy == "Let the order depart when its vehicle leaves.")
  }

  @Test func `what left on a disposal order is not expected back, other shipments are`() throws {
    var asset = try Fixture.asset(.inTransit)
    #expect(judged(asset, .inwards).verdict == .expected)
    asset.disposalOrder = "DO-9"
    #expect(judged(asset, .inwards).verdict == .notExpected)
    #expect(judged(asset, .inwards).code == "door.in.onOrder")
    #expect(judged(asset, .outwards).code == "door.out.inTransit")
  }

  @Test(arguments: [DoorDirection.inwards, DoorDirection.outwards, nil] as [DoorDirection?])
  func `a tag that no asset has, or several, is unknown either way`(_ direction: DoorDirection?) {
    let cases: [(DoorJudgement.Subject, String)] = [(.unknown, "door.unknownTag"), (.ambiguous, "door.ambiguousTag")]
    for (subject, code) in cases {
      let judgement = DoorJudgement(of: subject, going: direction)
      #expect(judgement.verdict == .unknown)
      #expect(judgement.code == code)
    }
  }
}
