import ScannerProtocols
import Testing

struct MercuryReaderTests {
  private let reader = MercuryReader()

  private func answer(_ digits: String) -> ReaderAnswer? {
    var decoder = FrameDecoder<MercuryFraming>()
    return decoder.receive(hex(digits)).first.map(reader.answer)
  }

  @Test func `a tag with all its metadata, from a captured frame`() {
    #expect(
      answer(
        "FF2822000010001B01FF0101C4110E16400000012700000500000F00803000000000000000000000001545E94A561D")
        == .tags(
          [
            TagRead(
              epc: hex("000000000000000000001545"), control: ProtocolControl(rawValue: 0x3000), antenna: 1,
              strength: .dBm(-60), frequency: 923_200, count: 1, lastSeen: .uptime(microseconds: 295_000))
          ], isLast: false))
  }

  @Test func `commands as their maker's programs send them`() throws {
    #expect(try reader.bytes(for: .identify) == [hex("FF00031D0C")])
    #expect(try reader.bytes(for: .startInventory).last == hex("FF102F00000122000005072210001B03E801FFDD2B"))
    #expect(
      try MercuryReader(antennas: [1, 2]).bytes(for: .startInventory)[2].prefix(8) == hex("FF05910201010202")[...])
    #expect(throws: TagMemoryFault.self) { try MercuryReader(antennas: []).bytes(for: .startInventory) }
    #expect(try reader.bytes(for: .stopInventory) == [hex("FF032F0000025E86")])
    #expect(try MercuryReader(isNano: false).bytes(for: .setRegion(.northAmerica))[0].prefix(4) == hex("FF019701")[...])
    #expect(try reader.bytes(for: .setRegion(.northAmerica)) == [hex("FF01970D4BB0")])
    #expect(
      try reader.bytes(for: .setPower(dBm: 20)).map { Array($0.prefix(5)) } == [hex("FF029207D0"), hex("FF029407D0")])
  }

  /// Mercury API: timeout, option (1: select on EPC), then for a read metadata, bank, address, count; for a write address,
  /// bank; then password, length in bits, EPC, data.
  @Test func `memory is read and written of the tag that is named`() throws {
    let epc = hex("000000000000000000001545")
    let read = try reader.bytes(for: .memory(.readTID, epc: epc))
    #expect(read[0].dropLast(2) == (hex("FF1C28 03E8 11 0000 02 00000000 06 00000000 60") + epc)[...])
    let write = try reader.bytes(for: .memory(.write(.user, wordPointer: 1, bytes: hex("00EE")), epc: epc, password: 9))
    #expect(write[0].dropLast(2) == (hex("FF1B24 03E8 01 00000001 03 00000009 60") + epc + hex("00EE"))[...])
    let long = try reader.bytes(for: .memory(.readTID, epc: [UInt8](repeating: 7, count: 32)))
    #expect(long[0][5] == 0x31)
    #expect(Array(long[0][13..<21]) == hex("06 00000000 0100 07"))
  }

  @Test func `status, memory, version and keep-alive are told apart`() {
    func answer(_ opcode: UInt8, _ status: UInt16, _ data: String = "") -> ReaderAnswer {
      reader.answer(MercuryFraming.Frame(opcode: opcode, status: status, data: hex(data)))
    }
    #expect(answer(0x22, 0x0400) == .keepAlive)
    #expect(answer(0x28, 0x0400) == .noTag)
    // As the SparkFun library shows it for the EPC bank.
    #expect(answer(0x28, 0, "10000028F01400AABBCCDD") == .memory(hex("28F01400AABBCCDD")))
    #expect(
      answer(0x03, 0, "12121300 30000001 20141107 01021500 00000010")
        == .identity(ReaderIdentity(model: "ThingMagic M6E Nano", firmware: "01.02.15.00")))
    guard case .refused(let locked) = answer(0x24, 0x0424) else {
      Issue.record("not refused")
      return
    }
    #expect(locked.meaning == "the memory is locked")
    #expect(answer(0x24, 0) == .done)
  }

  @Test func `a tag record that breaks off, or whose CRC-16 is wrong, is unreadable`() {
    let whole = hex("10001B01FF0101C4110E16400000012700000500000F00803000000000000000000000001545E94A")
    for length in 12..<whole.count {
      guard
        case .unreadable = reader.answer(MercuryFraming.Frame(opcode: 0x22, status: 0, data: Array(whole[..<length])))
      else {
        Issue.record("\(length) bytes")
        return
      }
    }
    var noisy = whole
    noisy[30] ^= 0x80
    guard case .unreadable(let reason) = reader.answer(MercuryFraming.Frame(opcode: 0x22, status: 0, data: noisy))
    else {
      Issue.record("a tag with a wrong check")
      return
    }
    #expect(reason.contains("e94a"))
  }
}
