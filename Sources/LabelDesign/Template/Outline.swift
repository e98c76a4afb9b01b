/// What the outline of a shape costs whoever fills it: its edges, after curves were made straight as for 600 dpi.
///
/// Coordinates are the shape's own; `scale` says how much they grow at most until they are millimetres.
struct Outline {
  /// Straight edges that a shape may have: more are not even counted.
  static let most = 40_000
  private static let dotsPerMillimetre = PrintResolution.dpi600.dotsPerMillimetre

  /// Edges: the box around each, and how long it is.
  private var edges: [(low: SIMD2<Double>, high: SIMD2<Double>, length: Double)] = []
  /// Edges of an arc, each of which may lie anywhere within a box.
  private var scattered: [(low: SIMD2<Double>, high: SIMD2<Double>, count: Int, length: Double)] = []
  /// Where straight pieces and curves meet.
  private(set) var corners = 0
  private(set) var count = 0
  private var low = SIMD2(Double.infinity, .infinity)
  private var high = SIMD2(-Double.infinity, -.infinity)
  let scale: Double

  init(scale: Double) { self.scale = scale }

  var isTooLong: Bool { count > Self.most }
  var width: Double { max(0, high.x - low.x) }
  var height: Double { max(0, high.y - low.y) }
  var length: Double { edges.reduce(0) { $0 + $1.length } + scattered.reduce(0) { $0 + $1.length } }

  private mutating func reach(_ point: SIMD2<Double>) {
    (low, high) = (pointwiseMin(low, point), pointwiseMax(high, point))
  }

  mutating func line(_ a: SIMD2<Double>, _ b: SIMD2<Double>) {
    corners += 1
    edge(a, b)
  }

  private mutating func edge(_ a: SIMD2<Double>, _ b: SIMD2<Double>) {
    count += 1
    guard !isTooLong else { return }
    reach(a)
    reach(b)
    let d = b - a
    edges.append((pointwiseMin(a, b), pointwiseMax(a, b), (d * d).sum().squareRoot()))
  }

  /// A cubic Bézier curve, in as many pieces as cairo takes at most for a tolerance of a tenth of a dot: halved until the control
  /// points of each are that near to it, which a number of √(10 × second difference) reaches, and halving at most twice that.
  mutating func curve(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>, _ d: SIMD2<Double>) {
    corners += 1
    let (first, second) = (a - b - b + c, b - c - c + d)
    let bend = max((first * first).sum(), (second * second).sum()).squareRoot() * scale * Self.dotsPerMillimetre
    let pieces = 1 + Int(min(2 * (10 * bend).squareRoot(), Double(Self.most)))
    guard count + pieces <= Self.most else {
      count = Self.most + 1
      return
    }
    var last = a
    for index in 1...pieces {
      let t = Double(index) / Double(pieces)
      let u = 1 - t
      let next = a * (u * u * u) + b * (3 * u * u * t) + c * (3 * u * t * t) + d * (t * t * t)
      edge(last, next)
      last = next
    }
  }

  /// An elliptical arc from one point to another: counted as the whole ellipse (SVG 1.1, F.6.5), or where that lies turned, as lying
  /// anywhere within twice its radius.
  ///
  /// - Parameter isFar: which of the two ellipses through both points it is: the flags differ.
  mutating func arc(
    _ a: SIMD2<Double>, _ b: SIMD2<Double>, radius: SIMD2<Double>, isTurned: Bool, isFar: Bool
  ) {
    let d = b - a
    guard radius.x > 0, radius.y > 0 else { return line(a, b) }
    if !isTurned {
      // As a circle of radius 1.
      let half = d / radius / 2
      let square = (half * half).sum()
      let grown = square > 1 ? radius * square.squareRoot() : radius
      let away = square > 0 && square < 1 ? ((1 - square) / square).squareRoot() : 0
      let across = SIMD2(-half.y, half.x) * (isFar ? away : -away)
      let centre = (a + b) / 2 + across * radius
      return ellipse(centre.x, centre.y, grown.x, grown.y)
    }
    corners += 1
    let most = max(radius.x, radius.y, (d * d).sum().squareRoot() / 2)
    // Four curves make an ellipse; of a quarter, the second difference is less than the radius.
    let pieces = 4 * (1 + Int(min(2 * (10 * most * scale * Self.dotsPerMillimetre).squareRoot(), Double(Self.most))))
    count += pieces
    let (low, high) = (pointwiseMin(a, b) - 2 * most, pointwiseMax(a, b) + 2 * most)
    reach(low)
    reach(high)
    scattered.append((low, high, pieces, 6.3 * most))
  }

  /// An ellipse around a point, as four curves.
  mutating func ellipse(_ x: Double, _ y: Double, _ rx: Double, _ ry: Double) {
    let k = 0.5523
    for (sx, sy) in [(1.0, 1.0), (-1, 1), (-1, -1), (1, -1)] {
      curve(
        [x + sx * rx, y], [x + sx * rx, y + sy * k * ry], [x + sx * k * rx, y + sy * ry], [x, y + sy * ry])
    }
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    line([x, y], [x + width, y])
    line([x + width, y], [x + width, y + height])
    line([x + width, y + height], [x, y + height])
    line([x, y + height], [x, y])
  }

  // MARK: What it costs

  /// Rows of dots that its edges go through, all together; none through more than `most`.
  func rows(most: Double) -> Double {
    let perUnit = scale * Self.dotsPerMillimetre
    return edges.reduce(0) { $0 + min(most, $1.length * perUnit) + 1 }
      + scattered.reduce(0) { $0 + min(3 * most, $1.length * perUnit) + Double($1.count) }
  }

  /// How many pairs of its edges may cross at most: those that share a stretch of height, and of width. Whatever a transform does, two
  /// lines that cross do so before it.
  ///
  /// - Parameter reach: how much further each edge reaches on all sides, as strokes do.
  func crossings(reach: Double = 0) -> Double {
    guard count > 1 else { return 0 }
    return min(Double(count) * Double(count) / 2, shared(\.x, reach), shared(\.y, reach))
  }

  /// Pairs of edges that share a stretch, in one direction.
  private func shared(_ part: KeyPath<SIMD2<Double>, Double>, _ reach: Double) -> Double {
    let stretches = 256
    let first = low[keyPath: part] - reach
    let span = max(high[keyPath: part] + reach - first, 1e-9)
    func stretch(_ place: Double) -> Int {
      min(stretches - 1, max(0, Int((place - first) / span * Double(stretches))))
    }
    var begun = [Int](repeating: 0, count: stretches + 1)
    func add(_ low: SIMD2<Double>, _ high: SIMD2<Double>, _ count: Int) {
      begun[stretch(low[keyPath: part] - reach)] += count
      begun[stretch(high[keyPath: part] + reach) + 1] -= count
    }
    for edge in edges { add(edge.low, edge.high, 1) }
    for arc in scattered { add(arc.low, arc.high, arc.count) }
    var (active, pairs) = (0.0, 0.0)
    for change in begun.dropLast() {
      active += Double(change)
      pairs += active * active / 2
    }
    return pairs
  }
}
