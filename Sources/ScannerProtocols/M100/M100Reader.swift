/// The commands and answers of M100/YRM100/JRD-4035/R200 modules.
public struct M100Reader: UHFReaderProtocol {
  public typealias Wire = M100Framing
  public static let name = "m100"
  public static let maximumPause = Duration.milliseconds(50)
  public static let readsContinuously = true

  /// A reader.
  public init() {}

  private enum Code {
    static let information: UInt8 = 0x03
    static let setRegion: UInt8 = 0x07
    static let select: UInt8 = 0x0C
    static let selectMode: UInt8 = 0x12
    static let inventory: UInt8 = 0x22
    static let inventories: UInt8 = 0x27
    static let stop: UInt8 = 0x28
    static let read: UInt8 = 0x39
    static let write: UInt8 = 0x49
    static let setPower: UInt8 = 0xB6
    static let error: UInt8 = 0xFF
  }

  public func bytes(for command: ReaderCommand) throws(TagMemoryFault) -> [[UInt8]] {
    switch command {
    case .identify: return [M100Framing.command(Code.information, [0x00])]
    case .setPower(let power):
      guard (0...33).contains(power) else { throw .unsupported("power of \(power) dBm; give 0 to 33") }
      var parameters: [UInt8] = []
      parameters.appendBigEndian(UInt16(power * 100))
      return [M100Framing.command(Code.setPower, parameters)]
    case .setRegion(let region):
      let code: UInt8 =
        switch region {
        case .china: 1
        case .northAmerica: 2
        case .europe: 3
        case .korea: 6
        }
      return [M100Framing.command(Code.setRegion, [code])]
    case .inventory: return [M100Framing.command(Code.inventory)]
    // 65,535 rounds, the most there are: whoever wants more starts again at the last one's answer.
    case .startInventory: return [M100Framing.command(Code.inventories, [0x22, 0xFF, 0xFF])]
    case .stopInventory: return [M100Framing.command(Code.stop)]
    case .memory(let operation, let epc, let password): return try memory(operation, epc: epc, password: password)
    }
  }

  /// The tag is selected by its EPC (at bit 32 of its bank) for everything but inventories, then read or written.
  private func memory(
    _ operation: TagMemoryOperation, epc: [UInt8], password: UInt32
  ) throws(TagMemoryFault) -> [[UInt8]] {
    try operation.check()
    guard epc.count % 2 == 0 else { throw .oddLength(epc.count) }
    guard (2...30).contains(epc.count) else { throw .tooLong(epc.count, limit: 30) }
    let select = [0x01, 0, 0, 0, 0x20, UInt8(epc.count * 8), 0x00] + epc
    var parameters: [UInt8] = []
    parameters.appendBigEndian(password)
    let code: UInt8
    switch operation {
    case .read(let bank, let pointer, let count):
      code = Code.read
      parameters.append(bank.rawValue)
      parameters.appendBigEndian(pointer)
      parameters.appendBigEndian(UInt16(count))
    case .write(let bank, let pointer, let bytes):
      code = Code.write
      parameters.append(bank.rawValue)
      parameters.appendBigEndian(pointer)
      parameters.appendBigEndian(UInt16(bytes.count / 2))
      parameters += bytes
    }
    return [
      M100Framing.command(Code.select, select), M100Framing.command(Code.selectMode, [0x02]),
      M100Framing.command(code, parameters),
    ]
  }

  public func answer(_ frame: M100Framing.Frame) -> ReaderAnswer {
    let parameters = frame.parameters[...]
    switch frame.command {
    case Code.inventory:
      guard parameters.count >= 5 else { return .unreadable("a tag of \(parameters.count) bytes") }
      do {
        let (control, epc) = try Gen2.split(parameters.dropFirst(), hasCRC: true)
        let strength = SignalStrength.dBm(Int(Int8(bitPattern: parameters[byte: 0])))
        return .tags([TagRead(epc: epc, control: control, strength: strength)], isLast: false)
      } catch {
        return .unreadable("\(error)")
      }
    case Code.read:
      // Length of PC and EPC, these two, then the words.
      guard let length = parameters.first, parameters.count > Int(length) else {
        return .unreadable("memory without its tag")
      }
      do {
        _ = try Gen2.split(parameters.bytes(1, Int(length)), hasCRC: false)
      } catch {
        return .unreadable("\(error)")
      }
      return .memory(Array(parameters.dropFirst(1 + Int(length))))
    case Code.information:
      let model = String(scanned: parameters.dropFirst())
      return parameters.isEmpty ? .unreadable("no module information") : .identity(ReaderIdentity(model: model))
    case Code.error: return Self.error(parameters.first ?? 0)
    default: return .done
    }
  }

  private static func error(_ code: UInt8) -> ReaderAnswer {
    if code == 0x15 { return .noTag }
    let (meaning, isTransient) =
      switch code {
      case 0x09: ("no tag to read in the field", true)
      case 0x10: ("no tag to write in the field", true)
      case 0x13: ("no tag to lock in the field", true)
      case 0x16: ("wrong access password", false)
      case 0x17: ("unknown command", false)
      case 0x20: ("all channels are taken", true)
      case 0xA0...0xCF: (Gen2.meaning(ofError: code & 0x0F), code & 0x0F == 0x0B)
      default: ("refused", false)
      }
    return .refused(ReaderRefusal(code: UInt16(code), meaning: meaning, isTransient: isTransient))
  }
}
