/// The reader's side of a conversation, played: for tests, and for those who have no reader. One connection at a time.
///
/// Takes every request of LLRP that `LLRPSession` sends, and says no to others as the standard wants it.
public struct LLRPEmulation: Sendable {
  /// The tags whose memory can be read and written: words of each bank, by EPC.
  public var memory: [[UInt8]: [MemoryBank: [UInt16]]] = [:]
  /// Requests that are refused, by type, with the status that says so; for tests.
  public var refusals: [UInt16: UInt16] = [:]
  /// Whether an inventory runs.
  public private(set) var isReading = false
  /// How often the client wants a sign of life; nil for never.
  public private(set) var keepAlive: Duration?
  /// The requests that came, oldest first; the last 1,000.
  public private(set) var received: [LLRPMessage] = []

  /// The reports of the recording that is played, in order.
  public let recordedReports: [LLRPMessage]

  private let capabilities: [UInt8]
  private var decoder = FrameDecoder<LLRPFraming>()
  private var accessSpecs: [UInt32: LLRPElement] = [:]
  private var lastID: UInt32 = 0

  /// A reader with four antennas, or the one of a recording: what a reader sent, as it stands in a device folder.
  ///
  /// - Throws: `LLRPFault` when the recording has reports or capabilities that are no LLRP.
  public init(recording: [UInt8] = []) throws(LLRPFault) {
    var decoder = FrameDecoder<LLRPFraming>()
    let messages = decoder.receive(recording)
    guard decoder.statistics.droppedBytes == 0, decoder.pending == 0 else {
      throw .truncated("the recording", offset: recording.count - decoder.pending)
    }
    for message in messages { _ = try message.content() }
    recordedReports = messages.filter { $0.type == 61 }
    if let answer = messages.first(where: { $0.type == 11 }) {
      capabilities = answer.body
    } else {
      capabilities = try Self.standardCapabilities().body()
    }
  }

  /// A client has connected at a time of day, in microseconds since 1970: what the reader says first.
  public mutating func connected(at microseconds: UInt64) throws(LLRPFault) -> LLRPMessage {
    decoder = FrameDecoder()
    (isReading, keepAlive, accessSpecs) = (false, nil, [:])
    return try Self.welcome(status: 0, at: microseconds, id: nextID())
  }

  /// What is said to a second client: the reader has one already.
  public static func busy(at microseconds: UInt64) throws(LLRPFault) -> LLRPMessage {
    try welcome(status: 2, at: microseconds, id: 0)
  }

  private static func welcome(status: Int64, at time: UInt64, id: UInt32) throws(LLRPFault) -> LLRPMessage {
    try LLRPMessage(
      LLRPElement(
        "READER_EVENT_NOTIFICATION", [:],
        [
          LLRPElement(
            "ReaderEventNotificationData", [:],
            [
              LLRPElement("UTCTimestamp", ["Microseconds": .unsigned(time)]),
              LLRPElement("ConnectionAttemptEvent", ["Status": .number(status)]),
            ])
        ]), id: id)
  }

  /// A sign of life.
  public mutating func signOfLife() -> LLRPMessage { LLRPMessage(type: 62, id: nextID()) }

  /// A report of tags, as the reader makes it while an inventory runs.
  public mutating func report(_ reads: [TagRead]) throws(LLRPFault) -> LLRPMessage {
    var tags: [LLRPElement] = []
    for read in reads { tags.append(try Self.element(read)) }
    return try LLRPMessage(LLRPElement("RO_ACCESS_REPORT", [:], tags), id: nextID())
  }

  /// Takes bytes of the client; what is to be sent back.
  public mutating func receive(_ bytes: [UInt8]) throws(LLRPFault) -> [LLRPMessage] {
    var answers: [LLRPMessage] = []
    for message in decoder.receive(bytes) { answers += try answer(message) }
    return answers
  }

  private mutating func nextID() -> UInt32 {
    lastID &+= 1
    return lastID
  }
}

extension LLRPEmulation {
  fileprivate mutating func answer(_ message: LLRPMessage) throws(LLRPFault) -> [LLRPMessage] {
    received.append(message)
    received.removeFirst(max(0, received.count - 1_000))
    // KEEPALIVE_ACK and ENABLE_EVENTS_AND_REPORTS have no answer.
    if message.type == 72 || message.type == 64 { return [] }
    if message.type == 1, refusals[1] == nil {
      return [LLRPMessage(version: message.version, type: 11, id: message.id, body: capabilities)]
    }
    // CLOSE_CONNECTION is answered by type 4; other answers stand 10 above their requests.
    let type = message.type == 14 ? 4 : message.type + 10
    guard let name = LLRPDefinition.message(type)?.name, name.hasSuffix("RESPONSE"),
      let content = try message.content()
    else { return [try status(109, "ERROR_MESSAGE", message)] }
    if let code = refusals[message.type] { return [try status(code, name, message)] }
    var answers = [try status(0, name, message)]
    switch message.type {
    case 3:
      if let spec = content.first("KeepaliveSpec") {
        let milliseconds = spec.number("PeriodicTriggerValue") ?? 0
        keepAlive = spec.number("KeepaliveTriggerType") == 1 && milliseconds > 0 ? .milliseconds(milliseconds) : nil
      }
    case 24, 22: isReading = true
    case 21, 23, 25, 14: isReading = false
    case 40:
      if let spec = content.first("AccessSpec"), let number = spec.number("AccessSpecID") {
        accessSpecs[UInt32(truncatingIfNeeded: number)] = spec
      }
    case 41:
      let number = UInt32(truncatingIfNeeded: content.number("AccessSpecID") ?? 0)
      if number == 0 { accessSpecs = [:] } else { accessSpecs[number] = nil }
    case 42:
      let number = UInt32(truncatingIfNeeded: content.number("AccessSpecID") ?? 0)
      if let spec = accessSpecs[number], let report = try carryOut(spec, number) { answers.append(report) }
    default: break
    }
    return answers
  }

  private func status(_ code: UInt16, _ name: String, _ message: LLRPMessage) throws(LLRPFault) -> LLRPMessage {
    try LLRPMessage(
      LLRPElement(name, [:], [LLRPElement("LLRPStatus", ["StatusCode": .number(Int64(code))])]), id: message.id,
      version: message.version)
  }

  /// What an inventory that hears the tag of an AccessSpec reports; nil when there is no such tag.
  private mutating func carryOut(_ spec: LLRPElement, _ number: UInt32) throws(LLRPFault) -> LLRPMessage? {
    guard let command = spec.first("AccessCommand"),
      case .bits(_, let epc)? = command.first("C1G2TagSpec")?.first("C1G2TargetTag")?["TagData"],
      var banks = memory[epc]
    else { return nil }
    var results: [LLRPElement] = []
    for operation in command.parameters {
      let bank = MemoryBank(rawValue: UInt8(truncatingIfNeeded: operation.number("MB") ?? 0)) ?? .reserved
      let (start, words) = (operation.number("WordPointer") ?? 0, banks[bank] ?? [])
      let id = LLRPValue.number(Int64(operation.number("OpSpecID") ?? 0))
      if operation.name == "C1G2Read" {
        let end = start + (operation.number("WordCount") ?? 0)
        // 4: memory overrun (section 16.2.1.5.7.1).
        let fits = end <= words.count
        results.append(
          try LLRPElement(
            "C1G2ReadOpSpecResult",
            ["Result": fits ? 0 : 4, "OpSpecID": id, "ReadData": .words(fits ? Array(words[start..<end]) : [])]))
      } else if operation.name == "C1G2Write", case .words(let data)? = operation["WriteData"] {
        let fits = start + data.count <= words.count
        if fits { banks[bank]?.replaceSubrange(start..<(start + data.count), with: data) }
        results.append(
          try LLRPElement(
            "C1G2WriteOpSpecResult",
            ["Result": fits ? 0 : 3, "OpSpecID": id, "NumWordsWritten": .number(fits ? Int64(data.count) : 0)]))
      }
    }
    memory[epc] = nil
    // What stands behind CRC and PC of the EPC bank is what the tag answers with from now on.
    let current = banks[.epc].map { words in
      words.dropFirst(2).prefix(epc.count / 2).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }
    memory[current ?? epc] = banks
    var parts = [
      try LLRPElement("EPCData", ["EPC": .bits(count: epc.count * 8, epc)]),
      try LLRPElement("AccessSpecID", ["AccessSpecID": .number(Int64(number))]),
    ]
    parts += results
    return try LLRPMessage(
      LLRPElement("RO_ACCESS_REPORT", [:], [LLRPElement("TagReportData", [:], parts)]), id: nextID())
  }

  private static func element(_ read: TagRead) throws(LLRPFault) -> LLRPElement {
    var parts =
      read.epc.count == 12
      ? [try LLRPElement("EPC_96", ["EPC": .bytes(read.epc)])]
      : [try LLRPElement("EPCData", ["EPC": .bits(count: read.epc.count * 8, read.epc)])]
    if let antenna = read.antenna {
      parts.append(try LLRPElement("AntennaID", ["AntennaID": .number(Int64(antenna))]))
    }
    if let strength = read.strength {
      parts.append(try LLRPElement("PeakRSSI", ["PeakRSSI": .number(Int64(strength.value))]))
    }
    if case .utc(let time)? = read.firstSeen {
      parts.append(try LLRPElement("FirstSeenTimestampUTC", ["Microseconds": .unsigned(time)]))
    }
    if case .utc(let time)? = read.lastSeen {
      parts.append(try LLRPElement("LastSeenTimestampUTC", ["Microseconds": .unsigned(time)]))
    }
    parts.append(try LLRPElement("TagSeenCount", ["TagCount": .number(Int64(read.count))]))
    if let control = read.control {
      parts.append(try LLRPElement("C1G2_PC", ["PC_Bits": .number(Int64(control.rawValue))]))
    }
    return try LLRPElement("TagReportData", [:], parts)
  }

  private static func standardCapabilities() throws(LLRPFault) -> LLRPElement {
    var band: [LLRPElement] = []
    for step in 1...21 {
      band.append(
        try LLRPElement(
          "TransmitPowerLevelTableEntry",
          ["Index": .number(Int64(step)), "TransmitPowerValue": .number(Int64(900 + 100 * step))]))
    }
    var modes: [LLRPElement] = []
    for mode in 0...3 {
      modes.append(try LLRPElement("C1G2UHFRFModeTableEntry", ["ModeIdentifier": .number(Int64(mode))]))
    }
    band.append(try LLRPElement("C1G2UHFRFModeTable", [:], modes))
    return try LLRPElement(
      "GET_READER_CAPABILITIES_RESPONSE", [:],
      [
        try LLRPElement("LLRPStatus"),
        try LLRPElement(
          "GeneralDeviceCapabilities",
          [
            "MaxNumberOfAntennaSupported": 4, "HasUTCClockCapability": 1,
            "ReaderFirmwareVersion": .text("emulated"),
          ]),
        try LLRPElement("LLRPCapabilities", ["MaxNumROSpecs": 1, "MaxNumAccessSpecs": 8]),
        try LLRPElement("RegulatoryCapabilities", [:], [try LLRPElement("UHFBandCapabilities", [:], band)]),
      ])
  }
}
