/// What a UHF reader on a serial line is told. Not every reader can do everything.
public enum ReaderCommand: Hashable, Sendable {
  /// Who are you? The one command that is safe to send to a device that is not known yet.
  case identify
  /// Transmit power in dBm.
  case setPower(dBm: Int)
  /// Where the reader is, which decides its frequencies.
  case setRegion(ReaderRegion)
  /// One round: every tag in the field once.
  case inventory
  /// Read until told to stop.
  case startInventory
  /// End of `startInventory`.
  case stopInventory
  /// Read or write the memory of the one tag with that EPC, never of whichever tag answers first. `password` is the access
  /// password, 0 for none.
  case memory(TagMemoryOperation, epc: [UInt8], password: UInt32 = 0)
}

/// The regions that readers here know.
public enum ReaderRegion: String, Hashable, Sendable, Codable, CaseIterable {
  /// Europe, ETSI EN 302 208: 865.6 to 867.6 MHz.
  case europe
  /// North America, FCC part 15: 902 to 928 MHz.
  case northAmerica
  /// China: 920.5 to 924.5 MHz.
  case china
  /// Korea: 917 to 923.5 MHz.
  case korea
}

/// What a reader answers, whatever its protocol.
public enum ReaderAnswer: Hashable, Sendable {
  /// Tags; more frames of the same round follow unless `isLast`.
  case tags([TagRead], isLast: Bool)
  /// The round found no tag.
  case noTag
  /// Memory that was read.
  case memory([UInt8])
  /// The command was carried out.
  case done
  /// Who the reader is.
  case identity(ReaderIdentity)
  /// A sign of life.
  case keepAlive
  /// The reader or the tag said no.
  case refused(ReaderRefusal)
  /// The frame is whole and its content makes no sense; the text says why. Its tags are lost and must be read again.
  case unreadable(String)
}

/// Who a reader says it is.
public struct ReaderIdentity: Hashable, Sendable {
  /// Model, as the reader writes it or as its type code stands for.
  public let model: String
  /// Firmware version.
  public let firmware: String?

  /// An identity.
  public init(model: String, firmware: String? = nil) {
    self.model = model
    self.firmware = firmware
  }
}

/// A reader's or tag's no.
public struct ReaderRefusal: Hashable, Sendable, CustomStringConvertible {
  /// The code as the protocol has it.
  public let code: UInt16
  /// What it means.
  public let meaning: String
  /// Whether trying again can help: the tag was too far away, or lost power.
  public let isTransient: Bool

  /// Code and meaning.
  public var description: String { "\(meaning) (code \(String(code, radix: 16)))" }
}

/// One UHF reader protocol: frames, and what commands and answers look like in them.
public protocol UHFReaderProtocol: Sendable {
  /// Its frames.
  associatedtype Wire: Framing
  /// The protocol's name in profiles, such as `chafon`.
  static var name: String { get }
  /// How long a frame may pause between two bytes.
  static var maximumPause: Duration { get }
  /// Whether it reads until it is stopped; otherwise it is asked round by round.
  static var readsContinuously: Bool { get }

  /// The bytes of a command, in the order in which they are to be sent, each after the answer to the one before.
  ///
  /// - Throws: `TagMemoryFault` for what is out of bounds or this protocol cannot do.
  func bytes(for command: ReaderCommand) throws(TagMemoryFault) -> [[UInt8]]
  /// What a frame says.
  func answer(_ frame: Wire.Frame) -> ReaderAnswer
}
