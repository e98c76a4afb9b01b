import Testing

@testable import ScannerProtocols

/// Garbled LLRP: an error that names a place within, or content that is the same when it is written and read again.
struct LLRPMutationTests {
  @Test func `whatever a message says, it is refused with its place, or it can be written again`() throws {
    var mutation = try Mutation("llrp")
    for bytes in mutation.kept { try judge(bytes) }
    for _ in 0..<Mutation.rounds { try judge(mutation.next()) }
  }

  @Test func `whatever a client sends to an emulated reader, it is answered, or refused with its place`() throws {
    var mutation = try Mutation("llrp")
    for _ in 0..<(Mutation.rounds / 10) {
      var emulation = try LLRPEmulation()
      emulation.memory[hex("30751FEB705C5904E3D50D70")] = [.epc: [0, 0x3000], .user: [1]]
      _ = try emulation.connected(at: 0)
      do throws(LLRPFault) {
        for answer in try emulation.receive(mutation.next()) { _ = try answer.content() }
      } catch {
        #expect(error.offset != nil, "\(error)")
      }
    }
  }

  private func judge(_ bytes: [UInt8]) throws {
    var decoder = FrameDecoder<LLRPFraming>()
    var messages = decoder.receive(bytes)
    decoder.silence { messages.append($0) }
    let taken = messages.reduce(0) { $0 + LLRPMessage.headerLength + $1.body.count }
    #expect(taken + decoder.statistics.droppedBytes == bytes.count)
    // The body too, when a garbled length has hidden it.
    if bytes.count > 10 { messages.append(LLRPMessage(type: 61, id: 0, body: Array(bytes.dropFirst(10)))) }
    for message in messages {
      judge(message)
      var reader = LLRPTagReportReader()
      if let reports = try? reader.read(message) {
        #expect(reports.count <= message.body.count / 4)
      }
    }
  }

  private func judge(_ message: LLRPMessage) {
    do throws(LLRPFault) {
      guard let content = try message.content() else { return }
      let again = try LLRPMessage(content, id: message.id, version: message.version)
      #expect(try again.content() == content, "\(message.bytes)")
      _ = LLRPStatus(content)
      if message.type == 11 { _ = try? LLRPCapabilities(content) }
    } catch {
      guard let offset = error.offset else {
        Issue.record("\(error): \(message.bytes)")
        return
      }
      #expect((0...message.body.count).contains(offset), "\(error): \(message.bytes)")
    }
  }
}

extension LLRPFault {
  fileprivate var offset: Int? {
    switch self {
    case .truncated(_, let offset), .length(_, let offset), .unknownFixed(_, let offset), .tooMany(let offset),
      .uneven(_, let offset):
      offset
    case .unexpected, .unknownName, .value: nil
    }
  }
}
