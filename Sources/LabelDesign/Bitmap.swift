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

  /// A picture of the rows given; nil unless `bytes` are its rows exactly, with the bits past the width 0.
  public init?(width: Int, height: Int, bytes: [UInt8]) {
    guard width >= 1, height >= 1, bytes.count == (width + 7) / 8 * height else { return nil }
    let rest = width % 8
    if rest > 0 {
      let perRow = (width + 7) / 8
      for row in 0..<height where bytes[(row + 1) * perRow - 1] & (0xFF >> UInt8(rest)) != 0 { return nil }
    }
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// Makes a rectangle of dots black or white; what of it is outside of the picture is left out.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, black: Bool) {
    let (left, right) = (max(0, x), min(self.width, x + width))
    let (top, bottom) = (max(0, y), min(self.height, y + height))
    guard left < right, top < bottom else { return }
    let (first, last) = (left / 8, (right - 1) / 8)
    let firstMask: UInt8 = 0xFF >> UInt8(left % 8)
    let lastMask: UInt8 = 0xFF << UInt8(7 - (right - 1) % 8)
    let perRow = bytesPerRow
    bytes.withUnsafeMutableBufferPointer { bytes in
      for row in top..<bottom {
        for index in first...last {
          var mask: UInt8 = 0xFF
          if index == first { mask &= firstMask }
          if index == last { mask &= lastMask }
          if black { bytes[row * perRow + index] |= mask } else { bytes[row * perRow + index] &= ~mask }
        }
      }
    }
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
