/// Reading or writing the memory of one tag: what becomes an AccessSpec. The reader carries it out when an inventory sees the
/// tag, and tells in that tag's report.
public struct LLRPAccess: Hashable, Sendable {
  /// The AccessSpec's number, above 0.
  public var accessSpecID: UInt32
  /// The EPC of the tag that is meant.
  public var epc: [UInt8]
  /// What to do, in order; the numbers of the operations count from 1.
  public var operations: [TagMemoryOperation]
  /// The access password, 0 for none.
  public var password: UInt32
  /// The ROSpec whose inventories count; 0 for any.
  public var roSpecID: UInt32

  /// An access, held to the bounds of the tag's memory.
  ///
  /// - Throws: `TagMemoryFault`.
  public init(
    accessSpecID: UInt32, epc: [UInt8], operations: [TagMemoryOperation], password: UInt32 = 0, roSpecID: UInt32 = 0
  ) throws(TagMemoryFault) {
    guard epc.count % 2 == 0 else { throw .oddLength(epc.count) }
    guard (2...62).contains(epc.count) else { throw .tooLong(epc.count, limit: 62) }
    for operation in operations { try operation.check() }
    self.accessSpecID = accessSpecID
    self.epc = epc
    self.operations = operations
    self.password = password
    self.roSpecID = roSpecID
  }

  /// Writes another EPC, and reads it back under the new one; see `EPCWrite`.
  public static func write(
    _ write: EPCWrite, to epc: [UInt8], accessSpecID: UInt32, password: UInt32 = 0
  ) throws(TagMemoryFault) -> LLRPAccess {
    try LLRPAccess(
      accessSpecID: accessSpecID, epc: epc, operations: [write.write, write.readBack], password: password)
  }

  /// The AccessSpec, carried out once.
  ///
  /// - Throws: `LLRPFault` for values that the protocol cannot hold.
  public func accessSpec() throws(LLRPFault) -> LLRPElement {
    guard accessSpecID > 0 else { throw .value("AccessSpecID") }
    let all = [UInt8](repeating: 0xFF, count: epc.count)
    var command = [
      try LLRPElement(
        "C1G2TagSpec", [:],
        [
          try LLRPElement(
            "C1G2TargetTag",
            [
              "MB": 1, "Match": 1, "Pointer": 0x20, "TagMask": .bits(count: all.count * 8, all),
              "TagData": .bits(count: epc.count * 8, epc),
            ])
        ])
    ]
    for (index, operation) in operations.enumerated() {
      command.append(try element(operation, id: Int64(index + 1)))
    }
    return try LLRPElement(
      "AccessSpec",
      [
        "AccessSpecID": .number(Int64(accessSpecID)), "AntennaID": 0, "ProtocolID": 1,
        "ROSpecID": .number(Int64(roSpecID)),
      ],
      [
        // 1: after so many times.
        try LLRPElement("AccessSpecStopTrigger", ["AccessSpecStopTrigger": 1, "OperationCountValue": 1]),
        try LLRPElement("AccessCommand", [:], command),
        try LLRPElement("AccessReportSpec"),
      ])
  }

  private func element(_ operation: TagMemoryOperation, id: Int64) throws(LLRPFault) -> LLRPElement {
    let password = LLRPValue.number(Int64(password))
    switch operation {
    case .read(let bank, let pointer, let count):
      return try LLRPElement(
        "C1G2Read",
        [
          "OpSpecID": .number(id), "AccessPassword": password, "MB": .number(Int64(bank.rawValue)),
          "WordPointer": .number(Int64(pointer)), "WordCount": .number(Int64(count)),
        ])
    case .write(let bank, let pointer, let bytes):
      let words = stride(from: 0, to: bytes.count, by: 2).map { bytes[...].bigEndian16($0) }
      return try LLRPElement(
        "C1G2Write",
        [
          "OpSpecID": .number(id), "AccessPassword": password, "MB": .number(Int64(bank.rawValue)),
          "WordPointer": .number(Int64(pointer)), "WriteData": .words(words),
        ])
    }
  }
}
