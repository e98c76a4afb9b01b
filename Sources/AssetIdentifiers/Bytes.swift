typealias Bytes = ArraySlice<UInt8>

/// Group, record and unit separator and end of transmission (ISO/IEC 15434; GS stands for FNC1 as well).
let groupSeparator: UInt8 = 0x1D
let recordSeparator: UInt8 = 0x1E
let endOfTransmission: UInt8 = 0x04

@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
@inline(__always) func isUppercase(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
@inline(__always) func isLetter(_ byte: UInt8) -> Bool { isUppercase(byte & 0xDF) }
/// A to F in either case.
@inline(__always) func isHexadecimalLetter(_ byte: UInt8) -> Bool { (byte & 0xDF) &- 0x41 < 6 }
@inline(__always) func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

/// The value of a hexadecimal digit.
@inline(__always) func nibble(_ byte: UInt8) -> UInt8? {
  if isDigit(byte) { return byte - 0x30 }
  return isHexadecimalLetter(byte) ? (byte & 0xDF) - 0x41 + 10 : nil
}

let uppercaseHexadecimal = Array("0123456789ABCDEF".utf8)

extension Collection<UInt8> {
  var areDigits: Bool { allSatisfy(isDigit) }
  /// The bytes as text; of what is no UTF-8, one character a byte.
  var text: String { String(validating: self, as: UTF8.self) ?? String(map { Character(Unicode.Scalar($0)) }) }
}

extension Bytes {
  /// What follows `prefix`, which is compared without regard to the case of letters; nil when it is not there.
  func dropping(_ prefix: StaticString) -> Bytes? {
    let count = prefix.utf8CodeUnitCount
    guard self.count >= count else { return nil }
    for offset in 0..<count {
      let wanted = prefix.utf8Start[offset]
      let byte = self[startIndex + offset]
      guard byte == wanted || (isLetter(wanted) && byte & 0xDF == wanted & 0xDF) else { return nil }
    }
    return self[(startIndex + count)...]
  }

  /// Whether it begins with exactly these bytes.
  func starts(with prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    for offset in 0..<prefix.utf8CodeUnitCount where self[startIndex + offset] != prefix.utf8Start[offset] {
      return false
    }
    return true
  }
}
