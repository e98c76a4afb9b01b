/// Reads the tags of one connection's RO_ACCESS_REPORTs, straight from the bytes.
///
/// Keeps what the last tag had: a reader may leave out what has not changed (section 14.2.3), and it then goes for the next
/// tag too.
public struct LLRPTagReportReader: Sendable {
  /// Reports whose CRC-16 did not fit PC and EPC; they are not handed on.
  public private(set) var crcFaults = 0

  private var last = Carried()

  private struct Carried: Sendable {
    var antenna: UInt16?
    var rssi: Int8?
    var count: UInt16?
    var channelIndex: UInt16?
    var roSpecID: UInt32?
    var accessSpecID: UInt32?
    var firstSeen: ReaderTime?
    var lastSeen: ReaderTime?
  }

  /// A reader that has seen nothing.
  public init() {}

  /// The tags of a report, in order.
  ///
  /// - Throws: `LLRPFault`: `unexpected` for another message; otherwise the bytes are no report, and none of its tags count.
  public mutating func read(_ message: LLRPMessage) throws(LLRPFault) -> [LLRPTagReport] {
    guard message.type == 61 else { throw .unexpected(message.name) }
    let body = message.body[...]
    var reports: [LLRPTagReport] = []
    reports.reserveCapacity(body.count / 40)
    var place = 0
    while place < body.count {
      let (type, length) = try Self.header(body, place, end: body.count)
      if type == 240, let report = try report(body, from: place + 4, to: place + length) { reports.append(report) }
      place += length
    }
    return reports
  }

  private static func header(
    _ body: ArraySlice<UInt8>, _ place: Int, end: Int
  ) throws(LLRPFault) -> (type: UInt16, length: Int) {
    guard place + 4 <= end else { throw .truncated("a parameter's header", offset: place) }
    let length = Int(body.bigEndian16(place + 2))
    guard length >= 4 else { throw .length(length, offset: place) }
    guard place + length <= end else { throw .truncated("a parameter", offset: place) }
    return (body.bigEndian16(place) & 0x03FF, length)
  }

  /// Nil for a tag whose CRC-16 is wrong.
  private mutating func report(
    _ body: ArraySlice<UInt8>, from start: Int, to end: Int
  ) throws(LLRPFault) -> LLRPTagReport? {
    var epc: [UInt8]?
    var control: UInt16?
    var crc: UInt16?
    var memory: [UInt8]?
    var results: [LLRPOperationResult] = []
    var place = start
    while place < end {
      let first = body[byte: place]
      guard first & 0x80 != 0 else {
        let (type, length) = try Self.header(body, place, end: end)
        if type == 241 {
          epc = try Self.epc(body, place + 4, to: place + length)
        } else if let result = try Self.result(type, body, place + 4, to: place + length) {
          if let bytes = result.bytes, result.result == 0, memory == nil { memory = bytes }
          results.append(result)
        }
        place += length
        continue
      }
      let length = Int(LLRPDefinition.fixedLengths[Int(first & 0x7F)])
      guard length > 0 else { throw .unknownFixed(first & 0x7F, offset: place) }
      guard place + 1 + length <= end else { throw .truncated("a parameter", offset: place) }
      place += 1
      switch first & 0x7F {
      case 13: epc = Array(body.bytes(place, 12))
      case 1: last.antenna = body.bigEndian16(place)
      case 6: last.rssi = Int8(bitPattern: body[byte: place])
      case 8: last.count = body.bigEndian16(place)
      case 2: last.firstSeen = .utc(microseconds: body.bigEndian64(place))
      case 3: last.firstSeen = .uptime(microseconds: body.bigEndian64(place))
      case 4: last.lastSeen = .utc(microseconds: body.bigEndian64(place))
      case 5: last.lastSeen = .uptime(microseconds: body.bigEndian64(place))
      case 7: last.channelIndex = body.bigEndian16(place)
      case 9: last.roSpecID = body.bigEndian32(place)
      case 16: last.accessSpecID = body.bigEndian32(place)
      case 11: crc = body.bigEndian16(place)
      case 12: control = body.bigEndian16(place)
      default: break
      }
      place += length
    }
    guard let epc else { throw .truncated("a TagReportData without an EPC", offset: start) }
    if let crc, let control, Gen2.crc16([UInt8(control >> 8), UInt8(truncatingIfNeeded: control)] + epc) != crc {
      crcFaults += 1
      return nil
    }
    let tag = TagRead(
      epc: epc, control: control.map { ProtocolControl(rawValue: $0) },
      antenna: last.antenna.flatMap { $0 == 0 ? nil : Int($0) }, strength: last.rssi.map { .dBm(Int($0)) },
      count: last.count.map { max(1, Int($0)) } ?? 1, firstSeen: last.firstSeen, lastSeen: last.lastSeen,
      memory: memory)
    return LLRPTagReport(
      tag: tag, roSpecID: last.roSpecID, accessSpecID: last.accessSpecID, channelIndex: last.channelIndex, crc: crc,
      results: results)
  }

  /// EPCData: a count of bits, then the bits.
  private static func epc(_ body: ArraySlice<UInt8>, _ start: Int, to end: Int) throws(LLRPFault) -> [UInt8] {
    guard start + 2 <= end else { throw .truncated("EPCData", offset: start) }
    let bits = Int(body.bigEndian16(start))
    guard bits % 8 == 0 else { throw .uneven(bits: bits, offset: start) }
    guard start + 2 + bits / 8 <= end else { throw .truncated("EPCData", offset: start) }
    return Array(body.bytes(start + 2, bits / 8))
  }

  private static func result(
    _ type: UInt16, _ body: ArraySlice<UInt8>, _ start: Int, to end: Int
  ) throws(LLRPFault) -> LLRPOperationResult? {
    // C1G2ReadOpSpecResult, C1G2WriteOpSpecResult, C1G2BlockWriteOpSpecResult.
    guard type == 349 || type == 350 || type == 354 else { return nil }
    guard start + 5 <= end else { throw .truncated("an operation's result", offset: start) }
    let count = Int(body.bigEndian16(start + 3))
    let isRead = type == 349
    guard !isRead || start + 5 + 2 * count <= end else {
      throw .truncated("C1G2ReadOpSpecResult", offset: start)
    }
    return LLRPOperationResult(
      operationID: body.bigEndian16(start + 1), result: body[byte: start],
      bytes: isRead ? Array(body.bytes(start + 5, 2 * count)) : nil, wordsWritten: isRead ? nil : count)
  }
}
