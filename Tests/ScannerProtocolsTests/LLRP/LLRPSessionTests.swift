import Testing

@testable import ScannerProtocols

/// Conversations with a reader that is played by the test.
struct LLRPSessionTests {
  private let epc = hex("30751FEB705C5904E3D50D70")
  private let other = hex("30751FEB705C5904E3D50D71")
  private let welcome = hex("043f000000200ab288c900f600160080000c0004f8535baadaff010000060000")

  private func names(_ actions: [LLRPSession.Action]) -> [String] {
    actions.map { action in
      switch action {
      case .send(let message): message.name
      case .capabilities(let capabilities): "capabilities \(capabilities.firmware)"
      case .running: "running"
      case .tags(let tags): "tags \(tags.count)"
      case .event(let event): "\(event)"
      case .finished(let job, let outcome): "job \(job.id) \(outcome)"
      case .fault(let text): "fault: \(text)"
      case .disconnect(let reason): "disconnect: \(reason)"
      }
    }
  }

  /// Answers what was asked last with success, or with that status.
  private func answer(
    _ actions: [LLRPSession.Action], status: Int64 = 0, _ extra: [LLRPElement] = []
  ) throws -> [UInt8] {
    let asked = actions.compactMap { if case .send(let message) = $0 { message } else { nil } }
    let message = try #require(asked.last { $0.type < 60 })
    let name = try #require(LLRPDefinition.message(message.type + 10)).name
    let parameters = [try LLRPElement("LLRPStatus", ["StatusCode": .number(status)])] + extra
    return try LLRPMessage(try LLRPElement(name, [:], parameters), id: message.id).bytes
  }

  /// A session whose inventory runs.
  private func running() throws -> LLRPSession {
    var session = LLRPSession(at: .zero)
    var actions = session.receive(welcome, at: .zero)
    actions = session.receive(try answer(actions, [try general()]), at: .zero)
    for _ in 0..<5 { actions = session.receive(try answer(actions), at: .zero) }
    try #require(actions.contains(.running))
    return session
  }

  private func general() throws -> LLRPElement {
    try LLRPElement("GeneralDeviceCapabilities", ["ReaderFirmwareVersion": .text("1.2")])
  }

  /// A report of the tag with what an operation brought.
  private func report(_ accessSpec: Int64, _ result: LLRPElement) throws -> [UInt8] {
    try LLRPMessage(
      try LLRPElement(
        "RO_ACCESS_REPORT", [:],
        [
          try LLRPElement(
            "TagReportData", [:],
            [
              try LLRPElement("EPC_96", ["EPC": .bytes(epc)]),
              try LLRPElement("AccessSpecID", ["AccessSpecID": .number(accessSpec)]), result,
            ])
        ]), id: 7
    ).bytes
  }

  @Test
  func `a reader that describes itself badly is told and used all the same; another answer without sense ends it`()
    throws
  {
    func garbled(_ bytes: [UInt8]) -> [UInt8] {
      // A parameter (143) that claims more bytes than the message has; the message's length counts it (LLRP 1.1, 17.1).
      var bytes = bytes + [0x00, 0x8F, 0x00, 0xFF]
      bytes.replaceSubrange(2..<6, with: (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (24 - 8 * $0)) })
      return bytes
    }
    var session = LLRPSession(
      configuration: .init(inventory: LLRPInventory(roSpecID: 9), power: 20, keepAlive: .seconds(5)), at: .zero)
    var actions = session.receive(welcome, at: .zero)
    actions = session.receive(garbled(try answer(actions, [try general()])), at: .zero)
    guard case .fault(let words)? = actions.first else {
      Issue.record("no fault: \(actions)")
      return
    }
    #expect("\(words)".contains("GET_READER_CAPABILITIES_RESPONSE makes no sense"))
    #expect(names(Array(actions.dropFirst())) == ["SET_READER_CONFIG"])
    actions = session.receive(garbled(try answer(Array(actions.dropFirst()))), at: .zero)
    guard case .disconnect(let reason)? = actions.last else {
      Issue.record("it goes on: \(actions)")
      return
    }
    #expect(reason.contains("SET_READER_CONFIG_RESPONSE makes no sense"))
  }

  @Test func `a reader is asked, set, cleared, given an inventory, and started`() throws {
    var session = LLRPSession(
      configuration: .init(inventory: LLRPInventory(roSpecID: 9), power: 20, keepAlive: .seconds(5)), at: .zero)
    var actions = session.receive(welcome, at: .zero)
    #expect(names(actions) == ["GET_READER_CAPABILITIES"])
    let band = try LLRPElement(
      "RegulatoryCapabilities", [:],
      [
        try LLRPElement(
          "UHFBandCapabilities", [:],
          [
            try LLRPElement("TransmitPowerLevelTableEntry", ["Index": 41, "TransmitPowerValue": 2_000]),
            try LLRPElement("TransmitPowerLevelTableEntry", ["Index": 81, "TransmitPowerValue": 3_000]),
          ])
      ])
    actions = session.receive(try answer(actions, [try general(), band]), at: .zero)
    #expect(names(actions) == ["capabilities 1.2", "SET_READER_CONFIG"])
    actions = session.receive(try answer(actions), at: .zero)
    #expect(names(actions) == ["DELETE_ACCESSSPEC"])
    // A reader without any may say no to that.
    actions = session.receive(try answer(actions, status: 300), at: .zero)
    #expect(names(actions) == ["DELETE_ROSPEC"])
    actions = session.receive(try answer(actions), at: .zero)
    #expect(names(actions) == ["ADD_ROSPEC"])
    guard case .send(let add) = actions[0] else { return }
    let spec = try #require(try add.content()?.first("ROSpec"))
    #expect(spec.number("ROSpecID") == 9)
    let antenna = spec.first("AISpec")?.first("InventoryParameterSpec")?.first("AntennaConfiguration")
    #expect(antenna?.first("RFTransmitter")?.number("TransmitPower") == 41)
    actions = session.receive(try answer(actions), at: .zero)
    #expect(names(actions) == ["ENABLE_ROSPEC"])
    actions = session.receive(try answer(actions), at: .zero)
    #expect(names(actions) == ["ENABLE_EVENTS_AND_REPORTS", "running"])
    #expect(session.deadline == .seconds(15))
  }

  @Test func `tags come, signs of life are answered, and a reader that gives none is left`() throws {
    var session = try running()
    #expect(
      names(
        session.receive(
          hex("043d0000002c4095892f00f000228d3005fb63ac1f3841ec88046781000186ce820004ec2ea8354c09880001"), at: .zero))
        == ["tags 1"])
    #expect(session.receive(hex("043E 0000000A 00000005"), at: .seconds(20)) == [.send(.keepAliveAck(id: 5))])
    #expect(session.tick(at: .milliseconds(49_999)).isEmpty)
    #expect(names(session.tick(at: .seconds(50))) == ["disconnect: no sign of life from the reader"])
    #expect(session.deadline == nil)
    #expect(session.receive(welcome, at: .seconds(51)).isEmpty)
  }

  @Test func `a reader with another client says so`() throws {
    var session = LLRPSession(at: .zero)
    var busy = welcome
    busy[31] = 2
    #expect(names(session.receive(busy, at: .zero)) == ["disconnect: another client is connected to the reader"])
    var mute = LLRPSession(at: .zero)
    #expect(
      names(mute.tick(at: .seconds(5))) == ["disconnect: the reader does not say whether it takes the connection"])
  }

  @Test func `a reader that does not answer, or refuses the inventory, is left`() throws {
    var session = LLRPSession(at: .zero)
    var actions = session.receive(welcome, at: .zero)
    #expect(names(session.tick(at: .seconds(5))) == ["disconnect: no answer to GET_READER_CAPABILITIES"])
    session = LLRPSession(at: .zero)
    actions = session.receive(welcome, at: .zero)
    actions = session.receive(try answer(actions, [try general()]), at: .zero)
    for _ in 0..<3 { actions = session.receive(try answer(actions), at: .zero) }
    #expect(names(actions) == ["ADD_ROSPEC"])
    actions = session.receive(try answer(actions, status: 100), at: .zero)
    #expect(
      names(actions) == [
        "fault: the reader refuses the inventory: M_ParameterError", "disconnect: the reader refuses the inventory",
      ])
  }

  @Test func `bytes that are no LLRP end the session`() {
    var session = LLRPSession(at: .zero)
    #expect(names(session.receive(Array("HTTP/1.1 400".utf8), at: .zero)) == ["disconnect: what comes is no LLRP"])
  }

  @Test func `events of the reader are told`() throws {
    var session = try running()
    let event = try LLRPElement(
      "READER_EVENT_NOTIFICATION", [:],
      [
        try LLRPElement(
          "ReaderEventNotificationData", [:],
          [
            try LLRPElement("UTCTimestamp"), try LLRPElement("AntennaEvent", ["EventType": 0, "AntennaID": 2]),
            try LLRPElement("ReportBufferOverflowErrorEvent"),
          ])
      ])
    #expect(
      session.receive(try LLRPMessage(event, id: 1).bytes, at: .zero)
        == [.event(.antenna(2, isConnected: false)), .event(.bufferOverflow)])
  }

  // MARK: memory

  @Test func `memory is read by an AccessSpec that is deleted afterwards`() throws {
    var session = try running()
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    var actions = session.perform(job, at: .zero)
    #expect(names(actions) == ["ADD_ACCESSSPEC"])
    actions = session.receive(try answer(actions), at: .zero)
    #expect(names(actions) == ["ENABLE_ACCESSSPEC"])
    #expect(session.receive(try answer(actions), at: .zero).isEmpty)
    let read = try LLRPElement("C1G2ReadOpSpecResult", ["OpSpecID": 1, "ReadData": .words([0xE200, 0x3412])])
    // Of another AccessSpec: not ours.
    #expect(names(session.receive(try report(99, read), at: .zero)) == ["tags 1"])
    actions = session.receive(try report(1, read), at: .zero)
    #expect(names(actions) == ["tags 1", "DELETE_ACCESSSPEC"])
    #expect(session.receive(try answer(actions), at: .zero) == [.finished(job, .read(hex("E2003412")))])
  }

  @Test func `an EPC is written, and read back under the new one`() throws {
    var session = try running()
    let job = TagMemoryJob(id: 1, epc: epc, work: .writeEPC(other))
    var actions = session.perform(job, at: .zero)
    let results = [
      try LLRPElement("C1G2ReadOpSpecResult", ["ReadData": .words([0x3400])]),
      try LLRPElement("C1G2WriteOpSpecResult", ["NumWordsWritten": 7]),
      try LLRPElement(
        "C1G2ReadOpSpecResult",
        ["ReadData": .words([0x3400, 0x3075, 0x1FEB, 0x705C, 0x5904, 0xE3D5, 0x0D71])]),
    ]
    for (index, result) in results.enumerated() {
      guard case .send(let add)? = actions.last else { return }
      let tag = try add.content()?.first("AccessSpec")?.first("AccessCommand")?.first("C1G2TagSpec")?
        .first("C1G2TargetTag")
      #expect(tag?["TagData"] == .bits(count: 96, index == 2 ? other : epc))
      actions = session.receive(try answer(actions), at: .zero)
      _ = session.receive(try answer(actions), at: .zero)
      actions = session.receive(try report(Int64(index + 1), result), at: .zero)
      actions = session.receive(try answer(actions), at: .zero)
    }
    #expect(actions == [.finished(job, .verified)])
  }

  @Test func `a tag that is not seen in time, and a refused AccessSpec, end the job`() throws {
    var session = try running()
    let job = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    var actions = session.perform(job, at: .zero)
    actions = session.receive(try answer(actions), at: .zero)
    _ = session.receive(try answer(actions), at: .zero)
    actions = session.tick(at: .seconds(5))
    #expect(names(actions) == ["DELETE_ACCESSSPEC"])
    actions = session.receive(try answer(actions), at: .seconds(5))
    guard case .finished(_, .refused(let absent))? = actions.first else {
      Issue.record("\(actions)")
      return
    }
    #expect(absent.isTransient)
    actions = session.perform(job, at: .seconds(5))
    actions = session.receive(try answer(actions, status: 111), at: .seconds(5))
    guard case .finished(_, .refused(let refused))? = actions.first else {
      Issue.record("\(actions)")
      return
    }
    #expect(refused.meaning == "M_UnsupportedParameter")
  }

  @Test func `a connection that is lost ends the jobs`() throws {
    var session = try running()
    let first = TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID))
    let second = TagMemoryJob(id: 2, epc: epc, work: .operation(.readTID))
    _ = session.perform(first, at: .zero)
    _ = session.perform(second, at: .zero)
    let lost = TagMemoryOutcome.noAnswer("the connection to the reader was lost")
    #expect(session.vanish() == [.finished(first, lost), .finished(second, lost)])
    #expect(session.perform(first, at: .zero).count == 1)
  }

  @Test func `garbled answers never stop the conversation without a word`() throws {
    var mutation = try Mutation("llrp")
    for _ in 0..<500 {
      var session = try running()
      _ = session.perform(TagMemoryJob(id: 1, epc: epc, work: .operation(.readTID)), at: .zero)
      let actions = session.receive(mutation.next(), at: .zero)
      if session.deadline == nil {
        #expect(actions.contains { if case .disconnect = $0 { true } else { false } })
      }
    }
  }
}
