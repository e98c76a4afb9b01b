extension AssetIdentifier {
  /// The command, location, order, kit or badge of a `CUSTODY:` code; nil when the bytes are none. A malformed one is an
  /// error: it is our own label, and taking it for text would lose what it means.
  static func custodyCode(_ bytes: Bytes) throws(IdentifierError) -> AssetIdentifier? {
    guard let rest = bytes.dropping("CUSTODY:") else { return nil }
    guard bytes.starts(with: "CUSTODY:") else {
      throw IdentifierError(
        "custody.case", "This is a label of ours, but its letters came in the wrong case.",
        remedy: "Switch caps lock off, and check the scanner's keyboard settings.", start: bytes.startIndex, length: 8)
    }
    guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else {
      throw IdentifierError(
        "custody.kind", "The label does not say whether it is a command, a location, an order, a kit or a badge.",
        remedy: "Print the label anew.", start: rest.startIndex, length: rest.count)
    }
    let kind = rest[..<colon]
    let value = rest[(colon + 1)...]
    switch kind.text {
    case "CMD":
      guard let command = DeskCommand(rawValue: value.text) else {
        throw IdentifierError(
          "custody.command", "The label's command is not known here.",
          remedy: "Print the command sheet anew; commands are \(knownCommands).", start: value.startIndex,
          length: value.count)
      }
      return .command(command)
    case "LOC":
      try check(value, 64, "-_./", "location", "letters, digits and - _ . /", start: value.startIndex)
      return .location(value.text)
    case "ORDER":
      try check(value, 128, "-_.~+/# ", "order", "letters, digits, blanks and - _ . ~ + / #", start: value.startIndex)
      return .order(value.text)
    case "KIT":
      try check(value, 64, "-_.", "kit", "letters, digits and - _ .", start: value.startIndex)
      return .kit(value.text)
    case "BADGE":
      try check(value, 128, "-_.~+/=", "badge", "letters, digits and - _ . ~ + / =", start: value.startIndex)
      return .badge(value.text)
    default:
      throw IdentifierError(
        "custody.kind",
        "The label is neither a command (CMD) nor a location (LOC), order (ORDER), kit (KIT) or badge (BADGE).",
        remedy: "Print the label anew, or update this station.", start: kind.startIndex, length: kind.count)
    }
  }

  private static var knownCommands: String { DeskCommand.allCases.map(\.rawValue).joined(separator: ", ") }

  private static func check(
    _ value: Bytes, _ longest: Int, _ marks: String, _ what: String, _ allowed: String, start: Int
  ) throws(IdentifierError) {
    let count = value.count
    guard count > 0 else {
      throw IdentifierError(
        "custody.\(what)", "The \(what) label is empty after its colon.", remedy: "Print the label anew.", start: start,
        length: 0)
    }
    guard count <= longest else {
      throw IdentifierError(
        "custody.\(what)", "The \(what) label is longer than \(longest) characters.", remedy: "Print the label anew.",
        start: start + longest, length: count - longest)
    }
    var offset = 0
    for byte in value {
      guard isLetter(byte) || isDigit(byte) || marks.utf8.contains(byte) else {
        throw IdentifierError(
          "custody.\(what)", "The \(what) label holds a character that it cannot have.",
          remedy: "Print the label anew; it has \(allowed).", start: start + offset, length: 1)
      }
      offset += 1
    }
  }
}
