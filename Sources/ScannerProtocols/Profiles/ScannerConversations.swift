/// A keyboard's side of a conversation: it types.
struct KeyboardConversation: DeviceConversation {
  var wedge: KeyboardWedge
  /// Of a keyboard that sends no boot reports.
  var keyboard: HIDKeyboard?
  var longestReport = 0

  var statistics: WedgeStatistics? { wedge.statistics }
  var deadline: Duration? { wedge.deadline }

  mutating func receive(_ bytes: [UInt8], from _: DeviceSource, at now: Duration) -> [DeviceAction] {
    // A report of another kind, such as a volume key's, is none of the keyboard's.
    guard let report = keyboard.map({ $0.bootReport(from: bytes) }) ?? bytes else { return [] }
    return wedge.receive(report: report, at: now).map(DeviceAction.init)
  }

  mutating func tick(at now: Duration) -> [DeviceAction] { wedge.tick(at: now).map(DeviceAction.init) }
  mutating func interrupt(_ cause: String, at now: Duration) { wedge.interrupt(cause, at: now) }
  mutating func vanish() -> DiscardedScan? { wedge.vanish() }
  mutating func abandon(_ cause: String) -> RejectedScan? { wedge.abandon(cause) }
}

/// A HID POS scanner's.
struct HIDPOSConversation: DeviceConversation {
  var scanner: HIDPOSScanner
  var longestReport = 0

  var statistics: WedgeStatistics? { scanner.statistics }
  var deadline: Duration? { scanner.deadline }

  mutating func receive(_ bytes: [UInt8], from _: DeviceSource, at now: Duration) -> [DeviceAction] {
    scanner.receive(report: bytes, at: now).map(DeviceAction.init)
  }

  mutating func tick(at now: Duration) -> [DeviceAction] { scanner.tick(at: now).map(DeviceAction.init) }
  mutating func interrupt(_ cause: String, at now: Duration) { scanner.interrupt(cause, at: now) }
  mutating func vanish() -> DiscardedScan? { scanner.vanish() }
  mutating func abandon(_ cause: String) -> RejectedScan? { vanish()?.rejected(scanner.deviceID, cause) }
}

/// A scanner's on a serial line.
struct SerialConversation: DeviceConversation {
  var scanner: SerialScanner

  var statistics: WedgeStatistics? { scanner.statistics }
  var deadline: Duration? { scanner.deadline }

  mutating func receive(_ bytes: [UInt8], from _: DeviceSource, at now: Duration) -> [DeviceAction] {
    scanner.receive(bytes, at: now).map(DeviceAction.init)
  }

  mutating func tick(at now: Duration) -> [DeviceAction] { scanner.tick(at: now).map(DeviceAction.init) }
  mutating func interrupt(_ cause: String, at now: Duration) { scanner.interrupt(cause, at: now) }
  mutating func vanish() -> DiscardedScan? { scanner.vanish() }
  mutating func abandon(_ cause: String) -> RejectedScan? { vanish()?.rejected(scanner.deviceID, cause) }
}

extension DiscardedScan {
  fileprivate func rejected(_ deviceID: String, _ cause: String) -> RejectedScan {
    RejectedScan(deviceID: deviceID, reason: .interrupted(cause), characters: characters, raw: raw)
  }
}
