/// How a camera stored a picture: the EXIF tag `Orientation`, 0x0112. Each name says what makes it upright.
enum Orientation: Int {
  case upright = 1
  case mirror = 2
  case rotate180 = 3
  case flip = 4
  case transpose = 5
  case rotateClockwise = 6
  case transverse = 7
  case rotateCounterclockwise = 8

  /// Whether the upright picture is as wide as the stored one is high.
  var swapsSides: Bool { rawValue >= 5 }
}

extension GrayFrame {
  /// The upright picture of one that was stored with `orientation`.
  func upright(from orientation: Orientation) -> GrayFrame {
    if orientation == .upright { return self }
    // Where stored pixel (0, 0) lands, and how far a step to the right and a step down in the stored picture move there.
    let newWidth = orientation.swapsSides ? height : width
    let newHeight = orientation.swapsSides ? width : height
    let lastColumn = newWidth - 1
    let lastRow = (newHeight - 1) * newWidth
    let (start, right, down) =
      switch orientation {
      case .upright: (0, 1, newWidth)
      case .mirror: (lastColumn, -1, newWidth)
      case .rotate180: (lastRow + lastColumn, -1, -newWidth)
      case .flip: (lastRow, 1, -newWidth)
      case .transpose: (0, newWidth, 1)
      case .rotateClockwise: (lastColumn, newWidth, -1)
      case .transverse: (lastRow + lastColumn, -newWidth, -1)
      case .rotateCounterclockwise: (lastRow, -newWidth, 1)
      }
    let turned = bytes.withUnsafeBufferPointer { stored in
      [UInt8](unsafeUninitializedCapacity: stored.count) { buffer, count in
        // Square tiles keep both the reads and the writes of a quarter turn in the cache.
        let tile = 64
        for tileTop in stride(from: 0, to: height, by: tile) {
          for tileLeft in stride(from: 0, to: width, by: tile) {
            for row in tileTop..<min(tileTop + tile, height) {
              for column in tileLeft..<min(tileLeft + tile, width) {
                buffer[start + column * right + row * down] = stored[row * width + column]
              }
            }
          }
        }
        count = stored.count
      }
    }
    return GrayFrame(newWidth, newHeight, turned)
  }
}
