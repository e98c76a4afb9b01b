import Custody

extension CountLine {
  /// A way in which a person can accept a line. The raw value is its name on the wire: the verb's, where an event follows.
  public enum Way: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nobody saw it.
    case declareMissing
    /// It belongs here, and its recorded place follows it. Whoever has it on record keeps it.
    case transfer
    /// Whoever has it on record has given it back: it goes to quarantine, with nobody.
    case takeBack = "return"
    /// It is back from repair.
    case repairIn
    /// It has come out of transit.
    case arrive
    /// It was missing, and turned up.
    case found
    /// It lies here, and the record is right all the same: nothing moves.
    case leave
    /// A person takes the readers' word: nothing moves.
    case confirm

    /// The verb that follows; nil where nothing moves.
    public var verb: Verb? {
      switch self {
      case .declareMissing: .declareMissing
      case .transfer: .transfer
      case .takeBack: .return
      case .repairIn: .repairIn
      case .arrive: .arrive
      case .found: .found
      case .leave, .confirm: nil
      }
    }
  }

  /// What a person says with accepting a line, as far as the way asks for it.
  public struct Answer: Hashable, Sendable {
    /// The way; nil takes the usual one, where there is one.
    public var way: Way?
    /// Condition grade as it lies there: for `return`, `repairIn`, `arrive`, `found`.
    public var condition: String?
    /// What did not come back: for `return`.
    public var missingAccessories: [String]
    /// What the vendor did: needed for `repairIn`.
    public var outcome: String?
    /// Whether the seal of what arrived was whole; nil where nobody looked.
    public var sealIntact: Bool?

    /// An answer.
    public init(
      way: Way? = nil, condition: String? = nil, missingAccessories: [String] = [], outcome: String? = nil,
      sealIntact: Bool? = nil
    ) {
      self.way = way
      self.condition = condition
      self.missingAccessories = missingAccessories
      self.outcome = outcome
      self.sealIntact = sealIntact
    }
  }

  /// The ways that are open.
  public struct Choice: Hashable, Sendable {
    /// At least one, the likeliest first.
    public let ways: [Way]
    /// The way that is taken where none is named; nil where a person has to choose.
    public let usual: Way?

    init(_ ways: [Way], usual: Way?) {
      self.ways = ways
      self.usual = usual
    }

    init(_ way: Way) { self.init([way], usual: way) }
  }

  /// How the line can be accepted for `asset` as it stands now, or why it cannot; see ``acceptance(for:seenLate:countNamed:_:)``.
  /// What another has on record, what is away for repair or in a carrier's hands is moved by no count in silence: there a person
  /// chooses.
  public func choice(for asset: Asset?, seenLate late: LateSighting? = nil) -> Swift.Result<Choice, Refusal> {
    if result == .found {
      return isProvisional
        ? .success(Choice(.confirm))
        : .failure(
          Refusal(
            "count.accept.nothing", "It was found where it is recorded: there is nothing to accept.",
            remedy: "Nothing to do: go on with the next one."))
    }
    guard case .asset = subject, result != .duplicate else {
      return .failure(
        Refusal(
          "count.accept.code",
          result == .unknown
            ? "No asset carries this code, so nothing can be recorded of it."
            : "Its marks contradict one another, so nobody can say which asset it is.",
          remedy: result == .unknown
            ? "Receive or register the thing at the desk, or bind the code to its asset."
            : "Look at both things, take the wrong mark off (unbind), and count again."))
    }
    guard let asset else {
      return .failure(
        Refusal(
          "count.accept.unknownAsset", "The asset is not known here any longer.", remedy: "Look at it on its page."))
    }
    return result == .missing ? choiceOfMissing(asset, late) : choiceOfSeen(asset)
  }

  private func choiceOfMissing(_ asset: Asset, _ late: LateSighting?) -> Swift.Result<Choice, Refusal> {
    if let late { return .failure(late.refusal) }
    if asset.state != .missing, let recorded, asset.standing != recorded { return .failure(changed(asset)) }
    return .success(Choice(.declareMissing))
  }

  private func choiceOfSeen(_ asset: Asset) -> Swift.Result<Choice, Refusal> {
    guard let place = sighting?.place else { return .failure(.countedNowhere) }
    if asset.state == .missing { return .success(Choice([.found, .leave], usual: .found)) }
    // What was moved there meanwhile stands right; `decide` says that it was recorded already.
    let isThere = asset.state == .inStock && asset.location == place
    if let recorded, asset.standing != recorded, !isThere { return .failure(changed(asset)) }
    switch asset.state {
    case .inStock: return .success(Choice(.transfer))
    case .deployed:
      // What the count expected is in use in one of its places, and may have been carried to another with its person.
      return .success(Choice(wasExpected ? [.takeBack, .transfer, .leave] : [.takeBack, .leave], usual: nil))
    case .inRepair: return .success(Choice([.repairIn, .leave], usual: nil))
    case .inTransit: return .success(Choice([.arrive, .leave], usual: nil))
    case .expected, .quarantined, .retired, .disposed, .missing:
      let name = asset.tag ?? asset.serial ?? "It"
      return .failure(
        Refusal(
          "count.accept.state", "\(name) is \(asset.state.words): a count does not move it.",
          remedy: asset.state.firstStep))
    }
  }

  /// Of what was seen elsewhere than it is recorded: whether it was expected.
  private var wasExpected: Bool { result == .otherShelf || result == .otherRoom }

  private func changed(_ asset: Asset) -> Refusal {
    Refusal(
      "count.accept.changed",
      "Something was recorded of \(asset.tag ?? asset.serial ?? "it") since the count looked at it: it stands elsewhere now.",
      remedy: "Look at it on its page; if it is still in doubt, count again.")
  }
}
