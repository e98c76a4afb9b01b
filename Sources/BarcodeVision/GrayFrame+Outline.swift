import Glibc

extension GrayFrame {
  /// The corners of a linear symbol of which hardly more than one scan line is known: as far beside that line as lines look
  /// like it. Other corners are given back as they are.
  func outline(of corners: Corners) -> Corners {
    let places = corners.points.map { (x: Double($0.x), y: Double($0.y)) }
    func middle(_ a: Int, _ b: Int) -> Place { ((places[a].x + places[b].x) / 2, (places[a].y + places[b].y) / 2) }
    func distance(_ a: Place, _ b: Place) -> Double { hypot(b.x - a.x, b.y - a.y) }
    let lies = distance(places[0], places[1]) >= distance(places[1], places[2])
    let (from, to) = lies ? (middle(0, 3), middle(1, 2)) : (middle(0, 1), middle(3, 2))
    let length = distance(from, to)
    let depth = lies ? distance(places[1], places[2]) : distance(places[0], places[1])
    guard depth <= 6, length >= 8 else { return corners }
    let along = (x: (to.x - from.x) / length, y: (to.y - from.y) / length)
    let across = (x: -along.y, y: along.x)
    let count = Int(min(length, 400))
    guard let line = values(from: from, along: along, length: length, count: count) else { return corners }

    /// How far lines on one side look like this one, and how far they have moved along with bars that lean.
    func reach(_ side: Double) -> (distance: Double, shift: Double) {
      var kept = (distance: 0.0, shift: 0.0)
      // Four lines of glare or a scratch do not end a symbol, and none is higher than long.
      for step in 1...Int(length) + 64 where Double(step) - kept.distance <= 4 {
        var best = (likeness: -1.0, shift: 0.0)
        for shift in [kept.shift, kept.shift - 1, kept.shift + 1] {
          let start = (
            x: from.x + across.x * side * Double(step) + along.x * shift,
            y: from.y + across.y * side * Double(step) + along.y * shift
          )
          guard let other = values(from: start, along: along, length: length, count: count) else { continue }
          let likeness = zip(line, other).reduce(0) { $0 + $1.0 * $1.1 }
          if likeness > best.likeness + 0.01 { best = (likeness, shift) }
        }
        if best.likeness >= 0.5 { kept = (Double(step), best.shift) }
      }
      // Something to see and to touch in any case.
      return (max(2, kept.distance), kept.shift)
    }
    let (up, down) = (reach(-1), reach(1))
    func corner(_ end: Place, _ side: Double, _ reach: (distance: Double, shift: Double)) -> Corners.Point {
      let x = end.x + across.x * side * reach.distance + along.x * reach.shift
      let y = end.y + across.y * side * reach.distance + along.y * reach.shift
      return Corners.Point(
        x: Int(max(0, min(Double(width - 1), x.rounded()))), y: Int(max(0, min(Double(height - 1), y.rounded()))))
    }
    return Corners(named: [corner(from, -1, up), corner(to, -1, up), corner(to, 1, down), corner(from, 1, down)])
  }

  private typealias Place = (x: Double, y: Double)

  /// Gray values along a line, less their mean and of length 1 as a vector; `nil` where the line leaves the frame or is plain.
  private func values(from: Place, along: Place, length: Double, count: Int) -> [Double]? {
    let step = length / Double(count)
    var values: [Double] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let x = Int((from.x + along.x * step * Double(index)).rounded())
      let y = Int((from.y + along.y * step * Double(index)).rounded())
      guard x >= 0, y >= 0, x < width, y < height else { return nil }
      values.append(Double(bytes[y * width + x]))
    }
    let mean = values.reduce(0, +) / Double(count)
    let size = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
    return size > 0 ? values.map { ($0 - mean) / size } : nil
  }
}
