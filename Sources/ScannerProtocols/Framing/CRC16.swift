/// The 16-bit checks of the protocols here, by the names of the CRC catalogue.
enum CRC16 {
  /// CRC-16/GENIBUS: 0x1021, init FFFF, inverted. The CRC-16 of EPC Gen2 (annex F) and ISO/IEC 18000-63.
  static func genibus(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var crc: UInt16 = 0xFFFF
    for byte in bytes { crc = crc << 8 ^ forward[Int(UInt8(crc >> 8) ^ byte)] }
    return ~crc
  }

  /// CRC-16/MCRF4XX: 0x1021 reflected (0x8408), init FFFF. Chafon's.
  static func mcrf4xx(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var crc: UInt16 = 0xFFFF
    for byte in bytes { crc = crc >> 8 ^ reflected[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
    return crc
  }

  /// ThingMagic's: 0x1021 by nibbles with the data shifted in from below, init FFFF. In no catalogue.
  static func mercury(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var crc: UInt16 = 0xFFFF
    for byte in bytes {
      crc = (crc << 4 | UInt16(byte >> 4)) ^ forward[Int(crc >> 12)]
      crc = (crc << 4 | UInt16(byte & 15)) ^ forward[Int(crc >> 12)]
    }
    return crc
  }

  private static let forward: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index) << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
  }
  private static let reflected: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index)) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x8408 }
  }
}
