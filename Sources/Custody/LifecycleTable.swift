/// Which states a verb may start from, and where it leads: one row of ``LifecycleTable``.
public struct LifecycleRule: Hashable, Sendable {
  /// Where a verb leads.
  public enum Target: Hashable, Sendable {
    /// Always this state.
    case fixed(LifecycleState)
    /// The state is kept.
    case same
    /// The state before it went into transit; quarantine when nobody knows it.
    case before
    /// One of these: the event says which.
    case oneOf(Set<LifecycleState>)
    /// What the history gives without the corrected event.
    case refolded
  }

  /// Whether the verb makes an asset that was not there before.
  public let startsNew: Bool
  /// States that it may start from.
  public let from: Set<LifecycleState>
  /// For a start in transit: what the asset must have been shipped as. Nil when it does not matter.
  public let shippedAs: Set<LifecycleState>?
  /// Whether the start in transit needs a disposal order that the shipment named.
  public let needsDisposalOrder: Bool
  public let target: Target

  init(
    new: Bool = false, from: Set<LifecycleState> = [], shippedAs: Set<LifecycleState>? = nil,
    needsDisposalOrder: Bool = false, to target: Target
  ) {
    startsNew = new
    self.from = from
    self.shippedAs = shippedAs
    self.needsDisposalOrder = needsDisposalOrder
    self.target = target
  }

  /// Whether the verb may start from where `asset` stands; nil is an asset that is not there yet.
  public func starts(from asset: Asset?) -> Bool {
    guard let asset else { return startsNew }
    guard from.contains(asset.state) else { return false }
    guard asset.state == .inTransit else { return true }
    if let shippedAs { guard let before = asset.before?.state, shippedAs.contains(before) else { return false } }
    return !needsDisposalOrder || asset.disposalOrder != nil
  }

  /// Whether the verb may lead from where `asset` stands to `state`; nil is no asset.
  public func leads(from asset: Asset?, to state: LifecycleState?) -> Bool {
    switch target {
    case .fixed(let fixed): state == fixed
    case .same: state != nil && state == asset?.state
    case .before: state == asset?.before?.state ?? .quarantined
    case .oneOf(let choice): state.map(choice.contains) ?? false
    case .refolded: true
    }
  }
}

/// The states and the arrows between them: the one place that says which verb may start where.
///
/// "Any" is every state but disposed. An asset in transit is *received* only if it was shipped as stock or announced:
/// any other must *arrive*, so that what needs quarantine cannot slip past it.
public enum LifecycleTable {
  /// The row of a verb.
  public static func rule(for verb: Verb) -> LifecycleRule { rows[verb] ?? row(for: verb) }

  private static let rows = Dictionary(uniqueKeysWithValues: Verb.allCases.map { ($0, row(for: $0)) })
  private static let any = Set(LifecycleState.allCases).subtracting([.disposed])

  private static func row(for verb: Verb) -> LifecycleRule {
    switch verb {
    case .expect: LifecycleRule(new: true, to: .fixed(.expected))
    case .register: LifecycleRule(new: true, to: .oneOf(any))
    case .amend, .bind, .unbind, .label, .proveLabel: LifecycleRule(from: any, to: .same)
    case .attach, .detach: LifecycleRule(from: LifecycleState.held, to: .same)
    case .receive:
      LifecycleRule(new: true, from: [.expected, .inTransit], shippedAs: [.inStock, .expected], to: .fixed(.inStock))
    // From quarantine only once its media are sanitized: judged by `decide`, for it depends on more than the state.
    case .deploy: LifecycleRule(from: [.inStock, .quarantined], to: .fixed(.deployed))
    case .transfer: LifecycleRule(from: [.deployed, .inStock], to: .same)
    case .return: LifecycleRule(from: [.deployed, .missing], to: .fixed(.quarantined))
    case .triage: LifecycleRule(from: [.quarantined], to: .oneOf([.inStock, .inRepair, .retired]))
    case .repairOut: LifecycleRule(from: [.quarantined, .inStock], to: .fixed(.inRepair))
    case .repairIn: LifecycleRule(from: [.inRepair], to: .fixed(.quarantined))
    case .ship: LifecycleRule(from: LifecycleState.held, to: .fixed(.inTransit))
    case .arrive: LifecycleRule(from: [.inTransit], to: .before)
    case .retire: LifecycleRule(from: [.inStock, .quarantined, .missing], to: .fixed(.retired))
    case .sanitize: LifecycleRule(from: [.quarantined, .retired, .inStock], to: .same)
    case .dispose:
      LifecycleRule(
        from: [.retired, .inTransit], shippedAs: [.retired], needsDisposalOrder: true, to: .fixed(.disposed))
    case .declareMissing: LifecycleRule(from: any.subtracting([.missing]), to: .fixed(.missing))
    case .found: LifecycleRule(from: [.missing], to: .fixed(.quarantined))
    case .correct, .settle: LifecycleRule(from: any.union([.disposed]), to: .refolded)
    }
  }
}
