import Testing

@testable import BarcodeVision

@Suite("HEIC and TIFF")
struct PhonePictureTests {
  @Test("A HEIC picture is turned as its own property says, once")
  func heic() throws {
    // 272 × 208 as it is stored, a quarter against the clock to show (`irot` 1; ISO/IEC 23008-12, 6.5.10).
    let frame = try GrayFrame(pictureAt: Vectors.path("qr-turned.heic"))
    #expect(frame.width == 208 && frame.height == 272)
    let symbol = try #require(try SymbolReader().read(frame).first)
    #expect(symbol.text == "https://assets.example/a/AT-00042")
    // The symbol's own top left, stored at 64, 4, lies at 4, 272 - 64.
    let start = symbol.corners.points[0]
    #expect(abs(start.x - 4) <= 4 && abs(start.y - 208) <= 4)
  }

  @Test("A TIFF is turned upright by its orientation tag, and of several pages the first is read")
  func tiff() throws {
    for name in ["qr-turned.tiff", "qr-pages.tiff"] {
      let frame = try GrayFrame(pictureAt: Vectors.path(name))
      #expect(frame.width == 272 && frame.height == 208, "\(name)")
      let symbol = try #require(try SymbolReader().read(frame).first)
      #expect(symbol.text == "https://assets.example/a/AT-00042")
      let start = symbol.corners.points[0]
      #expect(abs(start.x - 64) <= 4 && abs(start.y - 4) <= 4, "\(name)")
    }
  }

  @Test("Sizes that a HEIC claims are checked before its pixels are decoded")
  func claims() throws {
    var file = try Vectors.bytes("qr-turned.heic")
    // The image spatial extents property: size, type, version and flags, width, height (ISO/IEC 23008-12, 6.5.3).
    let extents = try #require(file.indices.dropLast(8).first { file[$0..<$0 + 4].elementsEqual("ispe".utf8) })
    func claim(_ width: Int, _ height: Int) -> [UInt8] {
      file.replaceSubrange(
        extents + 8..<extents + 16, with: [width, height].flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] })
      return file
    }
    // Told as it would be shown.
    #expect(throws: PictureError.tooLarge(width: 9500, height: 11_000)) { try GrayFrame(picture: claim(11_000, 9500)) }
    // libheif has a limit of its own, and a claim that the data does not keep is damage.
    #expect(throws: PictureError.damaged(.heic)) { try GrayFrame(picture: claim(20_000, 20_000)) }
    #expect(throws: PictureError.damaged(.heic)) { try GrayFrame(picture: claim(400, 300)) }
  }

  /// A TIFF of one strip or one tile: little-endian, uncompressed unless said otherwise (TIFF 6.0).
  private func tiff(_ fields: [(tag: UInt16, value: UInt32)], data: [UInt8] = [UInt8](repeating: 0, count: 64))
    -> [UInt8]
  {
    func bytes(_ value: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    var file: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0] + bytes(UInt32(fields.count), 2)
    let start = UInt32(file.count + fields.count * 12 + 4)
    for (tag, value) in fields.sorted(by: { $0.tag < $1.tag }) {
      // Offsets of the data are told by 0; every field is one LONG.
      file += bytes(UInt32(tag), 2) + bytes(4, 2) + bytes(1, 4) + bytes([273, 324].contains(tag) ? start : value, 4)
    }
    return file + bytes(0, 4) + data
  }

  @Test("A TIFF's claims are checked: sides, strips and tiles larger than what is there, samples without end")
  func hostile() throws {
    let usual: [(tag: UInt16, value: UInt32)] = [(258, 8), (259, 1), (262, 1), (277, 1), (273, 0), (278, 8), (279, 64)]
    // 8 × 8 black pixels, to begin with.
    #expect(try GrayFrame(picture: tiff([(256, 8), (257, 8)] + usual)).bytes == [UInt8](repeating: 0, count: 64))
    #expect(throws: PictureError.tooLarge(width: 20_000, height: 20_000)) {
      try GrayFrame(picture: tiff([(256, 20_000), (257, 20_000)] + usual))
    }
    let hostile: [[(tag: UInt16, value: UInt32)]] = [
      [(256, 29_000), (257, 3_000)] + usual,
      [(256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (277, 60_000), (273, 0), (278, 8), (279, 64)],
      [(256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (277, 1), (322, 60_000), (323, 60_000), (324, 0), (325, 64)],
      [(256, 8), (257, 8), (258, 8), (259, 5), (262, 1), (277, 1), (273, 0), (278, 0xFFFF_FFFF), (279, 0xFFFF_FFFF)],
      [(256, 8), (257, 8), (258, 8), (259, 34_712), (262, 1), (277, 1), (273, 0), (278, 8), (279, 64)],
      [(256, 0), (257, 8)] + usual,
    ]
    for fields in hostile {
      #expect(throws: PictureError.damaged(.tiff)) { try GrayFrame(picture: tiff(fields)) }
    }
  }
}
