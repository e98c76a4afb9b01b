/// A hybrid logical clock reading: never behind the wall clock that was seen, never running backwards. On the wire
/// `[milliseconds, counter]`.
public struct HybridTime: Hashable, Comparable, Sendable, Codable {
  /// Milliseconds since 1970, UTC.
  public let milliseconds: Int64
  /// Tells events of one millisecond apart.
  public let counter: Int

  /// A reading.
  public init(milliseconds: Int64, counter: Int) {
    self.milliseconds = milliseconds
    self.counter = counter
  }

  /// The reading that follows this one when the wall clock says `now`.
  public func next(at now: Instant) -> HybridTime {
    now.milliseconds > milliseconds
      ? HybridTime(milliseconds: now.milliseconds, counter: 0)
      : HybridTime(milliseconds: milliseconds, counter: counter + 1)
  }

  /// Earlier readings first.
  public static func < (left: Self, right: Self) -> Bool {
    (left.milliseconds, left.counter) < (right.milliseconds, right.counter)
  }

  /// Decodes `[milliseconds, counter]`.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    milliseconds = try container.decode(Int64.self)
    counter = try container.decode(Int.self)
  }

  /// Encodes `[milliseconds, counter]`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(milliseconds)
    try container.encode(counter)
  }
}

/// What the station knew of its clock when it recorded the event.
public enum ClockTrust: String, Hashable, Sendable, Codable, CaseIterable {
  /// The system says that it is synchronised.
  case synchronised
  /// Nobody vouches for it.
  case unverified
  /// It ran backwards since the last event.
  case steppedBack
}

/// What a device saw that led to the event, raw bytes kept. A badge enters as a commitment, never as its text.
public struct ReadingEvidence: Hashable, Sendable, Codable {
  /// symbol, tag, keyed (typed by hand), badge.
  public var kind: String
  /// The raw bytes, base64; for a badge the HMAC commitment in lowercase hexadecimal.
  public var raw: String
  /// AIM symbology identifier such as `]C1`, if it is known.
  public var symbologyIdentifier: String?
  /// The device that saw it, such as `05e0:1200/1-2` or `desk`.
  public var device: String?

  /// A reading.
  public init(kind: String, raw: String, symbologyIdentifier: String? = nil, device: String? = nil) {
    self.kind = kind
    self.raw = raw
    self.symbologyIdentifier = symbologyIdentifier
    self.device = device
  }
}

/// A file that supports the event: a blob named by SHA-256.
public struct EvidenceReference: Hashable, Sendable, Codable {
  /// SHA-256, lowercase hexadecimal (HMAC for a blob that names people).
  public var digest: String
  /// Bytes.
  public var length: Int
  public var mediaType: String
  /// What it shows: photo, signature, toolReport, certificate.
  public var role: String

  /// A file.
  public init(digest: String, length: Int, mediaType: String, role: String) {
    self.digest = digest
    self.length = length
    self.mediaType = mediaType
    self.role = role
  }
}

/// What the asset's history was when the event was decided.
public struct Prior: Hashable, Sendable, Codable {
  /// The asset's newest event then.
  public var head: EventID
  /// How many events it had.
  public var version: Int

  /// A point in an asset's history.
  public init(head: EventID, version: Int) {
    self.head = head
    self.version = version
  }
}

/// The newest tree head of the centre's log that the station had verified when it recorded the event. It makes every
/// station a witness: a centre that rewrites its log contradicts signed events.
public struct SeenCheckpoint: Hashable, Sendable, Codable {
  /// How many entries the log had.
  public var size: Int
  /// The root of their tree, 64 lowercase hexadecimal digits.
  public var root: String

  /// A tree head.
  public init(size: Int, root: String) {
    self.size = size
    self.root = root
  }
}
