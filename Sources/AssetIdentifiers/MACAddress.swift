/// A hardware address of 48 bits (IEEE 802, EUI-48).
public struct MACAddress: Hashable, Sendable, CustomStringConvertible {
  /// The address, below 2⁴⁸.
  public let value: UInt64

  init(value: UInt64) { self.value = value }

  /// An address in one of its printed forms: `00:1B:21:3C:4D:5E`, `00-1B-21-3C-4D-5E`, `001B.213C.4D5E`, and when
  /// `bare`, twelve hexadecimal digits. Nil for anything else.
  public init?(_ text: some Collection<UInt8>, bare: Bool = false) {
    let mark: UInt8?
    let group: Int
    let bytes = Array(text.prefix(18))
    switch bytes.count {
    case 17 where bytes[2] == UInt8(ascii: ":") || bytes[2] == UInt8(ascii: "-"): (mark, group) = (bytes[2], 2)
    case 14 where bytes[4] == UInt8(ascii: "."): (mark, group) = (bytes[4], 4)
    case 12 where bare: (mark, group) = (nil, 12)
    default: return nil
    }
    var value: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      if index % (group + 1) == group {
        guard byte == mark else { return nil }
      } else {
        guard let nibble = nibble(byte) else { return nil }
        value = value << 4 | UInt64(nibble)
      }
    }
    self.value = value
  }

  /// Its six bytes.
  public var bytes: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: value >> (40 - 8 * UInt64($0))) } }

  /// Capital letters and colons.
  public var description: String {
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ":")) }
      text.append(uppercaseHexadecimal[Int(byte >> 4)])
      text.append(uppercaseHexadecimal[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
