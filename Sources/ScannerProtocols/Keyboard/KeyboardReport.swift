/// One boot keyboard input report: 8 bytes as laid out in USB HID 1.11, appendix B.1.
///
/// Byte 0 holds the modifiers, byte 1 is reserved for the maker and not looked at, bytes 2 to 7 name the keys that are
/// down (usages of HID Usage Tables, page 0x07), 0 where there is none.
public struct KeyboardReport: Hashable, Sendable {
  /// The length of every boot keyboard report, in bytes.
  public static let length = 8

  /// The modifier keys that are down.
  public struct Modifiers: OptionSet, Hashable, Sendable {
    /// Bit n stands for usage 0xE0 + n: left Control, Shift, Alt, GUI, then the right ones.
    public let rawValue: UInt8

    /// The modifiers of report byte 0.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Left or right Control: either one makes this intersect.
    public static let control = Modifiers(rawValue: 0x11)
    /// Left or right Shift.
    public static let shift = Modifiers(rawValue: 0x22)
    /// Left or right Alt.
    public static let alt = Modifiers(rawValue: 0x44)
    /// Right Alt alone: AltGr.
    public static let rightAlt = Modifiers(rawValue: 0x40)
    /// Left or right GUI (Windows, Command).
    public static let gui = Modifiers(rawValue: 0x88)

    /// Whether any key of `group` is down.
    public func touches(_ group: Modifiers) -> Bool { !isDisjoint(with: group) }
  }

  /// Why bytes are no keyboard report.
  public enum Malformation: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not 8 bytes long; the value is the length in bytes.
    case wrongLength(Int)
    /// The keyboard says that it could not tell its keys: ErrorRollOver 0x01, POSTFail 0x02 or ErrorUndefined 0x03.
    case keyboardError(UInt8)
    /// A usage that page 0x07 leaves undefined (0xA5…0xAF, 0xDE, 0xDF, 0xE8…0xFF).
    case reservedUsage(UInt8)

    /// What is wrong, in words.
    public var description: String {
      switch self {
      case .wrongLength(let length): "report of \(length) bytes, want \(KeyboardReport.length)"
      case .keyboardError(let usage): "keyboard error usage \(usage)"
      case .reservedUsage(let usage): "reserved usage \(usage)"
      }
    }
  }

  /// The modifiers that are down.
  public let modifiers: Modifiers
  /// The keys that are down, at most six, in report order, none twice.
  public let keys: [UInt8]

  /// Reads a report.
  ///
  /// - Throws: `Malformation`, naming the first thing that is wrong.
  public init(_ bytes: [UInt8]) throws(Malformation) {
    guard bytes.count == Self.length else { throw .wrongLength(bytes.count) }
    var keys: [UInt8] = []
    for usage in bytes[2...] where usage != 0 && !keys.contains(usage) {
      switch usage {
      case 0x01...0x03: throw .keyboardError(usage)
      case 0xA5...0xAF, 0xDE...0xDF, 0xE8...0xFF: throw .reservedUsage(usage)
      default: keys.append(usage)
      }
    }
    self.modifiers = Modifiers(rawValue: bytes[0])
    self.keys = keys
  }

  /// Whether no key and no modifier is down.
  public var isIdle: Bool { keys.isEmpty && modifiers.isEmpty }
}
