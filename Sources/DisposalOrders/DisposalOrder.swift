import Custody

/// A disposal order: what is gathered on a pallet, sealed, driven off, and confirmed by whoever took it.
///
/// A state machine that decides and does nothing: each act is judged on what the caller shows of the assets as they stand
/// in the transaction that will record, and answers with what is to be recorded, or with a refusal. Where an asset stands,
/// its own events say, never the order.
///
/// `draft → sealed → departed → confirmed → closed`; `sealed → draft` by unsealing; `departed → sealed` and `confirmed →
/// departed` when what was recorded is taken back.
public struct DisposalOrder: Hashable, Sendable, Codable {
  /// How far it has come.
  public enum State: String, Hashable, Sendable, Codable, CaseIterable {
    case draft, sealed, departed, confirmed, closed
  }

  /// Most assets of one order: what its paper has room for.
  public static let mostLines = 1000

  public let number: DisposalNumber
  public internal(set) var state: State
  public internal(set) var terms: DisposalTerms
  /// The number on the seal; nil while it is not sealed.
  public internal(set) var seal: String?
  /// Kept beside the order, not in it.
  public internal(set) var lines: [DisposalLine] = []
  /// What the vendor says has come; nil before they have said anything.
  public internal(set) var list: RecyclerList?
  /// What was done with it, oldest first.
  public internal(set) var steps: [DisposalStep]

  private enum CodingKeys: String, CodingKey { case number, state, terms, seal, list, steps }

  /// A new order. Throws why it cannot be made.
  public init(_ number: DisposalNumber, _ terms: DisposalTerms, by person: PersonID, at now: Instant)
    throws(DisposalRefusal)
  {
    self.number = number
    self.terms = try terms.checked()
    state = .draft
    steps = [DisposalStep(.made, DisposalMark(at: now, by: person))]
  }

  /// The same with its lines, as they were kept.
  public func with(lines: [DisposalLine]) -> DisposalOrder {
    var order = self
    order.lines = lines
    return order
  }

  /// The newest step of that kind; nil when there was none.
  public func last(_ act: DisposalStep.Act) -> DisposalStep? { steps.last { $0.act == act } }

  /// Whether a vehicle has left with it, and that was not taken back.
  public var hasDeparted: Bool {
    switch state {
    case .draft, .sealed: false
    case .departed, .confirmed: true
    case .closed: last(.departed) != nil
    }
  }

  /// The lines that go, or went, with it: all but those that were left behind.
  public var going: [DisposalLine] { lines.filter { $0.left == nil } }

  // MARK: Shared

  /// Runs an act on a copy, which takes the order's place when it is not refused.
  mutating func act(_ body: (inout DisposalOrder) throws(DisposalRefusal) -> DisposalAction) -> DisposalAnswer {
    var next = self
    let answer = DisposalAnswer { () throws(DisposalRefusal) in try body(&next) }
    if case .act = answer { self = next }
    return answer
  }

  /// Refuses what the state does not allow, and says what does.
  func need(_ states: State..., to what: String) throws(DisposalRefusal) {
    guard !states.contains(state) else { return }
    throw DisposalRefusal(
      "disposal.state", "\(number) is \(state.words), so it cannot be \(what).", remedy: state.remedy)
  }

  /// The place of an asset's line that goes with the order; nil when there is none.
  func place(of asset: AssetID) -> Int? { lines.firstIndex { $0.asset == asset && $0.left == nil } }

  /// The second person, who must be surely recognised and another than the one who acts.
  func witness(_ witness: Actor?, beside actor: Actor, to what: String) throws(DisposalRefusal) -> Actor {
    guard let witness else {
      throw DisposalRefusal(
        "disposal.witnessMissing", "A second person must be present to have \(number) \(what).",
        remedy: "Let the second person scan their badge and type their PIN.")
    }
    guard witness.authStrength.authenticates else {
      throw DisposalRefusal(
        "disposal.witnessNotAuthenticated", "The second person's badge alone does not prove who they are.",
        remedy: "Let the second person type their PIN.")
    }
    guard witness.person != actor.person else {
      throw DisposalRefusal(
        "disposal.witnessSame", "You do this yourself, and nobody is their own witness.",
        remedy: "Let another person scan their badge and type their PIN.")
    }
    return witness
  }

  static func reason(_ text: String?, _ field: String = "reason") throws(DisposalRefusal) -> String {
    guard let reason = try DisposalText.checked(text, field) else {
      throw DisposalRefusal("disposal.reason", "It is not said why.", remedy: "Enter the reason in a few words.")
    }
    return reason
  }
}

extension DisposalOrder.State {
  /// As it is said of an order, to follow "is".
  public var words: String {
    switch self {
    case .draft: "a draft"
    case .sealed: "sealed"
    case .departed: "on its way"
    case .confirmed: "confirmed"
    case .closed: "closed"
    }
  }

  /// What can be done with it instead.
  fileprivate var remedy: String {
    switch self {
    case .draft: "Put its assets on it, then seal it."
    case .sealed: "Load the vehicle and let it depart; or unseal it with a reason."
    case .departed: "Upload the recycler's list and confirm; or take the departure back with a reason."
    case .confirmed: "Close it; or take the confirmation back with a reason."
    case .closed: "Make a new order. A wrong event is corrected on the asset's page."
    }
  }
}
