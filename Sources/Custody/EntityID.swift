/// A UUIDv7 (RFC 9562 §5.7) that says in its type what it names, so that an asset's id can never stand where a
/// person's is wanted. Written as lowercase 8-4-4-4-12 hexadecimal; ordered by time of creation.
public struct EntityID<Kind>: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The first eight bytes, big-endian: 48 bits of milliseconds since 1970, version, 12 random bits.
  public let high: UInt64
  /// The last eight bytes, big-endian: variant and 62 random bits.
  public let low: UInt64

  /// An id from its sixteen bytes as two big-endian words.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new id (RFC 9562 §5.7) from a moment and 74 random bits; surplus random bits are ignored.
  public init(at moment: Instant, random: (UInt64, UInt64)) {
    let milliseconds = UInt64(max(0, moment.milliseconds)) & 0xFFFF_FFFF_FFFF
    high = milliseconds << 16 | 0x7000 | (random.0 & 0x0FFF)
    low = 0x8000_0000_0000_0000 | (random.1 & 0x3FFF_FFFF_FFFF_FFFF)
  }

  /// Reads the 36-character form, either case. Nil when it is anything else.
  public init?(_ text: String) {
    var words: (UInt64, UInt64) = (0, 0)
    var digits = 0
    var position = 0
    for byte in text.utf8 {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        let nibble: UInt64
        switch byte {
        case 0x30...0x39: nibble = UInt64(byte - 0x30)
        case 0x61...0x66: nibble = UInt64(byte - 0x61 + 10)
        case 0x41...0x46: nibble = UInt64(byte - 0x41 + 10)
        default: return nil
        }
        if digits < 16 { words.0 = words.0 << 4 | nibble } else { words.1 = words.1 << 4 | nibble }
        digits += 1
      }
      position += 1
    }
    guard position == 36, digits == 32 else { return nil }
    high = words.0
    low = words.1
  }

  /// The 36-character lowercase form.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var at = 0
      for index in 0..<16 {
        if index == 4 || index == 6 || index == 8 || index == 10 {
          buffer[at] = UInt8(ascii: "-")
          at += 1
        }
        let word = index < 8 ? high : low
        let byte = UInt8(truncatingIfNeeded: word >> UInt64((7 - index % 8) * 8))
        for nibble in [byte >> 4, byte & 15] {
          buffer[at] = nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10
          at += 1
        }
      }
      return at
    }
  }

  /// Older ids first; ids of one millisecond by their random bits.
  public static func < (left: Self, right: Self) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// Decodes the 36-character form; throws `DecodingError.dataCorrupted` for anything else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a UUID")
    }
    self = id
  }

  /// Encodes the 36-character form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Names one asset for its whole life, across stations.
public typealias AssetID = EntityID<Asset>
/// Names one custody event.
public typealias EventID = EntityID<CustodyEvent>
/// An opaque reference to a person; the name stands in an erasable table, never in the ledger.
public typealias PersonID = EntityID<Actor>
/// Names one working session at a desk.
public typealias SessionID = EntityID<SessionKind>
/// Names a stock count.
public typealias CountID = EntityID<CountKind>

/// Marks ids of sessions.
public enum SessionKind: Sendable {}
/// Marks ids of stock counts.
public enum CountKind: Sendable {}
