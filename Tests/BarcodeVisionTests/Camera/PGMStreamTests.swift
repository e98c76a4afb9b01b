import Testing

@testable import BarcodeVision

@Suite("Camera: pictures in a stream") struct PGMStreamTests {
  /// Two pictures of different sizes, written by hand after the netpbm manual (pgm(5), "raw" form).
  private let bytes = Array("P5\n3 2\n255\n".utf8) + [0, 10, 20, 30, 40, 50] + Array("P5\n1 1\n255\n".utf8) + [0x0A]

  private func frames(of pieces: [[UInt8]]) throws -> [GrayFrame] {
    var stream = PGMStream()
    var frames: [GrayFrame] = []
    for piece in pieces {
      try piece.withUnsafeBytes { bytes in
        Result { () throws(CameraFault) in try stream.take(bytes) { frames.append($0) } }
      }.get()
    }
    return frames
  }

  @Test("whatever pieces it comes in, the pictures are the same; a new size is just the next picture's")
  func pieces() throws {
    let expected = [
      GrayFrame(width: 3, height: 2, bytes: [0, 10, 20, 30, 40, 50]), GrayFrame(width: 1, height: 1, bytes: [0x0A]),
    ]
    for size in 1...bytes.count {
      let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
      #expect(try frames(of: pieces) == expected)
    }
  }

  @Test(
    "what is no picture is a fault, found at its header",
    arguments: [
      "P6\n3 2\n255\n", "P5\n0 2\n255\n", "P5\n-3 2\n255\n", "P5\n3  2\n255\n", "P5\n3 2 1\n255\n", "P5\n3 2\n65535\n",
      "P5\n# a comment\n3 2\n", "P5\n99999 99999\n255\n", "garbage, and no end of it, line or otherwise",
      "\n\n\n",
    ])
  func garbage(_ text: String) {
    #expect(throws: CameraFault.garbled) { try frames(of: [Array(text.utf8)]) }
  }

  @Test("a picture that stops half-way is none")
  func cutShort() throws {
    #expect(try frames(of: [Array(bytes.prefix(15))]) == [])
  }
}
