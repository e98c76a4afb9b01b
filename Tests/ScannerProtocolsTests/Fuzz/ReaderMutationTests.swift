import Testing

@testable import ScannerProtocols

/// Garbled frames of UHF readers: whatever they say, the reader's protocol says something of it.
struct ReaderMutationTests {
  @Test func `whatever a reader answers is understood or called unreadable`() throws {
    var mutation = try Mutation("readers")
    for _ in 0..<Mutation.rounds {
      let bytes = mutation.next()
      line(ChafonReader(model: mutation.roll(2) == 0 ? .uhfReader18 : .uhfReader288), bytes)
      line(MercuryReader(), bytes)
      line(M100Reader(), bytes)
      // Past the checksum: the content alone is garbled.
      let code = UInt8(mutation.roll(256))
      let status = UInt8(mutation.roll(6))
      let data = Array(bytes.prefix(250))
      judge(
        ChafonReader(model: .uhfReader288).answer(.init(address: 0, command: code % 4, status: status, data: data)),
        data)
      judge(
        MercuryReader().answer(.init(opcode: [0x03, 0x22, 0x28, code][Int(status % 4)], status: 0, data: data)), data)
      judge(
        M100Reader().answer(
          .init(kind: .notice, command: [0x03, 0x22, 0x39, 0xFF][Int(status % 4)], parameters: data)),
        data)
    }
  }

  private func line<R: UHFReaderProtocol>(_ reader: R, _ bytes: [UInt8]) {
    var decoder = FrameDecoder<R.Wire>()
    decoder.receive(bytes) { judge(reader.answer($0), bytes) }
    decoder.silence { judge(reader.answer($0), bytes) }
    #expect(decoder.pending == 0)
  }

  private func judge(_ answer: ReaderAnswer, _ bytes: [UInt8]) {
    switch answer {
    case .tags(let tags, _):
      #expect(!tags.isEmpty)
      for tag in tags { #expect(tag.epc.count <= 127, "\(bytes)") }
    case .memory(let memory): #expect(memory.count <= bytes.count)
    case .unreadable(let reason): #expect(!reason.isEmpty)
    case .noTag, .done, .identity, .keepAlive, .refused: break
    }
  }
}
