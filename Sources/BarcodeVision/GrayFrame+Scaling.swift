extension GrayFrame {
  /// Twice as wide and high, by cubic convolution (Catmull–Rom). Narrow bars get room between zbar's scan lines.
  ///
  /// New pixel centres lie a quarter of an old pixel beside the old ones.
  func doubled() -> GrayFrame {
    let (width, height) = (self.width, self.height)
    let doubled = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: source.count * 4) { target, count in
        // One row of twice the height, with two pixels more on either side.
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: width + 4) { row in
          for newRow in 0..<height * 2 {
            let centre = newRow >> 1
            // The upper of two new rows leans on the rows above its old one, the lower on those below.
            let step = newRow & 1 == 0 ? -1 : 1
            func start(_ offset: Int) -> Int { max(0, min(height - 1, centre + offset * step)) * width }
            let (far, near, here, next) = (start(2), start(1), start(0), start(-1))
            for x in 0..<width {
              row[x &+ 2] = GrayFrame.cubic(
                Int32(source[far &+ x]), Int32(source[near &+ x]), Int32(source[here &+ x]), Int32(source[next &+ x]))
            }
            (row[0], row[1]) = (row[2], row[2])
            (row[width + 2], row[width + 3]) = (row[width + 1], row[width + 1])
            let base = newRow * width * 2
            for x in 0..<width {
              target[base &+ 2 &* x] = UInt8(
                truncatingIfNeeded: GrayFrame.cubic(row[x], row[x &+ 1], row[x &+ 2], row[x &+ 3]))
              target[base &+ 2 &* x &+ 1] = UInt8(
                truncatingIfNeeded: GrayFrame.cubic(row[x &+ 4], row[x &+ 3], row[x &+ 2], row[x &+ 1]))
            }
          }
        }
        count = source.count * 4
      }
    }
    return GrayFrame(width * 2, height * 2, doubled)
  }

  /// Catmull–Rom weights a quarter from `here` towards `near`, in 128ths; kept between 0 and 255.
  @inline(__always)
  private static func cubic(_ far: Int32, _ near: Int32, _ here: Int32, _ next: Int32) -> Int32 {
    let sum = (111 &* here &+ 29 &* near &- 3 &* far &- 9 &* next &+ 64) >> 7
    return max(0, min(255, sum))
  }

  /// Half as wide and high, each pixel the mean of four; an odd last row or column is dropped. `nil` when nothing
  /// would be left.
  func halved() -> GrayFrame? {
    let (newWidth, newHeight) = (width / 2, height / 2)
    guard newWidth > 0, newHeight > 0 else { return nil }
    let result = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: newWidth * newHeight) { target, count in
        for row in 0..<newHeight {
          let upper = row * 2 * width
          let lower = upper + width
          for column in 0..<newWidth {
            let sum =
              UInt16(source[upper + column * 2]) + UInt16(source[upper + column * 2 + 1])
              + UInt16(source[lower + column * 2]) + UInt16(source[lower + column * 2 + 1])
            target[row * newWidth + column] = UInt8((sum + 2) >> 2)
          }
        }
        count = newWidth * newHeight
      }
    }
    return GrayFrame(newWidth, newHeight, result)
  }
}
