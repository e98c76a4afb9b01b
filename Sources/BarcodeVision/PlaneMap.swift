/// Where a pixel of one picture lies in another: x′ = xx·x + xy·y + x0, y′ = yx·x + yy·y + y0.
struct PlaneMap: Sendable, Equatable {
  var xx: Double
  var xy: Double
  var x0: Double
  var yx: Double
  var yy: Double
  var y0: Double

  /// The same place.
  static let identity = PlaneMap(scale: 1)

  /// A place `scale` times as far from the top left.
  init(scale: Double) { self.init(xx: scale, xy: 0, x0: 0, yx: 0, yy: scale, y0: 0) }

  init(xx: Double, xy: Double, x0: Double, yx: Double, yy: Double, y0: Double) {
    (self.xx, self.xy, self.x0) = (xx, xy, x0)
    (self.yx, self.yy, self.y0) = (yx, yy, y0)
  }

  /// Where the point lies, not rounded.
  func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (xx * x + xy * y + x0, yx * x + yy * y + y0)
  }
}

extension PlaneMap {
  /// First `other`, then this.
  func after(_ other: PlaneMap) -> PlaneMap {
    PlaneMap(
      xx: xx * other.xx + xy * other.yx, xy: xx * other.xy + xy * other.yy, x0: xx * other.x0 + xy * other.y0 + x0,
      yx: yx * other.xx + yy * other.yx, yy: yx * other.xy + yy * other.yy, y0: yx * other.x0 + yy * other.y0 + y0)
  }
}
