/// What a PIN must not be: the ones that are guessed first.
public enum PINRule: String, CaseIterable, Sendable {
  case length, sequence, repetition, badge

  /// The rule that a PIN breaks; nil for one that can be taken.
  ///
  /// - Parameter badge: the token of the same person's badge, where it is known.
  public static func broken(by pin: String, badge: String? = nil) -> PINRule? {
    guard PINHash.isWellFormed(pin) else { return .length }
    let digits = pin.utf8.map { Int($0) - 0x30 }
    let steps = Set(zip(digits, digits.dropFirst()).map { ($1 - $0 + 10) % 10 })
    if steps == [1] || steps == [9] { return .sequence }
    // 111111, 121212, 123123.
    for period in 1...3 where (period..<digits.count).allSatisfy({ digits[$0] == digits[$0 - period] }) {
      return .repetition
    }
    if let badge, badge.utf8.filter({ (0x30...0x39).contains($0) }).map({ Int($0) - 0x30 }) == digits { return .badge }
    return nil
  }

  /// One sentence.
  public var sentence: String {
    switch self {
    case .length: "It is not 6 to 12 digits."
    case .sequence: "Its digits follow one another."
    case .repetition: "It repeats itself."
    case .badge: "It is the number of the badge."
    }
  }
}
