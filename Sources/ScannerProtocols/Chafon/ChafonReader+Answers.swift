extension ChafonReader {
  public func answer(_ frame: ChafonFraming.Frame) -> ReaderAnswer {
    if frame.command == Code.inventory { return inventory(frame) }
    guard frame.status == 0 else { return .refused(Self.refusal(frame)) }
    switch frame.command {
    case Code.read: return .memory(frame.data)
    case Code.readerInfo:
      guard frame.data.count >= 3 else { return .unreadable("reader information of \(frame.data.count) bytes") }
      let minor = frame.data[1] < 10 ? "0\(frame.data[1])" : "\(frame.data[1])"
      return .identity(
        ReaderIdentity(model: Self.modelName(frame.data[2]), firmware: "\(frame.data[0]).\(minor)"))
    default: return .done
    }
  }

  /// Status 1: done. 2: out of time. 3: more frames follow. 4: the reader's memory is full.
  private func inventory(_ frame: ChafonFraming.Frame) -> ReaderAnswer {
    guard (0x01...0x04).contains(frame.status) else {
      return frame.status == 0xFB ? .noTag : .refused(Self.refusal(frame))
    }
    let data = frame.data[...]
    let head = model == .uhfReader288 ? 2 : 1
    guard data.count >= head else { return data.isEmpty ? .noTag : .unreadable("an inventory without a count") }
    // One bit an antenna; several would say that the reader does not know.
    let mask = model == .uhfReader288 ? data[byte: 0] : 1
    let antenna = mask.nonzeroBitCount == 1 ? mask.trailingZeroBitCount + 1 : nil
    let count = Int(data[byte: head - 1])
    var tags: [TagRead] = []
    var place = head
    for _ in 0..<count {
      guard place < data.count else { return .unreadable("\(tags.count) of \(count) tags") }
      // The top bit says that the TID stands in place of the EPC.
      let length = Int(data[byte: place] & 0x7F)
      let end = place + 1 + length + (model == .uhfReader288 ? 1 : 0)
      guard end <= data.count else { return .unreadable("\(tags.count) of \(count) tags") }
      tags.append(
        TagRead(
          epc: Array(data.bytes(place + 1, length)), antenna: antenna,
          strength: model == .uhfReader288 ? .raw(Int(data[byte: end - 1])) : nil))
      place = end
    }
    guard place == data.count else { return .unreadable("\(data.count - place) bytes behind the tags") }
    return tags.isEmpty ? .noTag : .tags(tags, isLast: frame.status != 0x03)
  }

  private static func modelName(_ type: UInt8) -> String {
    switch type {
    case 0x08, 0x09: "UHFReader18"
    case 0x0C: "UHFReader288M"
    default: "Chafon, type \(String(type, radix: 16))"
    }
  }

  private static func refusal(_ frame: ChafonFraming.Frame) -> ReaderRefusal {
    let status = frame.status
    if status == 0xFC, let error = frame.data.first {
      return ReaderRefusal(
        code: UInt16(status) << 8 | UInt16(error), meaning: Gen2.meaning(ofError: error), isTransient: error == 0x0B)
    }
    let (meaning, isTransient) =
      switch status {
      case 0x05: ("wrong access password", false)
      case 0xF8: ("antenna not connected", false)
      case 0xF9: ("the command failed", true)
      case 0xFA: ("the tag answers badly; bring it closer", true)
      case 0xFB: ("no tag in the field", true)
      case 0xFD: ("wrong length of command", false)
      case 0xFE: ("unknown command", false)
      case 0xFF: ("wrong parameter", false)
      default: ("refused", false)
      }
    return ReaderRefusal(code: UInt16(status), meaning: meaning, isTransient: isTransient)
  }
}

extension Gen2 {
  /// What a tag's error code means (EPC Gen2 2.0, annex I).
  static func meaning(ofError code: UInt8) -> String {
    switch code {
    case 0x00: "the tag gives no reason"
    case 0x01: "the tag does not support this"
    case 0x02: "insufficient privileges: the access password is missing"
    case 0x03: "the tag has no such memory"
    case 0x04: "the memory is locked"
    case 0x0B: "the tag has too little power; bring it closer"
    case 0x0F: "the tag gives no error codes"
    default: "the tag refuses, code \(String(code, radix: 16))"
    }
  }
}
