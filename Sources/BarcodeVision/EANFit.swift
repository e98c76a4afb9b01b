import Glibc

/// One stretch of a line, taken for an EAN-13 symbol: how unlike it is to each digit in each place.
struct EANFit {
  /// Where the symbol begins and ends along the line, in pixels; the end comes first when it stands on its head.
  let left: Float
  let right: Float
  /// For the six digits of the left half, the unlikeness to the ten digits of set A, then of set B.
  let leftCosts: [[Float]]
  /// For the six digits of the right half, the unlikeness to the ten digits.
  let rightCosts: [[Float]]
  /// Mean likeness of the best digits.
  let likeness: Float

  /// Samples before the symbol, four modules.
  private static let lead = 4 * EANPatterns.samples
  private static let length = 95 * EANPatterns.samples + 2 * lead

  /// The fit, if there is a symbol at all.
  init?(_ line: [Float], left: Float, right: Float) {
    self.left = left
    self.right = right
    // Most stretches are none: a glance at both ends, before all of it is sampled.
    guard EANFit.hasGuard(line, left, right, atEnd: false), EANFit.hasGuard(line, left, right, atEnd: true) else {
      return nil
    }
    // Either way up: a symbol on its head may well look a little like another one.
    let samples = EANFit.resampled(line, left, right)
    let upright = Parts(samples)
    let turned = upright.map({ $0.likeness > 0.96 }) == true ? nil : Parts(samples.reversed())
    guard let parts = [upright, turned].compactMap({ $0 }).max(by: { $0.likeness < $1.likeness }) else { return nil }
    (leftCosts, rightCosts, likeness) = (parts.leftCosts, parts.rightCosts, parts.likeness)
  }

  /// What the digits of a line of samples look like.
  private struct Parts {
    var leftCosts: [[Float]] = []
    var rightCosts: [[Float]] = []
    var likeness: Float = 0

    init?(_ samples: [Float]) {
      guard fit(samples) else { return nil }
    }

    private mutating func fit(_ samples: [Float]) -> Bool {
      samples.withUnsafeBufferPointer { samples in
        let size = EANPatterns.samples
        let lead = EANFit.lead
        // The blur in which the guards look most like guards, and how far each of them lies beside its place.
        var best: (likeness: Float, set: Int, shifts: (Int, Int, Int))?
        let (first, middle, last) = (lead, lead + 44 * size, lead + 91 * size)
        for set in EANPatterns.sets.indices {
          let atStart = EANFit.likeness(EANPatterns.sets[set].start, samples, first - 4 * size)
          guard atStart.likeness > 0.55 else { continue }
          let atEnd = EANFit.likeness(EANPatterns.sets[set].end, samples, last)
          guard atEnd.likeness > 0.55 else { continue }
          let between = EANFit.likeness(EANPatterns.sets[set].middle, samples, middle)
          guard between.likeness > 0.2 else { continue }
          let sum = atStart.likeness + between.likeness + atEnd.likeness
          if best.map({ $0.likeness < sum }) ?? true {
            best = (sum, set, (atStart.shift, between.shift, atEnd.shift))
          }
        }
        guard let (_, set, (startShift, middleShift, endShift)) = best else { return false }
        var total: Float = 0
        for position in 0..<12 {
          let half = position / 6
          let module = half == 0 ? 3 + 7 * position : 50 + 7 * (position - 6)
          // Between the guards the digits lie where they lead to. No farther from there than a quarter of a module: half a
          // module on, a blurred 2 is an 8 and a 1 a 7.
          let share = Float(module - (half == 0 ? 0 : 46) + 4) / 48
          let (before, behind) = half == 0 ? (startShift, middleShift) : (middleShift, endShift)
          let guess = Int((Float(before) * (1 - share) + Float(behind) * share).rounded())
          let looks = half == 0 ? EANPatterns.sets[set].left : EANPatterns.sets[set].right
          let place = lead + module * size - size / 2 + guess
          var nearest: (score: Float, likeness: Float, start: Int) = (-1, -1, place)
          for shift in 0..<3 {
            let start = shift == 0 ? place : shift == 1 ? place - 1 : place + 1
            let found = EANFit.best(of: looks, samples, start)
            let score = found - (shift == 0 ? 0 : 0.015)
            if score > nearest.score { nearest = (score, found, start) }
          }
          guard nearest.likeness > 0.5 else { return false }
          total += nearest.likeness
          let costs = EANFit.costs(of: looks, samples, nearest.start)
          if half == 0 { leftCosts.append(costs) } else { rightCosts.append(costs) }
        }
        likeness = total / 12
        return likeness > 0.82
      }
    }
  }

  private static func hasGuard(_ line: [Float], _ left: Float, _ right: Float, atEnd: Bool) -> Bool {
    let count = EANPatterns.window + 4
    let first = atEnd ? lead + 91 * EANPatterns.samples - 2 : lead - 4 * EANPatterns.samples - 2
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { samples in
      resample(line, left, right, from: first, into: samples)
      return likeness(atEnd ? EANPatterns.glance.end : EANPatterns.glance.start, UnsafeBufferPointer(samples), 2)
        .likeness > 0.5
    }
  }

  private static func resampled(_ line: [Float], _ left: Float, _ right: Float) -> [Float] {
    [Float](unsafeUninitializedCapacity: length) { buffer, count in
      resample(line, left, right, from: 0, into: UnsafeMutableBufferPointer(rebasing: buffer[..<length]))
      count = length
    }
  }

  /// The values of the line at samples of a stretch of it, from the `first` on.
  private static func resample(
    _ line: [Float], _ left: Float, _ right: Float, from first: Int, into samples: UnsafeMutableBufferPointer<Float>
  ) {
    let step = (right - left) / Float(95 * EANPatterns.samples)
    let last = Float(line.count - 1)
    line.withUnsafeBufferPointer { line in
      for index in samples.indices {
        // Sample centres lie half a sample in, as the patterns' do; pixel centres are at whole numbers.
        let x = max(0, min(last, left + (Float(first + index - lead) + 0.5) * step))
        let whole = min(line.count - 2, Int(x))
        let part = x - Float(whole)
        samples.initializeElement(at: index, to: line[whole] * (1 - part) + line[whole + 1] * part)
      }
    }
  }

  /// The best likeness of the digits with the samples from `start` on.
  @inline(__always)
  private static func best(of looks: [EANPatterns.Look], _ samples: UnsafeBufferPointer<Float>, _ start: Int) -> Float {
    guard let (a, b, length) = centred(samples, start) else { return -1 }
    return looks.reduce(-1) { max($0, $1.likeness(a, b, length: length)) }
  }

  /// Each digit's cost with the samples from `start` on: the logarithm of what it leaves unexplained.
  private static func costs(
    of looks: [EANPatterns.Look], _ samples: UnsafeBufferPointer<Float>, _ start: Int
  ) -> [Float] {
    guard let (a, b, length) = centred(samples, start) else { return [] }
    return looks.map { look -> Float in
      let positive = max(0, look.likeness(a, b, length: length))
      return logf(1 - positive * positive + 0.02)
    }
  }

  /// The best likeness within a module of `start`, and how far from there.
  @inline(__always)
  private static func likeness(
    _ look: EANPatterns.Look, _ samples: UnsafeBufferPointer<Float>, _ start: Int
  ) -> (likeness: Float, shift: Int) {
    var best: (likeness: Float, shift: Int) = (-1, 0)
    for shift in -3...3 {
      guard let (a, b, length) = centred(samples, start + shift) else { continue }
      let likeness = look.likeness(a, b, length: length)
      if likeness > best.likeness { best = (likeness, shift) }
    }
    return best
  }

  @inline(__always)
  private static func centred(
    _ samples: UnsafeBufferPointer<Float>, _ start: Int
  ) -> (SIMD16<Float>, SIMD16<Float>, Float)? {
    guard start >= 0, start + EANPatterns.window <= samples.count else { return nil }
    let bytes = UnsafeRawBufferPointer(samples)
    var a = bytes.loadUnaligned(fromByteOffset: start * 4, as: SIMD16<Float>.self)
    var b = bytes.loadUnaligned(fromByteOffset: (start + 16) * 4, as: SIMD16<Float>.self)
    let mean = (a.sum() + b.sum()) / Float(EANPatterns.window)
    a -= mean
    b -= mean
    let length = ((a * a) + (b * b)).sum().squareRoot()
    return length > 4 ? (a, b, length) : nil
  }
}
