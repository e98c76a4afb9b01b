import Testing

@testable import BarcodeVision

@Suite("Hostile pictures")
struct HostilePictureTests {
  @Test("Sizes that a JPEG or WebP claims are checked before its pixels are decoded")
  func claims() throws {
    var jpeg = try Vectors.bytes("code128.jpg")
    // libjpeg itself refuses sides over 65,500. The frame header, SOF0 or SOF2: marker, length, precision, then height and width of two bytes each (ITU-T T.81, B.2.2).
    let header = try #require(
      jpeg.indices.dropLast(9).first { jpeg[$0] == 0xFF && [0xC0, 0xC2].contains(jpeg[$0 + 1]) })
    jpeg.replaceSubrange(header + 5..<header + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    #expect(throws: PictureError.tooLarge(width: 65_500, height: 65_500)) { try GrayFrame(picture: jpeg) }
    jpeg.replaceSubrange(header + 5..<header + 9, with: [0x00, 0x01, 0xFF, 0xDC])
    #expect(throws: PictureError.tooLarge(width: 65_500, height: 1)) { try GrayFrame(picture: jpeg) }
    var webp = try Vectors.bytes("code128-serial.webp")
    // VP8: the start code 9D 01 2A, then width and height of 14 bits each, little-endian (RFC 6386, 9.1).
    let start = try #require(
      webp.indices.dropLast(7).first { webp[$0] == 0x9D && webp[$0 + 1] == 0x01 && webp[$0 + 2] == 0x2A })
    webp.replaceSubrange(start + 3..<start + 7, with: [0xFF, 0x3F, 0xFF, 0x3F])
    #expect(throws: PictureError.self) { try GrayFrame(picture: webp) }
  }

  @Test("Of an animated WebP the first frame is read; an animated GIF is refused as one")
  func animated() throws {
    #expect(try Vectors.read("animated.webp").map(\.text) == ["https://assets.example/a/AT-00042"])
    #expect(throws: PictureError.unsupportedFormat("GIF")) { try Vectors.read("animated.gif") }
  }

  @Test(
    "A flipped bit gives the picture, a damaged one of the same size, or an error; never a symbol that is not there",
    arguments: ["code128.jpg", "qr.png", "code128-serial.webp", "qr-turned.heic", "qr-turned.tiff"])
  func flipped(_ name: String) throws {
    let whole = try Vectors.bytes(name)
    let texts = try Vectors.read(name).map(\.text)
    for step in 0..<24 {
      var bytes = whole
      bytes[whole.count * (2 * step + 1) / 48] ^= 1 << UInt8(step % 8)
      let frame: GrayFrame
      do throws(PictureError) { frame = try GrayFrame(picture: bytes) } catch {
        #expect(!error.remedy.isEmpty)
        continue
      }
      #expect(try SymbolReader().read(frame).allSatisfy { texts.contains($0.text) }, "\(name), step \(step)")
    }
  }
}
