import Testing

@testable import BarcodeVision

@Suite("EXIF orientation")
struct OrientationTests {
  /// The letter F in a 3 × 2 picture:  1 2 3 / 4 5 6, upright.
  private let upright = GrayFrame(3, 2, [1, 2, 3, 4, 5, 6])

  @Test(
    "What a camera stored in each orientation is turned upright",
    arguments: [
      // EXIF 2.3, tag 0x0112: where the stored row 0 and column 0 are in the scene.
      (1, 3, 2, [1, 2, 3, 4, 5, 6]),  // top, left
      (2, 3, 2, [3, 2, 1, 6, 5, 4]),  // top, right
      (3, 3, 2, [6, 5, 4, 3, 2, 1]),  // bottom, right
      (4, 3, 2, [4, 5, 6, 1, 2, 3]),  // bottom, left
      (5, 2, 3, [1, 4, 2, 5, 3, 6]),  // left, top
      (6, 2, 3, [3, 6, 2, 5, 1, 4]),  // right, top
      (7, 2, 3, [6, 3, 5, 2, 4, 1]),  // right, bottom
      (8, 2, 3, [4, 1, 5, 2, 6, 3]),  // left, bottom
    ] as [(Int, Int, Int, [UInt8])])
  func turning(_ value: Int, _ width: Int, _ height: Int, _ stored: [UInt8]) throws {
    let orientation = try #require(Orientation(rawValue: value))
    #expect(GrayFrame(width, height, stored).upright(from: orientation) == upright)
  }

  @Test("A JPEG with EXIF orientation 6 gives corners in the upright picture")
  func jpeg() throws {
    let stored = try Vectors.bytes("code128.jpg")
    let plain = try #require(try SymbolReader().read(GrayFrame(picture: stored)).first)
    let frame = try GrayFrame(picture: OrientationTests.marked(stored, orientation: 6))
    #expect(frame.width == 480 && frame.height == 640)
    let turned = try #require(try SymbolReader().read(frame).first)
    #expect(turned.text == plain.text)
    // A clockwise quarter turn takes (x, y) to (height - 1 - y, x). Scan lines end a few pixels apart.
    let expected = plain.corners.points.map { Corners.Point(x: 479 - $0.y, y: $0.x) }
    for corner in expected {
      #expect(turned.corners.points.contains { abs($0.x - corner.x) <= 12 && abs($0.y - corner.y) <= 12 })
    }
    #expect(area(turned.corners.points) > 0)
  }

  /// Twice the signed area; positive is clockwise, since y points down.
  private func area(_ points: [Corners.Point]) -> Int {
    zip(points, points.dropFirst() + points.prefix(1)).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }
  }

  /// The JPEG with an EXIF segment (APP1) put behind its start marker.
  private static func marked(_ jpeg: [UInt8], orientation: UInt8) -> [UInt8] {
    // TIFF header, big-endian; one directory with one entry: 0x0112, SHORT, 1 value; no next directory.
    let tiff: [UInt8] =
      [0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8, 0, 1]
      + [0x01, 0x12, 0x00, 0x03, 0, 0, 0, 1, 0, orientation, 0, 0] + [0, 0, 0, 0]
    let body = Array("Exif\0\0".utf8) + tiff
    let length = body.count + 2
    return Array(jpeg[0..<2]) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + body + Array(jpeg[2...])
  }
}
