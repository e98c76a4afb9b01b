/// The order of names in an object: by UTF-16 code units (RFC 8785 §3.2.3), worked out on UTF-8.
///
/// UTF-8 bytes sort as code points do, and so do UTF-16 code units but for one case: a supplementary character
/// (U+10000 and above; UTF-8 lead byte F0–F4) is written with surrogates D800–DFFF and so comes before U+E000–U+FFFF
/// (lead bytes EE and EF).
enum CanonicalOrder {
  /// Negative, zero or positive, as `left` stands before, at, or after `right`. Both must be valid UTF-8.
  @inline(__always)
  static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    let shared = min(left.count, right.count)
    var index = 0
    while index < shared {
      let a = left[index]
      let b = right[index]
      if a != b {
        // EE and above are lead bytes of valid UTF-8, so the whole character differs here.
        if a >= 0xEE, b >= 0xEE, (a >= 0xF0) != (b >= 0xF0) { return a >= 0xF0 ? -1 : 1 }
        return a < b ? -1 : 1
      }
      index += 1
    }
    return left.count - right.count
  }

  static func compare(_ left: String, _ right: String) -> Int {
    var left = left
    var right = right
    return left.withUTF8 { a in right.withUTF8 { b in compare(a, b) } }
  }
}
