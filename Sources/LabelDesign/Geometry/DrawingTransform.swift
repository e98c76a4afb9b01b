/// How a part of a drawing lies on its page: x' = a·x + c·y + e, y' = b·x + d·y + f, in millimetres, y downwards.
public struct DrawingTransform: Hashable, Sendable {
  public var a: Double
  public var b: Double
  public var c: Double
  public var d: Double
  public var e: Double
  public var f: Double

  /// Nothing moves.
  public static let identity = DrawingTransform(a: 1, b: 0, c: 0, d: 1, e: 0, f: 0)

  static func translation(_ x: Double, _ y: Double) -> DrawingTransform {
    DrawingTransform(a: 1, b: 0, c: 0, d: 1, e: x, f: y)
  }

  /// First the inner one, then this one.
  func applied(after inner: DrawingTransform) -> DrawingTransform {
    DrawingTransform(
      a: a * inner.a + c * inner.b, b: b * inner.a + d * inner.b, c: a * inner.c + c * inner.d,
      d: b * inner.c + d * inner.d, e: a * inner.e + c * inner.f + e, f: b * inner.e + d * inner.f + f)
  }

  func point(_ x: Double, _ y: Double) -> (x: Double, y: Double) { (a * x + c * y + e, b * x + d * y + f) }

  /// The box around a box.
  func box(_ box: LabelBox) -> LabelBox {
    let first = point(box.x, box.y)
    let last = point(box.x + box.width, box.y + box.height)
    return LabelBox(
      x: min(first.x, last.x), y: min(first.y, last.y), width: abs(last.x - first.x), height: abs(last.y - first.y))
  }

  /// How often it turns by 90°, clockwise as seen; nil when it also scales, mirrors or turns by something else.
  var quarterTurns: Int? {
    for (turns, form) in [(1.0, 0.0, 0.0, 1.0), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)].enumerated()
    where abs(a - form.0) + abs(b - form.1) + abs(c - form.2) + abs(d - form.3) < 1e-6 {
      return turns
    }
    return nil
  }

  /// The transforms of an SVG attribute (SVG 1.1, 7.6), as far as text and symbols take them: translate, scale, matrix, and
  /// rotate by multiples of 90°. Nil for anything else.
  init?(svg text: String) {
    self = .identity
    var rest = Substring(text)
    while true {
      rest = rest.drop { $0 == " " || $0 == "," }
      guard !rest.isEmpty else { return }
      guard let open = rest.firstIndex(of: "("), let close = rest.firstIndex(of: ")"), open < close else { return nil }
      let name = rest[..<open].filter { $0 != " " }
      let words = rest[rest.index(after: open)..<close].split { $0 == " " || $0 == "," }
      let numbers = words.compactMap { Double($0) }
      guard numbers.count == words.count, let next = Self.step(name, numbers) else { return nil }
      self = applied(after: next)
      rest = rest[rest.index(after: close)...]
    }
  }

  /// A transform of its six numbers.
  public init(a: Double, b: Double, c: Double, d: Double, e: Double, f: Double) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  private static func step(_ name: String, _ numbers: [Double]) -> DrawingTransform? {
    switch (name, numbers.count) {
    case ("translate", 1): return .translation(numbers[0], 0)
    case ("translate", 2): return .translation(numbers[0], numbers[1])
    case ("scale", 1): return DrawingTransform(a: numbers[0], b: 0, c: 0, d: numbers[0], e: 0, f: 0)
    case ("scale", 2): return DrawingTransform(a: numbers[0], b: 0, c: 0, d: numbers[1], e: 0, f: 0)
    case ("matrix", 6):
      return DrawingTransform(
        a: numbers[0], b: numbers[1], c: numbers[2], d: numbers[3], e: numbers[4], f: numbers[5])
    case ("rotate", 1): return quarterTurn(numbers[0])
    case ("rotate", 3):
      guard let turn = quarterTurn(numbers[0]) else { return nil }
      return translation(numbers[1], numbers[2]).applied(after: turn)
        .applied(after: translation(-numbers[1], -numbers[2]))
    default: return nil
    }
  }

  private static func quarterTurn(_ degrees: Double) -> DrawingTransform? {
    guard degrees.magnitude <= 36_000, degrees.truncatingRemainder(dividingBy: 90) == 0 else { return nil }
    switch (Int(degrees / 90) % 4 + 4) % 4 {
    case 0: return .identity
    case 1: return DrawingTransform(a: 0, b: 1, c: -1, d: 0, e: 0, f: 0)
    case 2: return DrawingTransform(a: -1, b: 0, c: 0, d: -1, e: 0, f: 0)
    default: return DrawingTransform(a: 0, b: -1, c: 1, d: 0, e: 0, f: 0)
    }
  }
}
