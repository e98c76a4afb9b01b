/// Turns the reports of one scanner in keyboard mode into scans.
///
/// Reads no clock: each call says what time it is, as the duration since any fixed moment, never running backwards. A
/// scan is handed on only when every report from its first key to its end was understood; one that lost a report is
/// rejected, because a tag with a character missing is the tag of another asset.
public struct KeyboardWedge: Sendable {
  /// A key that ends a scan.
  public enum Suffix: String, Hashable, Sendable, Codable, CaseIterable {
    /// Return, or Enter of the keypad.
    case enter
    /// Tab.
    case tab
  }

  /// How the scanner was set up.
  public struct Configuration: Hashable, Sendable {
    /// The layout that the scanner types for.
    public var layout: KeyboardLayout
    /// Taken off the text where the text begins with it; empty for none.
    public var prefix: String
    /// The keys that end a scan; not part of the text.
    public var suffixes: Set<Suffix>
    /// Silence after which what was typed counts as a scan without terminator.
    public var interKeyTimeout: Duration
    /// The most characters that a scan may have, prefix included.
    public var maximumLength: Int
    /// Keys that the scanner sends for GS (FNC1), beside Ctrl+].
    public var groupSeparatorKeys: Set<KeyChord>
    /// Whether the scanner takes Caps Lock to be on when it is plugged in, and so types letters in the other case.
    public var startsWithCapsLock: Bool
    /// Whether the scanner swaps Shift for every key.
    public var invertsShift: Bool

    /// Defaults are what scanners ship with: US layout, no prefix, Enter or Tab at the end, F8 for GS.
    public init(
      layout: KeyboardLayout = .us, prefix: String = "", suffixes: Set<Suffix> = [.enter, .tab],
      interKeyTimeout: Duration = .milliseconds(300), maximumLength: Int = 10_000,
      groupSeparatorKeys: Set<KeyChord> = [.f8], startsWithCapsLock: Bool = false, invertsShift: Bool = false
    ) {
      self.layout = layout
      self.prefix = prefix
      self.suffixes = suffixes
      self.interKeyTimeout = interKeyTimeout
      self.maximumLength = maximumLength
      self.groupSeparatorKeys = groupSeparatorKeys
      self.startsWithCapsLock = startsWithCapsLock
      self.invertsShift = invertsShift
    }
  }

  /// What the caller is to do.
  public typealias Action = ScannerAction

  /// The device whose reports these are; scans and rejections carry it.
  public let deviceID: String
  /// How the scanner was set up.
  public let configuration: Configuration
  /// What was seen so far.
  public internal(set) var statistics = WedgeStatistics()

  var current = ScanInProgress()
  var capsLock: Bool
  var endedWithReturn = false
  private var held: [UInt8] = []
  private var lastKeyChange: Duration = .zero
  private var lastFault: Duration?

  /// A wedge that has seen nothing.
  public init(deviceID: String, configuration: Configuration = Configuration()) {
    self.deviceID = deviceID
    self.configuration = configuration
    capsLock = configuration.startsWithCapsLock
  }

  /// When `tick(at:)` is due, or nil while nothing is waiting to be ended.
  public var deadline: Duration? {
    current.hasBegun ? lastKeyChange + configuration.interKeyTimeout : nil
  }

  /// Ends the scan in progress if the device has been silent for the inter-key timeout.
  public mutating func tick(at now: Duration) -> [Action] {
    guard let deadline, now >= deadline else { return [] }
    // A key that is still down by now is one whose release was lost: the next scan may begin with it.
    held = []
    return end(terminated: false)
  }

  /// Takes one report as it came from the device.
  public mutating func receive(report bytes: [UInt8], at now: Duration) -> [Action] {
    var actions = tick(at: now)
    statistics.reports += 1
    let report: KeyboardReport
    do {
      report = try KeyboardReport(bytes)
    } catch {
      statistics.garbageReports += 1
      if current.hasBegun { current.keep(bytes) }
      damage(.garbage(error), at: now)
      return actions
    }
    let pressed = report.keys.filter { !held.contains($0) }
    if current.hasBegun || !pressed.isEmpty {
      current.keep(bytes)
    } else {
      // A modifier goes down before its key: of such reports the latest belongs to the scan.
      current.raw = report.isIdle ? [] : bytes
    }
    if report.keys != held { lastKeyChange = now }
    held = report.keys
    if !report.modifiers.touches(.alt), let action = endAltCode(report: bytes, at: now) { actions.append(action) }
    for usage in pressed {
      if let action = press(usage, modifiers: report.modifiers, report: bytes, at: now) { actions.append(action) }
    }
    // Four reports type a character at most. Keys that type none must not make a scan grow without end either.
    if current.raw.count > 4 * KeyboardReport.length * (configuration.maximumLength + 1) {
      actions.append(.rejected(reject(.tooLong(limit: configuration.maximumLength))))
    }
    return actions
  }

  /// Notes that the transport failed, so that reports may be missing; `cause` goes into the rejection's message.
  public mutating func interrupt(_ cause: String, at now: Duration) {
    statistics.interruptions += 1
    // The key-up of a key that was down may be among what is missing.
    held = []
    damage(.interrupted(cause), at: now)
  }

  /// Gives up the scan in progress because the device went away; nil when there was none.
  public mutating func vanish() -> DiscardedScan? {
    defer {
      current = ScanInProgress()
      held = []
      capsLock = configuration.startsWithCapsLock
    }
    guard current.hasBegun, !current.isRejected else { return nil }
    return DiscardedScan(characters: current.characters, raw: current.raw)
  }

  /// Gives up the scan in progress because the device cannot be read any more; nil when there was none.
  public mutating func abandon(_ cause: String) -> RejectedScan? {
    defer {
      current = ScanInProgress()
      held = []
      capsLock = configuration.startsWithCapsLock
    }
    guard current.hasBegun, !current.isRejected else { return nil }
    return reject(.interrupted(cause))
  }

  private mutating func damage(_ reason: RejectedScan.Reason, at now: Duration) {
    if current.hasBegun {
      current.defect = current.defect ?? reason
    } else {
      lastFault = now
    }
  }

  mutating func begin(_ report: [UInt8], at now: Duration) {
    guard !current.hasBegun else { return }
    current.hasBegun = true
    endedWithReturn = false
    if current.raw.isEmpty { current.keep(report) }
    if let lastFault { current.followsFault = now - lastFault < configuration.interKeyTimeout }
  }

  /// Ends the scan in progress: one action, or none when it was empty or had been rejected already.
  mutating func end(terminated: Bool) -> [Action] {
    defer { current = ScanInProgress() }
    if current.isRejected { return [] }
    if let accent = current.accent { current.append(accent) }
    if let defect = current.defect { return [.rejected(reject(defect))] }
    let text = strippingPrefix(current.text)
    guard !text.isEmpty else {
      statistics.emptyScans += 1
      return []
    }
    statistics.scans += 1
    return [
      .scan(
        ScannedText(
          text: text, raw: current.raw, deviceID: deviceID, terminated: terminated,
          followsFault: current.followsFault, statistics: statistics))
    ]
  }

  private func strippingPrefix(_ text: String) -> String {
    // By scalars: as Characters, a prefix could merge with what follows it.
    let scalars = text.unicodeScalars
    let prefix = configuration.prefix.unicodeScalars
    guard scalars.starts(with: prefix) else { return text }
    return String(scalars.dropFirst(prefix.count))
  }

  mutating func reject(_ reason: RejectedScan.Reason) -> RejectedScan {
    statistics.rejectedScans += 1
    let rejected = RejectedScan(
      deviceID: deviceID, reason: reason, characters: current.characters, raw: current.raw)
    current.isRejected = true
    // Even if no key has counted yet: silence must end what is ignored from here on.
    current.hasBegun = true
    current.raw = []
    current.text = ""
    return rejected
  }
}
