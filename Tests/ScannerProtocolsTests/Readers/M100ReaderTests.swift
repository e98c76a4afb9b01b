import ScannerProtocols
import Testing

struct M100ReaderTests {
  private let reader = M100Reader()
  private let epc = hex("30751FEB705C5904E3D50D70")

  private func answer(_ digits: String) -> ReaderAnswer? {
    var decoder = FrameDecoder<M100Framing>()
    return decoder.receive(hex(digits)).first.map(reader.answer)
  }

  @Test func `answers of the manual`() {
    #expect(
      answer("BB 02 22 00 11 C9 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 3A 76 EF 7E")
        == .tags([TagRead(epc: epc, control: ProtocolControl(rawValue: 0x3400), strength: .dBm(-55))], isLast: false))
    #expect(answer("BB 01 FF 00 01 15 16 7E") == .noTag)
    #expect(
      answer("BB 01 03 00 10 00 4D 31 30 30 20 32 36 64 42 6D 20 56 31 2E 30 92 7E")
        == .identity(ReaderIdentity(model: "M100 26dBm V1.0")))
    #expect(
      answer("BB 01 39 00 13 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 12 34 56 78 B0 7E")
        == .memory(hex("12345678")))
    #expect(answer("BB 01 49 00 10 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 00 A9 7E") == .done)
    guard case .refused(let refusal) = answer("BB 01 FF 00 01 09 0A 7E") else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.isTransient)
  }

  @Test func `commands of the manual`() throws {
    #expect(try reader.bytes(for: .identify) == [hex("BB 00 03 00 01 00 04 7E")])
    #expect(try reader.bytes(for: .inventory) == [hex("BB 00 22 00 00 22 7E")])
    #expect(try reader.bytes(for: .stopInventory) == [hex("BB 00 28 00 00 28 7E")])
    #expect(try reader.bytes(for: .setPower(dBm: 20)) == [hex("BB 00 B6 00 02 07 D0 8F 7E")])
    #expect(try reader.bytes(for: .setRegion(.china)) == [hex("BB 00 07 00 01 01 09 7E")])
    let read = try reader.bytes(
      for: .memory(.read(.user, wordPointer: 0, wordCount: 2), epc: epc, password: 0xFFFF))
    #expect(read.first == hex("BB 00 0C 00 13 01 00 00 00 20 60 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 AD 7E"))
    #expect(read.last == hex("BB 00 39 00 09 00 00 FF FF 03 00 00 00 02 45 7E"))
    let write = try reader.bytes(
      for: .memory(.write(.user, wordPointer: 0, bytes: hex("12345678")), epc: epc, password: 0xFFFF))
    #expect(write.last == hex("BB 00 49 00 0D 00 00 FF FF 03 00 00 00 02 12 34 56 78 6D 7E"))
  }

  @Test func `a tag whose CRC-16 or PC is wrong is unreadable`() {
    for parameters in ["C9340030751FEB705C5904E3D50D713A76", "C9340030", "C9"] {
      guard
        case .unreadable = reader.answer(M100Framing.Frame(kind: .notice, command: 0x22, parameters: hex(parameters)))
      else {
        Issue.record("\(parameters)")
        return
      }
    }
    for parameters in ["", "0E3400", "0200001234"] {
      guard
        case .unreadable = reader.answer(M100Framing.Frame(kind: .answer, command: 0x39, parameters: hex(parameters)))
      else {
        #expect(parameters == "0200001234")
        continue
      }
    }
  }
}
