import ScannerProtocols
import Testing

struct SerialAdapterTests {
  private func vendor(_ type: UInt8, _ request: UInt8, _ value: UInt16, _ index: UInt16 = 0, _ data: [UInt8] = [])
    -> USBControlRequest
  {
    USBControlRequest(requestType: type, request: request, value: value, index: index, data: data)
  }

  /// PSTN120, table 17: dwDTERate, bCharFormat, bParityType, bDataBits.
  @Test func `CDC-ACM sets line coding, then the control lines`() throws {
    let requests = try SerialAdapter.cdcACM(interface: 2).requests(
      for: SerialLine(baudRate: 115_200, dataBits: 7, parity: .even, stopBits: .two, rts: false))
    #expect(requests == [vendor(0x21, 0x20, 0, 2, hex("00C20100 02 02 07")), vendor(0x21, 0x22, 1, 2)])
  }

  /// Divisors that FTDI's documents and Linux agree on (AN232B-05; ftdi_sio.h).
  @Test(
    arguments: [
      (300, 0x2710), (9_600, 0x4138), (19_200, 0x809C), (38_400, 0xC04E), (57_600, 0x0034), (115_200, 0x001A),
      (230_400, 0x000D), (921_600, 0x8003), (2_000_000, 0x0001), (3_000_000, 0x0000),
    ] as [(UInt32, UInt16)])
  func `FTDI divides 24 MHz in eighths`(rate: UInt32, divisor: UInt16) throws {
    let requests = try SerialAdapter.ftdi(port: 0, packetSize: 64).requests(for: SerialLine(baudRate: rate))
    #expect(requests[1] == vendor(0x40, 0x03, divisor, 0))
  }

  @Test func `FTDI resets, sets format, no flow control and lines, and asks for 8 ms of latency`() throws {
    let requests = try SerialAdapter.ftdi(port: 2, packetSize: 512).requests(
      for: SerialLine(baudRate: 9_600, parity: .odd, stopBits: .two, dtr: true, rts: false))
    #expect(
      requests == [
        vendor(0x40, 0, 0, 2), vendor(0x40, 3, 0x4138, 2), vendor(0x40, 4, 0x1108, 2), vendor(0x40, 2, 0, 2),
        vendor(0x40, 1, 0x0101, 2), vendor(0x40, 1, 0x0200, 2), vendor(0x40, 9, 8, 2),
      ])
    // 24 MHz / 480,000 is 6 and 2/8, coded 2; / 470,588 is 6 and 3/8, coded 4, whose bit goes into the index.
    let fraction = try SerialAdapter.ftdi(port: 1, packetSize: 64).requests(for: SerialLine(baudRate: 480_000))[1]
    #expect(fraction == vendor(0x40, 3, 0x8006, 1))
    let high = try SerialAdapter.ftdi(port: 1, packetSize: 64).requests(for: SerialLine(baudRate: 470_588))[1]
    #expect(high == vendor(0x40, 3, 0x0006, 0x0101))
  }

  /// AN571: SET_BAUDRATE 1E, SET_LINE_CTL 03, SET_MHS 07 with masks.
  @Test func `CP210x is enabled, then set`() throws {
    let requests = try SerialAdapter.cp210x(interface: 1).requests(for: SerialLine(baudRate: 115_200))
    #expect(
      requests == [
        vendor(0x41, 0x00, 1, 1), vendor(0x41, 0x1E, 0, 1, hex("00C20100")), vendor(0x41, 0x03, 0x0800, 1),
        vendor(0x41, 0x07, 0x0303, 1),
      ])
    let odd = try SerialAdapter.cp210x(interface: 0).requests(
      for: SerialLine(dataBits: 7, parity: .even, stopBits: .two, dtr: false, rts: false))
    #expect(odd[2].value == 0x0722)
    #expect(odd[3].value == 0x0300)
  }

  /// The values that Linux's ch341 writes: factor 1532620800 / rate, prescaler 3 downward.
  @Test(
    arguments: [
      (2_400, 0xD981), (9_600, 0xB282), (19_200, 0xD982), (38_400, 0x6483), (57_600, 0x9883), (115_200, 0xCC83),
    ] as [(UInt32, UInt16)])
  func `CH340 has prescaler and divisor in one register`(rate: UInt32, register: UInt16) throws {
    let requests = try SerialAdapter.ch340.requests(for: SerialLine(baudRate: rate))
    #expect(
      requests == [
        vendor(0x40, 0xA1, 0, 0), vendor(0x40, 0x9A, 0x1312, register), vendor(0x40, 0x9A, 0x2518, 0x00C3),
        vendor(0x40, 0xA4, 0xFF9F, 0),
      ])
  }

  @Test func `CH340 has format and lines as Linux has them`() throws {
    let requests = try SerialAdapter.ch340.requests(
      for: SerialLine(dataBits: 7, parity: .even, stopBits: .two, dtr: false, rts: false))
    #expect(requests[2].index == 0x00DE)
    #expect(requests[3].value == 0xFFFF)
  }

  @Test func `what a chip cannot do is refused`() {
    let adapters: [SerialAdapter] = [
      .cdcACM(interface: 0), .ftdi(port: 0, packetSize: 64), .cp210x(interface: 0), .ch340,
    ]
    for adapter in adapters {
      #expect(throws: SerialLineFault.baudRate(0)) { try adapter.requests(for: SerialLine(baudRate: 0)) }
      #expect(throws: SerialLineFault.dataBits(9)) { try adapter.requests(for: SerialLine(dataBits: 9)) }
    }
    #expect(throws: SerialLineFault.baudRate(4_000_000)) {
      try SerialAdapter.ftdi(port: 0, packetSize: 64).requests(for: SerialLine(baudRate: 4_000_000))
    }
    #expect(throws: SerialLineFault.stopBits) {
      try SerialAdapter.ch340.requests(for: SerialLine(stopBits: .oneAndAHalf))
    }
    #expect(throws: SerialLineFault.baudRate(5_000_000)) {
      try SerialAdapter.ch340.requests(for: SerialLine(baudRate: 5_000_000))
    }
  }

  // MARK: bytes

  @Test func `FTDI's two status bytes go from every packet, and tell of the line`() {
    let ftdi = SerialAdapter.ftdi(port: 0, packetSize: 64)
    let first: [UInt8] = [0x01, 0x60] + (0..<62)
    #expect(ftdi.receive(first + [0x01, 0x62, 0xAA, 0xBB]).bytes == (0..<62) + [0xAA, 0xBB])
    #expect(ftdi.receive(first + [0x01, 0x6E]).faults == [.overrun, .parity, .framing])
    #expect(ftdi.receive([0x01, 0x60]).bytes.isEmpty)
    #expect(ftdi.receive([0x01]).bytes.isEmpty)
    #expect(ftdi.receive([]) == SerialBytes())
  }

  @Test func `the others put nothing before their bytes`() {
    #expect(SerialAdapter.ch340.receive([1, 2, 3]).bytes == [1, 2, 3])
    #expect(SerialAdapter.cp210x(interface: 0).receive([1, 2, 3]).bytes == [1, 2, 3])
    #expect(SerialAdapter.cdcACM(interface: 0).receive([1, 2, 3]).bytes == [1, 2, 3])
  }
}
