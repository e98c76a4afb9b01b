extension MercuryReader {
  public func answer(_ frame: MercuryFraming.Frame) -> ReaderAnswer {
    if frame.opcode == Opcode.readMultiple {
      if frame.status == 0x0400 { return .keepAlive }
      // Statistics and the end of streaming come under the same opcode, shorter than any tag.
      guard frame.status == 0 else { return .refused(Self.refusal(frame.status)) }
      return frame.data.count < 12 ? .keepAlive : record(frame.data[...])
    }
    guard frame.status == 0 else {
      return frame.status == 0x0400 ? .noTag : .refused(Self.refusal(frame.status))
    }
    switch frame.opcode {
    case Opcode.version: return identity(frame.data)
    case Opcode.readData:
      // Option and metadata flags stand before the words.
      guard frame.data.count >= 3 else { return .unreadable("tag data of \(frame.data.count) bytes") }
      return .memory(Array(frame.data.dropFirst(3)))
    default: return .done
    }
  }

  private func identity(_ data: [UInt8]) -> ReaderAnswer {
    // Boot loader, hardware, firmware date, firmware, protocols: four bytes each.
    guard data.count >= 16 else { return .unreadable("version of \(data.count) bytes") }
    let model =
      switch data[4] {
      case 0x18: "ThingMagic M6E"
      case 0x20: "ThingMagic M6E Micro"
      case 0x30: "ThingMagic M6E Nano"
      default: "ThingMagic, hardware \(String(data[4], radix: 16))"
      }
    let firmware = data[12..<16].map { byte in
      byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
    }
    return .identity(ReaderIdentity(model: model, firmware: firmware.joined(separator: ".").uppercased()))
  }

  /// A tag of a continuous read: option, search flags, metadata flags, kind, then what the metadata flags name, in order,
  /// then length in bits, PC, EPC and CRC-16.
  private func record(_ data: ArraySlice<UInt8>) -> ReaderAnswer {
    let flags = data.bigEndian16(3)
    var place = 6
    var tag = TagRead(epc: [])
    func room(_ count: Int) -> Bool { place + count <= data.count }
    for bit in 0..<9 where flags >> UInt16(bit) & 1 == 1 {
      let width = [1, 1, 1, 3, 4, 2, 1, 2, 1][bit]
      guard room(width) else { return .unreadable("a tag record that ends in its metadata") }
      switch bit {
      case 0: tag.count = Int(data[byte: place])
      case 1: tag.strength = .dBm(Int(data[byte: place]) - 256)
      case 2: tag.antenna = Int(data[byte: place] >> 4)
      case 3: tag.frequency = Int(data[byte: place]) << 16 | Int(data.bigEndian16(place + 1))
      case 4: tag.lastSeen = .uptime(microseconds: UInt64(data.bigEndian32(place)) * 1_000)
      case 7:
        let length = (Int(data.bigEndian16(place)) + 7) / 8
        guard room(2 + length) else { return .unreadable("a tag record that ends in its data") }
        if length > 0 { tag.memory = Array(data.bytes(place + 2, length)) }
        place += length
      default: break
      }
      place += width
    }
    guard room(2) else { return .unreadable("a tag record without an EPC") }
    let length = Int(data.bigEndian16(place)) / 8
    place += 2
    guard room(length) else { return .unreadable("a tag record that ends in its EPC") }
    do {
      let (control, epc) = try Gen2.split(data.bytes(place, length), hasCRC: true)
      tag.control = control
      tag.epc = epc
    } catch {
      return .unreadable("\(error)")
    }
    return .tags([tag], isLast: false)
  }

  private static func refusal(_ status: UInt16) -> ReaderRefusal {
    if (0x0420...0x042F).contains(status) {
      let code = UInt8(status & 0x0F)
      return ReaderRefusal(code: status, meaning: Gen2.meaning(ofError: code), isTransient: code == 0x0B)
    }
    let (meaning, isTransient) =
      switch status {
      case 0x0100: ("wrong length of command", false)
      case 0x0101: ("unknown command", false)
      case 0x0105: ("wrong parameter", false)
      case 0x010A: ("power too low or too high", false)
      case 0x0400: ("no tag in the field", true)
      case 0x0406: ("the tag cannot be written", true)
      case 0x0409: ("the tag has no such memory", false)
      case 0x040A: ("the tag reports an error", true)
      case 0x0503: ("antenna not connected", false)
      case 0x0504: ("the reader is too hot", true)
      case 0x0505: ("too much power comes back: check the antenna", false)
      default: ("refused", false)
      }
    return ReaderRefusal(code: status, meaning: meaning, isTransient: isTransient)
  }
}
