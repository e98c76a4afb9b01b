/// A scan that was sent but must not be used, because its text is known to be incomplete.
public struct RejectedScan: Error, Hashable, Sendable {
  /// Why it was rejected.
  public enum Reason: Hashable, Sendable {
    /// More characters than the limit. What follows is ignored up to the next terminator or inter-key timeout.
    case tooLong(limit: Int)
    /// A report was unreadable in mid-scan, so that a character may be missing.
    case garbage(KeyboardReport.Malformation)
    /// A report that is none of the device's came in mid-scan; the text says what it was.
    case strayReport(String)
    /// The device said that more follows, and then nothing came.
    case unfinished
    /// The transport failed in mid-scan, so that a character may be missing; the text says how.
    case interrupted(String)
    /// Keys without a character in the layout.
    case unmappedKeys(count: Int, first: UInt8, layout: String)
  }

  /// The device that typed it.
  public let deviceID: String
  /// Why.
  public let reason: Reason
  /// How many characters had been typed when it was rejected.
  public let characters: Int
  /// The reports as they came, one after the other; a report of a wrong length is among them.
  public let raw: [UInt8]

  /// What happened, naming the device and the limit.
  public var message: String {
    switch reason {
    case .tooLong(let limit):
      "\(deviceID): scan rejected: longer than \(limit) characters"
    case .garbage(let malformation):
      "\(deviceID): scan rejected after \(characters) characters: \(malformation) in mid-scan"
    case .strayReport(let what):
      "\(deviceID): scan rejected after \(characters) characters: \(what) in mid-scan"
    case .unfinished:
      "\(deviceID): scan rejected after \(characters) characters: the rest of it never came"
    case .interrupted(let cause):
      "\(deviceID): scan rejected after \(characters) characters: \(cause) in mid-scan"
    case .unmappedKeys(let count, let first, let layout):
      "\(deviceID): scan rejected: \(count) key(s) without a character in the \(layout) layout, first usage \(first)"
    }
  }

  /// What the operator can do.
  public var remedy: String {
    switch reason {
    case .tooLong: "Scan one code at a time, and check that the scanner ends each with Enter or Tab."
    case .garbage, .interrupted, .strayReport, .unfinished:
      "Scan again. If it keeps happening, replug the scanner or use another cable or port."
    case .unmappedKeys(_, _, let layout):
      "Give the scanner and its settings here the same keyboard layout (here: \(layout)), and scan again."
    }
  }
}

/// What was typed of a scan when its device went away.
public struct DiscardedScan: Hashable, Sendable {
  /// Characters typed so far.
  public let characters: Int
  /// The reports as they came, one after the other.
  public let raw: [UInt8]
}
