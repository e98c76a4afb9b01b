extension ValueCheck {
  /// GS1's check digit (General Specifications §7.9.1): weights 3 and 1 from the right.
  static func checkDigit(_ value: Bytes) -> Fault? {
    guard !value.isEmpty else { return Fault("The check digit is missing.", value) }
    if let fault = notADigit(value) { return fault }
    let last = value.endIndex - 1
    guard checkDigit(for: value[..<last]) != value[last] else { return nil }
    return Fault(
      "The check digit is \(value[last] - 0x30) and should be \(checkDigit(for: value[..<last]) - 0x30).", last, 1)
  }

  /// The check digit, as a character, that belongs behind `digits`.
  static func checkDigit(for digits: Bytes) -> UInt8 {
    var sum = 0
    var weight = digits.count.isMultiple(of: 2) ? 1 : 3
    for digit in digits {
      sum += weight * Int(digit & 15)
      weight = 4 - weight
    }
    return UInt8(0x30 + (10 - sum % 10) % 10)
  }

  /// GS1's check character pair (General Specifications §7.9.5): values in character set 82 times primes from the right,
  /// modulo 1021, as two characters of set 32.
  static func checkPair(_ value: Bytes) -> Fault? {
    guard value.count <= primes.count + 2 else { return Fault("It is too long for its two check characters.", value) }
    guard value.count >= 2 else { return Fault("The two check characters are missing.", value) }
    var sum = 0
    for index in value.indices.dropLast(2) {
      guard let weight = characters82.firstIndex(of: value[index]) else {
        return Fault("It holds a character that GS1 does not allow.", index, 1)
      }
      sum += weight * primes[value.endIndex - 3 - index]
    }
    sum %= 1021
    let pair = [characters32[sum >> 5], characters32[sum & 31]]
    return value.suffix(2).elementsEqual(pair) ? nil : Fault("The two check characters do not fit.", value.suffix(2))
  }

  private static let characters82 = Array(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)
  private static let characters32 = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
  /// The first 97 primes.
  private static let primes: [Int] = {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < 97 {
      if !primes.contains(where: { candidate.isMultiple(of: $0) }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }()

  /// Four digits at least: no GS1 company prefix is shorter.
  static func companyPrefix(_ value: Bytes, from offset: Int) -> Fault? {
    guard value.count >= offset + 4 else {
      return Fault(
        "It is too short to begin with a GS1 company prefix.", value.count > offset ? value.dropFirst(offset) : value)
    }
    let prefix = value.dropFirst(offset).prefix(4)
    return prefix.firstIndex { !isDigit($0) }.map { Fault("It does not begin with a GS1 company prefix.", $0, 1) }
  }

  /// International bank account number (ISO 13616): remainder 1 modulo 97.
  static func iban(_ value: Bytes) -> Fault? {
    guard value.count >= 4 else { return Fault("The bank account number is too short.", value) }
    guard CodeList.countryLetters.contains(CodeList.pack(value.prefix(2))) else {
      return Fault("The bank account number does not begin with a country.", value.prefix(2))
    }
    guard value.count <= 34 else { return Fault("The bank account number is too long.", value) }
    guard value.count > 10 else { return Fault("The bank account number is too short.", value) }
    var remainder = 0
    for index in Array(value.indices.dropFirst(4)) + value.indices.prefix(4) {
      let byte = value[index]
      if isDigit(byte) {
        remainder = (remainder * 10 + Int(byte - 0x30)) % 97
      } else if isUppercase(byte) {
        remainder = (remainder * 100 + Int(byte) - 0x41 + 10) % 97
      } else {
        return Fault("The bank account number holds a character that it cannot have.", index, 1)
      }
    }
    return remainder == 1
      ? nil : Fault("The check digits of the bank account number do not fit.", value.startIndex + 2, 2)
  }
}
