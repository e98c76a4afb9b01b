// Small questions about bytes, asked in several places of this room.

func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
func capital(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte - 0x20 : byte }
/// Letters, digits and the signs that part and serial numbers have.
func isCodeCharacter(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) || "-/.#_+".utf8.contains(byte) }

extension Collection<UInt8> {
  var areDigits: Bool { allSatisfy(isDigit) }
}

/// Whether the last digit is the check digit of the others (GS1 General Specifications §7.9): GTIN and SSCC.
func hasGS1CheckDigit(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
  guard digits.count > 1, digits.areDigits else { return false }
  var sum = 0
  for (place, digit) in digits.dropLast().reversed().enumerated() {
    sum += Int(digit - 0x30) * (place.isMultiple(of: 2) ? 3 : 1)
  }
  return Int((digits.last ?? 0) - 0x30) == (10 - sum % 10) % 10
}

/// Whether these are the 8, 12, 13 or 14 digits of a GTIN with its check digit.
func hasGTINCheckDigit(_ digits: [UInt8]) -> Bool {
  [8, 12, 13, 14].contains(digits.count) && hasGS1CheckDigit(digits)
}

/// Whether these are fifteen digits of which the last is Luhn's check digit of the others (3GPP TS 23.003 §6.2.1).
func isIMEI(_ digits: [UInt8]) -> Bool {
  guard digits.count == 15, digits.areDigits else { return false }
  var sum = 0
  for (place, digit) in digits.reversed().enumerated() {
    let value = Int(digit - 0x30) * (place.isMultiple(of: 2) ? 1 : 2)
    sum += value / 10 + value % 10
  }
  return sum.isMultiple(of: 10)
}

/// The value of a hexadecimal digit; nil for any other byte.
func nibble(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte - 0x30
  case 0x41...0x46: byte - 0x37
  case 0x61...0x66: byte - 0x57
  default: nil
  }
}

/// The twelve hexadecimal digits of a hardware address in any of its printed forms, in capitals; nil for other texts.
func hardwareAddress(_ text: [UInt8]) -> [UInt8]? {
  let digits: [UInt8]
  switch text.count {
  case 12: digits = text
  case 17:
    let mark = text[2]
    guard mark == UInt8(ascii: ":") || mark == UInt8(ascii: "-") else { return nil }
    for place in stride(from: 2, to: 17, by: 3) where text[place] != mark { return nil }
    digits = text.enumerated().filter { $0.offset % 3 != 2 }.map(\.element)
  case 14:
    guard text[4] == UInt8(ascii: "."), text[9] == UInt8(ascii: ".") else { return nil }
    digits = text.enumerated().filter { $0.offset % 5 != 4 }.map(\.element)
  default: return nil
  }
  guard digits.allSatisfy({ nibble($0) != nil }) else { return nil }
  return digits.map(capital)
}

/// Whether the text is the address of one interface as its maker gave it: neither a group's nor a locally administered
/// one (IEEE 802 §8.2.2). Such an address is printed on cartons, another is not.
func isHardwareAddress(_ text: [UInt8]) -> Bool {
  guard let digits = hardwareAddress(text), let second = nibble(digits[1]) else { return false }
  return second & 0b11 == 0 && digits.contains { $0 != 0x30 }
}
