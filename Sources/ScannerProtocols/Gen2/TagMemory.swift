/// The memory banks of a Gen2 tag (EPC Gen2 2.0, section 6.3.2.1).
public enum MemoryBank: UInt8, Hashable, Sendable, Codable, CaseIterable {
  /// Kill and access password.
  case reserved = 0
  /// CRC (word 0), PC (word 1), EPC (from word 2).
  case epc = 1
  /// The tag's own identity, never written.
  case tid = 2
  /// Whatever the user wants.
  case user = 3
}

/// What to do with a tag's memory, held to the standard's bounds before anything is sent. Words are 16 bits.
public enum TagMemoryOperation: Hashable, Sendable {
  /// Read `wordCount` words.
  case read(MemoryBank, wordPointer: UInt16, wordCount: Int)
  /// Write words; two bytes each, most significant first.
  case write(MemoryBank, wordPointer: UInt16, bytes: [UInt8])

  /// The most words at once that every reader here takes.
  public static let maximumWords = 32

  /// The tag's own identity: its first words, without the serial number's end on long ones.
  public static let readTID = TagMemoryOperation.read(.tid, wordPointer: 0, wordCount: 6)

  /// Makes sure that the operation can be carried out.
  ///
  /// - Throws: `TagMemoryFault`.
  public func check() throws(TagMemoryFault) {
    switch self {
    case .read(_, let pointer, let count):
      guard (1...Self.maximumWords).contains(count) else { throw .wordCount(count) }
      guard Int(pointer) + count <= 0xFFFF else { throw .tooLong(count * 2, limit: (0xFFFF - Int(pointer)) * 2) }
    case .write(let bank, let pointer, let bytes):
      guard bytes.count % 2 == 0 else { throw .oddLength(bytes.count) }
      guard (1...Self.maximumWords).contains(bytes.count / 2) else { throw .wordCount(bytes.count / 2) }
      guard Int(pointer) + bytes.count / 2 <= 0xFFFF else {
        throw .tooLong(bytes.count, limit: (0xFFFF - Int(pointer)) * 2)
      }
      guard bank != .tid else { throw .readOnly(bank) }
      guard bank == .epc, pointer <= 1 else { return }
      // Word 0 is the CRC, which the tag computes; word 1 the PC, which must tell the length of what follows.
      guard pointer == 1 else { throw .readOnly(bank) }
      let control = ProtocolControl(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
      guard control.epcLength == bytes.count - 2 else { throw .wrongPC(control, length: bytes.count - 2) }
    }
  }
}

/// Why a memory operation is not sent.
public enum TagMemoryFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Memory is written in words of two bytes.
  case oddLength(Int)
  /// None, or more than go at once.
  case wordCount(Int)
  /// More bytes than there is room for.
  case tooLong(Int, limit: Int)
  /// The PC tells another length than the EPC has.
  case wrongPC(ProtocolControl, length: Int)
  /// The bank, or this word of it, is not for writing.
  case readOnly(MemoryBank)
  /// This reader cannot do it.
  case unsupported(String)

  /// What is wrong, and what to do, in words.
  public var description: String {
    switch self {
    case .oddLength(let length): "\(length) bytes are no whole words; give an even number"
    case .wordCount(let count): "\(count) words; give 1 to \(TagMemoryOperation.maximumWords)"
    case .tooLong(let length, let limit): "\(length) bytes, the limit is \(limit)"
    case .wrongPC(let control, let length):
      "the PC \(String(control.rawValue, radix: 16)) stands for an EPC of \(control.epcLength) bytes, not \(length)"
    case .readOnly(let bank): "the bank \(bank) is not for writing there"
    case .unsupported(let what): what
    }
  }
}
