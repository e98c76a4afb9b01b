/// What a printer writes into the RFID tag of a label (EPC Gen2), and reads back.
public struct TagEncoding: Hashable, Sendable {
  /// The EPC as the tag's memory has it, whole words.
  public let epc: [UInt8]
  /// How many tags a printer tries before it stops.
  public static let attempts = 3

  /// - Parameter epc: 1 to 31 words of 16 bits: the protocol control word counts words with five bits (EPC Gen2 V2,
  ///   6.3.2.1.2.2).
  public init(epc: [UInt8]) throws(PrinterLanguageFault) {
    guard epc.count.isMultiple(of: 2), (2...62).contains(epc.count) else { throw .epcLength(epc.count) }
    self.epc = epc
  }

  /// The protocol control word: how many words the EPC has, and no more.
  public var protocolControl: UInt16 { UInt16(epc.count / 2) << 11 }

  /// Capital hexadecimal digits.
  var hexadecimal: String { epc.map { Self.hexadecimal(UInt16($0), digits: 2) }.joined() }

  /// The commands in a format: write, read back, and tell the host what was read.
  ///
  /// `^RS8` is Gen2; a label whose tag fails is made void, the next is tried, and after so many the printer pauses, so that no
  /// label is printed whose tag says nothing. `^RFW` writes the protocol control word (block 1) and the EPC (block 2 on) to bank
  /// 1, `^RFR` reads the EPC into field 1, `^HV1` sends that to the host.
  var zpl: String {
    let control = Self.hexadecimal(protocolControl, digits: 4)
    return """
      ^RS8,,,\(Self.attempts),P
      ^RFW,H,1,2,1^FD\(control)^FS
      ^RFW,H,2,\(epc.count),1^FD\(hexadecimal)^FS
      ^RFR,H,2,\(epc.count),1^FN1^FS
      ^FH_^HV1,\(2 * epc.count),\(TagAnswer.opening),\(TagAnswer.closing)_0D_0A^FS

      """
  }

  private static func hexadecimal(_ number: UInt16, digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

/// What a printer told of the tag that it has written.
public enum TagAnswer: Hashable, Sendable {
  /// What it read back.
  case epc([UInt8])
  /// It sent something else, such as nothing at all from a tag that cannot be read.
  case unreadable(String)

  static let opening = "EPC["
  static let closing = "]"

  /// What stands between the brackets of an `^HV` answer.
  init(_ text: String) {
    let digits = text.filter { !$0.isWhitespace }
    let nibbles = digits.compactMap(\.hexDigitValue)
    guard nibbles.count == digits.count, !nibbles.isEmpty, nibbles.count.isMultiple(of: 4) else {
      self = .unreadable(text)
      return
    }
    self = .epc(stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) })
  }
}
