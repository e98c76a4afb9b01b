/// The commands of ThingMagic/JADAK modules.
public struct MercuryReader: UHFReaderProtocol {
  public typealias Wire = MercuryFraming
  public static let name = "mercury"
  public static let maximumPause = Duration.milliseconds(50)
  public static let readsContinuously = true

  /// The antenna ports that are read in turn, from 1.
  public let antennas: [UInt8]
  /// Whether it is a Nano, which knows North America by another number.
  public let isNano: Bool

  /// A reader.
  public init(antennas: [UInt8] = [1], isNano: Bool = true) {
    self.antennas = antennas
    self.isNano = isNano
  }

  enum Opcode {
    static let version: UInt8 = 0x03
    static let readMultiple: UInt8 = 0x22
    static let writeData: UInt8 = 0x24
    static let readData: UInt8 = 0x28
    static let multiProtocol: UInt8 = 0x2F
    static let setAntenna: UInt8 = 0x91
    static let setReadPower: UInt8 = 0x92
    static let setProtocol: UInt8 = 0x93
    static let setWritePower: UInt8 = 0x94
    static let setRegion: UInt8 = 0x97
    static let setOption: UInt8 = 0x9A
  }

  public func bytes(for command: ReaderCommand) throws(TagMemoryFault) -> [[UInt8]] {
    switch command {
    case .identify: return [MercuryFraming.command(Opcode.version)]
    case .setPower(let power):
      guard (0...33).contains(power) else { throw .unsupported("power of \(power) dBm; give 0 to 33") }
      var data: [UInt8] = []
      data.appendBigEndian(UInt16(power * 100))
      return [
        MercuryFraming.command(Opcode.setReadPower, data), MercuryFraming.command(Opcode.setWritePower, data),
      ]
    case .setRegion(let region):
      let code: UInt8 =
        switch region {
        case .europe: 0x08
        case .northAmerica: isNano ? 0x0D : 0x01
        case .china: 0x06
        case .korea: 0x09
        }
      return [MercuryFraming.command(Opcode.setRegion, [code])]
    case .inventory:
      throw .unsupported("this reader reads until it is told to stop")
    case .startInventory:
      guard !antennas.isEmpty, antennas.allSatisfy({ (1...16).contains($0) }) else {
        throw .unsupported("antennas \(antennas); give 1 to 16")
      }
      return [
        // Tell of a tag at every sight; Gen2; each port to send and to receive; then: timeout 0, continuous, opcode 22 with
        // the metadata of flags 1FF.
        MercuryFraming.command(Opcode.setOption, [0x01, 0x0C, 0x00]),
        MercuryFraming.command(Opcode.setProtocol, [0x00, 0x05]),
        MercuryFraming.command(Opcode.setAntenna, [0x02] + antennas.flatMap { [$0, $0] }),
        MercuryFraming.command(
          Opcode.multiProtocol,
          [0, 0, 0x01, 0x22, 0, 0, 0x05, 0x07, 0x22, 0x10, 0x00, 0x1B, 0x03, 0xE8, 0x01, 0xFF]),
      ]
    case .stopInventory: return [MercuryFraming.command(Opcode.multiProtocol, [0, 0, 0x02])]
    case .memory(let operation, let epc, let password): return [try memory(operation, epc: epc, password: password)]
    }
  }

  /// Timeout in milliseconds, option, place; then the tag that is meant: password, length of its EPC in bits, EPC.
  private func memory(
    _ operation: TagMemoryOperation, epc: [UInt8], password: UInt32
  ) throws(TagMemoryFault) -> [UInt8] {
    try operation.check()
    guard epc.count % 2 == 0 else { throw .oddLength(epc.count) }
    guard (2...62).contains(epc.count) else { throw .tooLong(epc.count, limit: 62) }
    var target: [UInt8] = []
    target.appendBigEndian(password)
    // Above 255 bits the length takes two bytes, and option 0x20 says so.
    let isLong = epc.count * 8 > 255
    if isLong { target.append(UInt8((epc.count * 8) >> 8)) }
    target.append(UInt8(truncatingIfNeeded: epc.count * 8))
    target += epc
    let option: UInt8 = 0x01 | (isLong ? 0x20 : 0)
    var data: [UInt8] = []
    data.appendBigEndian(UInt16(1_000))
    switch operation {
    case .read(let bank, let pointer, let count):
      data += [option | 0x10, 0, 0, bank.rawValue]
      data.appendBigEndian(UInt32(pointer))
      data += [UInt8(count)] + target
      return MercuryFraming.command(Opcode.readData, data)
    case .write(let bank, let pointer, let bytes):
      data.append(option)
      data.appendBigEndian(UInt32(pointer))
      data += [bank.rawValue] + target + bytes
      return MercuryFraming.command(Opcode.writeData, data)
    }
  }
}
