/// Events or claims that disagree, and that people must settle.
public struct Discrepancy: Hashable, Sendable, Codable {
  /// What disagrees. The raw value stands in events and in databases and is never reused for another meaning.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Acts that did not know of one another moved one asset.
    case contested
    /// One of them disposed of it: until two people have settled it, nothing but sightings is recorded.
    case contestedDisposal
    /// Something was recorded of what had been disposed of: the certificate is suspect.
    case resurrection
    /// Receipts of one maker's serial number under different tags: perhaps one thing, perhaps not.
    case identityQuestion
    /// One place of a station's chain was signed twice.
    case fork
    /// A station's clock was far ahead of the centre's.
    case skewedClock
  }

  public let kind: Kind
  /// The events that disagree, in order of id: of each side the first that the other does not know of.
  public let claims: [EventID]
  /// The newest events of each side: a settlement names these too, or it would not know them. In order of id.
  public let newest: [EventID]

  /// Claims that disagree.
  public init(_ kind: Kind, claims: some Sequence<EventID>, newest: some Sequence<EventID> = []) {
    self.kind = kind
    self.claims = Array(Set(claims)).sorted()
    self.newest = Array(Set(newest)).sorted()
  }

  /// All events that a settlement of it names.
  public var toSettle: [EventID] { Set(claims).union(newest).sorted() }
}

extension Discrepancy.Kind {
  /// Whether it is about an asset's own events, so that the fold finds it; the centre alone finds the others.
  public var isFolded: Bool { self != .fork && self != .skewedClock }

  /// Whether two people must settle it.
  public var needsTwoPeople: Bool { self == .contestedDisposal || self == .resurrection }

  /// Whether a settlement of it says where the asset stands.
  var movesAsset: Bool { self == .contested || needsTwoPeople }
}

/// What the history makes of one event.
public enum Standpoint: Hashable, Sendable {
  /// It counts in the asset as it stands.
  case applied
  /// It is a claim of an open discrepancy, or it follows one that does not prevail as things are.
  case contested(Discrepancy.Kind)
  /// It was a claim, and a settlement or a correction decided against it.
  case superseded
  /// It was decided after an event that is not here yet.
  case waiting
  /// It does not say where the asset stands after it.
  case unfitting

  /// Stable and dotted, such as `custody.contested`; nil for what is simply applied.
  public var code: String? {
    switch self {
    case .applied: nil
    case .contested(let kind): "custody.\(kind.rawValue)"
    case .superseded: "custody.superseded"
    case .waiting: "custody.waiting"
    case .unfitting: "custody.unfitting"
    }
  }

  /// The standpoint with this code; nil where there is none.
  public init?(code: String) {
    switch code {
    case "custody.superseded": self = .superseded
    case "custody.waiting": self = .waiting
    case "custody.unfitting": self = .unfitting
    default:
      guard code.hasPrefix("custody."), let kind = Discrepancy.Kind(rawValue: String(code.dropFirst(8))) else {
        return nil
      }
      self = .contested(kind)
    }
  }

  /// The same in one sentence; nil for what is simply applied.
  public var sentence: String? {
    switch self {
    case .applied: nil
    case .contested(let kind): kind.sentence
    case .superseded: "A settlement or a correction decided for another claim: the event stays in the record."
    case .waiting: "The event was decided after another one of the asset, which is not here yet."
    case .unfitting: "The event does not say where the asset stands after it."
    }
  }
}

extension Discrepancy.Kind {
  /// What is the matter, one sentence.
  public var sentence: String {
    switch self {
    case .contested: "Acts that did not know of one another moved the asset; people must settle which holds."
    case .contestedDisposal:
      "It was disposed of and something else at once; nothing but sightings is recorded until two people settle it."
    case .resurrection: "Something was recorded of it after it had been disposed of: the certificate is suspect."
    case .identityQuestion:
      "The same maker's serial number was received under different tags; people must say whether it is one thing."
    case .fork:
      "One place of the station's chain was signed twice: two stations sign with one key, or one was restored."
    case .skewedClock: "The station's clock was far ahead of the centre's."
    }
  }
}
