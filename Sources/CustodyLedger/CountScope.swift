import Custody

/// What a stock count is about. On the wire an object with the one name that applies.
public enum CountScope: Hashable, Sendable, Codable {
  /// A location, with everything below it.
  case location(LocationCode)
  /// A kind of thing, such as `laptop`, wherever it is.
  case category(String)
  /// What somebody answers for.
  case custodian(Custodian)

  private enum CodingKeys: String, CodingKey { case location, category, custodian }

  /// Decodes the one of `location`, `category`, `custodian` that is there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let location = try container.decodeIfPresent(LocationCode.self, forKey: .location) {
      self = .location(location)
    } else if let category = try container.decodeIfPresent(String.self, forKey: .category) {
      self = .category(category)
    } else {
      self = .custodian(try container.decode(Custodian.self, forKey: .custodian))
    }
  }

  /// Encodes an object with the one name that applies.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .location(let location): try container.encode(location, forKey: .location)
    case .category(let category): try container.encode(category, forKey: .category)
    case .custodian(let custodian): try container.encode(custodian, forKey: .custodian)
    }
  }
}

/// How many lines of consumables came to what. Every line is in exactly one of the numbers.
public struct ConsumableTally: Hashable, Sendable, Codable {
  /// As on record, or off by no more than the tolerance.
  public var within: Int
  /// Less than on record, by more than the tolerance.
  public var short: Int
  /// More than on record, by more than the tolerance.
  public var over: Int
  /// Nobody said how much there is.
  public var notCounted: Int

  /// A tally.
  public init(within: Int = 0, short: Int = 0, over: Int = 0, notCounted: Int = 0) {
    self.within = within
    self.short = short
    self.over = over
    self.notCounted = notCounted
  }

  /// How many lines there are.
  public var count: Int { within + short + over + notCounted }
}

/// How many lines of a count came to what. Every line is in exactly one of the first seven numbers.
public struct CountTally: Hashable, Sendable, Codable {
  /// Expected, and found where they were expected.
  public var found: Int
  /// Expected, and found in the same room on another shelf.
  public var otherShelf: Int
  /// Expected, and found in another room.
  public var otherRoom: Int
  /// Expected, and not seen.
  public var missing: Int
  /// In the records, but not expected there.
  public var unexpected: Int
  /// Codes that nothing carries.
  public var unknown: Int
  /// Marks that cannot be right: one on two assets, or one asset's in two places.
  public var duplicate: Int
  /// Of all those, the lines that RFID alone tells of.
  public var provisional: Int

  /// A tally.
  public init(
    found: Int = 0, otherShelf: Int = 0, otherRoom: Int = 0, missing: Int = 0, unexpected: Int = 0, unknown: Int = 0,
    duplicate: Int = 0, provisional: Int = 0
  ) {
    self.found = found
    self.otherShelf = otherShelf
    self.otherRoom = otherRoom
    self.missing = missing
    self.unexpected = unexpected
    self.unknown = unknown
    self.duplicate = duplicate
    self.provisional = provisional
  }
}
