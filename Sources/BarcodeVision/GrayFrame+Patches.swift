/// An upright rectangle of a frame, in pixels.
struct Patch: Sendable, Hashable {
  var left: Int
  var top: Int
  var width: Int
  var height: Int

  /// Whether the other lies so much in the same place that a look at both would be one too many.
  func isAlike(_ other: Patch) -> Bool {
    let wide = min(left + width, other.left + other.width) - max(left, other.left)
    let high = min(top + height, other.top + other.height) - max(top, other.top)
    let common = max(0, wide) * max(0, high)
    return common * 5 > max(width * height, other.width * other.height) * 4
  }
}

extension GrayFrame {
  /// Where matrix symbols may lie that nothing has read yet: compact patches of dense texture outside the `known` symbols,
  /// the most likely first, each with room for a quiet zone.
  ///
  /// zxing-cpp 1.4 starts its search for Data Matrix and Aztec in the middle of a picture: one that lies beside it is met
  /// only in a picture of its own.
  func patches(outside known: [Corners], most: Int = 6) -> [Patch] {
    let map = TextureMap(of: self, outside: known)
    var found: [(patch: Patch, weight: Double)] = []
    for map in [map, map.halved()] {
      for blob in map.compactBlobs() {
        let patch = map.patch(around: blob, width: width, height: height)
        if found.contains(where: { $0.patch.isAlike(patch) }) { continue }
        if let weight = weightAsMatrix(patch) { found.append((patch, weight)) }
      }
    }
    // Together no larger than half the frame: a look at them all is cheap beside one at the whole.
    var room = width * height / 2
    return found.sorted { $0.weight > $1.weight }.prefix(most).map(\.patch).filter { patch in
      room -= patch.width * patch.height
      return room >= 0
    }
  }

  /// The pixels of the patch, and where they lie in this frame.
  func cut(_ patch: Patch) -> (frame: GrayFrame, toOriginal: PlaneMap) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(patch.width * patch.height)
    for row in patch.top..<patch.top + patch.height {
      bytes += self.bytes[row * width + patch.left..<row * width + patch.left + patch.width]
    }
    let map = PlaneMap(xx: 1, xy: 0, x0: Double(patch.left), yx: 0, yy: 1, y0: Double(patch.top))
    return (GrayFrame(patch.width, patch.height, bytes), map)
  }

  /// How much the patch looks like dark and light modules in both directions, or `nil` when it does not.
  private func weightAsMatrix(_ patch: Patch) -> Double? {
    // Edges along rows and along columns: bars and lines of text have far more of one kind.
    let step = max(1, min(patch.width, patch.height) / 64)
    var (across, down) = (0, 0)
    var histogram = [Int](repeating: 0, count: 256)
    bytes.withUnsafeBufferPointer { source in
      for y in stride(from: patch.top, to: patch.top + patch.height - step, by: step) {
        for x in stride(from: patch.left, to: patch.left + patch.width - step, by: step) {
          let value = Int(source[y * width + x])
          histogram[value] += 1
          across += abs(Int(source[y * width + x + step]) - value)
          down += abs(Int(source[(y + step) * width + x]) - value)
        }
      }
    }
    guard across > 0, down > 0 else { return nil }
    let balance = Double(min(across, down)) / Double(max(across, down))
    return balance >= 0.5 ? balance * Double(histogram.reduce(0, +)) : nil
  }
}
