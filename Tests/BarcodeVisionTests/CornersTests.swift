import Testing

@testable import BarcodeVision

@Suite("Corners")
struct CornersTests {
  private func points(_ list: [(Int, Int)]) -> [Corners.Point] { list.map { Corners.Point(x: $0.0, y: $0.1) } }

  @Test("Corners named against the clock are turned round, the first one kept")
  func direction() {
    let clockwise = points([(10, 10), (50, 12), (48, 52), (8, 50)])
    #expect(Corners(named: clockwise).points == clockwise)
    #expect(Corners(named: points([(10, 10), (8, 50), (48, 52), (50, 12)])).points == clockwise)
  }

  @Test("Ends of scan lines on both sides give the rectangle between them")
  func upright() {
    let ends = points([(100, 40), (20, 42), (100, 60), (20, 41), (20, 60), (60, 50), (20, 40)])
    #expect(Corners(enclosing: ends).points == points([(20, 40), (100, 40), (100, 60), (20, 60)]))
  }

  @Test("A slanted symbol keeps its slant")
  func slanted() {
    // A rectangle along (4, 3): sides of 50 and 10.
    let ends = points([(100, 100), (140, 130), (134, 138), (94, 108)])
    #expect(Corners(enclosing: ends).points == points([(100, 100), (140, 130), (134, 138), (94, 108)]))
  }

  @Test("One scan line, one point and none still give four corners")
  func degenerate() {
    #expect(
      Corners(enclosing: points([(5, 9), (80, 9), (40, 9)])).points == points([(5, 9), (80, 9), (80, 9), (5, 9)]))
    #expect(Corners(enclosing: points([(7, 8), (7, 8)])).points == points([(7, 8), (7, 8), (7, 8), (7, 8)]))
    #expect(Corners(enclosing: []).points == points([(0, 0), (0, 0), (0, 0), (0, 0)]))
  }

  @Test("Corners of a doubled view come back to the picture and stay inside it")
  func scaling() {
    let doubled = Corners(named: points([(20, 20), (101, 24), (96, 104), (16, 100)]))
    #expect(
      doubled.moved(by: PlaneMap(scale: 0.5), width: 50, height: 50).points
        == points([(10, 10), (49, 12), (48, 49), (8, 49)]))
  }

  @Test("Corners found in a turned view come back to where the symbol is")
  func turning() throws {
    let frame = try #require(GrayFrame(width: 40, height: 20, bytes: [UInt8](repeating: 0, count: 800)))
    // A quarter turn clockwise puts the frame's top left at the canvas' top right.
    let (turned, map) = try #require(frame.rotated(byDegrees: 90))
    #expect((turned.width, turned.height) == (20, 40))
    let corners = Corners(named: points([(turned.width - 1, 0), (turned.width - 1, 39), (0, 39), (0, 0)]))
    #expect(
      corners.moved(by: map, width: 40, height: 20).points == points([(0, 0), (39, 0), (39, 19), (0, 19)]))
  }
}
