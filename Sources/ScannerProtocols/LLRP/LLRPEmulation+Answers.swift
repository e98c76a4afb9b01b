extension LLRPEmulation {
  /// What the reader answers to one message.
  mutating func answer(_ message: LLRPMessage) throws(LLRPFault) -> [LLRPMessage] {
    received.append(message)
    received.removeFirst(max(0, received.count - 1_000))
    // KEEPALIVE_ACK and ENABLE_EVENTS_AND_REPORTS have no answer.
    if message.type == 72 || message.type == 64 { return [] }
    if message.type == 1, refusals[1] == nil {
      return [LLRPMessage(version: message.version, type: 11, id: message.id, body: capabilities)]
    }
    // CLOSE_CONNECTION is answered by type 4; other answers stand 10 above their requests.
    let type = message.type == 14 ? 4 : message.type + 10
    guard let name = LLRPDefinition.message(type)?.name, name.hasSuffix("RESPONSE"),
      let content = try message.content()
    else { return [try status(109, "ERROR_MESSAGE", message)] }
    if let code = refusals[message.type] { return [try status(code, name, message)] }
    var answers = [try status(0, name, message)]
    switch message.type {
    case 3:
      if let spec = content.first("KeepaliveSpec") {
        let milliseconds = spec.number("PeriodicTriggerValue") ?? 0
        keepAlive = spec.number("KeepaliveTriggerType") == 1 && milliseconds > 0 ? .milliseconds(milliseconds) : nil
      }
    case 24, 22: isReading = true
    case 21, 23, 25, 14: isReading = false
    case 40:
      if let spec = content.first("AccessSpec"), let number = spec.number("AccessSpecID") {
        accessSpecs[UInt32(truncatingIfNeeded: number)] = spec
      }
    case 41:
      let number = UInt32(truncatingIfNeeded: content.number("AccessSpecID") ?? 0)
      if number == 0 { accessSpecs = [:] } else { accessSpecs[number] = nil }
    case 42:
      let number = UInt32(truncatingIfNeeded: content.number("AccessSpecID") ?? 0)
      if let spec = accessSpecs[number], let report = try carryOut(spec, number) { answers.append(report) }
    default: break
    }
    return answers
  }

  private func status(_ code: UInt16, _ name: String, _ message: LLRPMessage) throws(LLRPFault) -> LLRPMessage {
    try LLRPMessage(
      LLRPElement(name, [:], [LLRPElement("LLRPStatus", ["StatusCode": .number(Int64(code))])]), id: message.id,
      version: message.version)
  }

  /// What an inventory that hears the tag of an AccessSpec reports; nil when there is no such tag.
  private mutating func carryOut(_ spec: LLRPElement, _ number: UInt32) throws(LLRPFault) -> LLRPMessage? {
    guard let command = spec.first("AccessCommand"),
      case .bits(_, let epc)? = command.first("C1G2TagSpec")?.first("C1G2TargetTag")?["TagData"],
      var banks = memory[epc]
    else { return nil }
    var results: [LLRPElement] = []
    for operation in command.parameters {
      let bank = MemoryBank(rawValue: UInt8(truncatingIfNeeded: operation.number("MB") ?? 0)) ?? .reserved
      let (start, words) = (operation.number("WordPointer") ?? 0, banks[bank] ?? [])
      let id = LLRPValue.number(Int64(operation.number("OpSpecID") ?? 0))
      if operation.name == "C1G2Read" {
        let end = start + (operation.number("WordCount") ?? 0)
        // 4: memory overrun (section 16.2.1.5.7.1).
        let fits = end <= words.count
        results.append(
          try LLRPElement(
            "C1G2ReadOpSpecResult",
            ["Result": fits ? 0 : 4, "OpSpecID": id, "ReadData": .words(fits ? Array(words[start..<end]) : [])]))
      } else if operation.name == "C1G2Write", case .words(let data)? = operation["WriteData"] {
        let fits = start + data.count <= words.count
        if fits { banks[bank]?.replaceSubrange(start..<(start + data.count), with: data) }
        results.append(
          try LLRPElement(
            "C1G2WriteOpSpecResult",
            ["Result": fits ? 0 : 3, "OpSpecID": id, "NumWordsWritten": .number(fits ? Int64(data.count) : 0)]))
      }
    }
    memory[epc] = nil
    // What stands behind CRC and PC of the EPC bank, as long as the PC says, is what the tag answers with from now on.
    var current = epc
    if var words = banks[.epc], words.count >= 2 {
      let control = ProtocolControl(rawValue: words[1])
      let held = Array(words.dropFirst(2).prefix(control.epcLength / 2))
      if held.count * 2 == control.epcLength, !held.isEmpty {
        current = held.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        words[0] = Self.check(words[1], held)
        banks[.epc] = words
      }
    }
    if current != epc { renamed[renamed.first { $0.value == epc }?.key ?? epc] = current }
    memory[current] = banks
    var parts = [
      try LLRPElement("EPCData", ["EPC": .bits(count: epc.count * 8, epc)]),
      try LLRPElement("AccessSpecID", ["AccessSpecID": .number(Int64(number))]),
    ]
    parts += results
    return try LLRPMessage(
      LLRPElement("RO_ACCESS_REPORT", [:], [LLRPElement("TagReportData", [:], parts)]), id: nextID())
  }
}
