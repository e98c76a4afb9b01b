/// Steele, Lea, Flood: SplitMix64. What it gives follows from its seed alone, so that a printed seed tells a whole run.
public struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator of its own for every seed.
  public init(_ seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// True in so many of a thousand cases.
  public mutating func chance(_ perMille: Int) -> Bool { Int(next() % 1000) < perMille }

  /// A number of the range.
  public mutating func pick(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// One of a list that is not empty.
  public mutating func pick<Element>(_ list: [Element]) -> Element { list[pick(0...list.count - 1)] }
}
