/// Which character a key gives: usages of HID Usage Tables 1.5, page 0x07, to Unicode.
///
/// A scanner in keyboard mode chooses keys for the country it was set to; reading it with another layout gives other
/// characters, so the two must agree. The tables say what Windows would type, because that is what scanners aim at.
public struct KeyboardLayout: Hashable, Sendable {
  /// What a key press gives.
  public enum Stroke: Hashable, Sendable {
    /// A character.
    case character(Unicode.Scalar)
    /// A dead key: its accent, in the spacing form, goes onto the next letter.
    case accent(Unicode.Scalar)

    /// The character, or the accent alone.
    public var scalar: Unicode.Scalar {
      switch self {
      case .character(let scalar), .accent(let scalar): scalar
      }
    }
  }

  /// What the keys type together.
  enum Level: Int {
    case plain, shifted, capsLock, shiftedCapsLock, altGr, shiftedAltGr
  }

  /// The layout's name, as shown to people and as written in profiles.
  public let name: String
  /// By level and usage; a level without a table has no keys.
  private let levels: [[UInt8: Stroke]]

  /// A layout from its table: one character a key, in the order of `tableUsages`, U+FFFD where a key types nothing.
  /// `dead` names the dead keys of the plain, shifted, AltGr and shifted AltGr level.
  init(
    name: String, plain: String, shifted: String, capsLock: String, shiftedCapsLock: String, altGr: String,
    shiftedAltGr: String, dead: [String]
  ) {
    self.name = name
    let rows = [(plain, 0), (shifted, 1), (capsLock, 0), (shiftedCapsLock, 1), (altGr, 2), (shiftedAltGr, 3)]
    levels = rows.map { row, deadLevel in
      var keys: [UInt8: Stroke] = [:]
      for (usage, scalar) in zip(Self.tableUsages, row.unicodeScalars) where scalar != "\u{FFFD}" {
        keys[usage] = dead[deadLevel].unicodeScalars.contains(scalar) ? .accent(scalar) : .character(scalar)
      }
      return keys
    }
  }

  /// The typing block: letters and digits, the signs around them, and the key right of the left Shift.
  static let tableUsages: [UInt8] = Array(0x04...0x27) + Array(0x2D...0x38) + [0x64]

  /// What a key press gives, or nil when the layout has nothing for it.
  ///
  /// AltGr is the right Alt, or Control and Alt together. Control turns a character of columns 4 to 7 of ASCII into its
  /// control character; the keys that carry [ \ ] in the United States give ESC, FS and GS in every country, as in Windows,
  /// and Ctrl+2, Ctrl+6 and Ctrl+- stand for NUL, RS and US. Any other chord of Alt or GUI types nothing. The keypad types
  /// digits whatever Num Lock says: a code has no arrow keys in it.
  public func stroke(usage: UInt8, modifiers: KeyboardReport.Modifiers, capsLock: Bool) -> Stroke? {
    if modifiers.touches(.gui) { return nil }
    let control = modifiers.touches(.control)
    if modifiers.touches(.alt) {
      guard modifiers.contains(.rightAlt) || control else { return nil }
      return levels[(modifiers.touches(.shift) ? Level.shiftedAltGr : .altGr).rawValue][usage]
    }
    if control { return Self.controlCharacter(usage, levels).map(Stroke.character) }
    if let scalar = Self.everywhere[usage] { return .character(scalar) }
    let shift = modifiers.touches(.shift)
    let level: Level = capsLock ? (shift ? .shiftedCapsLock : .capsLock) : (shift ? .shifted : .plain)
    return levels[level.rawValue][usage]
  }

  private static func controlCharacter(_ usage: UInt8, _ levels: [[UInt8: Stroke]]) -> Unicode.Scalar? {
    switch usage {
    case 0x1F: return "\0"
    case 0x23: return "\u{1E}"
    case 0x2D: return "\u{1F}"
    case 0x2F: return "\u{1B}"
    case 0x30: return groupSeparator
    case 0x31, 0x32: return "\u{1C}"
    default: break
    }
    for level in [Level.plain, .shifted] {
      guard let scalar = levels[level.rawValue][usage]?.scalar, (0x40...0x7E).contains(scalar.value) else { continue }
      return Unicode.Scalar(UInt8(scalar.value & 0x1F))
    }
    return nil
  }

  /// Keys that type the same in every country: Return, Escape, Backspace, Tab, Space, and the keypad.
  private static let everywhere: [UInt8: Unicode.Scalar] = {
    var keys: [UInt8: Unicode.Scalar] = [:]
    keys.merge(zip(0x28...0x2C, "\r\u{1B}\u{8}\t ".unicodeScalars)) { $1 }
    keys.merge(zip(0x54...0x63, "/*-+\r1234567890.".unicodeScalars)) { $1 }
    keys[0x67] = "="
    return keys
  }()

  static let capsLock: UInt8 = 0x39
  static let scrollLock: UInt8 = 0x47
  static let numLock: UInt8 = 0x53
  static let groupSeparator: Unicode.Scalar = "\u{1D}"
}
