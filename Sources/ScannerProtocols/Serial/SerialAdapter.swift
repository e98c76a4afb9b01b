/// What makes a serial line of USB: the class, and the three makers whose chips are everywhere.
public enum SerialAdapter: Hashable, Sendable {
  /// Communications Device Class, Abstract Control Model. Bytes go over the data interface, requests to `interface`.
  case cdcACM(interface: UInt8)
  /// FTDI FT232B and later. `port` is 0 on a chip with one port, else 1 for A, 2 for B. `packetSize` is wMaxPacketSize of the
  /// bulk endpoint.
  case ftdi(port: UInt8, packetSize: Int)
  /// Silicon Labs CP210x.
  case cp210x(interface: UInt8)
  /// WCH CH340 and CH341.
  case ch340

  /// The requests that set the line, in order.
  ///
  /// - Throws: `SerialLineFault` when the chip cannot do it.
  public func requests(for line: SerialLine) throws(SerialLineFault) -> [USBControlRequest] {
    switch self {
    case .cdcACM(let interface): try Self.cdcACM(line, interface)
    case .ftdi(let port, _): try Self.ftdi(line, port)
    case .cp210x(let interface): try Self.cp210x(line, interface)
    case .ch340: try Self.ch340(line)
    }
  }
}

extension SerialAdapter {
  /// PSTN120 (Communications Class, Subclass for PSTN 1.2), sections 6.3.10 and 6.3.12.
  private static func cdcACM(_ line: SerialLine, _ interface: UInt8) throws(SerialLineFault) -> [USBControlRequest] {
    guard line.baudRate > 0 else { throw .baudRate(line.baudRate) }
    guard (5...8).contains(line.dataBits) else { throw .dataBits(line.dataBits) }
    var coding = littleEndian(line.baudRate)
    coding += [line.stopBits.code, line.parity.code, line.dataBits]
    let lines: UInt16 = (line.dtr ? 1 : 0) | (line.rts ? 2 : 0)
    return [
      USBControlRequest(requestType: 0x21, request: 0x20, index: UInt16(interface), data: coding),
      USBControlRequest(requestType: 0x21, request: 0x22, value: lines, index: UInt16(interface)),
    ]
  }

  /// FTDI's vendor requests, as Linux's ftdi_sio has them: reset, rate, format, no flow control, lines, latency.
  private static func ftdi(_ line: SerialLine, _ port: UInt8) throws(SerialLineFault) -> [USBControlRequest] {
    guard (7...8).contains(line.dataBits) else { throw .dataBits(line.dataBits) }
    guard let divisor = ftdiDivisor(line.baudRate) else { throw .baudRate(line.baudRate) }
    // A chip with several ports has the port in the low byte and the divisor's top in the high one.
    let high = UInt16(divisor >> 16)
    let rateIndex = port == 0 ? high : high << 8 | UInt16(port)
    let format = UInt16(line.dataBits) | UInt16(line.parity.code) << 8 | UInt16(line.stopBits.code) << 11
    func vendor(_ request: UInt8, _ value: UInt16, _ index: UInt16) -> USBControlRequest {
      USBControlRequest(requestType: 0x40, request: request, value: value, index: index)
    }
    let index = UInt16(port)
    return [
      vendor(0x00, 0, index), vendor(0x03, UInt16(truncatingIfNeeded: divisor), rateIndex), vendor(0x04, format, index),
      vendor(0x02, 0, index), vendor(0x01, 0x0100 | (line.dtr ? 1 : 0), index),
      vendor(0x01, 0x0200 | (line.rts ? 2 : 0), index),
      // Milliseconds before a packet that is not full is sent, with nothing but the chip's status if need be: the 16 that chips
      // begin with are felt at the desk, and 1 costs a thousand transfers a second of a line that is silent.
      vendor(0x09, 8, index),
    ]
  }

  /// 24 MHz divided by the rate, in eighths; the eighths are coded, and 1 and 1.5 are special.
  private static func ftdiDivisor(_ rate: UInt32) -> UInt32? {
    guard (184...3_000_000).contains(rate) else { return nil }
    let eighths = 24_000_000 / rate
    let fractions: [UInt32] = [0, 3, 2, 4, 1, 5, 6, 7]
    let divisor = eighths >> 3 | fractions[Int(eighths & 7)] << 14
    guard isNear(24_000_000 / max(1, eighths), rate) else { return nil }
    switch divisor {
    case 1: return 0
    case 0x4001: return 1
    default: return divisor
    }
  }

  /// Silicon Labs AN571: enable, rate, format, modem lines with their masks.
  private static func cp210x(_ line: SerialLine, _ interface: UInt8) throws(SerialLineFault) -> [USBControlRequest] {
    guard (300...2_000_000).contains(line.baudRate) else { throw .baudRate(line.baudRate) }
    guard (5...8).contains(line.dataBits) else { throw .dataBits(line.dataBits) }
    func vendor(_ request: UInt8, _ value: UInt16, _ data: [UInt8] = []) -> USBControlRequest {
      USBControlRequest(requestType: 0x41, request: request, value: value, index: UInt16(interface), data: data)
    }
    let format = UInt16(line.dataBits) << 8 | UInt16(line.parity.code) << 4 | UInt16(line.stopBits.code)
    return [
      vendor(0x00, 1), vendor(0x1E, 0, littleEndian(line.baudRate)), vendor(0x03, format),
      vendor(0x07, 0x0300 | (line.dtr ? 1 : 0) | (line.rts ? 2 : 0)),
    ]
  }

  /// WCH's vendor requests, as Linux's ch341 has them: initialise, prescaler and divisor, format, modem lines.
  private static func ch340(_ line: SerialLine) throws(SerialLineFault) -> [USBControlRequest] {
    guard (5...8).contains(line.dataBits) else { throw .dataBits(line.dataBits) }
    guard line.stopBits != .oneAndAHalf else { throw .stopBits }
    guard let divisor = ch340Divisor(line.baudRate) else { throw .baudRate(line.baudRate) }
    let parity: UInt16 =
      switch line.parity {
      case .none: 0x00
      case .odd: 0x08
      case .even: 0x18
      case .mark: 0x28
      case .space: 0x38
      }
    // Receiver and transmitter on, format.
    let format = 0xC0 | parity | (line.stopBits == .two ? 0x04 : 0) | UInt16(line.dataBits - 5)
    // The lines are low-active.
    let lines = ~UInt16((line.dtr ? 0x20 : 0) | (line.rts ? 0x40 : 0))
    func vendor(_ request: UInt8, _ value: UInt16, _ index: UInt16) -> USBControlRequest {
      USBControlRequest(requestType: 0x40, request: request, value: value, index: index)
    }
    return [
      vendor(0xA1, 0, 0),
      // Bit 7: hand over bytes at once, not only full packets.
      vendor(0x9A, 0x1312, divisor | 0x80), vendor(0x9A, 0x2518, format), vendor(0xA4, lines, 0),
    ]
  }

  /// The divisor counts up to 256 in the high byte, the prescaler is in the low one.
  private static func ch340Divisor(_ rate: UInt32) -> UInt16? {
    guard rate > 0 else { return nil }
    let base: UInt32 = 1_532_620_800
    var factor = base / rate
    var prescaler: UInt16 = 3
    while factor > 0xFFF0, prescaler > 0 {
      factor >>= 3
      prescaler -= 1
    }
    guard factor <= 0xFFF0 else { return nil }
    let divisor = (0x1_0000 - factor + 0x80) >> 8
    guard divisor < 0x100 else { return nil }
    let made = base >> (3 * (3 - UInt32(prescaler))) / ((0x100 - divisor) << 8)
    return isNear(made, rate) ? UInt16(divisor) << 8 | prescaler : nil
  }

  private static func isNear(_ made: UInt32, _ wanted: UInt32) -> Bool {
    let difference = made > wanted ? made - wanted : wanted - made
    return UInt64(difference) * 100 <= UInt64(wanted) * 3
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
}

extension SerialLine.Parity {
  /// The number that CDC, FTDI and CP210x all use.
  fileprivate var code: UInt8 {
    switch self {
    case .none: 0
    case .odd: 1
    case .even: 2
    case .mark: 3
    case .space: 4
    }
  }
}

extension SerialLine.StopBits {
  /// The number that CDC, FTDI and CP210x all use.
  fileprivate var code: UInt8 {
    switch self {
    case .one: 0
    case .oneAndAHalf: 1
    case .two: 2
    }
  }
}
