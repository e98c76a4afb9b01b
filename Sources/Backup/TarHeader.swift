/// The 512 bytes before a file of a tar archive (POSIX.1-2017, pax, "ustar Interchange Format"), in exactly one form: a
/// regular file of mode 0600, owner 0 and time 0. A length of 8 GiB and more stands in GNU's base 256.
///
/// `TarHeader(bytes: header.bytes) == header`, and any other bytes are refused, so that no bit of a header can change
/// unseen.
struct TarHeader: Hashable, Sendable {
  static let length = 512
  /// The most bytes of a name: it stands in the field of 100 bytes, or is split at a slash.
  static let longestName = 255

  let name: String
  let size: Int64

  /// Nil for a name that does not fit, or that leads out of the folder it is unpacked to.
  init?(name: String, size: Int64) {
    guard size >= 0, Self.isSafe(name), Self.split(name) != nil else { return nil }
    self.name = name
    self.size = size
  }

  /// Nil for bytes that this program does not write.
  init?(bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    func text(_ range: Range<Int>) -> String {
      String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self)
    }
    let (name, prefix) = (text(0..<100), text(345..<500))
    guard let size = Self.number(bytes[124..<136]),
      let header = TarHeader(name: prefix.isEmpty ? name : "\(prefix)/\(name)", size: size), header.bytes == bytes
    else { return nil }
    self = header
  }

  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.length)
    func put(_ text: some Sequence<UInt8>, at place: Int) {
      for (offset, byte) in text.enumerated() { bytes[place + offset] = byte }
    }
    let (prefix, name) = Self.split(self.name) ?? ("", "")
    put(name.utf8, at: 0)
    put("0000600".utf8, at: 100)
    put("0000000".utf8, at: 108)
    put("0000000".utf8, at: 116)
    put(Self.field(size), at: 124)
    put("00000000000".utf8, at: 136)
    put("        ".utf8, at: 148)
    put("0".utf8, at: 156)
    put("ustar\u{0}00".utf8, at: 257)
    put(prefix.utf8, at: 345)
    let sum = bytes.reduce(0) { $0 + Int($1) }
    put("\(Self.octal(sum, digits: 6))\u{0} ".utf8, at: 148)
    return bytes
  }

  /// Zeros after a file of `size` bytes, up to a whole block.
  static func padding(after size: Int64) -> Int { Int((512 - size % 512) % 512) }

  /// Segments of ordinary characters, none of them hidden or leading upwards.
  private static func isSafe(_ name: String) -> Bool {
    guard (1...longestName).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x5C })
    else { return false }
    return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && $0.first != "." }
  }

  /// The name as it stands in the two fields: at the first slash that leaves both short enough.
  private static func split(_ name: String) -> (prefix: String, name: String)? {
    if name.utf8.count <= 100 { return ("", name) }
    for index in name.indices where name[index] == "/" {
      let (prefix, rest) = (name[..<index], name[name.index(after: index)...])
      if prefix.utf8.count <= 155, rest.utf8.count <= 100 { return (String(prefix), String(rest)) }
    }
    return nil
  }

  private static func field(_ size: Int64) -> [UInt8] {
    if size < 1 << 33 { return Array("\(octal(Int(size), digits: 11))\u{0}".utf8) }
    return [0x80, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) }
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
    if field.first == 0x80 {
      let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int64(exactly: value)
    }
    return Int64(String(decoding: field.dropLast(), as: UTF8.self), radix: 8)
  }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
