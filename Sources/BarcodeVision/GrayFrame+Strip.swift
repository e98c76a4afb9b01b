extension GrayFrame {
  /// The neighbourhood of a linear symbol, turned so that its bars stand: as long as the symbol and `margin` of its length
  /// on either side, as high as its bars. `nil` when the symbol has no length or the strip no pixels.
  ///
  /// What is outside the frame is white, as a label is.
  func strip(along corners: Corners, margin: Double) -> GrayFrame? {
    let places = corners.points.map { (x: Double($0.x), y: Double($0.y)) }
    guard places.count == 4 else { return nil }
    // A linear symbol is read along its longer side; of one scan line the other has no length.
    func length(_ a: Int, _ b: Int) -> Double {
      let (x, y) = (places[b].x - places[a].x, places[b].y - places[a].y)
      return (x * x + y * y).squareRoot()
    }
    let isTurned = length(1, 2) > length(0, 1)
    let (first, second) = isTurned ? (1, 2) : (0, 1)
    let (long, short) = (length(first, second), length(second, (second + 1) % 4))
    guard long >= 40, long < 20_000 else { return nil }
    let along = (x: (places[second].x - places[first].x) / long, y: (places[second].y - places[first].y) / long)
    let middle = (
      x: places.reduce(0) { $0 + $1.x } / 4, y: places.reduce(0) { $0 + $1.y } / 4
    )
    let columns = Int(long * (1 + 2 * margin))
    let rows = Int(max(12, min(short, long / 4)))
    let strip = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: columns * rows) { target, count in
        for row in 0..<rows {
          let v = Double(row) - Double(rows) / 2
          for column in 0..<columns {
            let u = Double(column) - Double(columns) / 2
            let x = middle.x + u * along.x - v * along.y
            let y = middle.y + u * along.y + v * along.x
            let (left, top) = (x.rounded(.down), y.rounded(.down))
            guard left >= 0, top >= 0, left < Double(width - 1), top < Double(height - 1) else {
              target[row * columns + column] = 255
              continue
            }
            let at = Int(top) * width + Int(left)
            let (right, below) = (x - left, y - top)
            let upper = Double(source[at]) * (1 - right) + Double(source[at + 1]) * right
            let lower = Double(source[at + width]) * (1 - right) + Double(source[at + width + 1]) * right
            target[row * columns + column] = UInt8(upper * (1 - below) + lower * below + 0.5)
          }
        }
        count = columns * rows
      }
    }
    return GrayFrame(columns, rows, strip)
  }
}
