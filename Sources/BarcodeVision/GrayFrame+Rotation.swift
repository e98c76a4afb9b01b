import Glibc

extension GrayFrame {
  /// The frame turned clockwise by `degrees` about its centre, on a canvas that holds all of it; what was outside is
  /// white. Bilinear. `nil` when that canvas were more than four times as large: a thin strip, turned, is mostly nothing.
  func rotated(byDegrees degrees: Double) -> (frame: GrayFrame, toOriginal: PlaneMap)? {
    let angle = degrees * Double.pi / 180
    let (sine, cosine) = (sin(angle), cos(angle))
    // A right angle's cosine is not quite zero.
    func pixels(_ length: Double) -> Int { Int((length - 1e-6).rounded(.up)) }
    let newWidth = pixels(abs(Double(width) * cosine) + abs(Double(height) * sine))
    let newHeight = pixels(abs(Double(width) * sine) + abs(Double(height) * cosine))
    guard newWidth * newHeight <= 4 * width * height else { return nil }
    // From a pixel of the canvas back to the frame: the inverse turn about the two centres.
    let (centreX, centreY) = (Double(width - 1) / 2, Double(height - 1) / 2)
    let (newCentreX, newCentreY) = (Double(newWidth - 1) / 2, Double(newHeight - 1) / 2)
    let map = PlaneMap(
      xx: cosine, xy: sine, x0: centreX - cosine * newCentreX - sine * newCentreY,
      yx: -sine, yy: cosine, y0: centreY + sine * newCentreX - cosine * newCentreY)
    // Fixed point with 16 fractional bits: a side of 30,000 pixels needs 15.
    func fixed(_ value: Double) -> Int { Int((value * 65536).rounded()) }
    let (stepX, stepY) = (fixed(map.xx), fixed(map.yx))
    let turned = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: newWidth * newHeight) { target, count in
        for row in 0..<newHeight {
          var x = fixed(map.xy * Double(row) + map.x0)
          var y = fixed(map.yy * Double(row) + map.y0)
          let start = row * newWidth
          for column in 0..<newWidth {
            let (left, top) = (x >> 16, y >> 16)
            if left >= 0, top >= 0, left < width - 1, top < height - 1 {
              let (right, down) = ((x >> 8) & 255, (y >> 8) & 255)
              let at = top &* width &+ left
              let upper = Int(source[at]) &* (256 &- right) &+ Int(source[at &+ 1]) &* right
              let lower = Int(source[at &+ width]) &* (256 &- right) &+ Int(source[at &+ width &+ 1]) &* right
              target[start &+ column] = UInt8(truncatingIfNeeded: (upper &* (256 &- down) &+ lower &* down) >> 16)
            } else {
              target[start &+ column] = 255
            }
            x &+= stepX
            y &+= stepY
          }
        }
        count = newWidth * newHeight
      }
    }
    return (GrayFrame(newWidth, newHeight, turned), map)
  }
}
