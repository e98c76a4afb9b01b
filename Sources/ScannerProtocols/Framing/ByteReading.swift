extension ArraySlice<UInt8> {
  /// The byte at an offset from the begin of the slice; the caller has made sure that it is there.
  subscript(byte offset: Int) -> UInt8 { self[startIndex + offset] }

  /// Two bytes at an offset, most significant first.
  func bigEndian16(_ offset: Int) -> UInt16 { UInt16(self[byte: offset]) << 8 | UInt16(self[byte: offset + 1]) }

  /// Four bytes at an offset, most significant first.
  func bigEndian32(_ offset: Int) -> UInt32 { UInt32(bigEndian16(offset)) << 16 | UInt32(bigEndian16(offset + 2)) }

  /// Eight bytes at an offset, most significant first.
  func bigEndian64(_ offset: Int) -> UInt64 { UInt64(bigEndian32(offset)) << 32 | UInt64(bigEndian32(offset + 4)) }

  /// `length` bytes at an offset.
  func bytes(_ offset: Int, _ length: Int) -> ArraySlice<UInt8> {
    self[(startIndex + offset)..<(startIndex + offset + length)]
  }
}

extension [UInt8] {
  /// Appends a number, most significant byte first.
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    var shift = value.bitWidth
    while shift > 0 {
      shift -= 8
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
