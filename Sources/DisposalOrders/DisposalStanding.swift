import Custody

/// Where an asset of an order stands, for people to see: what the order knows of it, laid over what its events say.
public enum DisposalStanding: String, Hashable, Sendable, Codable, CaseIterable {
  /// On the order, and something keeps it from leaving.
  case hindered
  /// On the order, and it may leave.
  case ready
  /// Scanned onto the vehicle.
  case loaded
  /// The order left without it.
  case leftBehind
  /// It left, and the vendor has not sent a list.
  case inTransit
  /// It left, and is not on the vendor's list.
  case missing
  /// It left, and the vendor's list has it; two people have not signed yet.
  case listed
  /// Two people signed that the vendor has it.
  case confirmed
  /// It left, and its own events say that it is somewhere else by now.
  case elsewhere

  /// Whether people have to look at it.
  public var isOdd: Bool {
    switch self {
    case .hindered, .leftBehind, .missing, .elsewhere: true
    default: false
    }
  }

  /// Whether an order that ends with it leaves something open.
  public var isOpen: Bool { self == .inTransit || self == .missing || self == .listed }
}

extension DisposalOrder {
  /// Where a line stands, with its asset as it is; nil for one that this station does not know any longer.
  ///
  /// - Parameter match: what the vendor's list says, see ``match(_:)``.
  public func standing(of line: DisposalLine, _ cargo: Cargo?, match: RecyclerMatch?) -> DisposalStanding {
    if line.left != nil { return .leftBehind }
    guard let cargo else { return .elsewhere }
    switch state {
    case .draft, .sealed:
      if !cargo.hindrances.isEmpty { return .hindered }
      return line.loaded == nil ? .ready : .loaded
    case .departed, .confirmed, .closed:
      // Nothing was ever on it.
      guard hasDeparted else { return .ready }
      if cargo.isDisposed(on: number) { return .confirmed }
      guard cargo.isInTransit(on: number) else { return .elsewhere }
      guard let match else { return .inTransit }
      return match.confirmed[line.asset] == nil ? .missing : .listed
    }
  }
}
