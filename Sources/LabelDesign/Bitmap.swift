/// A 1-bit picture: what a label printer's head burns, dot by dot.
///
/// Rows run top to bottom and dots left to right. A row takes whole bytes, its first dot being the highest bit of its
/// first byte; the bits past ``width`` in a row's last byte are always 0. A set bit is a black dot.
public struct Bitmap: Hashable, Sendable {
  /// Dots in a row, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// `height` rows of ``bytesPerRow`` bytes.
  public private(set) var bytes: [UInt8]

  /// Bytes that a row takes.
  public var bytesPerRow: Int { (width + 7) / 8 }

  /// A white picture.
  /// - Precondition: both sides are at least 1.
  public init(width: Int, height: Int) {
    precondition(width >= 1 && height >= 1, "a picture has at least one dot")
    self.width = width
    self.height = height
    bytes = Array(repeating: 0, count: (width + 7) / 8 * height)
  }

  /// Whether the dot is black. White outside of the picture.
  public subscript(column: Int, row: Int) -> Bool {
    get {
      guard (0..<width).contains(column), (0..<height).contains(row) else { return false }
      return bytes[row * bytesPerRow + column / 8] & (0x80 >> UInt8(column % 8)) != 0
    }
    set {
      guard (0..<width).contains(column), (0..<height).contains(row) else { return }
      let mask: UInt8 = 0x80 >> UInt8(column % 8)
      if newValue {
        bytes[row * bytesPerRow + column / 8] |= mask
      } else {
        bytes[row * bytesPerRow + column / 8] &= ~mask
      }
    }
  }
}
