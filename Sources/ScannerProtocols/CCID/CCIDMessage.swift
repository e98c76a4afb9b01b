/// One message of a smart-card reader (USB CCID 1.1, section 6).
public struct CCIDMessage: Hashable, Sendable {
  /// bMessageType.
  public let type: UInt8
  /// The slot.
  public let slot: UInt8
  /// By which an answer names what it answers.
  public let sequence: UInt8
  /// Three bytes whose meaning depends on the type; of an answer: status, error, and one more.
  public let parameters: [UInt8]
  /// What follows the header.
  public let data: [UInt8]

  /// A message of those parts.
  public init(type: UInt8, slot: UInt8 = 0, sequence: UInt8, parameters: [UInt8] = [0, 0, 0], data: [UInt8] = []) {
    self.type = type
    self.slot = slot
    self.sequence = sequence
    self.parameters = parameters
    self.data = data
  }

  /// PC_to_RDR_IccPowerOn, with the voltage chosen by the reader.
  public static func powerOn(sequence: UInt8) -> CCIDMessage { CCIDMessage(type: 0x62, sequence: sequence) }

  /// PC_to_RDR_XfrBlock: an APDU for the card, or for the reader itself.
  public static func transfer(_ apdu: [UInt8], sequence: UInt8) -> CCIDMessage {
    CCIDMessage(type: 0x6F, sequence: sequence, data: apdu)
  }

  /// The bytes to send.
  public var bytes: [UInt8] {
    let length = (0..<4).map { UInt8(truncatingIfNeeded: data.count >> (8 * $0)) }
    return [type] + length + [slot, sequence] + parameters + data
  }

  /// Whether the reader did what it was asked (bmCommandStatus).
  public var isSuccess: Bool { parameters[0] & 0xC0 == 0 }
  /// Whether a card is in the slot (bmICCStatus).
  public var hasCard: Bool { parameters[0] & 0x03 != 2 }
}

/// CCID on bulk transfers: each message begins a transfer, and may take several.
public enum CCIDFraming: Framing {
  /// Header, and the longest short APDU's answer several times over.
  public static let maximumLength = 10 + 4_096

  public static func judge(_ bytes: ArraySlice<UInt8>) -> FrameJudgement<CCIDMessage> {
    // RDR_to_PC_DataBlock to RDR_to_PC_DataRateAndClockFrequency.
    guard (0x80...0x84).contains(bytes[byte: 0]) else { return .garbage(.noStart) }
    guard bytes.count >= 10 else { return .incomplete }
    let length = (1...4).reversed().reduce(0) { $0 << 8 | Int(bytes[byte: $1]) }
    guard length <= maximumLength - 10 else { return .garbage(.noStart) }
    guard bytes.count >= 10 + length else { return .incomplete }
    let message = CCIDMessage(
      type: bytes[byte: 0], slot: bytes[byte: 5], sequence: bytes[byte: 6], parameters: Array(bytes.bytes(7, 3)),
      data: Array(bytes.bytes(10, length)))
    return .frame(message, length: 10 + length)
  }
}
