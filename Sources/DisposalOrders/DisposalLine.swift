import Custody

/// An asset on an order: what the order knows of it. Where the asset itself stands, its own events say.
public struct DisposalLine: Hashable, Sendable {
  public let asset: AssetID
  /// Counts up with every asset that is put on the order.
  public let position: Int
  public let added: DisposalMark
  /// When it was scanned onto the vehicle; nil before.
  public internal(set) var loaded: DisposalMark?
  /// The scan by which it was loaded: what the event of its departure rests on.
  public internal(set) var sighting: ReadingEvidence?
  /// When the order left without it; nil when it did not.
  public internal(set) var left: DisposalMark?
  /// When two people signed that the vendor has it; nil before.
  public internal(set) var confirmed: DisposalMark?
  /// The vendor's certificate for it.
  public internal(set) var certificate: String?

  /// A line as it was kept.
  public init(
    asset: AssetID, position: Int, added: DisposalMark, loaded: DisposalMark? = nil, sighting: ReadingEvidence? = nil,
    left: DisposalMark? = nil, confirmed: DisposalMark? = nil, certificate: String? = nil
  ) {
    self.asset = asset
    self.position = position
    self.added = added
    self.loaded = loaded
    self.sighting = sighting
    self.left = left
    self.confirmed = confirmed
    self.certificate = certificate
  }
}

/// That somebody did something.
public struct DisposalMark: Hashable, Sendable, Codable {
  public let at: Instant
  public let by: PersonID

  /// Somebody, at some time.
  public init(at moment: Instant, by person: PersonID) {
    at = moment
    by = person
  }
}

/// One step of an order's life, for people to read.
public struct DisposalStep: Hashable, Sendable, Codable {
  /// What was done.
  public enum Act: String, Hashable, Sendable, Codable, CaseIterable {
    case made, changed, sealed, unsealed, departed, listed, confirmed, tookBack, closed
  }

  public let act: Act
  public let at: Instant
  public let by: PersonID
  /// The second person, for what two people do.
  public let with: PersonID?
  /// The reason that was given, or what there is to say.
  public let words: String?
  /// The hash of the ledger entry that signs it, 64 lowercase hexadecimal digits. Nil for what the events of its assets sign,
  /// for what nobody signs, and for what was done before this was signed.
  public internal(set) var entry: String?

  init(_ act: Act, _ mark: DisposalMark, with second: PersonID? = nil, words: String? = nil) {
    self.act = act
    at = mark.at
    by = mark.by
    with = second
    self.words = words
  }
}
