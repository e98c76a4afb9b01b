import Custody
import TamperEvidence

extension StationStatement: Codable {
  private enum CodingKeys: String, CodingKey {
    case v, type, eventID, site, station, epoch, seq, prevHash, hlc, wallClock, keyID, `operator`, authStrength, details
  }

  /// Decodes a statement; throws `UnsupportedEvent` for another version or type.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let version = try container.decode(Int.self, forKey: .v)
    let type = try container.decode(String.self, forKey: .type)
    guard version == Self.version, let kind = Kind(rawValue: type) else {
      throw UnsupportedEvent(version: version, type: type)
    }
    eventID = try container.decode(EventID.self, forKey: .eventID)
    site = try container.decode(SiteCode.self, forKey: .site)
    station = try container.decode(StationCode.self, forKey: .station)
    place = ChainPlace(
      epoch: try container.decode(Int.self, forKey: .epoch), seq: try container.decode(Int.self, forKey: .seq))
    prevHash = try container.decode(EntryHash.self, forKey: .prevHash)
    hlc = try container.decode(HybridTime.self, forKey: .hlc)
    wallClock = try container.decode(Instant.self, forKey: .wallClock)
    keyID = try container.decode(String.self, forKey: .keyID)
    self.operator = try container.decodeIfPresent(PersonID.self, forKey: .operator)
    authStrength = try container.decode(AuthStrength.self, forKey: .authStrength)
    func details<Value: Decodable>() throws -> Value { try container.decode(Value.self, forKey: .details) }
    self.details =
      switch kind {
      case .enrol: .enrol(try details())
      case .rotate: .rotate(try details())
      case .revoke: .revoke(try details())
      case .openEpoch: .openEpoch(try details())
      case .erase: .erase(try details())
      case .closeCount: .closeCount(try details())
      case .closeSession: .closeSession(try details())
      case .disposalOrder: .disposalOrder(try details())
      }
  }

  /// Encodes the statement: the inverse of `init(from:)`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .v)
    try container.encode(details.kind, forKey: .type)
    try container.encode(eventID, forKey: .eventID)
    try container.encode(site, forKey: .site)
    try container.encode(station, forKey: .station)
    try container.encode(place.epoch, forKey: .epoch)
    try container.encode(place.seq, forKey: .seq)
    try container.encode(prevHash, forKey: .prevHash)
    try container.encode(hlc, forKey: .hlc)
    try container.encode(wallClock, forKey: .wallClock)
    try container.encode(keyID, forKey: .keyID)
    try container.encodeIfPresent(self.operator, forKey: .operator)
    try container.encode(authStrength, forKey: .authStrength)
    switch details {
    case .enrol(let value): try container.encode(value, forKey: .details)
    case .rotate(let value): try container.encode(value, forKey: .details)
    case .revoke(let value): try container.encode(value, forKey: .details)
    case .openEpoch(let value): try container.encode(value, forKey: .details)
    case .erase(let value): try container.encode(value, forKey: .details)
    case .closeCount(let value): try container.encode(value, forKey: .details)
    case .closeSession(let value): try container.encode(value, forKey: .details)
    case .disposalOrder(let value): try container.encode(value, forKey: .details)
    }
  }
}
