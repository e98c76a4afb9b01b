/// A binary encoding of an EPC (TDS 1.13 §14.6); the raw value is its name in tag URIs.
public enum EPCEncoding: String, Hashable, Sendable, CaseIterable {
  case sgtin96 = "sgtin-96"
  case sgtin198 = "sgtin-198"
  case sscc96 = "sscc-96"
  case sgln96 = "sgln-96"
  case sgln195 = "sgln-195"
  case grai96 = "grai-96"
  case grai170 = "grai-170"
  case giai96 = "giai-96"
  case giai202 = "giai-202"
  case gid96 = "gid-96"
  case cpi96 = "cpi-96"

  /// The first eight bits (TDS §14.2).
  public var header: UInt8 {
    switch self {
    case .sgtin96: 0x30
    case .sscc96: 0x31
    case .sgln96: 0x32
    case .grai96: 0x33
    case .giai96: 0x34
    case .gid96: 0x35
    case .sgtin198: 0x36
    case .grai170: 0x37
    case .giai202: 0x38
    case .sgln195: 0x39
    case .cpi96: 0x3C
    }
  }

  /// How many bits an EPC of this encoding has.
  public var bitCount: Int {
    switch self {
    case .sgtin198: 198
    case .grai170: 170
    case .giai202: 202
    case .sgln195: 195
    default: 96
    }
  }

  public var scheme: EPCIdentity.Scheme {
    switch self {
    case .sgtin96, .sgtin198: .sgtin
    case .sscc96: .sscc
    case .sgln96, .sgln195: .sgln
    case .grai96, .grai170: .grai
    case .giai96, .giai202: .giai
    case .gid96: .gid
    case .cpi96: .cpi
    }
  }

  /// The encoding with this header.
  init?(header: UInt8) {
    guard let encoding = Self.allCases.first(where: { $0.header == header }) else { return nil }
    self = encoding
  }

  /// How the part that holds the serial number, or an individual asset reference, is written.
  enum Text {
    /// A number of so many bits, without leading zeros.
    case number(bits: Int)
    /// Characters of seven bits each, filled up with zero bits.
    case characters(bits: Int, most: Int)
    case none
  }

  /// The serial number's part.
  var serial: Text {
    switch self {
    case .sgtin96, .grai96: .number(bits: 38)
    case .sgln96: .number(bits: 41)
    case .cpi96: .number(bits: 31)
    case .gid96: .number(bits: 36)
    case .sgtin198, .sgln195: .characters(bits: 140, most: 20)
    case .grai170: .characters(bits: 112, most: 16)
    case .sscc96, .giai96, .giai202: .none
    }
  }

  /// How bits are shared between company prefix and reference.
  struct Partition {
    let prefixBits: Int
    let prefixDigits: Int
    let reference: Text
    /// Digits of the reference, with leading zeros; nil when it has no fixed number of them.
    let referenceDigits: Int?
  }

  /// The seven rows of the partition table, by partition value (TDS §14.6.1 to §14.6.12); a GID has none.
  var partitions: [Partition] {
    guard self != .gid96 else { return [] }
    let prefixBits = [40, 37, 34, 30, 27, 24, 20]
    return prefixBits.indices.map { partition in
      let bits = prefixBits[partition]
      let digits = 12 - partition
      switch scheme {
      case .sgtin:
        return Partition(
          prefixBits: bits, prefixDigits: digits, reference: .number(bits: 44 - bits), referenceDigits: 13 - digits)
      case .sscc:
        return Partition(
          prefixBits: bits, prefixDigits: digits, reference: .number(bits: 58 - bits), referenceDigits: 17 - digits)
      case .sgln:
        return Partition(
          prefixBits: bits, prefixDigits: digits, reference: .number(bits: 41 - bits), referenceDigits: 12 - digits)
      case .grai:
        return Partition(
          prefixBits: bits, prefixDigits: digits, reference: .number(bits: 44 - bits), referenceDigits: 12 - digits)
      case .giai:
        let reference: Text =
          self == .giai96 ? .number(bits: 82 - bits) : .characters(bits: 188 - bits, most: 30 - digits)
        return Partition(prefixBits: bits, prefixDigits: digits, reference: reference, referenceDigits: nil)
      case .cpi, .gid:
        return Partition(
          prefixBits: bits, prefixDigits: digits, reference: .number(bits: 51 - bits), referenceDigits: nil)
      }
    }
  }

  /// Standards and revisions whose headers are known and whose bits are kept as they are.
  static func foreign(header: UInt8) -> String? {
    switch header {
    case 0x00: "unprogrammed tag"
    case 0x2C: "GDTI-96"
    case 0x2D: "GSRN-96"
    case 0x2E: "GSRNP-96"
    case 0x2F: "US DoD 96"
    case 0x3B: "ADI-var"
    case 0x3D: "CPI-var"
    case 0x3E: "GDTI-174"
    case 0x3F: "SGCN-96"
    case 0x40: "ITIP-110"
    case 0x41: "ITIP-212"
    case 0xE2: "tag identification of a chip, not an EPC"
    case 0xF0...0xFB: "TDS 2"
    default: nil
    }
  }
}
