/// The data of `^GFA`: dots as hexadecimal digits, shortened by Zebra's alternative compression (ZPL II Programming Guide,
/// "Alternative Data Compression Scheme for ~DG and ~DB").
///
///     data  = *( row )                 ; a row has two digits for each byte, or ends early by "," or "!"
///     row   = *( [ count ] digit ) [ "," / "!" ]
///           / ":"                      ; the row above once more
///     count = *"z" [ %x67-7A ] [ %x47-59 ]   ; g-z: 20, 40 … 400; G-Y: 1 … 19; they add up
///     ","   the rest of the row is 0      "!"   the rest of the row is F
///
/// `decode` is the inverse of `encode`: `decode(encode(rows, w), w, rows.count) == rows`.
enum ZPLGraphic {
  private static let digits = Array("0123456789ABCDEF".utf8)
  /// The longest run that two letters say: `z` and `Y`.
  private static let longestRun = 419

  /// The data of rows of `bytesPerRow` bytes each. Beginning with a row of its own: nothing refers to what came before.
  static func encode(_ rows: ArraySlice<UInt8>, bytesPerRow: Int) -> [UInt8] {
    var data: [UInt8] = []
    data.reserveCapacity(rows.count / 2)
    var above: ArraySlice<UInt8> = []
    var nibbles: [UInt8] = []
    nibbles.reserveCapacity(2 * bytesPerRow)
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: bytesPerRow) {
      let row = rows[start..<min(start + bytesPerRow, rows.endIndex)]
      if row == above {
        data.append(UInt8(ascii: ":"))
      } else {
        append(row, through: &nibbles, to: &data)
      }
      above = row
    }
    return data
  }

  /// - Parameter nibbles: room for the row's digits, used again for the next.
  private static func append(
    _ row: ArraySlice<UInt8>, through nibbles: inout [UInt8], to data: inout [UInt8]
  ) {
    nibbles.removeAll(keepingCapacity: true)
    for byte in row {
      nibbles.append(byte >> 4)
      nibbles.append(byte & 0xF)
    }
    var kept = nibbles.count
    var ending: UInt8?
    if let last = nibbles.last, last == 0 || last == 0xF {
      while kept > 0, nibbles[kept - 1] == last { kept -= 1 }
      ending = last == 0 ? UInt8(ascii: ",") : UInt8(ascii: "!")
    }
    var index = 0
    while index < kept {
      let digit = nibbles[index]
      var run = 1
      while index + run < kept, nibbles[index + run] == digit { run += 1 }
      index += run
      append(run: run, of: digits[Int(digit)], to: &data)
    }
    if let ending { data.append(ending) }
  }

  private static func append(run: Int, of digit: UInt8, to data: inout [UInt8]) {
    var left = run
    while left > longestRun {
      // 400 takes a letter less than 419, where that many more pieces are not needed.
      let isShorter = left - 400 <= longestRun * ((left - 1) / longestRun)
      data += isShorter ? [UInt8(ascii: "z"), digit] : [UInt8(ascii: "z"), UInt8(ascii: "Y"), digit]
      left -= isShorter ? 400 : longestRun
    }
    if left <= 2 {
      for _ in 0..<left { data.append(digit) }
      return
    }
    if left >= 20 { data.append(UInt8(ascii: "g") + UInt8(left / 20 - 1)) }
    if left % 20 > 0 { data.append(UInt8(ascii: "G") + UInt8(left % 20 - 1)) }
    data.append(digit)
  }

  /// What is wrong with compressed data, and where.
  struct Fault: Error, Hashable {
    /// Index of the byte, from 0; the count of bytes when something is missing at the end.
    let at: Int
    let reason: String
  }

  /// The rows that data stands for: exactly `total` bytes. Line breaks in it do not count.
  static func decode(_ data: some Collection<UInt8>, bytesPerRow: Int, total: Int) throws(Fault) -> [UInt8] {
    guard bytesPerRow > 0, total >= 0, total.isMultiple(of: bytesPerRow) else {
      throw Fault(at: 0, reason: "rows of \(bytesPerRow) bytes do not make up \(total)")
    }
    var rows: [UInt8] = []
    var row: [UInt8] = []
    var count = 0
    var position = 0
    /// Puts so many digits into the row, and the row to the others when it is full.
    func put(_ nibble: UInt8, times: Int) throws(Fault) {
      guard row.count + times <= 2 * bytesPerRow else { throw Fault(at: position, reason: "the row is full") }
      guard rows.count + bytesPerRow <= total else { throw Fault(at: position, reason: "there are rows enough") }
      for _ in 0..<times { row.append(nibble) }
      guard row.count == 2 * bytesPerRow else { return }
      for index in 0..<bytesPerRow { rows.append(row[2 * index] << 4 | row[2 * index + 1]) }
      row = []
    }
    for byte in data {
      switch byte {
      case UInt8(ascii: "g")...UInt8(ascii: "z"): count += 20 * Int(byte - UInt8(ascii: "g") + 1)
      case UInt8(ascii: "G")...UInt8(ascii: "Y"): count += Int(byte - UInt8(ascii: "G") + 1)
      case UInt8(ascii: ","), UInt8(ascii: "!"), UInt8(ascii: ":"):
        guard count == 0 else { throw Fault(at: position, reason: "a count wants a digit") }
        if byte == UInt8(ascii: ":") {
          guard row.isEmpty else { throw Fault(at: position, reason: "the row has begun already") }
          guard rows.count >= bytesPerRow else { throw Fault(at: position, reason: "there is no row above") }
          guard rows.count + bytesPerRow <= total else { throw Fault(at: position, reason: "there are rows enough") }
          rows += rows[(rows.count - bytesPerRow)...]
        } else {
          try put(byte == UInt8(ascii: ",") ? 0 : 0xF, times: 2 * bytesPerRow - row.count)
        }
      case 0x0A, 0x0D: break
      default:
        guard let nibble = Self.nibble(byte) else { throw Fault(at: position, reason: "that is no digit and no count") }
        try put(nibble, times: max(count, 1))
        count = 0
      }
      guard count <= 2 * bytesPerRow else { throw Fault(at: position, reason: "the row is full") }
      position += 1
    }
    guard rows.count == total, count == 0, row.isEmpty else {
      throw Fault(at: position, reason: "\(rows.count) of \(total) bytes are there")
    }
    return rows
  }

  private static func nibble(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
