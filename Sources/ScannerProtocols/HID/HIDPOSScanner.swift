/// Turns the reports of one HID POS scanner into scans.
///
/// Reads no clock, like `KeyboardWedge`. A read that takes several reports is handed on when the last one came; one that lost
/// a report, or whose rest never comes, is rejected.
public struct HIDPOSScanner: Sendable {
  /// The device whose reports these are.
  public let deviceID: String
  /// What was seen so far.
  public private(set) var statistics = WedgeStatistics()

  private let layout: HIDPOSLayout
  private let timeout: Duration
  private let maximumLength: Int
  private var data: [UInt8] = []
  private var raw: [UInt8] = []
  private var symbologyIdentifier: String?
  private var vendorSymbology: UInt8?
  private var isInScan = false
  private var defect: RejectedScan.Reason?
  private var lastReport: Duration = .zero
  private var lastFault: Duration?
  private var followsFault = false

  /// A scanner that has sent nothing. `timeout` is how long the rest of a read may take to come.
  public init(
    deviceID: String, layout: HIDPOSLayout, timeout: Duration = .milliseconds(300), maximumLength: Int = 10_000
  ) {
    self.deviceID = deviceID
    self.layout = layout
    self.timeout = timeout
    self.maximumLength = maximumLength
  }

  /// When `tick(at:)` is due, or nil while nothing is waiting.
  public var deadline: Duration? { isInScan ? lastReport + timeout : nil }

  /// Gives up a read whose rest did not come in time.
  public mutating func tick(at now: Duration) -> [ScannerAction] {
    guard let deadline, now >= deadline else { return [] }
    return reject(defect ?? .unfinished)
  }

  /// Takes one report as it came from the device, its ID first where it has one.
  public mutating func receive(report: [UInt8], at now: Duration) -> [ScannerAction] {
    var actions = tick(at: now)
    statistics.reports += 1
    guard let shape = layout.reports.first(where: { $0.reportID == nil || $0.reportID == report.first }) else {
      // Another report of the device: a status, a button. It is none of a scan's.
      statistics.garbageReports += 1
      return actions
    }
    if !isInScan, let lastFault { followsFault = now - lastFault < timeout }
    isInScan = true
    lastReport = now
    if raw.count < 4 * maximumLength { raw += report.prefix(shape.length) }
    var used = shape.data.count
    if let offset = shape.byteCount, offset < report.count { used = Int(report[offset]) }
    if used > shape.data.count || shape.data.lowerBound + used > report.count || report.count > shape.length {
      statistics.garbageReports += 1
      defect = defect ?? .strayReport("report of \(report.count) bytes with \(used) of data, want \(shape.length)")
      used = 0
    }
    var part = report[min(shape.data.lowerBound, report.count)..<min(shape.data.lowerBound + used, report.count)]
    if shape.byteCount == nil { while part.last == 0 { part.removeLast() } }
    if data.isEmpty { takeSymbology(report, shape) }
    if data.count + part.count > maximumLength {
      defect = defect ?? .tooLong(limit: maximumLength)
    } else {
      data += part
    }
    let continues = shape.continued.map { $0.offset < report.count && report[$0.offset] & $0.mask != 0 } ?? false
    if !continues { actions += end() }
    return actions
  }

  /// Notes that the transport failed, so that reports may be missing.
  public mutating func interrupt(_ cause: String, at now: Duration) {
    statistics.interruptions += 1
    if isInScan { defect = defect ?? .interrupted(cause) } else { lastFault = now }
  }

  /// Gives up the read in progress because the device went away; nil when there was none.
  public mutating func vanish() -> DiscardedScan? {
    defer { reset() }
    return isInScan ? DiscardedScan(characters: data.count, raw: raw) : nil
  }

  private mutating func takeSymbology(_ report: [UInt8], _ shape: HIDPOSLayout.Report) {
    let identifier = shape.symbologyIdentifier.compactMap { $0 < report.count ? report[$0] : nil }
    if identifier.count == 3, identifier[0] == 0x5D, identifier.allSatisfy({ (0x21...0x7E).contains($0) }) {
      symbologyIdentifier = String(scanned: identifier)
    }
    if let offset = shape.vendorSymbology, offset < report.count { vendorSymbology = report[offset] }
  }

  private mutating func end() -> [ScannerAction] {
    if let defect { return reject(defect) }
    defer { reset() }
    guard !data.isEmpty else {
      statistics.emptyScans += 1
      return []
    }
    statistics.scans += 1
    statistics.characters += data.count
    return [
      .scan(
        ScannedText(
          text: String(scanned: data), symbologyIdentifier: symbologyIdentifier, vendorSymbology: vendorSymbology,
          raw: raw, deviceID: deviceID, terminated: true, followsFault: followsFault, statistics: statistics))
    ]
  }

  private mutating func reject(_ reason: RejectedScan.Reason) -> [ScannerAction] {
    defer { reset() }
    statistics.rejectedScans += 1
    return [.rejected(RejectedScan(deviceID: deviceID, reason: reason, characters: data.count, raw: raw))]
  }

  private mutating func reset() {
    (data, raw, symbologyIdentifier, vendorSymbology) = ([], [], nil, nil)
    (isInScan, defect, followsFault) = (false, nil, false)
  }
}
