import LabelDesign

/// Writes into a PNG how large it is meant to be, so that it prints at its size.
enum PNGResolution {
  /// The file with a pHYs chunk (ISO/IEC 15948, 11.3.5.3) after its header.
  static func stated(_ resolution: PrintResolution, in png: [UInt8]) -> [UInt8] {
    // Signature, then IHDR: length, name, 13 bytes, checksum.
    let header = 8 + 4 + 4 + 13 + 4
    guard png.count > header else { return png }
    let perMetre = UInt32((resolution.dotsPerMillimetre * 1000).rounded())
    let unitIsMetre: UInt8 = 1
    let chunk = Array("pHYs".utf8) + bytes(perMetre) + bytes(perMetre) + [unitIsMetre]
    return png[..<header] + bytes(9) + chunk + bytes(checksum(chunk)) + png[header...]
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
  }

  /// CRC-32 (ISO/IEC 15948, annex D).
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~register
  }
}
