/// The bits of an EPC bank, not interpreted.
public struct RawEPC: Hashable, Sendable {
  /// The bytes; bits beyond ``bitCount`` are zero.
  public let bytes: [UInt8]
  public let bitCount: Int

  /// The longest EPC that a tag can hold: 31 words (Gen2 §6.3.2.1.2.2).
  static let longest = 62

  /// - Throws: ``IdentifierError`` when there are none, or more than a tag can hold; its span counts in `bytes`.
  public init(_ bytes: [UInt8]) throws(IdentifierError) {
    guard !bytes.isEmpty, bytes.count <= Self.longest else {
      throw IdentifierError(
        "epc.length", "An EPC has 1 to \(Self.longest) bytes; this has \(bytes.count).", remedy: "Read the tag again.",
        start: bytes.isEmpty ? 0 : Self.longest, length: max(0, bytes.count - Self.longest))
    }
    self.bytes = bytes
    bitCount = bytes.count * 8
  }

  /// `96.x3074257BF7194E4000001A85`: how many bits, and their hexadecimal digits.
  init(uri rest: Bytes) throws(IdentifierError) {
    let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, (1...3).contains(parts[0].count), parts[0].areDigits, parts[1].first == UInt8(ascii: "x"),
      parts[1].dropFirst().allSatisfy({ nibble($0) != nil })
    else {
      throw IdentifierError(
        "epc.uri", "Raw bits are written as in 96.x3074257BF7194E4000001A85.", remedy: "Give the whole URI.",
        start: rest.startIndex, length: rest.count)
    }
    let bits = ValueCheck.number(parts[0])
    let digits = Array(parts[1].dropFirst())
    guard bits > 0, bits <= Self.longest * 8, digits.count == (bits + 3) / 4 else {
      throw IdentifierError(
        "epc.length", "\(bits) bits do not have \(digits.count) hexadecimal digits.", remedy: "Give the whole URI.",
        start: rest.startIndex, length: rest.count)
    }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let low = index + 1 < digits.count ? nibble(digits[index + 1]) ?? 0 : 0
      bytes.append((nibble(digits[index]) ?? 0) << 4 | low)
    }
    let spare = bytes.count * 8 - bits
    guard spare == 0 || bytes[bytes.count - 1] & (1 << UInt8(spare) - 1) == 0 else {
      throw IdentifierError(
        "epc.length", "Bits behind the last of \(bits) are to be zero.", remedy: "Give the whole URI.",
        start: rest.endIndex - 1, length: 1)
    }
    self.bytes = bytes
    bitCount = bits
  }

  /// `urn:epc:raw:96.x3074257BF7194E4000001A85`.
  public var uri: String {
    var digits: [UInt8] = []
    for byte in bytes {
      digits += [uppercaseHexadecimal[Int(byte >> 4)], uppercaseHexadecimal[Int(byte & 15)]]
    }
    return "urn:epc:raw:\(bitCount).x" + String(decoding: digits.prefix((bitCount + 3) / 4), as: UTF8.self)
  }

  /// Why the bits are kept as they are, one sentence: the header is none of ours, or they break its encoding's rules.
  public var reason: String {
    guard let header = bytes.first, let encoding = EPCEncoding(header: header) else {
      return "The header is \(headerName ?? "not one that is known here"); the bits are kept as they are."
    }
    do throws(IdentifierError) {
      _ = try EPCTag(binary: bytes[...], bitCount: bitCount)
      return "The header is that of \(encoding.rawValue)."
    } catch {
      return "The header is that of \(encoding.rawValue), but the bits are not kept to it: \(error.sentence)"
    }
  }

  /// What the header says it is, when that is known though its bits are not read here; such as `GDTI-96`.
  public var headerName: String? { bytes.first.flatMap(EPCEncoding.foreign) }
}
