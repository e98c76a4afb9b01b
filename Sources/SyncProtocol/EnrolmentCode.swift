import Crypto
import FoundationEssentials

/// A one-time code by which a station is enrolled, as people read and type it.
///
///     code   = group "-" group "-" group [ "-" pin ]     ; 60 random bits
///     pin    = group "-" group "-" group "-" group "-" group
///     group  = 4 digits of Crockford's base 32: 0-9, A-Z without I, L, O and U
///
/// The pin is the first 100 bits of the SHA-256 of the DER certificate by whose authority the centre's TLS is to be believed:
/// whoever has the code can tell the centre from somebody in between, though no authority of the system knows it. Small
/// letters, spaces and missing hyphens are read as well; O is read as 0, I and L as 1.
public struct EnrolmentCode: Hashable, Sendable {
  /// The authority's certificate, in short.
  public struct Pin: Hashable, Sendable {
    /// 20 digits without hyphens.
    public let digits: String

    /// The pin of a certificate in DER.
    public init(certificate der: [UInt8]) { digits = EnrolmentCode.digits(Array(SHA256.hash(data: der)), count: 20) }

    fileprivate init(digits: String) { self.digits = digits }

    /// Whether it is this certificate's, in DER.
    public func matches(certificate der: [UInt8]) -> Bool { Pin(certificate: der) == self }
  }

  /// How long a code is good, in milliseconds: 15 minutes.
  public static let lifetime: Int64 = 15 * 60_000
  /// So many wrong codes may be tried; then it is gone.
  public static let tries = 5

  /// 12 digits without hyphens.
  private let secret: String
  /// Nil where TLS is verified by the system's authorities, or not used.
  public let pin: Pin?

  /// A code of random bytes, at least 8.
  public init(random: [UInt8], pin: Pin? = nil) {
    secret = Self.digits(random, count: 12)
    self.pin = pin
  }

  /// Reads a code as it was typed; nil for what is none.
  public init?(_ text: String) {
    var digits = ""
    for scalar in text.unicodeScalars where scalar != "-" && scalar != " " {
      guard scalar.isASCII else { return nil }
      let letter = Character(scalar).uppercased()
      digits += ["O": "0", "I": "1", "L": "1"][letter] ?? letter
      guard digits.utf8.count <= 32 else { return nil }
    }
    guard digits.utf8.count == 12 || digits.utf8.count == 32, digits.utf8.allSatisfy(Self.alphabet.contains) else {
      return nil
    }
    secret = String(digits.prefix(12))
    pin = digits.utf8.count == 32 ? Pin(digits: String(digits.dropFirst(12))) : nil
  }

  /// What is presented to the centre, and what the centre keeps a digest of: the code without the pin.
  public var presented: String { Self.grouped(secret) }

  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  private static func digits(_ bytes: [UInt8], count: Int) -> String {
    var digits: [UInt8] = []
    var (bits, width) = (0, 0)
    for byte in bytes {
      (bits, width) = ((bits << 8 | Int(byte)) & 0xFFFF, width + 8)
      while width >= 5, digits.count < count {
        width -= 5
        digits.append(alphabet[bits >> width & 31])
      }
    }
    return String(decoding: digits, as: UTF8.self)
  }

  fileprivate static func grouped(_ digits: String) -> String {
    let digits = Array(digits.utf8)
    return stride(from: 0, to: digits.count, by: 4).map {
      String(decoding: digits[$0..<min($0 + 4, digits.count)], as: UTF8.self)
    }.joined(separator: "-")
  }
}

extension EnrolmentCode: CustomStringConvertible {
  /// The code as it is shown, with its pin. Secret.
  public var description: String { Self.grouped(secret + (pin?.digits ?? "")) }
}
