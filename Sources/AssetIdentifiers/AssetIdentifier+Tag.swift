extension AssetIdentifier {
  /// Whether the bytes are an asset tag: two to four capital letters, a hyphen, five digits or more.
  static func isTag<Bytes: Collection<UInt8>>(_ bytes: Bytes) -> Bool {
    var letters = 0
    var digits = 0
    var hyphen = false
    for byte in bytes {
      if hyphen {
        guard isDigit(byte) else { return false }
        digits += 1
      } else if byte == UInt8(ascii: "-") {
        hyphen = true
      } else {
        guard isUppercase(byte), letters < 4 else { return false }
        letters += 1
      }
    }
    return hyphen && letters >= 2 && digits >= 5 && letters + digits + 1 <= 64
  }

  /// The tag in the URL that our QR codes carry, on whatever host and path the site has put it. Nil for other texts, and
  /// for URLs that name no tag: they may be anybody's.
  static func tagOfURL(_ bytes: Bytes) -> String? {
    guard var rest = bytes.dropping("https://") ?? bytes.dropping("http://") else { return nil }
    if let end = rest.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) { rest = rest[..<end] }
    if rest.last == UInt8(ascii: "/") { rest = rest.dropLast() }
    let segments = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard segments.count >= 3, !segments[0].isEmpty, let path = decoded(segments[segments.count - 2]),
      path == [UInt8(ascii: "a")], let tag = decoded(segments[segments.count - 1]), isTag(tag)
    else { return nil }
    return String(decoding: tag, as: UTF8.self)
  }

  /// Percent-decoding (RFC 3986 §2.1); nil when a percent sign is not followed by two hexadecimal digits.
  private static func decoded(_ segment: Bytes) -> [UInt8]? {
    // Three bytes for each of the 64 that a tag can have: a longer segment names none.
    guard segment.count <= 192 else { return nil }
    var result: [UInt8] = []
    var iterator = segment.makeIterator()
    while let byte = iterator.next() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      guard let high = iterator.next().flatMap(nibble), let low = iterator.next().flatMap(nibble) else { return nil }
      result.append(high << 4 | low)
    }
    return result
  }
}
