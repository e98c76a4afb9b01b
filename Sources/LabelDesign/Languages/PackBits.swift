/// TIFF's PackBits, as Brother's printers take it (Raster Command Reference, "Select compression mode"): `n` from 0 to 127 and
/// n + 1 bytes as they are, or -n from -1 to -127 and one byte that stands for n + 1.
enum PackBits {
  /// The longest piece.
  private static let longest = 128

  static func encode(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8] {
    let bytes = Array(bytes)
    var packed: [UInt8] = []
    var index = 0
    var literal = 0
    /// Writes the bytes before `index` that stand for themselves.
    func flush() {
      guard literal > 0 else { return }
      packed.append(UInt8(literal - 1))
      packed += bytes[(index - literal)..<index]
      literal = 0
    }
    while index < bytes.count {
      var run = 1
      while index + run < bytes.count, run < longest, bytes[index + run] == bytes[index] { run += 1 }
      // Two alike within bytes that differ cost nothing where they are.
      if run >= (literal == 0 ? 2 : 3) {
        flush()
        packed += [UInt8(truncatingIfNeeded: 1 - run), bytes[index]]
        index += run
      } else {
        index += 1
        literal += 1
        if literal == longest { flush() }
      }
    }
    flush()
    return packed
  }
}
