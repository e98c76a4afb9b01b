import Testing

@testable import BarcodeVision

@Suite("Matrix symbols beside the middle of a picture")
struct MatrixBesideTheMiddleTests {
  /// What zint was given to draw.
  private let given: Set<String> = ["AT-00042", "P/N 874-1190 LOT 88213", "SN 7C4K19X2"]

  @Test(
    "A Data Matrix and an Aztec code in the corners are read beside a code in the middle, whichever way up",
    arguments: [Orientation.upright, .rotate180, .rotateClockwise])
  func corners(_ orientation: Orientation) throws {
    let frame = try GrayFrame(pictureAt: Vectors.path("matrices-in-the-corners.png")).upright(from: orientation)
    let symbols = try SymbolReader().read(frame)
    #expect(Set(symbols.map(\.text)) == given && symbols.count == 3)
    // Where the Data Matrix was pasted: 85 pixels wide, its quiet zone left out, at 60 and 70.
    guard orientation == .upright else { return }
    let matrix = try #require(symbols.first { $0.symbology == .dataMatrix })
    for point in matrix.corners.points {
      #expect((55...155).contains(point.x) && (65...165).contains(point.y))
    }
  }

  @Test("One that is alone in a picture, of modules as large as the cells of the search, is read")
  func large() throws {
    #expect(try Vectors.read("data-matrix-in-a-corner.png").map(\.text) == ["P/N 874-1190 LOT 88213"])
  }

  @Test("A camera reads them within six frames, before which its careful look at the whole has not")
  func live() throws {
    let frame = try GrayFrame(pictureAt: Vectors.path("matrices-in-the-corners.png"))
    var seen: Set<String> = []
    for turn in 0..<6 { seen.formUnion(try SymbolReader().read(frame, effort: .live(turn: turn)).map(\.text)) }
    #expect(seen == given)
  }

  @Test("Patches lie around what is compact and has edges both ways, outside what is known, and fit the frame")
  func patches() throws {
    // 12 modules of 6 pixels a side, in the pattern of a chess board with every fourth module dark.
    func frame(withModuleAt isDark: (Int, Int) -> Bool) -> GrayFrame {
      var bytes = [UInt8](repeating: 240, count: 400 * 300)
      for y in 0..<72 {
        for x in 0..<72 where isDark(x / 6, y / 6) { bytes[(y + 200) * 400 + x + 300] = 20 }
      }
      return GrayFrame(400, 300, bytes)
    }
    let board = frame { ($0 + $1) % 2 == 0 || $0 % 4 == 0 }
    let patch = try #require(board.patches(outside: []).first)
    #expect(patch.left <= 300 && patch.top <= 200 && patch.left + patch.width >= 372 && patch.top + patch.height >= 272)
    #expect(patch.left >= 250 && patch.top >= 150 && patch.left + patch.width <= 400 && patch.top + patch.height <= 300)
    let cut = board.cut(patch)
    let (x, y) = cut.toOriginal(5, 7)
    #expect(cut.frame.bytes[7 * patch.width + 5] == board.bytes[Int(y) * 400 + Int(x)])

    let known = Corners(
      enclosing: [(300, 200), (372, 200), (372, 272), (300, 272)].map { Corners.Point(x: $0.0, y: $0.1) })
    #expect(board.patches(outside: [known]).isEmpty)
    // Bars have edges one way, and a plain frame none.
    #expect(frame { column, _ in column % 2 == 0 }.patches(outside: []).isEmpty)
    #expect(frame { _, _ in false }.patches(outside: []).isEmpty)
    #expect(GrayFrame(1, 1, [0]).patches(outside: [known]).isEmpty)
  }

  @Test("However busy a picture is, its patches are few and together no larger than half of it")
  func bounded() {
    // Squares of noise on white, so many in a row, of seven tenths of the distance between them.
    func frame(rowsOfSquares count: Int, distance: Int) -> GrayFrame {
      var state: UInt32 = 1
      let side = count * distance
      return GrayFrame(
        side, side,
        (0..<side * side).map { at in
          state = state &* 1_664_525 &+ 1_013_904_223
          return max(at % side % distance, at / side % distance) < distance * 7 / 10 ? UInt8(state >> 24) : 255
        })
    }
    #expect(frame(rowsOfSquares: 6, distance: 100).patches(outside: []).count == 6)
    let large = frame(rowsOfSquares: 2, distance: 200)
    let patches = large.patches(outside: [])
    #expect((1..<4).contains(patches.count))
    #expect(patches.reduce(0) { $0 + $1.width * $1.height } <= large.width * large.height / 2)
  }
}
