import Glibc

extension GrayFrame {
  /// The neighbourhood of a linear symbol, turned so that its bars stand: as long as the symbol and `margin` of its length
  /// on either side, as high as its bars. `nil` when the symbol has no length or the strip no pixels.
  ///
  /// What is outside the frame is white, as a label is.
  func strip(along corners: Corners, margin: Double) -> GrayFrame? {
    let places = corners.points.map { (x: Double($0.x), y: Double($0.y)) }
    guard places.count == 4 else { return nil }
    func length(_ a: Int, _ b: Int) -> Double { hypot(places[b].x - places[a].x, places[b].y - places[a].y) }
    // A linear symbol is read along its longer side; of one scan line the other has no length.
    let (long, short) = (max(length(0, 1), length(1, 2)), min(length(0, 1), length(1, 2)))
    guard long >= 40, long < 20_000 else { return nil }
    let along = directionAcrossBars(within: corners)
    let middle = (x: places.reduce(0) { $0 + $1.x } / 4, y: places.reduce(0) { $0 + $1.y } / 4)
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

  /// The direction, as a vector of length 1, in which gray values change most within the upright box around a symbol: where
  /// scan lines met it tells its place, but not how it leans.
  private func directionAcrossBars(within corners: Corners) -> (x: Double, y: Double) {
    let (xs, ys) = (corners.points.map(\.x), corners.points.map(\.y))
    let (left, right) = (max(1, xs.min() ?? 1), min(width - 2, xs.max() ?? 0))
    var (top, bottom) = (max(1, ys.min() ?? 1), min(height - 2, ys.max() ?? 0))
    if bottom - top < 8 { (top, bottom) = (max(1, top - 4), min(height - 2, bottom + 4)) }
    guard left <= right, top <= bottom else { return (1, 0) }
    // The structure tensor's main axis.
    var (xx, xy, yy) = (0, 0, 0)
    bytes.withUnsafeBufferPointer { source in
      let step = max(1, (bottom - top) / 64)
      for y in stride(from: top, through: bottom, by: step) {
        for x in left...right {
          let at = y &* width &+ x
          let across = Int(source[at &+ 1]) &- Int(source[at &- 1])
          let down = Int(source[at &+ width]) &- Int(source[at &- width])
          xx &+= across &* across
          xy &+= across &* down
          yy &+= down &* down
        }
      }
    }
    let angle = 0.5 * atan2(2 * Double(xy), Double(xx - yy))
    return (cos(angle), sin(angle))
  }
}
