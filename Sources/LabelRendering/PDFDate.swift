/// Writes into a PDF when it was made.
///
/// cairo 1.16 takes a time of its own, and then writes it without the `D:` that ISO 32000-1, 7.9.4, wants; so its reading of the
/// machine's clock is written over, which has the same length and leaves every offset of the file as it is.
enum PDFDate {
  /// The file with another time, in UTC such as `2026-11-21T21:13:00Z`; unchanged when that is no such time.
  static func stated(_ created: String, in pdf: [UInt8]) -> [UInt8] {
    let digits = created.utf8.filter { (0x30...0x39).contains($0) }
    let form = "0000-00-00T00:00:00Z"
    guard created.utf8.count == form.utf8.count, created.hasSuffix("Z"), digits.count == 14 else { return pdf }
    let key = Array("/CreationDate (D:".utf8)
    guard let start = lastIndex(of: key, in: pdf).map({ $0 + key.count }),
      let end = pdf[start...].firstIndex(of: UInt8(ascii: ")"))
    else { return pdf }
    // `20261121211300Z`, or with an offset such as `+01'00`.
    let offset: [UInt8]
    switch end - start {
    case 15: offset = Array("Z".utf8)
    case 20: offset = Array("+00'00".utf8)
    case 21: offset = Array("+00'00'".utf8)
    default: return pdf
    }
    var stated = pdf
    stated.replaceSubrange(start..<end, with: digits + offset)
    return stated
  }

  private static func lastIndex(of key: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= key.count else { return nil }
    // It stands in the last few kilobytes.
    for start in stride(from: bytes.count - key.count, through: max(0, bytes.count - 65_536), by: -1)
    where bytes[start] == key[0] && bytes[start..<start + key.count].elementsEqual(key) {
      return start
    }
    return nil
  }
}
