import Testing

@testable import ScannerProtocols

struct LLRPTagReportTests {
  private var reader = LLRPTagReportReader()

  private func message(_ digits: String) throws -> LLRPMessage {
    var decoder = FrameDecoder<LLRPFraming>()
    return try #require(decoder.receive(hex(digits)).first)
  }

  private func report(_ parameters: String...) throws -> LLRPMessage {
    var body: [UInt8] = []
    for parameter in parameters.map(hex) {
      body.appendBigEndian(UInt16(240))
      body.appendBigEndian(UInt16(4 + parameter.count))
      body += parameter
    }
    return LLRPMessage(type: 61, id: 1, body: body)
  }

  @Test mutating func `an EPC of 96 bits with antenna, strength, time and count`() throws {
    let reports = try reader.read(
      try message(
        "043d0000002c4095892f00f000228d3005fb63ac1f3841ec88046781000186ce820004ec2ea8354c09880001"))
    #expect(
      reports.map(\.tag) == [
        TagRead(
          epc: hex("3005fb63ac1f3841ec880467"), antenna: 1, strength: .dBm(-50),
          firstSeen: .utc(microseconds: 0x0004_EC2E_A835_4C09))
      ])
  }

  @Test mutating func `an EPC of another length`() throws {
    let reports = try reader.read(
      try message(
        """
        043d000000374095894100f0002d00f1001800901fb41f712ac9c37ab79d618173188324001a81000186ef820004ec2ea8381f57880001
        """))
    #expect(reports.first?.tag.epc == hex("1fb41f712ac9c37ab79d618173188324001a"))
    #expect(reports.first?.tag.strength == .dBm(-17))
  }

  @Test mutating func `what a reader leaves out is as it was before`() throws {
    _ = try reader.read(try report("8D 000000000000000000000001 810002 86C4 880003"))
    let second = try #require(try reader.read(try report("8D 000000000000000000000002")).first)
    #expect(second.tag.antenna == 2)
    #expect(second.tag.strength == .dBm(-60))
    #expect(second.tag.count == 3)
  }

  @Test mutating func `PC and CRC are held to the EPC`() throws {
    let good = "8D 30751FEB705C5904E3D50D70 8C3400 8B3A76"
    let tag = try #require(try reader.read(try report(good)).first)
    #expect(tag.tag.control == ProtocolControl(rawValue: 0x3400))
    #expect(tag.crc == 0x3A76)
    let both = try reader.read(try report("8D 30751FEB705C5904E3D50D71 8C3400 8B3A76", good))
    #expect(both.count == 1)
    #expect(reader.crcFaults == 1)
  }

  @Test mutating func `what an AccessSpec read and wrote comes with the tag`() throws {
    let reports = try reader.read(
      try report("8D 000000000000000000000001 90 00000003 015D 000D 00 0001 0002 E2003412 015E 0009 08 0002 0000"))
    let report = try #require(reports.first)
    #expect(report.accessSpecID == 3)
    #expect(report.tag.memory == hex("E2003412"))
    #expect(report.results.map(\.operationID) == [1, 2])
    #expect(report.results.map(\.meaning) == ["done", "wrong access password"])
  }

  @Test mutating func `parameters that are not known are passed over by their length`() throws {
    let reports = try reader.read(try report("03FF 000C 0000651A 00000038 8D 000000000000000000000001 02AA 0005 FF"))
    #expect(reports.first?.tag.epc == hex("000000000000000000000001"))
  }

  @Test(
    arguments: [
      ("8D 0000", "truncated"), ("00F1 0003 0000", "length"), ("00F1 0008 0060 0000", "truncated"),
      ("00F1 0007 0007 00", "whole bytes"), ("E0 00", "unknown"), ("81 0001", "without an EPC"),
      ("8D 000000000000000000000001 015D 0009 00 0001 FFFF", "C1G2Read"),
    ])
  func `a report that is none is refused as a whole, with the place`(parameter: String, reason: String) throws {
    var reader = LLRPTagReportReader()
    let message = try report(parameter)
    let fault = #expect(throws: LLRPFault.self) { try reader.read(message) }
    let words = fault?.description ?? ""
    #expect(words.contains(reason) || (reason == "truncated" && words.contains("ends within")), "\(words)")
    #expect(words.contains("byte "))
  }

  @Test mutating func `another message is refused`() {
    #expect(throws: LLRPFault.unexpected("KEEPALIVE")) { try reader.read(LLRPMessage(type: 62, id: 1)) }
  }

  // MARK: bombs

  @Test(
    arguments: [
      // Lengths of a message: below the header, and 4 GB.
      "043D 00000000 00000001", "043D 00000009 00000001", "043D FFFFFFFF 00000001", "043D 00100001 00000001",
    ]) func `a length that cannot be is no message`(digits: String)
  {
    var decoder = FrameDecoder<LLRPFraming>()
    let keepAlive = hex("043E 0000000A 00000002")
    var found = decoder.receive(hex(digits) + keepAlive)
    decoder.silence { found.append($0) }
    #expect(found.last == LLRPMessage(type: 62, id: 2))
    #expect(decoder.statistics.droppedBytes >= 6)
  }

  @Test func `parameters within parameters without end are refused`() throws {
    // ParameterError (289) within ParameterError, as deep as a message of 64 kB can be.
    var inner: [UInt8] = []
    for _ in 0..<200 {
      var outer: [UInt8] = []
      outer.appendBigEndian(UInt16(289))
      outer.appendBigEndian(UInt16(8 + inner.count))
      outer += [0, 1, 0, 1] + inner
      inner = outer
    }
    var status: [UInt8] = []
    status.appendBigEndian(UInt16(287))
    status.appendBigEndian(UInt16(8 + inner.count))
    status += [0, 100, 0, 0] + inner
    let message = LLRPMessage(type: 100, id: 1, body: status)
    #expect(throws: LLRPFault.self) { try message.content() }
  }

  @Test func `more parameters than any reader has are refused`() {
    let body = [[UInt8]](repeating: [0x02, 0xAA, 0, 4], count: 65_537).flatMap { $0 }
    #expect(throws: LLRPFault.tooMany(offset: 4 * 65_536)) { try LLRPMessage(type: 61, id: 1, body: body).content() }
  }

  @Test mutating func `twenty thousand tags in one message are twenty thousand reads`() throws {
    let one = hex("00F0 0022 8D3005FB63AC1F3841EC880467 810001 86CE 820004EC2EA8354C09 880001")
    let message = LLRPMessage(type: 61, id: 1, body: [[UInt8]](repeating: one, count: 20_000).flatMap { $0 })
    #expect(try reader.read(message).count == 20_000)
  }
}
