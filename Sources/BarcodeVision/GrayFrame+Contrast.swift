extension GrayFrame {
  /// Light and dark exchanged.
  func inverted() -> GrayFrame { GrayFrame(width, height, bytes.map { 255 - $0 }) }

  /// Contrast-limited adaptive histogram equalization (CLAHE) over 8 × 8 tiles: lifts a symbol out of a shadow or a
  /// glare without lifting the noise of plain areas.
  ///
  /// A tile's histogram is cut at three times its mean height; between tile centres the curves are blended.
  func locallyEqualized() -> GrayFrame {
    let tiles = 8
    let tileWidth = (width + tiles - 1) / tiles
    let tileHeight = (height + tiles - 1) / tiles
    let columns = (width + tileWidth - 1) / tileWidth
    let rows = (height + tileHeight - 1) / tileHeight
    let result = bytes.withUnsafeBufferPointer { source in
      var curves = [UInt8](repeating: 0, count: rows * columns * 256)
      for row in 0..<rows {
        for column in 0..<columns {
          var histogram = [Int](repeating: 0, count: 256)
          let bottom = min(height, (row + 1) * tileHeight)
          let right = min(width, (column + 1) * tileWidth)
          for y in row * tileHeight..<bottom {
            for x in column * tileWidth..<right { histogram[Int(source[y * width + x])] += 1 }
          }
          let area = (bottom - row * tileHeight) * (right - column * tileWidth)
          let ceiling = max(1, 3 * area / 256)
          let excess = histogram.reduce(0) { $0 + max(0, $1 - ceiling) }
          var sum = 0
          for value in 0..<256 {
            sum += min(histogram[value], ceiling)
            // What was cut off is spread evenly over all values.
            let share = excess * (value + 1) / 256
            curves[(row * columns + column) * 256 + value] = UInt8(min(255, (sum + share) * 255 / area))
          }
        }
      }
      return curves.withUnsafeBufferPointer { curves in
        // Blend weights per column, in 256ths: the tile centres left and right of it and how near the right one is.
        let across = (0..<width).map { GrayFrame.blend($0, size: tileWidth, count: columns) }
        return [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
          for y in 0..<height {
            let down = GrayFrame.blend(y, size: tileHeight, count: rows)
            let upper = down.first * columns
            let lower = down.second * columns
            for x in 0..<width {
              let side = across[x]
              let value = Int(source[y * width + x])
              let top =
                Int(curves[(upper + side.first) * 256 + value]) * (256 - side.weight)
                + Int(curves[(upper + side.second) * 256 + value]) * side.weight
              let bottom =
                Int(curves[(lower + side.first) * 256 + value]) * (256 - side.weight)
                + Int(curves[(lower + side.second) * 256 + value]) * side.weight
              target[y * width + x] = UInt8((top * (256 - down.weight) + bottom * down.weight) >> 16)
            }
          }
          count = source.count
        }
      }
    }
    return GrayFrame(width, height, result)
  }

  private static func blend(_ position: Int, size: Int, count: Int) -> (first: Int, second: Int, weight: Int) {
    // Twice the distance from the first tile's centre, to stay in integers.
    let distance = 2 * position + 1 - size
    if distance <= 0 { return (0, 0, 0) }
    let first = distance / (2 * size)
    if first >= count - 1 { return (count - 1, count - 1, 0) }
    return (first, first + 1, (distance - first * 2 * size) * 256 / (2 * size))
  }

  /// Black where a pixel is more than 5 darker than the mean of the 31 × 31 pixels around it, else white.
  func locallyThresholded() -> GrayFrame {
    comparedWithSurroundings(reach: 15) { value, sum, area in (value + 5) * area < sum ? 0 : 255 }
  }

  /// Four times as far from the mean of the 13 × 13 pixels around it: narrow bars that a blur has joined part again.
  func sharpened() -> GrayFrame {
    comparedWithSurroundings(reach: 6) { value, sum, area in
      UInt8(truncatingIfNeeded: max(0, min(255, 4 * value - 3 * sum / area)))
    }
  }

  /// Each pixel the mean of the 3 × 3 around it: the grain of a sensor, or of a printer's dots, goes.
  func smoothed() -> GrayFrame {
    comparedWithSurroundings(reach: 1) { _, sum, area in UInt8(truncatingIfNeeded: sum / area) }
  }

  /// What `tone` makes of each pixel's value and the sum and number of pixels within `reach` of it.
  @inline(__always)
  private func comparedWithSurroundings(
    reach: Int, _ tone: (_ value: Int32, _ sum: Int32, _ area: Int32) -> UInt8
  ) -> GrayFrame {
    let result = bytes.withUnsafeBufferPointer { source in
      // Sums of everything above and left, one row and one column longer than the picture.
      let stride = width + 1
      var sums = [UInt32](repeating: 0, count: stride * (height + 1))
      for y in 0..<height {
        var rowSum: UInt32 = 0
        for x in 0..<width {
          rowSum &+= UInt32(source[y * width + x])
          // Wrapping is harmless: a difference of four sums is right modulo 2³², and it is below that.
          sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] &+ rowSum
        }
      }
      return sums.withUnsafeBufferPointer { sums in
        [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
          for y in 0..<height {
            let top = max(0, y - reach)
            let bottom = min(height, y + reach + 1)
            for x in 0..<width {
              let left = max(0, x - reach)
              let right = min(width, x + reach + 1)
              let sum =
                sums[bottom * stride + right] &- sums[top * stride + right] &- sums[bottom * stride + left]
                &+ sums[top * stride + left]
              target[y * width + x] = tone(
                Int32(source[y * width + x]), Int32(sum), Int32((bottom - top) * (right - left)))
            }
          }
          count = source.count
        }
      }
    }
    return GrayFrame(width, height, result)
  }

  /// Black and white, parted where the two groups of gray values differ most (Otsu's method).
  func globallyThresholded() -> GrayFrame {
    var histogram = [Int](repeating: 0, count: 256)
    bytes.withUnsafeBufferPointer { source in for value in source { histogram[Int(value)] += 1 } }
    let total = bytes.count
    let sum = histogram.indices.reduce(0) { $0 + $1 * histogram[$1] }
    var best = (spread: -1.0, threshold: 127)
    var (darkCount, darkSum) = (0, 0)
    for threshold in 0..<255 {
      darkCount += histogram[threshold]
      darkSum += threshold * histogram[threshold]
      if darkCount == 0 || darkCount == total { continue }
      let difference = Double(darkSum) / Double(darkCount) - Double(sum - darkSum) / Double(total - darkCount)
      let spread = Double(darkCount) * Double(total - darkCount) * difference * difference
      if spread > best.spread { best = (spread, threshold) }
    }
    let threshold = best.threshold
    return GrayFrame(width, height, bytes.map { Int($0) > threshold ? 255 : 0 })
  }
}
