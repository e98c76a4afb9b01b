/// A quadrilateral in a picture: four corners, clockwise as seen, in pixels from the top left of the upright picture.
public struct Corners: Sendable, Equatable {
  /// A place in a picture, in pixels.
  public struct Point: Sendable, Equatable {
    /// Pixels from the left edge.
    public let x: Int
    /// Pixels from the top edge.
    public let y: Int

    /// The point at `x`, `y`.
    public init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// Exactly four points, clockwise. A QR code starts at its own top left, others at the corner nearest to the
  /// picture's. Some may coincide when little of the symbol was seen.
  public let points: [Point]

  /// The corners that zbar names for a QR code, in whichever turning direction.
  init(named points: [Point]) {
    // Shoelace formula; y points down, so that a positive area is clockwise.
    var area = 0
    for (a, b) in zip(points, points.dropFirst() + points.prefix(1)) { area += a.x * b.y - b.x * a.y }
    self.points = area >= 0 ? points : points.prefix(1) + points.dropFirst().reversed()
  }

  /// The smallest rectangle, at any angle, around the places where scan lines left a symbol.
  init(enclosing places: [Point]) {
    let hull = Corners.hull(of: places)
    guard hull.count > 2 else {
      // One scan line, or all ends on one line: a rectangle without height.
      let first = hull.first ?? Point(x: 0, y: 0)
      let last = hull.last ?? first
      self.points = [first, last, last, first]
      return
    }
    var best: (area: Double, corners: [Point])?
    // The smallest enclosing rectangle has one side on an edge of the hull.
    for (a, b) in zip(hull, hull.dropFirst() + hull.prefix(1)) {
      let length = (Double(b.x - a.x) * Double(b.x - a.x) + Double(b.y - a.y) * Double(b.y - a.y)).squareRoot()
      let along = (x: Double(b.x - a.x) / length, y: Double(b.y - a.y) / length)
      let reach = hull.map { Double($0.x - a.x) * along.x + Double($0.y - a.y) * along.y }
      let depth = hull.map { Double($0.y - a.y) * along.x - Double($0.x - a.x) * along.y }
      guard let left = reach.min(), let right = reach.max(), let top = depth.min(), let bottom = depth.max() else {
        continue
      }
      let area = (right - left) * (bottom - top)
      if let best, best.area <= area { continue }
      let corners = [(left, top), (right, top), (right, bottom), (left, bottom)].map { u, v in
        Point(
          x: Int((Double(a.x) + u * along.x - v * along.y).rounded()),
          y: Int((Double(a.y) + u * along.y + v * along.x).rounded()))
      }
      best = (area, corners)
    }
    self.points = Corners.startingAtTopLeft(best?.corners ?? [hull[0], hull[1], hull[2], hull[0]])
  }

  private init(points: [Point]) { self.points = points }

  /// The same corners in the picture that `map` leads to, kept inside `width` × `height`.
  func moved(by map: PlaneMap, width: Int, height: Int) -> Corners {
    func inside(_ value: Double, _ limit: Int) -> Int { Int(max(0, min(Double(limit - 1), value.rounded()))) }
    return Corners(
      points: points.map {
        let (x, y) = map(Double($0.x), Double($0.y))
        return Point(x: inside(x, width), y: inside(y, height))
      })
  }

  private static func startingAtTopLeft(_ corners: [Point]) -> [Point] {
    let start = corners.indices.min { corners[$0].x + corners[$0].y < corners[$1].x + corners[$1].y } ?? 0
    return Array(corners[start...] + corners[..<start])
  }

  /// The convex hull, clockwise as seen (Andrew's monotone chain), without points inside an edge.
  private static func hull(of places: [Point]) -> [Point] {
    let sorted = places.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func chain(_ points: some Sequence<Point>) -> [Point] {
      var chain: [Point] = []
      for point in points {
        if chain.last == point { continue }
        while chain.count >= 2 {
          let a = chain[chain.count - 2]
          let b = chain[chain.count - 1]
          let turn = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
          if turn > 0 { break }
          chain.removeLast()
        }
        chain.append(point)
      }
      return chain
    }
    let forth = chain(sorted)
    let back = chain(sorted.reversed())
    return forth.count < 2 ? forth : Array(forth.dropLast() + back.dropLast())
  }
}
