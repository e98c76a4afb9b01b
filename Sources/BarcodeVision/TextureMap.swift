/// Which cells of a grid over a frame hold both dark and light.
struct TextureMap {
  /// Pixels a cell has on each side.
  let cell: Int
  let columns: Int
  let rows: Int
  private var darkest: [UInt8]
  private var lightest: [UInt8]
  private let isBusy: [Bool]

  /// A blob of busy cells: the rectangle around it in cells, and how many they are.
  struct Blob {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    var count = 0

    var width: Int { right - left + 1 }
    var height: Int { bottom - top + 1 }
    /// Whether it fills a rectangle that is not too long, as a matrix symbol does, leaning ones too. The longest Data
    /// Matrix has 8 × 32 modules (ISO/IEC 16022, table 7).
    var isCompact: Bool {
      min(width, height) >= 2 && max(width, height) * 2 <= min(width, height) * 9 && count * 20 > width * height * 9
    }
  }

  /// The map of a frame; cells within the boxes around `known` symbols count as plain.
  init(of frame: GrayFrame, outside known: [Corners]) {
    let cell = max(8, min(40, max(frame.width, frame.height) / 80))
    let (columns, rows) = (frame.width / cell, frame.height / cell)
    var darkest = [UInt8](repeating: 255, count: columns * rows)
    var lightest = [UInt8](repeating: 0, count: columns * rows)
    let step = max(1, cell / 8)
    frame.bytes.withUnsafeBufferPointer { source in
      for row in 0..<rows {
        for column in 0..<columns {
          var (low, high) = (UInt8.max, UInt8.min)
          for y in stride(from: row * cell, to: (row + 1) * cell, by: step) {
            let start = y &* frame.width &+ column &* cell
            for at in stride(from: start, to: start &+ cell, by: step) {
              low = min(low, source[at])
              high = max(high, source[at])
            }
          }
          darkest[row * columns + column] = low
          lightest[row * columns + column] = high
        }
      }
    }
    for corners in known {
      let (xs, ys) = (corners.points.map(\.x), corners.points.map(\.y))
      guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { continue }
      // A box may lie outside the frame, or hold nothing.
      func cells(_ from: Int, _ to: Int, _ count: Int) -> Range<Int> {
        let first = max(0, min(count, (from - cell / 2) / cell))
        return first..<max(first, min(count, (to + cell / 2) / cell + 1))
      }
      for row in cells(top, bottom, rows) {
        for column in cells(left, right, columns) {
          // Neither a plain cell nor its share of a larger one.
          darkest[row * columns + column] = 255
          lightest[row * columns + column] = 0
        }
      }
    }
    self.init(cell: cell, columns: columns, rows: rows, darkest: darkest, lightest: lightest)
  }

  private init(cell: Int, columns: Int, rows: Int, darkest: [UInt8], lightest: [UInt8]) {
    (self.cell, self.columns, self.rows) = (cell, columns, rows)
    (self.darkest, self.lightest) = (darkest, lightest)
    let contrasts = zip(darkest, lightest).map { max(0, Int($1) - Int($0)) }
    let threshold = max(40, (contrasts.max() ?? 0) * 9 / 20)
    isBusy = contrasts.map { $0 > threshold }
  }

  /// The map with cells of twice the size: modules as large as a cell leave holes in this one.
  func halved() -> TextureMap {
    let (halfColumns, halfRows) = (columns / 2, rows / 2)
    var (dark, light): ([UInt8], [UInt8]) = ([], [])
    for row in 0..<halfRows {
      for column in 0..<halfColumns {
        let at = row * 2 * columns + column * 2
        let four = [at, at + 1, at + columns, at + columns + 1]
        dark.append(four.reduce(255) { min($0, darkest[$1]) })
        light.append(four.reduce(0) { max($0, lightest[$1]) })
      }
    }
    return TextureMap(cell: cell * 2, columns: halfColumns, rows: halfRows, darkest: dark, lightest: light)
  }

  /// The compact blobs, as they are and with what is thinner than three cells taken away: a line of text that runs into
  /// a symbol makes one blob with it.
  func compactBlobs() -> [Blob] { blobs(of: isBusy).filter(\.isCompact) + blobs(of: opened()).filter(\.isCompact) }

  /// The pixels of a blob with a margin around them.
  func patch(around blob: Blob, width: Int, height: Int) -> Patch {
    let margin = max(16, cell * 3 / 2)
    let (left, top) = (max(0, blob.left * cell - margin), max(0, blob.top * cell - margin))
    let right = min(width, (blob.right + 1) * cell + margin)
    let bottom = min(height, (blob.bottom + 1) * cell + margin)
    return Patch(left: left, top: top, width: right - left, height: bottom - top)
  }

  private func blobs(of mask: [Bool]) -> [Blob] {
    var rest = mask
    var blobs: [Blob] = []
    var open: [Int] = []
    for start in rest.indices where rest[start] {
      var blob = Blob(
        left: start % columns, top: start / columns, right: start % columns, bottom: start / columns)
      rest[start] = false
      open.append(start)
      while let at = open.popLast() {
        let (column, row) = (at % columns, at / columns)
        blob.count += 1
        blob.left = min(blob.left, column)
        blob.right = max(blob.right, column)
        blob.bottom = max(blob.bottom, row)
        for (isIn, next) in [
          (column > 0, at - 1), (column + 1 < columns, at + 1), (row > 0, at - columns), (row + 1 < rows, at + columns),
        ] where isIn && rest[next] {
          rest[next] = false
          open.append(next)
        }
      }
      blobs.append(blob)
    }
    return blobs
  }

  /// Busy cells that belong to a square of three by three of them.
  private func opened() -> [Bool] {
    var opened = [Bool](repeating: false, count: isBusy.count)
    guard columns > 2, rows > 2 else { return opened }
    for row in 1..<rows - 1 {
      for column in 1..<columns - 1 {
        let around = [-columns - 1, -columns, -columns + 1, -1, 0, 1, columns - 1, columns, columns + 1]
        let at = row * columns + column
        if around.allSatisfy({ isBusy[at + $0] }) { for offset in around { opened[at + offset] = true } }
      }
    }
    return opened
  }
}
