import BarcodeVision

/// Numbers that look random and are the same in every run (Numerical Recipes' linear congruential generator).
struct Dice {
  var state: UInt32 = 1
  mutating func roll(_ sides: Int) -> Int {
    state = state &* 1_664_525 &+ 1_013_904_223
    return Int(state >> 8) % sides
  }
}

/// A desk without a code: a lit table, noise, boxes with edges, and lines of dark strokes like print.
func scene(_ width: Int, _ height: Int, _ dice: inout Dice) -> GrayFrame? {
  var bytes = [UInt8](repeating: 0, count: width * height)
  for y in 0..<height {
    for x in 0..<width { bytes[y * width + x] = UInt8(90 + x * 60 / width + y * 30 / height + dice.roll(14)) }
  }
  for _ in 0..<12 {
    let (left, top) = (dice.roll(width - 200), dice.roll(height - 150))
    let shade = UInt8(40 + dice.roll(180))
    for y in top..<(top + 60 + dice.roll(80)) {
      for x in left..<(left + 100 + (y % 7) / 6) { bytes[y * width + x] = shade }
    }
  }
  for _ in 0..<8 {
    let (left, top) = (dice.roll(width - 320), dice.roll(height - 20))
    var x = left
    while x < left + 300 {
      let stroke = 1 + dice.roll(4)
      let tall = 6 + dice.roll(10)
      for y in top..<(top + tall) { for column in x..<(x + stroke) { bytes[y * width + column] = 25 } }
      x += stroke + 1 + dice.roll(5)
    }
  }
  return GrayFrame(width: width, height: height, bytes: bytes)
}

/// A picture as a camera of that size shows it: made smaller to fit, by the mean of the pixels, and put somewhere.
func view(_ picture: GrayFrame, _ width: Int, _ height: Int, shiftX: Int, shiftY: Int) -> GrayFrame? {
  let scale = max(1, max(Double(picture.width) / Double(width), Double(picture.height) / Double(height)))
  let (w, h) = (Int(Double(picture.width) / scale), Int(Double(picture.height) / scale))
  var bytes = [UInt8](repeating: 120, count: width * height)
  let (left, top) = ((width - w) / 2 + shiftX, (height - h) / 2 + shiftY)
  for y in 0..<h where (0..<height).contains(top + y) {
    let (from, to) = (Int(Double(y) * scale), max(Int(Double(y) * scale) + 1, Int(Double(y + 1) * scale)))
    for x in 0..<w where (0..<width).contains(left + x) {
      let (first, last) = (Int(Double(x) * scale), max(Int(Double(x) * scale) + 1, Int(Double(x + 1) * scale)))
      var (sum, count) = (0, 0)
      for row in from..<min(to, picture.height) {
        for column in first..<min(last, picture.width) {
          sum += Int(picture.bytes[row * picture.width + column])
          count += 1
        }
      }
      bytes[(top + y) * width + left + x] = UInt8(sum / max(1, count))
    }
  }
  return GrayFrame(width: width, height: height, bytes: bytes)
}
