import Testing

@testable import ScannerProtocols

/// Conversations: what the station sends, what the reader answers.
struct UHFReaderSessionTests {
  private let epc = hex("30751FEB705C5904E3D50D70")
  private let other = hex("30751FEB705C5904E3D50D71")

  /// An answer of a Chafon reader.
  private func chafon(_ command: UInt8, _ status: UInt8, _ data: [UInt8] = []) -> [UInt8] {
    ChafonFraming.command(command, [status] + data, address: 0)
  }

  private let info = hex("1100210000160c034e001e0a01000000e651")

  private func sent<R>(_ actions: [UHFReaderSession<R>.Action]) -> [UInt8] {
    // Opcodes alone: byte 2 of Chafon, Mercury and M100 frames.
    actions.compactMap { if case .send(let bytes) = $0 { bytes[2] } else { nil } }
  }

  private func chafonSession(
    _ configuration: UHFReaderSession<ChafonReader>.Configuration = .init()
  ) -> UHFReaderSession<ChafonReader> {
    UHFReaderSession(reader: ChafonReader(model: .uhfReader288), configuration: configuration)
  }

  /// A session that has been identified and waits between two rounds.
  private func pausing() -> UHFReaderSession<ChafonReader> {
    var session = chafonSession()
    _ = session.start(at: .zero)
    _ = session.receive(info, at: .zero)
    _ = session.receive(chafon(0x01, 0x01), at: .zero)
    return session
  }

  @Test func `a reader is identified, set, and asked round by round`() {
    var session = chafonSession(.init(region: .europe, power: 20))
    #expect(sent(session.start(at: .zero)) == [0x21])
    var actions = session.receive(info, at: .zero)
    #expect(actions.first == .identified(ReaderIdentity(model: "UHFReader288M", firmware: "0.22")))
    #expect(sent(actions) == [0x22])
    #expect(sent(session.receive(chafon(0x22, 0), at: .zero)) == [0x2F])
    #expect(sent(session.receive(chafon(0x2F, 0), at: .zero)) == [0x01])
    // Two frames of one round, from captured ones: more follows, then the end.
    actions = session.receive(hex("1500010301010c0000000000000000000003136bb1a5"), at: .zero)
    guard case .tags(let tags)? = actions.first else {
      Issue.record("no tags: \(actions)")
      return
    }
    #expect(tags.map(\.epc) == [hex("000000000000000000000313")])
    #expect(sent(actions).isEmpty)
    #expect(session.receive(hex("0700010101001e4b"), at: .milliseconds(10)).isEmpty)
    #expect(session.deadline == .milliseconds(60))
    #expect(sent(session.tick(at: .milliseconds(60))) == [0x01])
  }

  @Test func `a round goes through every antenna, and what is wrong with one is told once in a while`() {
    var session = UHFReaderSession(reader: ChafonReader(model: .uhfReader288, antennas: [1, 3]))
    _ = session.start(at: .zero)
    func antenna(_ actions: [UHFReaderSession<ChafonReader>.Action]) -> [UInt8] {
      actions.compactMap { if case .send(let bytes) = $0 { bytes[10] } else { nil } }
    }
    #expect(antenna(session.receive(info, at: .zero)) == [0x80])
    var actions = session.receive(chafon(0x01, 0x01), at: .zero)
    #expect(antenna(actions) == [0x82])
    actions = session.receive(chafon(0x01, 0xF8), at: .zero)
    #expect(actions == [.fault("antenna not connected (code f8)")])
    #expect(antenna(session.tick(at: .milliseconds(50))) == [0x80])
    _ = session.receive(chafon(0x01, 0x01), at: .milliseconds(50))
    #expect(session.receive(chafon(0x01, 0xF8), at: .milliseconds(50)).isEmpty)
    // The other antenna's good answers end the fault only when it has not come for two seconds.
    _ = session.tick(at: .milliseconds(100))
    #expect(!session.receive(chafon(0x01, 0x01), at: .milliseconds(2_049)).contains(.well))
    #expect(session.receive(chafon(0x01, 0x01), at: .milliseconds(2_050)).contains(.well))
    #expect(!session.receive(chafon(0x01, 0x01), at: .milliseconds(2_051)).contains(.well))
  }

  @Test func `a setting that is refused is told, and the reader reads all the same`() {
    var session = chafonSession(.init(power: 20))
    _ = session.start(at: .zero)
    _ = session.receive(info, at: .zero)
    let actions = session.receive(chafon(0x2F, 0xFF), at: .zero)
    guard case .fault(let text)? = actions.first else {
      Issue.record("no fault: \(actions)")
      return
    }
    #expect(text.contains("power"))
    #expect(sent(actions) == [0x01])
  }

  @Test func `a reader that does not answer is asked again, then lost, then tried anew`() {
    var session = chafonSession()
    _ = session.start(at: .zero)
    #expect(session.tick(at: .milliseconds(2_999)).isEmpty)
    #expect(sent(session.tick(at: .seconds(3))) == [0x21])
    #expect(sent(session.tick(at: .seconds(6))) == [0x21])
    #expect(session.tick(at: .seconds(9)) == [.lost])
    #expect(session.tick(at: .milliseconds(13_999)).isEmpty)
    #expect(sent(session.tick(at: .seconds(14))) == [0x21])
    #expect(sent(session.receive(info, at: .seconds(14))) == [0x01])
  }

  @Test func `half a frame is given up after the pause that frames may make, and what follows is read`() {
    var session = chafonSession()
    _ = session.start(at: .zero)
    #expect(session.receive(Array(info.prefix(9)), at: .zero).isEmpty)
    #expect(session.deadline == .milliseconds(15))
    #expect(session.tick(at: .milliseconds(15)).isEmpty)
    #expect(session.statistics.droppedBytes == 9)
    #expect(sent(session.receive(info, at: .milliseconds(20))) == [0x01])
  }

  // MARK: memory

  @Test func `memory is read between two rounds`() {
    var session = pausing()
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    #expect(sent(session.perform(job, at: .zero)) == [0x02])
    let actions = session.receive(chafon(0x02, 0, hex("E200341201300000")), at: .zero)
    #expect(actions.first == .finished(job, .read(hex("E200341201300000"))))
    #expect(sent(actions) == [0x01])
  }

  @Test func `an EPC is written with the tag's own PC, and read back under the new EPC`() throws {
    var session = pausing()
    let job = TagMemoryJob(id: 1, epc: epc, work: .writeEPC(other))
    #expect(sent(session.perform(job, at: .zero)) == [0x02])
    // The PC of the tag: 12 bytes, with user memory.
    let write = session.receive(chafon(0x02, 0, hex("3400")), at: .zero)
    let expected = try ChafonReader(model: .uhfReader288).bytes(
      for: .memory(.write(.epc, wordPointer: 1, bytes: hex("3400") + other), epc: epc))
    #expect(write == [.send(expected[0])])
    let readBack = session.receive(chafon(0x03, 0), at: .zero)
    #expect(
      readBack == [
        .send(
          try ChafonReader(model: .uhfReader288).bytes(
            for: .memory(.read(.epc, wordPointer: 1, wordCount: 7), epc: other))[0])
      ])
    #expect(session.receive(chafon(0x02, 0, hex("3400") + other), at: .zero).first == .finished(job, .verified))
  }

  @Test func `a write that is found otherwise is told with its word`() {
    var session = pausing()
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.write(.user, wordPointer: 4, bytes: hex("11112222"))))
    #expect(sent(session.perform(job, at: .zero)) == [0x03])
    #expect(sent(session.receive(chafon(0x03, 0), at: .zero)) == [0x02])
    #expect(session.receive(chafon(0x02, 0, hex("11112223")), at: .zero).first == .finished(job, .differs(word: 5)))
  }

  @Test func `a tag that is too far away is tried again, a locked one is not`() {
    var session = pausing()
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    _ = session.perform(job, at: .zero)
    #expect(sent(session.receive(chafon(0x02, 0xFB), at: .zero)) == [0x02])
    #expect(sent(session.receive(chafon(0x02, 0xFA), at: .zero)) == [0x02])
    guard case .finished(_, .refused(let far))? = session.receive(chafon(0x02, 0xFB), at: .zero).first else {
      Issue.record("not refused")
      return
    }
    #expect(far.isTransient)
    _ = session.receive(chafon(0x01, 0x01), at: .zero)
    _ = session.perform(job, at: .zero)
    guard case .finished(_, .refused(let locked))? = session.receive(chafon(0x02, 0xFC, [4]), at: .zero).first else {
      Issue.record("not refused")
      return
    }
    #expect(locked.meaning == "the memory is locked")
  }

  @Test func `a job that cannot be is refused unsent, one that is not answered says so`() {
    var session = pausing()
    let odd = TagMemoryJob(id: 1, epc: epc, work: .writeEPC([1, 2, 3]))
    let actions = session.perform(odd, at: .zero)
    #expect(actions.first == .finished(odd, .impossible(.oddLength(3))))
    #expect(sent(actions) == [0x01])
    _ = session.receive(chafon(0x01, 0x01), at: .zero)
    let silent = TagMemoryJob(id: 2, epc: epc, work: .operation(.readTID))
    _ = session.perform(silent, at: .zero)
    _ = session.tick(at: .seconds(3))
    _ = session.tick(at: .seconds(6))
    #expect(session.tick(at: .seconds(9)).first == .finished(silent, .noAnswer("the reader does not answer")))
  }

  @Test func `a job that comes during a round waits for its end, and jobs go in order`() {
    var session = chafonSession()
    _ = session.start(at: .zero)
    _ = session.receive(info, at: .zero)
    let first = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    let second = TagMemoryJob(id: 2, epc: other, work: .operation(.readTID))
    #expect(session.perform(first, at: .zero).isEmpty)
    #expect(session.perform(second, at: .zero).isEmpty)
    #expect(sent(session.receive(chafon(0x01, 0x01), at: .zero)) == [0x02])
    #expect(sent(session.receive(chafon(0x02, 0, hex("E200")), at: .zero)) == [0x02])
    #expect(session.receive(chafon(0x02, 0, hex("E201")), at: .zero).first == .finished(second, .read(hex("E201"))))
  }

  // MARK: readers that read until they are stopped

  private func mercury(_ opcode: UInt8, _ data: [UInt8] = [], status: UInt16 = 0) -> [UInt8] {
    var bytes: [UInt8] = [0xFF, UInt8(data.count), opcode, UInt8(status >> 8), UInt8(status & 255)] + data
    bytes.appendBigEndian(CRC16.mercury(bytes.dropFirst()))
    return bytes
  }

  private let tag = hex(
    "FF2822000010001B01FF0101C4110E16400000012700000500000F00803000000000000000000000001545E94A561D")

  @Test func `a continuous reader is started in its four steps, stopped for a job, and started again`() throws {
    var session = UHFReaderSession(reader: MercuryReader())
    #expect(sent(session.start(at: .zero)) == [0x03])
    let version = hex("12121300300000012014110701021500") + hex("00000010")
    #expect(sent(session.receive(mercury(0x03, version), at: .zero)) == [0x9A])
    #expect(sent(session.receive(mercury(0x9A), at: .zero)) == [0x93])
    #expect(sent(session.receive(mercury(0x93), at: .zero)) == [0x91])
    #expect(sent(session.receive(mercury(0x91), at: .zero)) == [0x2F])
    #expect(session.receive(mercury(0x2F), at: .zero).isEmpty)
    guard case .tags(let tags)? = session.receive(tag, at: .zero).first else {
      Issue.record("no tags")
      return
    }
    #expect(tags.first?.strength == .dBm(-60))
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    #expect(sent(session.perform(job, at: .zero)) == [0x2F])
    // A tag on its way while the reader stops.
    #expect(session.receive(tag, at: .zero).count == 1)
    #expect(sent(session.receive(mercury(0x2F), at: .zero)) == [0x28])
    let actions = session.receive(mercury(0x28, hex("110000E2003412")), at: .zero)
    #expect(actions.first == .finished(job, .read(hex("E2003412"))))
    #expect(sent(actions) == [0x9A])
  }

  @Test func `a job that comes while a continuous reader is being started is done once it reads`() {
    var session = UHFReaderSession(reader: MercuryReader())
    _ = session.start(at: .zero)
    let version = hex("12121300300000012014110701021500") + hex("00000010")
    _ = session.receive(mercury(0x03, version), at: .zero)
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    #expect(session.perform(job, at: .zero).isEmpty)
    for opcode: UInt8 in [0x9A, 0x93, 0x91] { _ = session.receive(mercury(opcode), at: .zero) }
    // Started, stopped, read.
    #expect(sent(session.receive(mercury(0x2F), at: .zero)) == [0x2F])
    #expect(sent(session.receive(mercury(0x2F), at: .zero)) == [0x28])
  }

  @Test func `a device that may be something else is asked who it is, and then left in peace`() {
    var session = chafonSession(.probing)
    #expect(sent(session.start(at: .zero)) == [0x21])
    #expect(sent(session.tick(at: .seconds(1))) == [0x21])
    #expect(
      session.receive(info, at: .seconds(1))
        == [.identified(ReaderIdentity(model: "UHFReader288M", firmware: "0.22"))])
    #expect(session.tick(at: .seconds(1_000)).isEmpty)
  }

  @Test func `a tag whose PC tells another length than its EPC has is not written`() {
    var session = pausing()
    let job = TagMemoryJob(id: 1, epc: hex("30751FEB"), work: .writeEPC(other))
    #expect(sent(session.perform(job, at: .zero)) == [0x02])
    #expect(
      session.receive(chafon(0x02, 0, hex("3400")), at: .zero).first
        == .finished(job, .impossible(.wrongPC(ProtocolControl(rawValue: 0x3400), length: 4))))
  }

  @Test func `a reader that reads already when it is started is given all four steps all the same`() {
    var session = UHFReaderSession(reader: MercuryReader())
    _ = session.start(at: .zero)
    _ = session.receive(tag, at: .zero)
    let version = hex("12121300300000012014110701021500") + hex("00000010")
    #expect(sent(session.receive(mercury(0x03, version), at: .zero)) == [0x9A])
    #expect(session.receive(tag, at: .zero).count == 1)
    #expect(sent(session.receive(mercury(0x9A), at: .zero)) == [0x93])
    #expect(session.receive(mercury(0x22, status: 0x0400), at: .zero).isEmpty)
    #expect(sent(session.receive(mercury(0x93), at: .zero)) == [0x91])
  }

  @Test func `a continuous reader that falls silent is started again, and lost if it stays silent`() {
    var session = UHFReaderSession(reader: M100Reader())
    _ = session.start(at: .zero)
    #expect(
      sent(session.receive(hex("BB01030010004D31303020323664426D2056312E30927E"), at: .zero)) == [0x27])
    #expect(session.receive(hex("BB01FF000115167E"), at: .seconds(1)).isEmpty)
    #expect(session.tick(at: .milliseconds(3_999)).isEmpty)
    #expect(sent(session.tick(at: .seconds(4))) == [0x27])
    #expect(sent(session.tick(at: .seconds(7))) == [0x27])
    #expect(sent(session.tick(at: .seconds(10))) == [0x27])
    #expect(session.tick(at: .seconds(13)) == [.lost])
  }

  @Test func `M100 selects the tag before it reads it`() {
    var session = UHFReaderSession(reader: M100Reader())
    _ = session.start(at: .zero)
    _ = session.receive(hex("BB01030010004D31303020323664426D2056312E30927E"), at: .zero)
    _ = session.receive(hex("BB01FF000115167E"), at: .zero)
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.read(.user, wordPointer: 0, wordCount: 2)))
    #expect(sent(session.perform(job, at: .zero)) == [0x28])
    #expect(session.receive(hex("BB01FF000115167E"), at: .zero).isEmpty)
    #expect(sent(session.receive(hex("BB0128000100 2A7E"), at: .zero)) == [0x0C])
    #expect(sent(session.receive(hex("BB010C0001000E7E"), at: .zero)) == [0x12])
    #expect(sent(session.receive(hex("BB0112000100147E"), at: .zero)) == [0x39])
    let actions = session.receive(hex("BB013900130E340030751FEB705C5904E3D50D7012345678B07E"), at: .zero)
    #expect(actions.first == .finished(job, .read(hex("12345678"))))
    #expect(sent(actions) == [0x27])
  }

  @Test func `whatever bytes come, the conversation goes on`() throws {
    var dice = Dice(5)
    var session = pausing()
    var now = Duration.zero
    for step in 0..<20_000 {
      now += .milliseconds(dice.roll(400))
      let bytes = dice.roll(3) == 0 ? chafon(UInt8(dice.roll(4)), UInt8(dice.roll(6)), [dice.byte()]) : [dice.byte()]
      _ = session.receive(bytes, at: now)
      _ = session.tick(at: now)
      if step % 1_000 == 0 {
        _ = session.perform(TagMemoryJob(id: step, epc: epc, work: .operation(.readTID)), at: now)
      }
      #expect(session.deadline != nil)
    }
  }
}
