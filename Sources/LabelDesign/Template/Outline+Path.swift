extension Outline {
  /// Adds the outline of path data (SVG 1.1, 8.3). What comes after a fault in them is not drawn, and not counted.
  mutating func path(_ data: String) {
    var words = PathWords(data)
    var (here, start) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
    /// The control point before, for smooth curves: cubic and quadratic.
    var (cubic, quadratic): (SIMD2<Double>?, SIMD2<Double>?) = (nil, nil)
    var command: UInt8 = 0
    while !isTooLong {
      if let letter = words.letter() {
        command = letter
        guard command | 0x20 != 0x7A else {  // z
          line(here, start)
          (here, cubic, quadratic) = (start, nil, nil)
          continue
        }
      } else if command == 0 || command | 0x20 == 0x7A {
        return
      }
      let origin = command & 0x20 != 0 ? here : .zero
      func point() -> SIMD2<Double>? {
        guard let x = words.number(), let y = words.number() else { return nil }
        return origin + [x, y]
      }
      var (nextCubic, nextQuadratic): (SIMD2<Double>?, SIMD2<Double>?) = (nil, nil)
      switch command | 0x20 {
      case UInt8(ascii: "m"):
        guard let to = point() else { return }
        // An open part is closed when it is filled.
        line(here, start)
        (here, start) = (to, to)
        // What follows are lines.
        command = command & 0x20 != 0 ? UInt8(ascii: "l") : UInt8(ascii: "L")
      case UInt8(ascii: "l"):
        guard let to = point() else { return }
        line(here, to)
        here = to
      case UInt8(ascii: "h"):
        guard let x = words.number() else { return }
        let to: SIMD2<Double> = [origin.x + x, here.y]
        line(here, to)
        here = to
      case UInt8(ascii: "v"):
        guard let y = words.number() else { return }
        let to: SIMD2<Double> = [here.x, origin.y + y]
        line(here, to)
        here = to
      case UInt8(ascii: "c"):
        guard let one = point(), let two = point(), let to = point() else { return }
        curve(here, one, two, to)
        (here, nextCubic) = (to, two)
      case UInt8(ascii: "s"):
        guard let two = point(), let to = point() else { return }
        curve(here, cubic.map { here + here - $0 } ?? here, two, to)
        (here, nextCubic) = (to, two)
      case UInt8(ascii: "q"), UInt8(ascii: "t"):
        var control = quadratic.map { here + here - $0 } ?? here
        if command | 0x20 == UInt8(ascii: "q") {
          guard let one = point() else { return }
          control = one
        }
        guard let to = point() else { return }
        curve(here, here + (control - here) * (2 / 3.0), to + (control - to) * (2 / 3.0), to)
        (here, nextQuadratic) = (to, control)
      case UInt8(ascii: "a"):
        guard let rx = words.number(), let ry = words.number(), let angle = words.number(), let isLarge = words.flag(),
          let isSwept = words.flag(), let to = point()
        else { return }
        arc(here, to, radius: [abs(rx), abs(ry)], isTurned: angle != 0 && rx != ry, isFar: isLarge != isSwept)
        here = to
      default: return
      }
      (cubic, quadratic) = (nextCubic, nextQuadratic)
    }
  }
}

/// The words of path data, one after the other.
struct PathWords {
  private let bytes: [UInt8]
  private var at = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private mutating func skip() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D, 0x0C, 0x2C].contains(bytes[at]) { at += 1 }
  }

  /// The next command's letter; nil when a number or nothing comes.
  mutating func letter() -> UInt8? {
    skip()
    guard at < bytes.count, (0x41...0x5A).contains(bytes[at] & 0xDF), bytes[at] | 0x20 != 0x65 else { return nil }
    at += 1
    return bytes[at - 1]
  }

  /// A flag of an arc, which needs nothing after it.
  mutating func flag() -> Bool? {
    skip()
    guard at < bytes.count, bytes[at] == 0x30 || bytes[at] == 0x31 else { return nil }
    at += 1
    return bytes[at - 1] == 0x31
  }

  mutating func number() -> Double? {
    skip()
    let start = at
    var (hasDot, hasExponent) = (false, false)
    scan: while at < bytes.count {
      switch bytes[at] {
      case 0x30...0x39: break
      case 0x2B, 0x2D: guard at == start || bytes[at - 1] | 0x20 == 0x65 else { break scan }
      case 0x2E:
        guard !hasDot, !hasExponent else { break scan }
        hasDot = true
      case 0x45, 0x65:
        guard !hasExponent, at > start else { break scan }
        hasExponent = true
      default: break scan
      }
      at += 1
    }
    return Double(String(decoding: bytes[start..<at], as: UTF8.self))
  }
}
