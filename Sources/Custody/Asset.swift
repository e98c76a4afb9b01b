/// An asset as its events leave it: the fold of everything that was recorded about it.
public struct Asset: Hashable, Sendable, Codable {
  public let id: AssetID
  /// Marks that lead to it, in the order they were bound.
  public var identifiers: [BoundIdentifier]
  public var facts: AssetFacts
  /// Condition grade in the site's words, such as A, B, C or damaged.
  public var condition: String?
  public var state: LifecycleState
  public var custodian: Custodian?
  public var location: LocationCode?
  /// When a loan is due back.
  public var expectedReturn: CalendarDate?
  /// What it is fitted in (a drive in a laptop), and where in there.
  public var parent: AssetID?
  public var slot: String?
  /// Where it stood before it went inTransit or missing; nil otherwise.
  public var before: Standing?
  /// The disposal order that a departed retired asset travels on.
  public var disposalOrder: String?
  /// The newest sanitization of each medium since data could last have been written to it, by medium serial.
  public var sanitized: [String: SanitizationOutcome]
  /// When data could last begin to be written to all of its media: its newest deployment, the newest time that it was fitted
  /// or taken out, a settlement. Nil when nothing of the kind is recorded.
  public var exposedAt: Instant?
  /// The same of single media, by serial, where it is later: those that left the list, or came with a repair. Nil for none.
  public var mediaExposedAt: [String: Instant]?
  /// The label that was printed last for it; nil when none was, or when its mark was taken off.
  public var label: LabelStanding?
  /// Ids under which the same thing was received besides, in order; nil when there are none.
  public var aliases: [AssetID]?
  /// What disagrees about it and is not settled; nil when nothing does.
  public var discrepancies: [Discrepancy]?
  /// True when its events are no plain row, each decided after the one before it; nil when they are.
  public var isDivided: Bool?
  /// The event that last changed it, how many there were, when and by whom.
  public var head: EventID
  public var version: Int
  public var createdAt: Instant
  public var changedAt: Instant
  public var lastVerb: Verb
  public var lastOperator: PersonID?

  /// A new asset, as its first event makes it.
  public init(
    id: AssetID, state: LifecycleState, head: EventID, at moment: Instant, verb: Verb, operator person: PersonID?
  ) {
    self.id = id
    identifiers = []
    facts = AssetFacts()
    self.state = state
    sanitized = [:]
    self.head = head
    version = 1
    createdAt = moment
    changedAt = moment
    lastVerb = verb
    lastOperator = person
  }

  /// Our label's number, if one is bound: the newest.
  public var tag: String? { identifiers.last { $0.kind == .tag }?.value }
  /// The manufacturer's serial number, if known: the newest.
  public var serial: String? { identifiers.last { $0.kind == .serial }?.value }
  /// State, custodian and location together.
  public var standing: Standing { Standing(state: state, custodian: custodian, location: location) }
}

/// The outcome of the newest sanitization of one medium.
public struct SanitizationOutcome: Hashable, Sendable, Codable {
  public let event: EventID
  /// What was achieved, not what was asked for.
  public let method: SanitizationMethod
  /// Whether the record passes: see ``SanitizationRecord/passes``.
  public let passes: Bool

  /// An outcome.
  public init(event: EventID, method: SanitizationMethod, passes: Bool) {
    self.event = event
    self.method = method
    self.passes = passes
  }
}

/// State, custodian and location: what a custody event moves an asset from and to.
public struct Standing: Hashable, Sendable, Codable {
  public var state: LifecycleState
  public var custodian: Custodian?
  public var location: LocationCode?

  /// A standing.
  public init(state: LifecycleState, custodian: Custodian? = nil, location: LocationCode? = nil) {
    self.state = state
    self.custodian = custodian
    self.location = location
  }
}
