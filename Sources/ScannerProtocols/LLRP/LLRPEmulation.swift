/// The reader's side of a conversation, played: for tests, and for those who have no reader. One connection at a time.
///
/// Takes every request of LLRP that `LLRPSession` sends, and says no to others as the standard wants it.
public struct LLRPEmulation: Sendable {
  /// The tags whose memory can be read and written: words of each bank, by EPC.
  public var memory: [[UInt8]: [MemoryBank: [UInt16]]] = [:]
  /// What tags are called whose EPC was written, by the EPC that they came with.
  var renamed: [[UInt8]: [UInt8]] = [:]
  /// Requests that are refused, by type, with the status that says so; for tests.
  public var refusals: [UInt16: UInt16] = [:]
  /// Whether an inventory runs.
  public internal(set) var isReading = false
  /// How often the client wants a sign of life; nil for never.
  public internal(set) var keepAlive: Duration?
  /// The requests that came, oldest first; the last 1,000.
  public internal(set) var received: [LLRPMessage] = []

  /// The reports of the recording that is played, in order.
  public let recordedReports: [LLRPMessage]

  let capabilities: [UInt8]
  private var decoder = FrameDecoder<LLRPFraming>()
  var accessSpecs: [UInt32: LLRPElement] = [:]
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
    for read in reads {
      var read = read
      read.epc = renamed[read.epc] ?? read.epc
      tags.append(try Self.element(read))
    }
    return try LLRPMessage(LLRPElement("RO_ACCESS_REPORT", [:], tags), id: nextID())
  }

  /// Gives a tag a memory as shops sell them: a TID of 96 bits with a serial number, 128 bits of user memory, room for an EPC of 128
  /// bits. A tag that has one keeps it.
  public mutating func giveMemory(to epc: [UInt8], serial: UInt16) throws(TagMemoryFault) {
    guard memory[epc] == nil else { return }
    let control = try ProtocolControl(epcLength: epc.count).rawValue
    let words = stride(from: 0, to: epc.count, by: 2).map { epc[...].bigEndian16($0) }
    let spare = [UInt16](repeating: 0, count: max(0, 8 - words.count))
    memory[epc] = [
      .reserved: [0, 0, 0, 0], .epc: [Self.check(control, words), control] + words + spare,
      // E2: GS1's class; the maker and model of Tag Data Standard 1.13's examples are left zero: none is meant.
      .tid: [0xE200, 0x0000, 0, 0, 0, serial], .user: [UInt16](repeating: 0, count: 8),
    ]
  }

  /// The CRC-16 that a tag keeps before its PC (Gen2 2.0, section 6.3.2.1.2.1).
  static func check(_ control: UInt16, _ epc: [UInt16]) -> UInt16 {
    Gen2.crc16(([control] + epc).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
  }

  /// Takes bytes of the client; what is to be sent back.
  public mutating func receive(_ bytes: [UInt8]) throws(LLRPFault) -> [LLRPMessage] {
    var answers: [LLRPMessage] = []
    for message in decoder.receive(bytes) { answers += try answer(message) }
    return answers
  }

  mutating func nextID() -> UInt32 {
    lastID &+= 1
    return lastID
  }
}
