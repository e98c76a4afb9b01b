import ScannerProtocols
import Testing

/// The memory of an emulated reader's tags, asked as a station asks.
struct EmulatedMemoryTests {
  private let epc = hex("30751FEB705C5904E3D50D70")
  private let other = hex("3034257BF7194E4000001A85")

  private func ask(_ reader: inout LLRPEmulation, _ access: LLRPAccess) throws -> [LLRPElement] {
    let spec = try access.accessSpec()
    var answers: [LLRPMessage] = []
    for (type, parts) in [("ADD_ACCESSSPEC", [spec]), ("ENABLE_ACCESSSPEC", [])] as [(String, [LLRPElement])] {
      let members: KeyValuePairs<String, LLRPValue> = parts.isEmpty ? ["AccessSpecID": .number(1)] : [:]
      answers += try reader.receive(LLRPMessage(LLRPElement(type, members, parts), id: 1).bytes)
    }
    let report = try #require(answers.last { $0.type == 61 })
    return try #require(try report.content()?.first("TagReportData")).parameters
  }

  @Test func `a tag has an identity, and an EPC that is written is what it answers with`() throws {
    var reader = try LLRPEmulation()
    try reader.giveMemory(to: epc, serial: 7)
    let read = try ask(&reader, LLRPAccess(accessSpecID: 1, epc: epc, operations: [.readTID]))
    #expect(
      read.first { $0.name == "C1G2ReadOpSpecResult" }?["ReadData"] == .words([0xE200, 0, 0, 0, 0, 7]))
    let write = try EPCWrite(epc: other)
    let written = try ask(&reader, .write(write, to: epc, accessSpecID: 1))
    #expect(written.first { $0.name == "C1G2WriteOpSpecResult" }?.number("NumWordsWritten") == 7)
    // Reported from now on, and twice renamed is the same tag still.
    #expect(try reported(&reader) == other)
    _ = try ask(&reader, .write(EPCWrite(epc: hex("E2001234")), to: other, accessSpecID: 1))
    #expect(try reported(&reader) == hex("E2001234"))
    #expect(reader.memory[hex("E2001234")]?[.tid]?.last == 7)
    // The check that the tag keeps: CRC-16 over PC and EPC (Gen2 2.0, annex F).
    #expect(reader.memory[hex("E2001234")]?[.epc]?.first == Gen2.crc16(hex("1000E2001234")))
  }

  private func reported(_ reader: inout LLRPEmulation) throws -> [UInt8] {
    var tags = LLRPTagReportReader()
    return try #require(try tags.read(reader.report([TagRead(epc: epc)])).first).tag.epc
  }
}
