/// The commands and answers of Chafon UHFReader18 and UHFReader288 (M for several antennas).
public struct ChafonReader: UHFReaderProtocol {
  /// The two families answer an inventory in different forms.
  public enum Model: String, Hashable, Sendable, Codable {
    /// One antenna, no signal strength.
    case uhfReader18
    /// Up to four antennas, signal strength on the reader's own scale.
    case uhfReader288
  }

  public typealias Wire = ChafonFraming
  public static let name = "chafon"
  /// User's Manual V2.0, section 2.
  public static let maximumPause = Duration.milliseconds(15)
  public static let readsContinuously = false

  /// Which family.
  public let model: Model
  /// The reader's address, 0xFF for any.
  public let address: UInt8
  /// The antennas that a round goes through, from 1; a UHFReader18 has one.
  public let antennas: [UInt8]

  /// A reader.
  public init(model: Model, address: UInt8 = 0xFF, antennas: [UInt8] = [1]) {
    self.model = model
    self.address = address
    self.antennas = antennas
  }

  enum Code {
    static let inventory: UInt8 = 0x01
    static let read: UInt8 = 0x02
    static let write: UInt8 = 0x03
    static let readerInfo: UInt8 = 0x21
    static let setRegion: UInt8 = 0x22
    static let setPower: UInt8 = 0x2F
  }

  public func bytes(for command: ReaderCommand) throws(TagMemoryFault) -> [[UInt8]] {
    switch command {
    case .identify: return [frame(Code.readerInfo)]
    case .setPower(let power):
      guard (0...33).contains(power) else { throw .unsupported("power of \(power) dBm; give 0 to 33") }
      return [frame(Code.setPower, [UInt8(power)])]
    case .setRegion(let region):
      // Bits 7 and 6 of both bytes are the band, the others its last and first channel.
      switch region {
      case .europe: return [frame(Code.setRegion, [0x4E, 0x00])]
      case .northAmerica: return [frame(Code.setRegion, [0x31, 0x80])]
      case .china: return [frame(Code.setRegion, [0x13, 0x40])]
      case .korea: return [frame(Code.setRegion, [0x1F, 0xC0])]
      }
    case .inventory:
      guard model == .uhfReader288 else { return [frame(Code.inventory)] }
      guard !antennas.isEmpty, antennas.allSatisfy({ (1...16).contains($0) }) else {
        throw .unsupported("antennas \(antennas); give 1 to 16")
      }
      // Q 4, session 0, no mask, target A, the antenna, for at most 2 s.
      return antennas.map { frame(Code.inventory, [4, 0, 1, 0, 0, 0, 0, 0x80 | ($0 - 1), 20]) }
    case .startInventory, .stopInventory:
      throw .unsupported("this reader is asked round by round")
    case .memory(let operation, let epc, let password):
      return [try memory(operation, epc: epc, password: password)]
    }
  }

  private func memory(
    _ operation: TagMemoryOperation, epc: [UInt8], password: UInt32
  ) throws(TagMemoryFault) -> [UInt8] {
    try operation.check()
    guard epc.count % 2 == 0 else { throw .oddLength(epc.count) }
    guard (2...62).contains(epc.count) else { throw .tooLong(epc.count, limit: 62) }
    let (code, bank, pointer): (UInt8, MemoryBank, UInt16)
    var data = [UInt8(epc.count / 2)] + epc
    var tail: [UInt8] = []
    switch operation {
    case .read(let from, let word, let count):
      (code, bank, pointer) = (Code.read, from, word)
      tail = [UInt8(count)]
    case .write(let to, let word, let bytes):
      (code, bank, pointer) = (Code.write, to, word)
      data.insert(UInt8(bytes.count / 2), at: 0)
      tail = bytes
    }
    guard pointer <= 0xFF else { throw .unsupported("word \(pointer); this reader counts to 255") }
    data += [bank.rawValue, UInt8(pointer)] + tail
    data.appendBigEndian(password)
    // The mask fields at the end are left out: the EPC names the tag.
    return frame(code, data)
  }

  private func frame(_ code: UInt8, _ data: [UInt8] = []) -> [UInt8] {
    ChafonFraming.command(code, data, address: address)
  }
}
