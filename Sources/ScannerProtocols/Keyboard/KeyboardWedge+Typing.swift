/// What each key press means.
extension KeyboardWedge {
  mutating func press(
    _ usage: UInt8, modifiers: KeyboardReport.Modifiers, report: [UInt8], at now: Duration
  ) -> Action? {
    switch usage {
    case KeyboardLayout.capsLock:
      capsLock.toggle()
      return nil
    case KeyboardLayout.numLock, KeyboardLayout.scrollLock, 0xE0...0xE7:
      return nil
    default:
      break
    }
    if modifiers.touches(.alt), let digit = AltCode.digit(usage: usage) {
      begin(report, at: now)
      current.altCode = current.altCode ?? AltCode()
      current.altCode?.take(digit)
      return nil
    }
    if configuration.groupSeparatorKeys.contains(KeyChord(usage: usage, modifiers: modifiers)) {
      return type(KeyboardLayout.groupSeparator, report: report, at: now)
    }
    var effective = modifiers
    if configuration.invertsShift {
      effective = effective.touches(.shift) ? effective.subtracting(.shift) : effective.union(.shift)
    }
    switch configuration.layout.stroke(usage: usage, modifiers: effective, capsLock: capsLock) {
    case .character(let scalar):
      return type(scalar, report: report, at: now)
    case .accent(let accent):
      begin(report, at: now)
      // Two dead keys: the first one's accent stands alone.
      let waiting = current.accent
      current.accent = accent
      return waiting.flatMap { append([$0]) }
    case nil:
      statistics.unmappedKeys += 1
      begin(report, at: now)
      current.noteUnmapped(usage, layout: configuration.layout.name)
      return nil
    }
  }

  /// Alt was let go: the number typed meanwhile is a character.
  mutating func endAltCode(report: [UInt8], at now: Duration) -> Action? {
    guard let code = current.altCode else { return nil }
    current.altCode = nil
    guard let scalar = code.character else {
      statistics.unmappedKeys += 1
      current.noteUnmapped(0x62, layout: configuration.layout.name)
      return nil
    }
    return type(scalar, report: report, at: now)
  }

  private mutating func type(_ scalar: Unicode.Scalar, report: [UInt8], at now: Duration) -> Action? {
    if isSuffix(scalar) {
      statistics.characters += 1
      let action = end(terminated: true).first
      endedWithReturn = scalar == "\r"
      return action
    }
    // A scanner set to end with CR LF types Return and Ctrl+J.
    if endedWithReturn && scalar == "\n" && !current.hasBegun {
      statistics.characters += 1
      endedWithReturn = false
      return nil
    }
    begin(report, at: now)
    guard let accent = current.accent else { return append([scalar]) }
    current.accent = nil
    return append(AccentComposition.compose(accent, scalar))
  }

  private mutating func append(_ scalars: [Unicode.Scalar]) -> Action? {
    statistics.characters += scalars.count
    if current.isRejected { return nil }
    guard current.characters + scalars.count <= configuration.maximumLength else {
      return .rejected(reject(.tooLong(limit: configuration.maximumLength)))
    }
    for scalar in scalars { current.append(scalar) }
    return nil
  }

  private func isSuffix(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\r" && configuration.suffixes.contains(.enter)
      || scalar == "\t" && configuration.suffixes.contains(.tab)
  }
}
