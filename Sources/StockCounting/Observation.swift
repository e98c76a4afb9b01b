import Custody

/// Marks ids of observations.
public enum ObservationKind: Sendable {}
/// Names an observation. Whoever makes it gives it, so that what is sent twice counts once.
public typealias ObservationID = EntityID<ObservationKind>
/// Marks ids of acts that take an observation back.
public enum ObservationUndoKind: Sendable {}
/// Names the act that took an observation back. Whoever does it gives it.
public typealias ObservationUndoID = EntityID<ObservationUndoKind>
/// Marks ids of counters.
public enum CounterKind: Sendable {}
/// Names a counter: one person with one device in one count.
public typealias CounterID = EntityID<CounterKind>

/// That somebody, or a reader, saw a code during a count.
public struct Observation: Hashable, Sendable {
  /// How it was seen.
  public enum Means: String, Hashable, Sendable, Codable, CaseIterable {
    /// A barcode was read.
    case barcode
    /// A number was typed by hand.
    case keyed
    /// A tag answered a reader: provisional evidence.
    case rfid
    /// A person took a reader's word for it.
    case accepted

    /// Whether it shows that the thing is there, and not merely that a radio says so.
    public var confirms: Bool { self != .rfid }
  }

  /// What the code meant when the observation was taken.
  public enum Meaning: Hashable, Sendable {
    case asset(AssetID)
    /// One mark that several assets carry.
    case several([AssetID])
    /// Stock without serial numbers, and how much of it.
    case consumable(ConsumableSighting)
    case unknown
  }

  /// What a reader told of a tag.
  public struct TagEvidence: Hashable, Sendable, Codable {
    /// The reader's name.
    public var reader: String
    /// Its antenna, from 1; nil when it did not say.
    public var antenna: Int?
    /// The strongest signal, in tenths of dBm; nil when it did not say.
    public var rssiTenths: Int?
    /// How often it was read.
    public var count: Int
    /// When it was first and last read.
    public var firstSeen: Instant
    public var lastSeen: Instant

    /// What a reader told.
    public init(
      reader: String, antenna: Int? = nil, rssiTenths: Int? = nil, count: Int, firstSeen: Instant, lastSeen: Instant
    ) {
      self.reader = reader
      self.antenna = antenna
      self.rssiTenths = rssiTenths
      self.count = count
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
    }
  }

  public let id: ObservationID
  /// Whose it is.
  public let counter: CounterID
  /// When it was made, by the counter's clock.
  public let at: Instant
  /// Where it was made; nil when the counter had not said where they stood.
  public let place: LocationCode?
  public let means: Means
  /// The text as it was seen.
  public let text: String
  /// The mark in it, by which assets are known: the same for every symbol that says the same.
  public let mark: String
  public let meaning: Meaning
  /// For an RFID read.
  public let tag: TagEvidence?

  /// An observation.
  public init(
    id: ObservationID, counter: CounterID, at moment: Instant, place: LocationCode?, means: Means, text: String,
    mark: String, meaning: Meaning, tag: TagEvidence? = nil
  ) {
    self.id = id
    self.counter = counter
    at = moment
    self.place = place
    self.means = means
    self.text = text
    self.mark = mark
    self.meaning = meaning
    self.tag = tag
  }

  /// Whether it was made after `other`: the order in which they arrive says nothing.
  func isLater(than other: Observation) -> Bool { at != other.at ? at > other.at : id > other.id }
}
