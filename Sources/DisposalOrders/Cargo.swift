import Custody

/// An asset of an order as it stands at this moment, with everything that is fitted in it at any depth.
public struct Cargo: Hashable, Sendable {
  public let asset: Asset
  public let parts: [Asset]
  /// What it is fitted in itself, by name; nil for a thing of its own.
  public let fittedIn: String?

  /// What the rules of an order look at.
  public init(_ asset: Asset, parts: [Asset] = [], fittedIn: String? = nil) {
    self.asset = asset
    self.parts = parts
    self.fittedIn = fittedIn
  }

  /// Everything that keeps it from leaving with the order that it stands on, each with what to do. Empty when it may leave.
  public var hindrances: [DisposalHindrance] { hindrances(isOnOrder: true) }

  /// The same of a thing that may not stand on the order yet: nobody is told to take off what is not on it.
  func hindrances(isOnOrder: Bool) -> [DisposalHindrance] {
    var found: [DisposalHindrance] = []
    func hinder(_ code: String, _ sentence: String, remedy: String, drive: String? = nil) {
      found.append(
        DisposalHindrance(
          asset: asset.id, name: asset.name, drive: drive,
          refusal: Refusal("disposal.line." + code, sentence, remedy: remedy)))
    }
    if asset.discrepancies?.contains(where: { $0.kind == .contestedDisposal }) == true {
      hinder(
        "contested", "\(asset.name) was disposed of at one place and something else was done with it at another.",
        remedy: "Keep it here until two people have settled it under Exceptions.")
    }
    if asset.state != .retired {
      hinder(
        "notRetired", "\(asset.name) is \(asset.state.words): only what is retired leaves on a disposal order.",
        remedy: Self.wayToRetirement(from: asset.state, isOnOrder: isOnOrder))
    }
    if let fittedIn {
      hinder(
        "fitted", "\(asset.name) is fitted in \(fittedIn), and goes where that goes.",
        remedy: "Take it out of \(fittedIn) first, or put \(fittedIn) on the order.")
    }
    for obstacle in asset.disposalObstacles(parts: parts) {
      switch obstacle {
      case .legalHold(let thing):
        hinder(
          "legalHold", "\(named(thing)) is on legal hold: it must stay as it is.",
          remedy: isOnOrder
            ? "Set it aside and take it off the order; a manager can end the hold."
            : "Set it aside; a manager can end the hold.")
      case .mediaUnknown(let thing):
        hinder(
          "mediaUnknown", "Nobody has listed the drives of \(named(thing)), and it can hold data.",
          remedy: "Amend its list of drives: an empty list if a manager saw that there are none.")
      case .notSanitized(let medium, let thing):
        hinder(
          "mediumNotSanitized", "Drive \(medium.name) of \(named(thing)) has no passing sanitization record.",
          remedy: "Wipe or destroy drive \(medium.name), and record it with a second person.", drive: medium.serial)
      }
    }
    return found
  }

  /// What keeps it from being confirmed as gone once it has left: a hold that was set meanwhile, a drive that came to light.
  public var hindrancesOnTheWay: [DisposalHindrance] {
    let ofPlace: Set = ["disposal.line.notRetired", "disposal.line.fitted"]
    return hindrances.filter { !ofPlace.contains($0.refusal.code) }
  }

  private func named(_ thing: Asset) -> String {
    thing.id == asset.id ? asset.name : "\(thing.name), fitted in \(asset.name),"
  }

  private static func wayToRetirement(from state: LifecycleState, isOnOrder: Bool) -> String {
    switch state {
    case .disposed: state.firstStep + (isOnOrder ? " Take it off the order." : "")
    case .inStock, .quarantined, .missing:
      isOnOrder
        ? "Retire it with a manager's approval, or take it off the order."
        : "Retire it with a manager's approval; then scan it again."
    default:
      state.firstStep
        + (isOnOrder ? " Then retire it; or take it off the order." : " Then retire it, and scan it again.")
    }
  }

  /// Whether it is on its way on that order, as its events say.
  func isInTransit(on number: DisposalNumber) -> Bool {
    asset.state == .inTransit && asset.disposalOrder == number.text
  }

  /// Whether it was disposed of on that order, as its events say.
  func isDisposed(on number: DisposalNumber) -> Bool {
    asset.state == .disposed && asset.disposalOrder == number.text
  }
}
