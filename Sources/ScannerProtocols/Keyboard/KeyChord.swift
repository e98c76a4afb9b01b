/// A key with the modifiers that must be down with it, as a scanner may send for one character.
public struct KeyChord: Hashable, Sendable {
  /// The key: a usage of HID Usage Tables, page 0x07.
  public let usage: UInt8
  /// The modifiers; left and right count as the same.
  public let modifiers: KeyboardReport.Modifiers

  /// A chord; no modifiers unless given.
  public init(usage: UInt8, modifiers: KeyboardReport.Modifiers = []) {
    self.usage = usage
    self.modifiers = modifiers.sideless
  }

  /// A function key by its name, `F1` to `F12`: usages 0x3A to 0x45; nil for any other name.
  public init?(functionKey name: String) {
    guard let number = (1...12).first(where: { name == "F\($0)" }) else { return nil }
    self.init(usage: 0x39 + UInt8(number))
  }

  /// The name of a function key without modifiers; nil for any other chord.
  public var functionKeyName: String? {
    (0x3A...0x45).contains(usage) && modifiers.isEmpty ? "F\(usage - 0x39)" : nil
  }

  /// F8, which scanners send for GS where Ctrl+] would open a menu.
  public static let f8 = KeyChord(usage: 0x41)
}

extension KeyboardReport.Modifiers {
  /// The same modifiers, all on the left.
  var sideless: KeyboardReport.Modifiers { .init(rawValue: rawValue & 0x0F | rawValue >> 4) }
}
