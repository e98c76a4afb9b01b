import Foundation
import Testing

@testable import BarcodeVision

@Suite("Decoding pictures")
struct PictureDecodingTests {
  @Test("Colour becomes BT.601 luma")
  func colour() throws {
    let file = HandmadePNG.file(
      width: 5, height: 1, colour: .rgb, rows: [[255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0]])
    // 0.299, 0.587, 0.114 of 255.
    #expect(try GrayFrame(picture: file) == GrayFrame(5, 1, [76, 150, 29, 255, 0]))
  }

  @Test("Transparency lies on white")
  func alpha() throws {
    let rgba = HandmadePNG.file(
      width: 3, height: 1, colour: .rgba, rows: [[0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 51]])
    #expect(try GrayFrame(picture: rgba) == GrayFrame(3, 1, [255, 0, 204]))
    let gray = HandmadePNG.file(width: 2, height: 1, colour: .grayAlpha, rows: [[100, 255, 100, 0]])
    #expect(try GrayFrame(picture: gray) == GrayFrame(2, 1, [100, 255]))
  }

  @Test("Sixteen bits become eight, with and without alpha")
  func sixteenBits() throws {
    let gray = HandmadePNG.file(width: 3, height: 1, depth: 16, rows: [[0, 0, 0x80, 0x80, 0xFF, 0xFF]])
    let frame = try GrayFrame(picture: gray)
    #expect(frame.bytes[0] == 0 && frame.bytes[2] == 255 && abs(Int(frame.bytes[1]) - 128) <= 1)
    let rgba = HandmadePNG.file(
      width: 2, height: 1, depth: 16, colour: .rgba,
      rows: [[0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0]])
    #expect(try GrayFrame(picture: rgba).bytes == [0, 255])
  }

  @Test("Long strips of a picture join without a seam")
  func strips() throws {
    let rows = (0..<2000).map { row in (0..<700).map { UInt8(truncatingIfNeeded: $0 &+ row &* 7) } }
    let frame = try GrayFrame(picture: HandmadePNG.file(width: 700, height: 2000, rows: rows))
    #expect(frame.bytes == rows.flatMap { $0 })
  }

  @Test(
    "A picture that ends early is damaged, wherever it was cut",
    arguments: ["code128.jpg", "qr.png", "code128-serial.webp", "qr-turned.heic", "qr-turned.tiff"], [0.05, 0.5, 0.9])
  func truncated(_ name: String, _ part: Double) throws {
    let whole = try Vectors.bytes(name)
    let format = try PictureFormat.recognize(whole)
    let cut = Array(whole.prefix(Int(Double(whole.count) * part)))
    #expect(throws: PictureError.damaged(format)) { try GrayFrame(picture: cut) }
  }

  @Test("Every short prefix of a picture is refused, none crashes")
  func prefixes() throws {
    for name in ["code128.jpg", "qr.png", "code128-serial.webp", "qr-turned.heic", "qr-turned.tiff"] {
      let whole = try Vectors.bytes(name)
      for count in 0..<200 {
        #expect(throws: PictureError.self) { try GrayFrame(picture: Array(whole.prefix(count))) }
      }
    }
  }

  @Test("What is no picture is told apart from a picture that is not read")
  func foreign() {
    #expect(throws: PictureError.empty) { try GrayFrame(picture: []) }
    #expect(throws: PictureError.notAPicture) { try GrayFrame(picture: Array("a shopping list\n".utf8)) }
    #expect(throws: PictureError.unsupportedFormat("GIF")) { try GrayFrame(picture: Array("GIF89a....".utf8)) }
    #expect(throws: PictureError.damaged(.tiff)) { try GrayFrame(picture: [0x49, 0x49, 0x2A, 0, 8, 0]) }
    #expect(throws: PictureError.damaged(.heic)) { try GrayFrame(picture: Array("\0\0\0\u{18}ftypheic....".utf8)) }
    #expect(throws: PictureError.unsupportedFormat("AVIF")) {
      try GrayFrame(picture: Array("\0\0\0\u{18}ftypavif....".utf8))
    }
    #expect(throws: PictureError.notAPicture) { try GrayFrame(picture: Array("<svg xmlns='x'/>".utf8)) }
  }

  @Test("A size over the limits is refused on the header, before pixels are decoded")
  func claims() throws {
    let claim = HandmadePNG.file(width: 20_000, height: 10_000, rows: [[0]])
    #expect(throws: PictureError.tooLarge(width: 20_000, height: 10_000)) { try GrayFrame(picture: claim) }
    let bomb = try Vectors.bytes("bomb-20000x10000.png")
    #expect(throws: PictureError.tooLarge(width: 20_000, height: 10_000)) { try GrayFrame(picture: bomb) }
    let line = HandmadePNG.file(width: 65_535, height: 1, rows: [[UInt8](repeating: 255, count: 65_535)])
    #expect(throws: PictureError.tooLarge(width: 65_535, height: 1)) { try GrayFrame(picture: line) }
    let message = PictureError.tooLarge(width: 20_000, height: 10_000).description
    #expect(message.contains("20000 × 10000") && message.contains("100 megapixels") && message.contains("30000"))
  }

  @Test("The longest side that is allowed is decoded")
  func longestSide() throws {
    let line = HandmadePNG.file(width: 30_000, height: 1, rows: [[UInt8](repeating: 9, count: 30_000)])
    #expect(try GrayFrame(picture: line).bytes == [UInt8](repeating: 9, count: 30_000))
  }

  @Test("A claim of pixels that are not there is damage")
  func missingPixels() {
    let claim = HandmadePNG.file(width: 100, height: 100, rows: [[UInt8](repeating: 0, count: 100)])
    #expect(throws: PictureError.damaged(.png)) { try GrayFrame(picture: claim) }
  }
}

@Suite("Picture files")
struct PictureFileTests {
  @Test("Paths that name no readable picture say why")
  func paths() throws {
    let folder = try ScratchFolder()
    #expect(throws: PictureError.notAFile) { try GrayFrame(pictureAt: folder.url.path) }
    #expect(throws: PictureError.missing) { try GrayFrame(pictureAt: folder.url.path + "/nothing.png") }
    #expect(throws: PictureError.nameNotText) { try GrayFrame(pictureAt: folder.url.path + "/n\u{FFFD}.png") }
    #expect(throws: PictureError.missing) { try GrayFrame(pictureAt: "") }
    #expect(throws: PictureError.missing) { try GrayFrame(pictureAt: Vectors.path("qr.png") + "\0.jpg") }
    #expect(throws: PictureError.empty) { try GrayFrame(pictureAt: folder.write([], to: "empty.jpg")) }
    #expect(throws: PictureError.notAFile) { try GrayFrame(pictureAt: "/dev/null") }
  }

  @Test("A pipe is refused at once instead of waited for")
  func pipe() throws {
    let folder = try ScratchFolder()
    let path = folder.url.appending(path: "pipe").path
    try #require(mkfifo(path, 0o600) == 0)
    #expect(throws: PictureError.notAFile) { try GrayFrame(pictureAt: path) }
  }

  @Test("A file over 64 MiB is refused unread")
  func size() throws {
    let folder = try ScratchFolder()
    let path = try folder.write([0xFF, 0xD8, 0xFF], to: "large.jpg")
    // A hole in the file: no disk is used.
    try #require(truncate(path, PictureLimits.fileBytes + 1) == 0)
    #expect(throws: PictureError.fileTooLarge) { try GrayFrame(pictureAt: path) }
  }

  @Test("A file we may not read says so", .enabled(if: geteuid() != 0, "the superuser may read everything"))
  func permission() throws {
    let folder = try ScratchFolder()
    let path = try folder.write([0xFF, 0xD8, 0xFF], to: "secret.jpg")
    try #require(chmod(path, 0) == 0)
    #expect(throws: PictureError.permissionDenied) { try GrayFrame(pictureAt: path) }
  }
}
