import Testing

@testable import BarcodeVision

@Suite("Outline of a symbol of which one scan line is known")
struct OutlineTests {
  /// Bars of unequal width from x 40 to 160 and y 50 to 90, which lean by `lean` pixels a row.
  private func bars(leaning lean: Double = 0) -> GrayFrame {
    let modules = [1, 2, 1, 3, 1, 1, 2, 1, 1, 3, 2, 1, 1, 1, 2, 1, 3, 1, 1, 1]
    var isDark: [Bool] = []
    for (index, width) in modules.enumerated() { isDark += [Bool](repeating: index % 2 == 0, count: width * 4) }
    var bytes = [UInt8](repeating: 250, count: 240 * 140)
    for y in 50..<90 {
      for (offset, dark) in isDark.enumerated() where dark {
        bytes[y * 240 + 40 + offset + Int((Double(y - 70) * lean).rounded())] = 20
      }
    }
    return GrayFrame(240, 140, bytes)
  }

  private func line(_ from: (Int, Int), _ to: (Int, Int)) -> Corners {
    Corners(enclosing: [Corners.Point(x: from.0, y: from.1), Corners.Point(x: to.0, y: to.1)])
  }

  @Test("It is as high as the bars, whichever line was read", arguments: [52, 70, 88])
  func upright(_ row: Int) {
    let points = bars().outline(of: line((40, row), (156, row))).points
    #expect(points.map(\.x) == [40, 156, 156, 40])
    #expect(abs(points[0].y - 50) <= 1 && abs(points[2].y - 89) <= 1)
    #expect(points[0].y == points[1].y && points[2].y == points[3].y)
  }

  @Test("It leans as the bars do")
  func leaning() {
    let points = bars(leaning: 0.5).outline(of: line((40, 70), (156, 70))).points
    #expect(abs(points[0].x - 30) <= 2 && abs(points[3].x - 50) <= 2)
    #expect(abs(points[0].y - 50) <= 1 && abs(points[3].y - 89) <= 1)
  }

  @Test("Corners with an area stay as they are; what looks like nothing beside it still gets one")
  func others() {
    let area = Corners(enclosing: [(40, 50), (156, 50), (156, 60), (40, 60)].map { Corners.Point(x: $0.0, y: $0.1) })
    #expect(bars().outline(of: area) == area)
    let single = GrayFrame(100, 9, (0..<900).map { $0 / 100 == 4 && $0 % 3 == 0 ? 0 : 255 })
    let points = single.outline(of: line((10, 4), (90, 4))).points
    #expect(points[0].y < 4 && points[2].y > 4)
    let plain = GrayFrame(100, 9, [UInt8](repeating: 255, count: 900))
    #expect(plain.outline(of: line((10, 4), (90, 4))).points.map(\.y) == [4, 4, 4, 4])
  }

  @Test("What zbar reads in a turned view has an area in the picture")
  func turnedView() throws {
    let upright = try GrayFrame(pictureAt: Vectors.path("code128.jpg")).padded(by: 40).frame
    let frame = try #require(upright.rotated(byDegrees: 45)).frame
    let symbols = try SymbolReader(zxing: ZXingPool(path: nil)).read(frame)
    let symbol = try #require(symbols.first)
    #expect(symbol.engine == .zbar && symbol.step.hasPrefix("turned"))
    let points = symbol.corners.points
    var area = 0
    for (a, b) in zip(points, points.dropFirst() + points.prefix(1)) { area += a.x * b.y - b.x * a.y }
    // Twice the area of the quadrilateral: at least 100 pixels long and 10 high.
    #expect(area > 2000)
  }
}
