/// Turns the bytes of one scanner on a serial line into scans.
///
/// Reads no clock, like `KeyboardWedge`.
public struct SerialScanner: Sendable {
  /// How the scanner was set up.
  public struct Configuration: Hashable, Sendable {
    /// Taken off where a scan begins with it.
    public var prefix: [UInt8]
    /// The bytes any of which ends a scan.
    public var terminators: Set<UInt8>
    /// Silence after which what came counts as a scan without terminator.
    public var timeout: Duration
    /// The most bytes that a scan may have.
    public var maximumLength: Int
    /// Whether a scan begins with its AIM symbology identifier.
    public var sendsSymbologyIdentifier: Bool

    /// Defaults are what scanners ship with: CR, LF, ETX or NUL at the end, no prefix; an identifier is seen by its form.
    public init(
      prefix: [UInt8] = [], terminators: Set<UInt8> = [0x0D, 0x0A, 0x03, 0x00], timeout: Duration = .milliseconds(100),
      maximumLength: Int = 10_000, sendsSymbologyIdentifier: Bool = true
    ) {
      self.prefix = prefix
      self.terminators = terminators
      self.timeout = timeout
      self.maximumLength = maximumLength
      self.sendsSymbologyIdentifier = sendsSymbologyIdentifier
    }
  }

  /// The device whose bytes these are.
  public let deviceID: String
  /// How the scanner was set up.
  public let configuration: Configuration
  /// What was seen so far.
  public private(set) var statistics = WedgeStatistics()

  private var raw: [UInt8] = []
  private var length = 0
  private var isRejected = false
  private var defect: RejectedScan.Reason?
  private var lastByte: Duration = .zero
  private var lastFault: Duration?
  private var followsFault = false

  /// A scanner that has sent nothing.
  public init(deviceID: String, configuration: Configuration = Configuration()) {
    self.deviceID = deviceID
    self.configuration = configuration
  }

  /// When `tick(at:)` is due, or nil while nothing is waiting.
  public var deadline: Duration? { length > 0 || isRejected ? lastByte + configuration.timeout : nil }

  /// Ends the scan in progress if the line has been silent for the timeout.
  public mutating func tick(at now: Duration) -> [ScannerAction] {
    guard let deadline, now >= deadline else { return [] }
    return end(terminated: false)
  }

  /// Takes the bytes of one transfer.
  public mutating func receive(_ bytes: [UInt8], at now: Duration) -> [ScannerAction] {
    var actions = tick(at: now)
    guard !bytes.isEmpty else { return actions }
    statistics.reports += 1
    lastByte = now
    for byte in bytes {
      if configuration.terminators.contains(byte) {
        actions += end(terminated: true)
        continue
      }
      if length == 0, !isRejected, let lastFault { followsFault = now - lastFault < configuration.timeout }
      length += 1
      guard !isRejected else { continue }
      guard length <= configuration.maximumLength else {
        actions.append(.rejected(reject(.tooLong(limit: configuration.maximumLength))))
        continue
      }
      raw.append(byte)
    }
    return actions
  }

  /// Notes that bytes may be missing; `cause` goes into the rejection's message.
  public mutating func interrupt(_ cause: String, at now: Duration) {
    statistics.interruptions += 1
    if length > 0 { defect = defect ?? .interrupted(cause) } else { lastFault = now }
  }

  /// Gives up the scan in progress because the device went away; nil when there was none.
  public mutating func vanish() -> DiscardedScan? {
    defer { reset() }
    return length > 0 && !isRejected ? DiscardedScan(characters: raw.count, raw: raw) : nil
  }

  private mutating func end(terminated: Bool) -> [ScannerAction] {
    defer { reset() }
    if isRejected { return [] }
    // CR LF: the second of the two ends nothing.
    guard length > 0 else { return [] }
    if let defect { return [.rejected(reject(defect))] }
    var text = raw[...]
    if text.starts(with: configuration.prefix) { text = text.dropFirst(configuration.prefix.count) }
    var identifier: String?
    if configuration.sendsSymbologyIdentifier, let found = Self.symbologyIdentifier(text) {
      identifier = found
      text = text.dropFirst(3)
    }
    guard !text.isEmpty else {
      statistics.emptyScans += 1
      return []
    }
    statistics.scans += 1
    statistics.characters += text.count
    return [
      .scan(
        ScannedText(
          text: String(scanned: text), symbologyIdentifier: identifier, raw: raw, deviceID: deviceID,
          terminated: terminated, followsFault: followsFault, statistics: statistics))
    ]
  }

  /// `]`, a letter, a digit or letter (ISO/IEC 15424).
  private static func symbologyIdentifier(_ bytes: ArraySlice<UInt8>) -> String? {
    guard bytes.count >= 3, bytes[byte: 0] == 0x5D else { return nil }
    let (code, modifier) = (bytes[byte: 1], bytes[byte: 2])
    guard (0x41...0x5A).contains(code & 0xDF),
      (0x30...0x39).contains(modifier) || (0x41...0x5A).contains(modifier & 0xDF)
    else { return nil }
    return String(scanned: bytes.prefix(3))
  }

  private mutating func reject(_ reason: RejectedScan.Reason) -> RejectedScan {
    statistics.rejectedScans += 1
    let rejected = RejectedScan(deviceID: deviceID, reason: reason, characters: raw.count, raw: raw)
    isRejected = true
    raw = []
    return rejected
  }

  private mutating func reset() {
    raw = []
    (length, isRejected, defect, followsFault) = (0, false, nil, false)
  }
}
