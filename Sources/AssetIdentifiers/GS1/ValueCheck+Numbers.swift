extension ValueCheck {
  static func notADigit(_ value: Bytes) -> Fault? {
    value.firstIndex { !isDigit($0) }.map { Fault("It holds something that is no digit.", $0, 1) }
  }

  static func number(_ digits: Bytes) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }

  static func nonzero(_ value: Bytes) -> Fault? {
    if let fault = notADigit(value) { return fault }
    return value.contains { $0 != 0x30 } ? nil : Fault("It must not be zero.", value)
  }

  static func noLeadingZero(_ value: Bytes) -> Fault? {
    if value.first == 0x30 { return Fault("It must not begin with a zero.", value.startIndex, 1) }
    return notADigit(value)
  }

  static func one(of choices: StaticString, _ value: Bytes, _ sentence: String) -> Fault? {
    guard value.count == 1, let byte = value.first else { return Fault(sentence, value) }
    for index in 0..<choices.utf8CodeUnitCount where choices.utf8Start[index] == byte { return nil }
    return Fault(sentence, value)
  }

  /// Two numbers of equal length: which piece, and of how many.
  static func pieceOfTotal(_ value: Bytes) -> Fault? {
    if let fault = notADigit(value) { return fault }
    guard !value.isEmpty, value.count.isMultiple(of: 2) else {
      return Fault("Piece and total must have the same number of digits.", value)
    }
    let piece = value.prefix(value.count / 2)
    let total = value.dropFirst(value.count / 2)
    if piece.allSatisfy({ $0 == 0x30 }) { return Fault("There is no piece zero.", piece) }
    if total.allSatisfy({ $0 == 0x30 }) { return Fault("There are no zero pieces.", total) }
    return total.lexicographicallyPrecedes(piece) ? Fault("The piece is beyond the total.", value) : nil
  }

  /// `3/12`: which position, and the last one.
  static func positionInSequence(_ value: Bytes) -> Fault? {
    let parts = value.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.areDigits }) else {
      return Fault("It must be like 1/3.", value)
    }
    for part in parts where part.first == 0x30 { return Fault("It must not begin with a zero.", part) }
    let (position, end) = (parts[0], parts[1])
    let isBeyond =
      position.count == end.count ? end.lexicographicallyPrecedes(position) : position.count > end.count
    return isBeyond ? Fault("The position is beyond the last one.", value) : nil
  }

  static func coordinate(_ value: Bytes, through limit: Int, _ name: String) -> Fault? {
    guard value.count == 10 else { return Fault("A \(name) has ten digits.", value) }
    if let fault = notADigit(value) { return fault }
    return number(value) > limit ? Fault("There is no such \(name).", value) : nil
  }

  static func percentEncoding(_ value: Bytes) -> Fault? {
    var index = value.startIndex
    while index < value.endIndex {
      if value[index] == UInt8(ascii: "%") {
        guard index + 2 < value.endIndex else {
          return Fault("A percent sign lacks its two hexadecimal digits.", value[index...])
        }
        guard nibble(value[index + 1]) != nil, nibble(value[index + 2]) != nil else {
          return Fault("A percent sign lacks its two hexadecimal digits.", index, 3)
        }
        index += 2
      }
      index += 1
    }
    return nil
  }
}
