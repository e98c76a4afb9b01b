/// One LLRP message: header, and the bytes behind it (LLRP 1.1, section 17.1).
public struct LLRPMessage: Hashable, Sendable {
  /// 1 for LLRP 1.0.1, 2 for 1.1.
  public var version: UInt8
  /// The number of its kind.
  public let type: UInt16
  /// The number by which an answer names what it answers.
  public let id: UInt32
  /// What follows the header.
  public let body: [UInt8]

  /// The header's length in bytes.
  public static let headerLength = 10

  /// A message of those parts.
  public init(version: UInt8 = 1, type: UInt16, id: UInt32, body: [UInt8] = []) {
    self.version = version
    self.type = type
    self.id = id
    self.body = body
  }

  /// A message with that content.
  ///
  /// - Throws: `LLRPFault` when the content is no message's, or a field cannot hold its value.
  public init(_ content: LLRPElement, id: UInt32, version: UInt8 = 1) throws(LLRPFault) {
    guard content.definition?.kind == .message else { throw .unexpected("\(content.name) in place of a message") }
    self.init(version: version, type: content.type, id: id, body: try content.body())
  }

  /// The name of its kind in the standard; of an unknown one its number.
  public var name: String { LLRPDefinition.message(type)?.name ?? "message \(type)" }

  /// The content, or nil when the standard has no such message.
  ///
  /// - Throws: `LLRPFault` when the bytes are not what the standard says.
  public func content() throws(LLRPFault) -> LLRPElement? { try LLRPElement.message(type, body: body) }

  /// The bytes to send.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerLength + body.count)
    bytes.appendBigEndian(UInt16(version) << 10 | type)
    bytes.appendBigEndian(UInt32(Self.headerLength + body.count))
    bytes.appendBigEndian(id)
    return bytes + body
  }
}

/// LLRP on a stream. There is no start mark and no check: only a header that makes sense tells a message. Messages of kinds
/// that the standard does not have are handed on as well.
public enum LLRPFraming: Framing {
  /// The longest message that is taken: a report of 4,000 tags has less than 300 kB.
  public static let maximumLength = 1 << 20

  public static func judge(_ bytes: ArraySlice<UInt8>) -> FrameJudgement<LLRPMessage> {
    let first = bytes[byte: 0]
    guard first & 0xE0 == 0, (1...2).contains(first >> 2 & 7) else { return .garbage(.noStart) }
    guard bytes.count >= 6 else { return .incomplete }
    let length = Int(bytes.bigEndian32(2))
    guard (LLRPMessage.headerLength...maximumLength).contains(length) else { return .garbage(.noStart) }
    guard bytes.count >= length else { return .incomplete }
    let message = LLRPMessage(
      version: first >> 2 & 7, type: bytes.bigEndian16(0) & 0x03FF, id: bytes.bigEndian32(6),
      body: Array(bytes.bytes(10, length - 10)))
    return .frame(message, length: length)
  }
}
