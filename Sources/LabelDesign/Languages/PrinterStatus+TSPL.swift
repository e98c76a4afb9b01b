extension PrinterStatus {
  /// Reads the byte that answers `ESC ! ?` (TSPL2 Programming Language, "Status Polling").
  public init(tspl byte: UInt8) {
    let bits: [(UInt8, PrinterCondition)] = [
      (0x01, .headOpen), (0x40, .headOpen), (0x02, .mediaJam), (0x04, .mediaOut), (0x08, .ribbonOut),
      (0x80, .overTemperature), (0x10, .paused),
    ]
    var conditions: [PrinterCondition] = []
    for (bit, condition) in bits where byte & bit != 0 && !conditions.contains(condition) {
      conditions.append(condition)
    }
    self.init(conditions: conditions, isBusy: byte & 0x20 != 0)
  }

  /// Reads the four bytes that answer `ESC ! S`: message, warning and two of errors. Nil when they are not such.
  public init?(tsplMessage message: UInt8, warning: UInt8, errors: (UInt8, UInt8)) {
    let letters = [message, warning, errors.0, errors.1]
    guard letters.allSatisfy({ $0 & 0xC0 == 0x40 }) else { return nil }
    var conditions: [PrinterCondition] = []
    let bits: [(UInt8, UInt8, PrinterCondition)] = [
      (errors.1, 0x20, .headOpen), (errors.1, 0x01, .mediaOut), (errors.1, 0x02, .mediaJam),
      (errors.1, 0x04, .ribbonOut), (errors.1, 0x08, .ribbonOut), (errors.0, 0x01, .overTemperature),
      (errors.0, 0x02, .overTemperature), (errors.0, 0x04, .fault), (errors.0, 0x08, .cutterJam),
      (errors.0, 0x10, .bufferFull), (warning, 0x08, .bufferFull), (warning, 0x01, .mediaLow),
    ]
    for (byte, bit, condition) in bits where byte & bit != 0 && !conditions.contains(condition) {
      conditions.append(condition)
    }
    var isBusy = false
    switch message {
    case UInt8(ascii: "@"): break
    case UInt8(ascii: "`"): conditions.append(.paused)
    case UInt8(ascii: "E"): if conditions.isEmpty { conditions.append(.fault) }
    case UInt8(ascii: "L"): (isBusy, conditions) = (true, conditions + [.labelWaiting])
    default: isBusy = true  // backing, cutting, feeding, printing, imaging, or waiting for the print key
    }
    self.init(conditions: conditions, isBusy: isBusy)
  }
}
