extension Bitmap {
  /// The picture turned a quarter to the right.
  func turnedRight() -> Bitmap {
    var turned = Bitmap(width: height, height: width)
    for row in 0..<height {
      for column in 0..<width where self[column, row] { turned[height - 1 - row, column] = true }
    }
    return turned
  }
}
