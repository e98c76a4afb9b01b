/// Which way something went through a doorway.
public enum DoorDirection: String, Hashable, Sendable, Codable, CaseIterable {
  case inwards, outwards
}

/// A passage through a doorway, compared with what is on record at that moment. It moves nothing: a tag that went through says
/// that it was there, not who has the asset.
public struct DoorJudgement: Hashable, Sendable {
  /// Whether the record has it go that way.
  public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    case expected, notExpected
    /// No asset has the tag, or several have.
    case unknown
    /// The reader could not tell which way it went, so there is nothing to compare.
    case undirected
  }

  /// What a tag stands for.
  public enum Subject: Hashable, Sendable {
    /// The asset, all that is fitted in it at any depth, and the open disposal order that it is on.
    case asset(Asset, parts: [Asset], order: Consignment?)
    case unknown
    /// Several assets carry the tag.
    case ambiguous
  }

  /// An open disposal order that an asset is on, as far as a door has to know of it.
  public struct Consignment: Hashable, Sendable {
    public let number: String
    /// Whether it is sealed, so that the vehicle is being loaded.
    public let isSealed: Bool
    /// Whether the asset was scanned onto the vehicle.
    public let isLoaded: Bool

    /// An order.
    public init(number: String, isSealed: Bool, isLoaded: Bool) {
      (self.number, self.isSealed, self.isLoaded) = (number, isSealed, isLoaded)
    }
  }

  public let verdict: Verdict
  /// Stable and dotted, such as `door.out.inStock`: see docs/workflows.md.
  public let code: String
  /// What it comes to, one sentence. It names the asset and no person.
  public let sentence: String
  /// What is to be done, or which scan is to follow; nil for nothing.
  public let remedy: String?

  /// A judgement as it was kept.
  public init(verdict: Verdict, code: String, sentence: String, remedy: String?) {
    (self.verdict, self.code, self.sentence, self.remedy) = (verdict, code, sentence, remedy)
  }

  /// Judges a passage. `direction` is nil where the reader could not tell it.
  public init(of subject: Subject, going direction: DoorDirection?) { self = Self.judged(subject, direction) }

  private static func judged(_ subject: Subject, _ direction: DoorDirection?) -> DoorJudgement {
    switch subject {
    case .unknown:
      return DoorJudgement(
        verdict: .unknown, code: "door.unknownTag", sentence: "No asset has this tag.",
        remedy: "Look what carries it, and bind the tag to its asset at the desk.")
    case .ambiguous:
      return DoorJudgement(
        verdict: .unknown, code: "door.ambiguousTag", sentence: "Several assets have this tag.",
        remedy: "Take the tag off those that do not carry it.")
    case .asset(let asset, let parts, let order):
      switch direction {
      case .outwards?: return outwards(asset, parts, order)
      case .inwards?: return inwards(asset)
      case nil:
        return DoorJudgement(
          verdict: .undirected, code: "door.undirected",
          sentence: "\(asset.name) was in the doorway, and which way it went could not be told.", remedy: nil)
      }
    }
  }

  // MARK: Outwards

  private static func outwards(_ asset: Asset, _ parts: [Asset], _ order: Consignment?) -> DoorJudgement {
    guard !([asset] + parts).contains(where: { $0.facts.legalHold == true }) else {
      return DoorJudgement(
        verdict: .notExpected, code: "door.out.legalHold",
        sentence: "\(asset.name) is on legal hold, so it should not have gone out.",
        remedy: "Bring it back, and ask the manager before it leaves again.")
    }
    // What is gathered for its vendor is carried to the vehicle before the order departs by record.
    if asset.state == .retired, let order, order.isSealed {
      return DoorJudgement(
        verdict: .expected, code: "door.out.onOrder",
        sentence: "\(asset.name) is on order \(order.number), not yet departed.",
        remedy: order.isLoaded
          ? "Let the order depart when its vehicle leaves." : "Scan it onto the vehicle, then let the order depart.")
    }
    let remedy: String
    switch asset.state {
    case .deployed, .inTransit, .inRepair:
      return DoorJudgement(
        verdict: .expected, code: "door.out.\(asset.state.rawValue)",
        sentence: "\(asset.name) is \(asset.state.words), so it may go out.", remedy: nil)
    case .inStock: remedy = "Bring it back; or hand it out, ship it or send it to repair at the desk."
    case .quarantined: remedy = "Bring it back, and triage it."
    case .retired: remedy = "Bring it back: what is retired leaves on a sealed disposal order."
    case .expected: remedy = "Bring it back, and receive it."
    case .missing: remedy = "Bring it to the desk, and record where it was found."
    case .disposed: remedy = "Bring it back, and have the record corrected: it says that the thing is gone."
    }
    return DoorJudgement(
      verdict: .notExpected, code: "door.out.\(asset.state.rawValue)",
      sentence: "\(asset.name) is \(asset.state.words), so it should not have gone out.", remedy: remedy)
  }

  // MARK: Inwards

  private static func inwards(_ asset: Asset) -> DoorJudgement {
    let code = "door.in.\(asset.state.rawValue)"
    let comes = "\(asset.name) is \(asset.state.words) and came in"
    func expected(_ verb: Verb, _ remedy: String) -> DoorJudgement {
      DoorJudgement(
        verdict: .expected, code: code, sentence: "\(comes): it should be \(verb.participle).", remedy: remedy)
    }
    switch asset.state {
    case .expected: return expected(.receive, "Receive it at the desk.")
    case .deployed: return expected(.return, "If it stays, take it back with a return.")
    case .inRepair: return expected(.repairIn, "Take it back from repair at the desk.")
    case .inTransit:
      // What left for its vendor is on no way to here.
      if let order = asset.disposalOrder {
        return DoorJudgement(
          verdict: .notExpected, code: "door.in.onOrder",
          sentence: "\(asset.name) left on order \(order), so it should not have come in.",
          remedy: "Ask the vendor; then book its arrival, or take the departure back.")
      }
      return expected(.arrive, "Book its arrival at the desk.")
    case .missing:
      return DoorJudgement(
        verdict: .notExpected, code: code, sentence: "\(asset.name) is missing and came in: it is found.",
        remedy: "Bring it to the desk, and record where it was found.")
    case .disposed:
      return DoorJudgement(
        verdict: .notExpected, code: code,
        sentence: "\(asset.name) is \(asset.state.words), so it should not have come in.",
        remedy: "Keep it aside and tell your manager: its record or its disposal is wrong.")
    case .inStock, .quarantined, .retired:
      return DoorJudgement(
        verdict: .expected, code: code, sentence: "\(comes), where the record has it.", remedy: nil)
    }
  }
}
