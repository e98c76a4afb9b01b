/// Takes gray pictures out of a stream of them, whatever pieces it comes in.
///
/// The grammar of one picture, netpbm's binary PGM as ffmpeg writes it: `P5` LF width SP height LF `255` LF, then
/// width × height bytes.
struct PGMStream {
  /// A header with this many bytes is none.
  private static let longestHeader = 32
  /// Most pixels of one picture.
  let mostPixels: Int

  private var header: [UInt8] = []
  private var size: (width: Int, height: Int)?
  private var pixels: [UInt8] = []

  init(mostPixels: Int = CameraSource.mostPixels) { self.mostPixels = mostPixels }

  /// Takes the next bytes and hands out every picture that is whole by them. Throws ``CameraFault/garbled`` when they do
  /// not follow the grammar; nothing can be taken after that.
  mutating func take(
    _ bytes: UnsafeRawBufferPointer, deliver: (GrayFrame) -> Void
  ) throws(CameraFault) {
    var taken = 0
    while taken < bytes.count {
      guard let (width, height) = size else {
        guard header.count < Self.longestHeader else { throw .garbled }
        header.append(bytes[taken])
        taken += 1
        // Three line ends close a header.
        if header.last == 0x0A, header.count(where: { $0 == 0x0A }) == 3 { try openPicture() }
        continue
      }
      let count = min(width * height - pixels.count, bytes.count - taken)
      UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + count]).withMemoryRebound(to: UInt8.self) {
        pixels.append(contentsOf: $0)
      }
      taken += count
      guard pixels.count == width * height else { return }
      deliver(GrayFrame(width, height, pixels))
      pixels = []
      size = nil
    }
  }

  private mutating func openPicture() throws(CameraFault) {
    let lines = header.split(separator: 0x0A, omittingEmptySubsequences: false)
    let sides = lines[1].split(separator: 0x20, omittingEmptySubsequences: false)
    guard lines[0].elementsEqual("P5".utf8), lines[2].elementsEqual("255".utf8), sides.count == 2,
      let width = Self.number(sides[0]), let height = Self.number(sides[1]), width * height <= mostPixels
    else { throw .garbled }
    header.removeAll(keepingCapacity: true)
    size = (width, height)
    pixels.reserveCapacity(width * height)
  }

  /// One to five digits, above zero.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return value > 0 ? value : nil
  }
}
