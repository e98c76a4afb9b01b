extension KeyboardLayout {
  /// Every layout there is, in the order in which they are offered.
  public static let all: [KeyboardLayout] = [us, uk, de, fr, es, it, se, no, dk, chDE, chFR]

  /// The layout of that name, in any case; nil when there is none. `FI` is `SE`, and `CH` the German half of `CH-DE`.
  public static func named(_ name: String) -> KeyboardLayout? {
    let name = name.uppercased()
    switch name {
    case "FI": return se
    case "CH": return chDE
    default: return all.first { $0.name == name }
    }
  }
}
