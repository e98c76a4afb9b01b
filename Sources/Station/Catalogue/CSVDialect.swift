/// How a CSV file is written: where its first row begins, and what separates its cells.
struct CSVDialect: Hashable, Sendable {
  /// Why a file cannot be read as CSV at all.
  enum Fault: Error, Hashable {
    case empty
    case utf16
    /// Its first eight bytes hold control characters, as those of pictures and archives do.
    case notText
  }

  /// A comma, a semicolon or a tab.
  var delimiter: UInt8
  /// Where the header begins: past a byte order mark and a `sep=` line.
  var start: Int
  /// The header's line, from 1.
  var line: Int

  /// Looks at the beginning of a file: the separator is the one that stands most often outside quotes in the first row.
  static func sniff(_ bytes: [UInt8]) throws(Fault) -> CSVDialect {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw .utf16 }
    let isText = { (byte: UInt8) in byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    guard bytes.prefix(8).allSatisfy(isText) else { throw .notText }
    var dialect = CSVDialect(
      delimiter: UInt8(ascii: ","), start: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, line: 1)
    // Excel writes `sep=;` as a first line of its own and hides it when it opens the file.
    let mark = Array("sep=".utf8)
    let head = bytes.dropFirst(dialect.start).prefix(8)
    if head.count > mark.count, head.starts(with: mark) {
      var end = dialect.start + mark.count + 1
      if end < bytes.count, bytes[end] == UInt8(ascii: "\r") { end += 1 }
      if end < bytes.count, bytes[end] == UInt8(ascii: "\n") {
        return CSVDialect(delimiter: bytes[dialect.start + mark.count], start: end + 1, line: 2)
      }
    }
    guard let counts = count(bytes, from: dialect.start) else { throw .empty }
    var most = 0
    for (candidate, count) in counts where count > most {
      dialect.delimiter = candidate
      most = count
    }
    return dialect
  }

  /// How often each candidate stands in the first row that is not blank; nil when there is none.
  private static func count(_ bytes: [UInt8], from start: Int) -> [(UInt8, Int)]? {
    var counts = [(UInt8(ascii: ","), 0), (UInt8(ascii: ";"), 0), (UInt8(ascii: "\t"), 0)]
    var quoted = false
    var begun = false
    for byte in bytes[start...] {
      if byte == UInt8(ascii: "\"") { quoted.toggle() }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if begun, !quoted { break }
        continue
      }
      begun = true
      guard !quoted else { continue }
      for index in counts.indices where counts[index].0 == byte { counts[index].1 += 1 }
    }
    return begun ? counts : nil
  }
}
