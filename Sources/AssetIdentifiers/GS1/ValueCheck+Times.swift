extension ValueCheck {
  /// Year, month, day. Of two digits of a year the century does not matter here: from 1951 to 2050 every fourth year is
  /// a leap year.
  static func date(_ value: Bytes, yearDigits: Int, mayLackDay: Bool) -> Fault? {
    guard value.count == yearDigits + 4 else { return Fault("A date here has \(yearDigits + 4) digits.", value) }
    if let fault = notADigit(value) { return fault }
    let year = number(value.prefix(yearDigits))
    let month = value.dropFirst(yearDigits).prefix(2)
    let day = value.suffix(2)
    guard (1...12).contains(number(month)) else { return Fault("There is no such month.", month) }
    let isLeap = year.isMultiple(of: 4) && (yearDigits == 2 || !year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = number(month) == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(number(month)) ? 30 : 31
    guard number(day) <= days, mayLackDay || number(day) > 0 else { return Fault("There is no such day.", day) }
    return nil
  }

  static func clock(_ value: Bytes, below limit: Int, _ name: String) -> Fault? {
    guard value.count == 2 else { return Fault("The \(name) has two digits.", value) }
    if let fault = notADigit(value) { return fault }
    return number(value) < limit ? nil : Fault("There is no such \(name).", value)
  }

  static func hourAndMinute(_ value: Bytes) -> Fault? {
    guard value.count == 4 else { return Fault("Hour and minute have four digits.", value) }
    return clock(value.prefix(2), below: 24, "hour") ?? clock(value.suffix(2), below: 60, "minute")
  }
}
