/// Somebody wants to record something about an asset: everything `decide` judges, before it is judged.
public struct Intent: Hashable, Sendable {
  /// The asset, or the id proposed for a new one.
  public var asset: AssetID
  public var details: EventDetails
  /// Nil for an import or a rule of the station (authStrength system).
  public var actor: Actor?
  /// The second person: witness of a disposal, validator of a sanitization.
  public var witness: Actor?
  /// Who approves a retirement or a correction, recognised at this station.
  public var approver: Actor?
  public var session: SessionID?
  public var readings: [ReadingEvidence]
  public var evidence: [EvidenceReference]
  public var commitments: [String: String]

  /// A wish to record.
  public init(
    asset: AssetID, details: EventDetails, actor: Actor?, witness: Actor? = nil, approver: Actor? = nil,
    session: SessionID? = nil, readings: [ReadingEvidence] = [], evidence: [EvidenceReference] = [],
    commitments: [String: String] = [:]
  ) {
    self.asset = asset
    self.details = details
    self.actor = actor
    self.witness = witness
    self.approver = approver
    self.session = session
    self.readings = readings
    self.evidence = evidence
    self.commitments = commitments
  }
}

/// What is known around the asset when `decide` judges. The caller reads it in the same transaction that records.
public struct Circumstances: Sendable {
  /// The station's clock: nothing that is recorded can have happened later.
  public var now: Instant
  /// The asset as it stands; nil when there is none.
  public var asset: Asset?
  /// Its events, oldest first: needed by `correct` and `settle` only, else empty. For `settle` also those of claims that do
  /// not prevail as things are.
  public var history: [CustodyEvent]
  /// Which asset already carries each mark that the intent brings, if any.
  public var claims: [BoundIdentifier: AssetID]
  /// The parent that attach or detach names.
  public var parent: Asset?
  /// Everything fitted in this one, at any depth (needed by attach, ship and dispose); in any order, each once.
  public var parts: [Asset]

  /// The surroundings of an asset.
  public init(
    at now: Instant, asset: Asset?, history: [CustodyEvent] = [], claims: [BoundIdentifier: AssetID] = [:],
    parent: Asset? = nil,
    parts: [Asset] = []
  ) {
    self.now = now
    self.asset = asset
    self.history = history
    self.claims = claims
    self.parent = parent
    self.parts = parts
  }
}

/// The answer to an intent.
public enum Decision: Hashable, Sendable {
  /// These events, in this order; all or none.
  case record([EventDraft])
  case refuse(Refusal)
}

/// A decided event that has no place in a chain yet.
public struct EventDraft: Hashable, Sendable {
  public var asset: AssetID
  public var details: EventDetails
  public var from: Standing?
  public var to: Standing?
  public var prior: Prior?
  public var `operator`: PersonID?
  public var authStrength: AuthStrength
  public var witness: PersonID?
  public var session: SessionID?
  public var readings: [ReadingEvidence]
  public var evidence: [EvidenceReference]
  public var commitments: [String: String]
  public var corrects: EventID?
  public var settles: [EventID]?

  /// A draft for one asset, with who and what from the intent.
  public init(
    _ intent: Intent, asset: AssetID, details: EventDetails, from: Standing?, to: Standing?, prior: Prior?,
    corrects: EventID? = nil, settles: [EventID]? = nil
  ) {
    self.asset = asset
    self.details = details
    self.from = from
    self.to = to
    self.prior = prior
    self.operator = intent.actor?.person
    authStrength = intent.actor?.authStrength ?? .system
    witness = intent.witness?.person
    session = intent.session
    readings = intent.readings
    evidence = intent.evidence
    commitments = intent.commitments
    self.corrects = corrects
    self.settles = settles
  }
}
