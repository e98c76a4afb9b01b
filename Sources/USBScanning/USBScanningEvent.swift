import ScannerProtocols

/// What happened on USB.
public enum USBScanningEvent: Hashable, Sendable {
  /// The station began or stopped hearing of devices.
  case status(USBScanningStatus)
  /// A device appeared; its state says what can be done with it.
  case attached(USBDevice)
  /// A device that was attached got another state: claimed at last, or faulty.
  case changed(USBDevice)
  /// A device went away. What it had typed of a scan is no scan: it is handed over here.
  case detached(USBDevice, discarded: DiscardedScan?)
  /// A scan.
  case scan(ScannedText)
  /// Tags that a reader sees, the reader's device id first.
  case tags(String, [TagRead])
  /// A scan whose text is known to be incomplete.
  case rejected(RejectedScan)
  /// A job with a tag's memory has ended; the reader's device id first.
  case finished(String, TagMemoryJob, TagMemoryOutcome)
  /// What a transfer brought, or a HID device's report descriptor; told on demand only, the device's id first.
  case recorded(String, DeviceRecord)
  /// Something is wrong with a device, or, without one, with USB as a whole.
  case fault(USBDevice?, message: String, remedy: String)
}

/// What a device has sent, as it came.
public enum DeviceRecord: Hashable, Sendable {
  /// Of a HID device that is read by it.
  case reportDescriptor([UInt8])
  /// What one transfer brought; of a serial line, without what the chip adds.
  case transfer([UInt8])
}

/// Whether the station hears of USB devices.
public enum USBScanningStatus: Hashable, Sendable {
  /// `run()` has not come so far yet.
  case idle
  /// Listening; `relevant` devices are scanners or keyboards.
  case listening(relevant: Int)
  /// There is no USB here, or it cannot be used now; the text says why. Tried again every few seconds.
  case unavailable(String)
  /// `run()` has ended.
  case stopped

  /// In words.
  public var description: String {
    switch self {
    case .idle: "idle"
    case .listening(0): "listening; no scanner or keyboard is plugged in"
    case .listening(let relevant): "listening; \(relevant) scanner(s) and keyboard(s)"
    case .unavailable(let reason): "unavailable: \(reason)"
    case .stopped: "stopped"
    }
  }
}
