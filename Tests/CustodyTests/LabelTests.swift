import Custody
import Testing

/// What the record says of an asset's label: printed, proved, printed again, taken off.
@Suite struct LabelTests {
  private static let epc = "3034257BF7194E4000001A85"

  private func received() throws -> Chain {
    var chain = Chain()
    try chain.act(
      .receive(
        ReceiveDetails(
          location: Fixture.place("HQ"), facts: Fixture.laptopFacts(), identifiers: [Fixture.tag, Fixture.serial])))
    return chain
  }

  private func label(_ change: (inout LabelDetails) -> Void = { _ in }) -> EventDetails {
    var details = LabelDetails(mark: Fixture.tag, template: "asset-tag", printer: "desk")
    change(&details)
    return .label(details)
  }

  private func standing(_ chain: Chain) -> LabelStanding? { chain.assets[Fixture.laptop]?.label }

  @Test("a printed label is unproven until it is scanned back, and the proof names the print")
  func proved() throws {
    var chain = try received()
    #expect(standing(chain) == nil)
    let printed = try chain.act(label())
    #expect(standing(chain)?.event == printed.eventID)
    #expect(standing(chain)?.isProven == false)
    let proof = try chain.act(.proveLabel(ProveLabelDetails(mark: Fixture.tag)))
    guard case .proveLabel(let details) = proof.details else {
      Issue.record("another type was recorded: \(proof.details)")
      return
    }
    #expect(details.label == printed.eventID)
    #expect(standing(chain)?.proof == proof.eventID)
    #expect(chain.assets[Fixture.laptop]?.state == .inStock)
  }

  @Test("a label that is printed again is unproven again")
  func reprint() throws {
    var chain = try received()
    try chain.act(label())
    try chain.act(.proveLabel(ProveLabelDetails(mark: Fixture.tag)))
    try chain.act(
      label {
        $0.purpose = .reprint
        $0.reason = "torn"
      })
    #expect(standing(chain)?.isProven == false)
  }

  @Test("a label with an RFID tag is proved by its code and its tag together")
  func tagged() throws {
    var chain = try received()
    try chain.act(label { $0.epc = Self.epc })
    #expect(chain.refusal(.proveLabel(ProveLabelDetails(mark: Fixture.tag)))?.code == "custody.proveLabel.tagUnread")
    try chain.act(.proveLabel(ProveLabelDetails(mark: Fixture.tag, epc: Self.epc)))
    #expect(standing(chain)?.isProven == true)
  }

  @Test("taking its mark off the asset voids the label; another mark does not")
  func unbound() throws {
    var chain = try received()
    try chain.act(label())
    try chain.act(.unbind(BindDetails(identifier: Fixture.serial, reason: "misread")))
    #expect(standing(chain) != nil)
    try chain.act(.bind(BindDetails(identifier: BoundIdentifier(.tag, "AT-00050"))))
    try chain.act(.unbind(BindDetails(identifier: Fixture.tag, reason: "replaced")))
    #expect(standing(chain) == nil)
  }

  @Test("a print that is taken back takes its proof along")
  func takenBack() throws {
    var chain = try received()
    let printed = try chain.act(label())
    let proof = try chain.act(.proveLabel(ProveLabelDetails(mark: Fixture.tag)))
    for event in [proof, printed] {
      try chain.act(
        .correct(CorrectDetails(event: event.eventID, reason: "not this one", approver: Fixture.bob)),
        approver: Fixture.manager)
    }
    #expect(standing(chain) == nil)
  }
}
