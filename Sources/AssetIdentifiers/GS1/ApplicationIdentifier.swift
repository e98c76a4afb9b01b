/// A GS1 application identifier: two to four digits that say what a value is.
public struct ApplicationIdentifier: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The digits as a number.
  let number: UInt16
  /// How many digits; `01` is not `001`.
  let length: UInt8

  init(number: UInt16, length: UInt8) {
    self.number = number
    self.length = length
  }

  /// The digits, such as `01`; nil unless they are two to four.
  public init?(_ digits: some Collection<UInt8>) {
    guard (2...4).contains(digits.count), digits.areDigits else { return nil }
    number = digits.reduce(0) { $0 * 10 + UInt16($1 - 0x30) }
    length = UInt8(digits.count)
  }

  /// For identifiers that stand in the code. Of anything but digits an identifier comes that no table has.
  public init(stringLiteral digits: StaticString) {
    var number: UInt16 = 0
    for index in 0..<min(digits.utf8CodeUnitCount, 4) { number = number * 10 + UInt16(digits.utf8Start[index] & 15) }
    self.init(number: number, length: UInt8(min(digits.utf8CodeUnitCount, 4)))
  }

  public var description: String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, Int(length) - digits.count)) + digits
  }
}
