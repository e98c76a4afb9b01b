/// CRC-32 as zip files carry it (ISO 3309, ITU-T V.42; polynomial 0xEDB88320 reflected). It finds accidents; what somebody
/// did on purpose is found by hashes and signatures.
enum CyclicRedundancyCheck {
  // Eight tables, so that eight bytes are taken at a time.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<8 * 256 {
      let before = tables[index - 256]
      tables[index] = tables[Int(before & 0xFF)] ^ before >> 8
    }
    return tables
  }()

  static func value(of bytes: ArraySlice<UInt8>) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      bytes.withUnsafeBufferPointer { bytes in
        var crc: UInt32 = 0xFFFF_FFFF
        var at = 0
        while bytes.count - at >= 8 {
          let low =
            crc
            ^ (UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
              | UInt32(bytes[at + 3]) << 24)
          crc =
            tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
            ^ tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
            ^ tables[3 * 256 + Int(bytes[at + 4])] ^ tables[2 * 256 + Int(bytes[at + 5])]
            ^ tables[256 + Int(bytes[at + 6])] ^ tables[Int(bytes[at + 7])]
          at += 8
        }
        while at < bytes.count {
          crc = tables[Int((crc ^ UInt32(bytes[at])) & 0xFF)] ^ crc >> 8
          at += 1
        }
        return ~crc
      }
    }
  }
}
