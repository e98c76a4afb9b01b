/// A symbol as its modules, without quiet zone and without a size: which of them are dark.
public struct SymbolModules: Hashable, Sendable {
  /// Modules in a row.
  public let columns: Int
  /// Rows; 1 for a linear symbol, whose bars are as high as there is room.
  public let rows: Int
  /// `rows * columns`, row by row from the top.
  public let dark: [Bool]
  /// How high a row is, in modules: 1 for square modules, 3 for PDF417. Of no meaning for a linear symbol.
  public let rowHeight: Int

  /// Modules; nil unless `dark` fills at least one row and column exactly.
  public init?(columns: Int, rows: Int, dark: [Bool], rowHeight: Int = 1) {
    guard columns >= 1, rows >= 1, rowHeight >= 1, dark.count == rows * columns else { return nil }
    self.columns = columns
    self.rows = rows
    self.dark = dark
    self.rowHeight = rowHeight
  }

  /// The runs of dark modules of a row, as first column and length.
  func runs(inRow row: Int) -> [(start: Int, count: Int)] {
    var runs: [(start: Int, count: Int)] = []
    var start: Int?
    for column in 0...columns {
      let isDark = column < columns && dark[row * columns + column]
      if isDark, start == nil { start = column }
      if !isDark, let first = start {
        runs.append((first, column - first))
        start = nil
      }
    }
    return runs
  }
}
