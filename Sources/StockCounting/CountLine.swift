import Custody

/// What a count came to for one asset, or for one code that stands for no single asset.
public struct CountLine: Hashable, Sendable {
  /// What a line is about.
  public enum Subject: Hashable, Comparable, Sendable {
    case asset(AssetID)
    /// A code that no asset carries, or several do.
    case code(String)

    /// Assets first, in order of their ids; then codes.
    public static func < (left: Subject, right: Subject) -> Bool {
      switch (left, right) {
      case (.asset(let left), .asset(let right)): left < right
      case (.code(let left), .code(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
      case (.asset, .code): true
      case (.code, .asset): false
      }
    }
  }

  /// What it came to. The raw value is its name on the wire, the same as in ``CountTally``.
  public enum Result: String, Hashable, Sendable, Codable, CaseIterable {
    /// Expected, and seen where it was expected, or in a place within or around that.
    case found
    /// Expected, and seen in the same room on another shelf.
    case otherShelf
    /// Expected, and seen in another room.
    case otherRoom
    /// Expected, and not seen.
    case missing
    /// In the records, and not expected: outside of the scope, or in a state in which it cannot be here.
    case unexpected
    /// No asset carries the code.
    case unknown
    /// A mark that cannot be right: one that several assets carry, or two of one asset that were seen in two places.
    case duplicate

    /// Whether the records and the count agree. Serialised assets have no tolerance: all else is a variance.
    public var agrees: Bool { self == .found }

    /// In the order in which they are shown: what is odd comes first.
    public static let shown: [Result] = [.duplicate, .unknown, .unexpected, .otherRoom, .otherShelf, .missing, .found]
  }

  /// Where and how it was seen.
  public struct Sighting: Hashable, Sendable {
    /// The observation that the result rests on.
    public let observation: ObservationID
    public let place: LocationCode?
    public let at: Instant
    public let counter: CounterID
    public let means: Observation.Means

    /// A sighting.
    public init(
      observation: ObservationID, place: LocationCode?, at moment: Instant, counter: CounterID, means: Observation.Means
    ) {
      self.observation = observation
      self.place = place
      at = moment
      self.counter = counter
      self.means = means
    }

    init(_ observation: Observation) {
      self.init(
        observation: observation.id, place: observation.place, at: observation.at, counter: observation.counter,
        means: observation.means)
    }
  }

  public let subject: Subject
  public let result: Result
  /// How the asset was recorded; nil for a code.
  public let recorded: Standing?
  /// Nil for what was not seen.
  public let sighting: Sighting?
  /// Whether RFID alone tells of it.
  public let isProvisional: Bool
  /// How many observations tell of it, each counted once.
  public let observations: Int
  /// Marks that were seen and cannot be right together; empty but for duplicates.
  public let marks: [String]
  /// The assets that carry the one mark; empty but for a mark of several.
  public let candidates: [AssetID]

  /// A line as it was kept.
  public init(
    subject: Subject, result: Result, recorded: Standing?, sighting: Sighting?, isProvisional: Bool, observations: Int,
    marks: [String], candidates: [AssetID]
  ) {
    self.subject = subject
    self.result = result
    self.recorded = recorded
    self.sighting = sighting
    self.isProvisional = isProvisional
    self.observations = observations
    self.marks = marks
    self.candidates = candidates
  }
}
