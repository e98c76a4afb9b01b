extension GrayFrame {
  /// Twice as wide and high, by cubic convolution (Catmull–Rom). Narrow bars get room between zbar's scan lines.
  func doubled() -> GrayFrame {
    let wide = doubledRows()
    let turned = wide.transposed().doubledRows()
    return turned.transposed()
  }

  private func transposed() -> GrayFrame { upright(from: .transpose) }

  /// Twice as wide. New pixel centres lie a quarter of an old pixel left and right of the old ones.
  private func doubledRows() -> GrayFrame {
    let result = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: source.count * 2) { target, count in
        for row in 0..<height {
          let start = row * width
          for column in 0..<width {
            let at = { (offset: Int) in Int32(source[start + max(0, min(width - 1, column + offset))]) }
            let (far, near, here) = (at(-2), at(-1), at(0))
            let (next, beyond) = (at(1), at(2))
            // Catmull–Rom weights at 3/4 and 1/4 between two samples, in 128ths.
            let left = (-3 &* far &+ 29 &* near &+ 111 &* here &- 9 &* next &+ 64) >> 7
            let right = (-9 &* near &+ 111 &* here &+ 29 &* next &- 3 &* beyond &+ 64) >> 7
            target[(start + column) * 2] = UInt8(max(0, min(255, left)))
            target[(start + column) * 2 + 1] = UInt8(max(0, min(255, right)))
          }
        }
        count = source.count * 2
      }
    }
    return GrayFrame(width * 2, height, result)
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
