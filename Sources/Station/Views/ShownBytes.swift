extension [UInt8] {
  /// What was scanned, for people: UTF-8 as it is; of bytes that are not UTF-8, all that is not printable ASCII as `\xHH`.
  /// One character for a byte would look like text that somebody wrote.
  var shown: String {
    if let text = String(validating: self, as: UTF8.self) { return text }
    return map { byte in
      if (0x20..<0x7F).contains(byte) { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }

  /// The same, as one line can show it; the whole of it stands with the kept reading.
  var shownInLine: String {
    let text = shown
    return text.count > 60 ? text.prefix(60) + "…" : text
  }
}
