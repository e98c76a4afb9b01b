/// Which character a key gives: usages of HID Usage Tables, page 0x07, to Unicode.
///
/// A scanner in keyboard mode chooses keys for the layout it was set to; reading it with another layout gives other
/// characters, so the two must agree.
public struct KeyboardLayout: Hashable, Sendable {
  /// What one key types.
  public struct Key: Hashable, Sendable {
    /// Without Shift.
    public let plain: Unicode.Scalar
    /// With Shift.
    public let shifted: Unicode.Scalar
    /// Whether Caps Lock inverts Shift for this key, as it does for letters alone.
    public let followsCapsLock: Bool
  }

  /// The layout's name, as shown to people.
  public let name: String
  /// The keys that type something, by usage.
  public let keys: [UInt8: Key]

  /// The character that a key press types, or nil when the layout has none for it.
  ///
  /// Control turns a character of columns 4 to 7 of ASCII into its control character (Ctrl+] is GS); Ctrl+2, Ctrl+6 and
  /// Ctrl+- stand for NUL, RS and US as the shifted keys do, because scanners send them so. F8 is GS.
  public func character(usage: UInt8, modifiers: KeyboardReport.Modifiers, capsLock: Bool) -> Unicode.Scalar? {
    if modifiers.touches(.alt) || modifiers.touches(.gui) { return nil }
    if usage == Self.f8 { return Self.groupSeparator }
    guard let key = keys[usage] else { return nil }
    if modifiers.touches(.control) {
      return Self.controlCharacter(key.plain) ?? Self.controlCharacter(key.shifted)
    }
    let shift = modifiers.touches(.shift) != (capsLock && key.followsCapsLock)
    return shift ? key.shifted : key.plain
  }

  private static func controlCharacter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    guard (0x40...0x7E).contains(scalar.value) else { return nil }
    return Unicode.Scalar(UInt8(scalar.value & 0x1F))
  }

  static let f8: UInt8 = 0x41
  static let capsLock: UInt8 = 0x39
  static let scrollLock: UInt8 = 0x47
  static let numLock: UInt8 = 0x53
  static let groupSeparator: Unicode.Scalar = "\u{1D}"
}
