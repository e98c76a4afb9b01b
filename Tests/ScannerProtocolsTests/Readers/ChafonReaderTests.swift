import ScannerProtocols
import Testing

struct ChafonReaderTests {
  private let reader18 = ChafonReader(model: .uhfReader18)
  private let reader288 = ChafonReader(model: .uhfReader288)

  private func answer(_ reader: ChafonReader, _ digits: String) -> ReaderAnswer? {
    var decoder = FrameDecoder<ChafonFraming>()
    return decoder.receive(hex(digits)).first.map(reader.answer)
  }

  @Test func `tags of the UHFReader18, from captured frames`() {
    #expect(
      answer(reader18, "20000103020c0000000000000000000003130c0000000000000000000003149ac9")
        == .tags(
          [
            TagRead(epc: hex("000000000000000000000313"), antenna: 1),
            TagRead(epc: hex("000000000000000000000314"), antenna: 1),
          ], isLast: false))
  }

  @Test func `tags of the UHFReader288 have antenna and strength, from captured frames`() {
    #expect(
      answer(reader288, "1500010304010c49440000000000000a0003346425c0")
        == .tags([TagRead(epc: hex("49440000000000000A000334"), antenna: 3, strength: .raw(0x64))], isLast: false))
    #expect(
      answer(reader288, "0d000103010104003230386da3d2")
        == .tags([TagRead(epc: hex("00323038"), antenna: 1, strength: .raw(0x6D))], isLast: false))
    #expect(answer(reader288, "0700010101001e4b") == .noTag)
  }

  @Test func `a frame with a wrong check is no frame`() {
    #expect(answer(reader288, "1500010301010c0000000000000000000003136bb1a6") == nil)
  }

  @Test func `reader information, from a captured frame`() {
    #expect(
      answer(reader288, "1100210000160c034e001e0a01000000e651")
        == .identity(ReaderIdentity(model: "UHFReader288M", firmware: "0.22")))
  }

  @Test func `commands as their maker's programs send them`() throws {
    #expect(try reader18.bytes(for: .inventory) == [hex("04ff011bb4")])
    #expect(try ChafonReader(model: .uhfReader18, address: 0).bytes(for: .inventory) == [hex("040001db4b")])
    #expect(try reader18.bytes(for: .identify) == [hex("04ff211995")])
    // The manual's table of bands: 31 80 for the United States, 4E 00 for Europe.
    #expect(try reader18.bytes(for: .setRegion(.northAmerica))[0].prefix(5) == hex("06FF223180")[...])
    #expect(try reader18.bytes(for: .setRegion(.europe))[0].prefix(5) == hex("06FF224E00")[...])
  }

  /// User's Manual V2.0: Num or WNum, ENum, EPC, Mem, WordPtr, Num or Wdt, Pwd.
  @Test func `memory is read and written of the tag that is named`() throws {
    let epc = hex("000000000000000000000313")
    let read = try reader18.bytes(for: .memory(.read(.user, wordPointer: 2, wordCount: 4), epc: epc, password: 0x1234))
    #expect(read[0].dropLast(2) == (hex("18FF02 06") + epc + hex("03 02 04 00001234"))[...])
    let write = try reader18.bytes(for: .memory(.write(.user, wordPointer: 0, bytes: hex("CAFE")), epc: epc))
    #expect(write[0].dropLast(2) == (hex("1AFF03 01 06") + epc + hex("03 00 CAFE 00000000"))[...])
  }

  @Test func `what is out of bounds is refused before it is sent`() {
    #expect(throws: TagMemoryFault.oddLength(3)) {
      try reader18.bytes(for: .memory(.readTID, epc: [1, 2, 3]))
    }
    #expect(throws: TagMemoryFault.oddLength(1)) {
      try reader18.bytes(for: .memory(.write(.user, wordPointer: 0, bytes: [1]), epc: [1, 2]))
    }
    #expect(throws: TagMemoryFault.self) { try reader18.bytes(for: .setPower(dBm: 34)) }
    #expect(throws: TagMemoryFault.self) { try reader18.bytes(for: .startInventory) }
    #expect(throws: TagMemoryFault.self) {
      try reader18.bytes(for: .memory(.read(.user, wordPointer: 256, wordCount: 1), epc: [1, 2]))
    }
  }

  @Test func `a no of reader or tag is told with its meaning`() {
    func refusal(_ command: UInt8, _ status: UInt8, _ data: [UInt8] = []) -> ReaderRefusal? {
      let frame = ChafonFraming.Frame(address: 0, command: command, status: status, data: data)
      if case .refused(let refusal) = reader288.answer(frame) { return refusal }
      return nil
    }
    #expect(refusal(0x02, 0xFB)?.isTransient == true)
    #expect(refusal(0x02, 0x05)?.meaning == "wrong access password")
    #expect(refusal(0x03, 0xFC, [0x04])?.meaning == "the memory is locked")
    #expect(refusal(0x03, 0xFC, [0x04])?.code == 0xFC04)
  }

  @Test(arguments: ["01", "0101", "01010C00", "010101020304", "01FF00"])
  func `an inventory that breaks off is unreadable`(
    digits: String
  ) {
    let frame = ChafonFraming.Frame(address: 0, command: 1, status: 1, data: hex(digits))
    guard case .unreadable = reader288.answer(frame) else {
      Issue.record("\(reader288.answer(frame))")
      return
    }
  }
}
