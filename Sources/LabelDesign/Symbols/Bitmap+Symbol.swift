extension Bitmap {
  /// Draws a symbol: its quiet zone white, its modules black.
  public mutating func draw(_ symbol: SymbolPlacement) {
    let clear = symbol.clear
    fill(x: clear.x, y: clear.y, width: clear.width, height: clear.height, black: false)
    for box in symbol.dark { fill(x: box.x, y: box.y, width: box.width, height: box.height, black: true) }
  }
}
