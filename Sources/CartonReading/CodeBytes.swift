import AssetIdentifiers

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

/// Whether the text is the address of one interface as its maker gave it: neither a group's nor a locally administered
/// one (IEEE 802 §8.2.2). Such an address is printed on cartons, another is not.
func isHardwareAddress(_ text: [UInt8]) -> Bool {
  guard let address = MACAddress(text, bare: true) else { return false }
  return address.value >> 40 & 0b11 == 0 && address.value != 0
}
