extension Bitmap {
  /// What a test page shows: a frame a dot or two inside the label's edges, which is whole when the label is set right; a ruler of
  /// millimetres along the top; a cross through the middle; and bars of one to four dots, which are apart when it is not too dark.
  ///
  /// - Parameters:
  ///   - media: its size, at least 10 mm each way for all of it to be there.
  ///   - dotsPerInch: of the printer.
  ///   - edge: millimetres that stay white at each side.
  public static func testPattern(_ media: LabelMedia, dotsPerInch: Int, edge: Double) -> Bitmap {
    let perMillimetre = Double(dotsPerInch) / 25.4
    func dots(_ millimetres: Double) -> Int { Int((millimetres * perMillimetre).rounded()) }
    var picture = Bitmap(width: max(8, dots(media.width)), height: max(8, dots(media.height)))
    let inset = max(1, dots(edge))
    let (left, top) = (inset, inset)
    let (right, bottom) = (picture.width - 1 - inset, picture.height - 1 - inset)
    guard right - left > 16, bottom - top > 16 else { return picture }
    func fill(_ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>) {
      for row in rows { for column in columns { picture[column, row] = true } }
    }
    fill(left...right, top...top + 1)
    fill(left...right, bottom - 1...bottom)
    fill(left...left + 1, top...bottom)
    fill(right - 1...right, top...bottom)
    for millimetre in 1..<max(2, Int(media.width - 2 * edge)) {
      let column = left + dots(Double(millimetre))
      guard column < right else { break }
      let length = dots(millimetre.isMultiple(of: 10) ? 3 : millimetre.isMultiple(of: 5) ? 2 : 1)
      fill(column...column, top...min(bottom, top + length))
    }
    for step in 0...1_000 {
      let (x, y) = ((right - left) * step / 1_000, (bottom - top) * step / 1_000)
      picture[left + x, top + y] = true
      picture[right - x, top + y] = true
    }
    var column = left + dots(2)
    let rows = max(top, bottom - dots(4))...max(top, bottom - dots(1.5))
    for width in 1...4 {
      for _ in 0..<6 where column + width < right {
        fill(column...column + width - 1, rows)
        column += 2 * width
      }
      column += dots(1)
    }
    return picture
  }
}

extension PrintedLabel {
  /// A test page for a printer that takes dots.
  public static func testPage(_ media: LabelMedia, for printer: PrinterProfile) throws(PrinterLanguageFault)
    -> PrintedLabel
  {
    // Brother's rolls have edges that cannot be printed: 1.5 mm at the sides, 3 mm at the ends.
    try PrintedLabel(
      picture: .testPattern(media, dotsPerInch: printer.dotsPerInch, edge: printer.language == .brotherQL ? 3.2 : 0.5),
      media: media)
  }
}
