/// PNG files written by hand (PNG specification, third edition), with uncompressed deflate blocks.
enum HandmadePNG {
  enum Colour: UInt8 { case gray = 0, rgb = 2, grayAlpha = 4, rgba = 6 }

  /// A file of the claimed size; `rows` are the pixel bytes of each row that is really there.
  static func file(width: Int, height: Int, depth: UInt8 = 8, colour: Colour = .gray, rows: [[UInt8]]) -> [UInt8] {
    let header = bigEndian(width) + bigEndian(height) + [depth, colour.rawValue, 0, 0, 0]
    let pixels = rows.flatMap { row -> [UInt8] in [0] + row }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("IDAT", stored(pixels)) + chunk("IEND", [])
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(data.count) + body + bigEndian(Int(crc32(body)))
  }

  /// RFC 1950 around RFC 1951 section 3.2.4.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65_535, data.count)
      let length = UInt16(end - start)
      bytes.append(end == data.count ? 1 : 0)
      bytes += [UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)]
      bytes += data[start..<end]
      start = end
    } while start < data.count
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return bytes + bigEndian(Int(b << 16 | a))
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
  }
}
