import Custody
import FoundationEssentials

/// One line of a pulled page: an entry of the log. The centre's word is not its proof; the entry's signature is.
public struct PulledEntry: Hashable, Sendable, Codable {
  /// Place in the centre's log, from 0 without gaps.
  public var logIndex: Int64
  /// When the centre took it.
  public var receivedAt: Instant
  /// Name of the station's verifier key, `site/station`.
  public var station: String
  /// The exact bytes. On the wire base64 (RFC 4648 §4).
  public var entry: [UInt8]

  /// An entry of the log.
  public init(logIndex: Int64, receivedAt: Instant, station: String, entry: [UInt8]) {
    self.logIndex = logIndex
    self.receivedAt = receivedAt
    self.station = station
    self.entry = entry
  }

  private enum CodingKeys: String, CodingKey { case logIndex, receivedAt, station, entry }

  /// Decodes a line; throws `DecodingError.dataCorrupted` when the entry is no base64.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    logIndex = try container.decode(Int64.self, forKey: .logIndex)
    receivedAt = try container.decode(Instant.self, forKey: .receivedAt)
    station = try container.decode(String.self, forKey: .station)
    guard let data = Data(base64Encoded: try container.decode(String.self, forKey: .entry)) else {
      throw DecodingError.dataCorruptedError(forKey: .entry, in: container, debugDescription: "this is no base64")
    }
    entry = Array(data)
  }

  /// Encodes a line.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(logIndex, forKey: .logIndex)
    try container.encode(receivedAt, forKey: .receivedAt)
    try container.encode(station, forKey: .station)
    try container.encode(Data(entry).base64EncodedString(), forKey: .entry)
  }
}
