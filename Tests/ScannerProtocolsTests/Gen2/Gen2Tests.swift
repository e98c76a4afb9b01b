import Testing

@testable import ScannerProtocols

struct Gen2Tests {
  /// CRC-16 over PC and EPC: two captured tags, the M6E's example of a bank, and the catalogue's check value.
  @Test(
    arguments: [
      ("3000000000000000000000001545", 0xE94A), ("340030751FEB705C5904E3D50D70", 0x3A76), ("1400AABBCCDD", 0x28F0),
      ("313233343536373839", 0xD64E),
    ] as [(String, UInt16)]) func `the check of a tag is CRC-16 GENIBUS`(bytes: String, crc: UInt16)
  {
    #expect(Gen2.crc16(hex(bytes)) == crc)
  }

  /// The catalogue's check values of "123456789"; Mercury's has none: a captured message.
  @Test func `the other checks are those of their makers`() {
    #expect(CRC16.mcrf4xx(hex("313233343536373839")) == 0x6F91)
    #expect(CRC16.mercury(hex("0A2403E800000000000300EE")) == 0x589D)
  }

  @Test func `a tag whose check or length is wrong is refused`() throws {
    let good = hex("340030751FEB705C5904E3D50D703A76")
    #expect(try Gen2.split(good[...], hasCRC: true).1 == hex("30751FEB705C5904E3D50D70"))
    var bad = good
    bad[5] ^= 1
    #expect(throws: Gen2Fault.self) { try Gen2.split(bad[...], hasCRC: true) }
    #expect(throws: Gen2Fault.length(10, control: ProtocolControl(rawValue: 0x3400))) {
      try Gen2.split(good[..<12], hasCRC: false)
    }
    #expect(throws: Gen2Fault.tooShort(3)) { try Gen2.split(good[..<3], hasCRC: true) }
  }

  @Test func `the PC tells the length in words, and keeps its other bits`() throws {
    #expect(ProtocolControl(rawValue: 0x3000).epcLength == 12)
    #expect(ProtocolControl(rawValue: 0x3400).hasUserMemory)
    #expect(ProtocolControl(rawValue: 0x6F00).epcLength == 26)
    #expect(try ProtocolControl(epcLength: 12).rawValue == 0x3000)
    #expect(try ProtocolControl(epcLength: 16, keeping: ProtocolControl(rawValue: 0x3401)).rawValue == 0x4401)
    #expect(throws: TagMemoryFault.oddLength(11)) { try ProtocolControl(epcLength: 11) }
    #expect(throws: TagMemoryFault.tooLong(64, limit: 62)) { try ProtocolControl(epcLength: 64) }
  }

  @Test(
    arguments: [
      (.write(.user, wordPointer: 0, bytes: [1, 2, 3]), .oddLength(3)),
      (.write(.user, wordPointer: 0, bytes: []), .wordCount(0)),
      (.write(.user, wordPointer: 0, bytes: [UInt8](repeating: 0, count: 66)), .wordCount(33)),
      (.write(.tid, wordPointer: 0, bytes: [1, 2]), .readOnly(.tid)),
      (.write(.epc, wordPointer: 0, bytes: [1, 2]), .readOnly(.epc)),
      (
        .write(.epc, wordPointer: 1, bytes: [0x30, 0, 1, 2]),
        .wrongPC(ProtocolControl(rawValue: 0x3000), length: 2)
      ),
      (.read(.tid, wordPointer: 0, wordCount: 0), .wordCount(0)),
      (.read(.tid, wordPointer: 0, wordCount: 33), .wordCount(33)),
      (.read(.user, wordPointer: 0xFFFF, wordCount: 1), .tooLong(2, limit: 0)),
    ] as [(TagMemoryOperation, TagMemoryFault)])
  func `an operation out of bounds is refused before it is sent`(operation: TagMemoryOperation, fault: TagMemoryFault) {
    #expect(throws: fault) { try operation.check() }
  }

  @Test func `an EPC is written with its PC in one operation, then read back and compared`() throws {
    let epc = hex("30751FEB705C5904E3D50D70")
    let write = try EPCWrite(epc: epc, current: ProtocolControl(rawValue: 0x1C01))
    #expect(write.write == .write(.epc, wordPointer: 1, bytes: hex("3401") + epc))
    #expect(write.readBack == .read(.epc, wordPointer: 1, wordCount: 7))
    #expect(write.verify(hex("3401") + epc) == .verified)
    #expect(write.verify(hex("3401") + epc.dropLast() + [0x71]) == .differs(word: 7))
    #expect(write.verify(hex("3001") + epc) == .differs(word: 1))
    #expect(write.verify(hex("3401") + epc.dropLast(2)) == .incomplete(words: 6))
    #expect(throws: TagMemoryFault.oddLength(3)) { try EPCWrite(epc: [1, 2, 3]) }
    #expect(throws: TagMemoryFault.wordCount(0)) { try EPCWrite(epc: []) }
    #expect(throws: TagMemoryFault.tooLong(64, limit: 62)) { try EPCWrite(epc: [UInt8](repeating: 0, count: 64)) }
  }
}
