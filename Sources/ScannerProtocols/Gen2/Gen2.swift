/// The air protocol EPC UHF Gen2 (ISO/IEC 18000-63): what of it every reader hands over.
public enum Gen2 {
  /// The check that a tag sends after its PC and EPC (annex F).
  public static func crc16(_ bytes: some Sequence<UInt8>) -> UInt16 { CRC16.genibus(bytes) }

  /// Splits what a tag sent, PC and EPC with or without the check, and holds the parts to each other.
  ///
  /// - Throws: `Gen2Fault` when the length in the PC or the check disagrees.
  static func split(_ bytes: ArraySlice<UInt8>, hasCRC: Bool) throws(Gen2Fault) -> (ProtocolControl, [UInt8]) {
    let overhead = hasCRC ? 4 : 2
    guard bytes.count >= overhead else { throw .tooShort(bytes.count) }
    let control = ProtocolControl(rawValue: bytes.bigEndian16(0))
    let epc = bytes.dropFirst(2).dropLast(hasCRC ? 2 : 0)
    if hasCRC {
      let expected = crc16(bytes.dropLast(2))
      let found = bytes.bigEndian16(bytes.count - 2)
      guard expected == found else { throw .crc(found: found, expected: expected) }
    }
    // An extended PC (XPC) stands before the EPC and counts with it.
    guard control.epcLength == epc.count else { throw .length(epc.count, control: control) }
    return (control, Array(epc))
  }
}

/// Why PC, EPC and check of one tag do not fit.
public enum Gen2Fault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Fewer bytes than PC and check take.
  case tooShort(Int)
  /// The check is wrong: the air was noisy, or a byte was lost on the way.
  case crc(found: UInt16, expected: UInt16)
  /// The PC tells another length.
  case length(Int, control: ProtocolControl)

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .tooShort(let count): "\(count) bytes are too few for PC and EPC"
    case .crc(let found, let expected):
      "CRC-16 \(String(found, radix: 16)), want \(String(expected, radix: 16)) over PC and EPC"
    case .length(let count, let control): "EPC of \(count) bytes, the PC says \(control.epcLength)"
    }
  }
}
