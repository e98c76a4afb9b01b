import CLibUSB
import ScannerProtocols

/// An open device with its claimed interfaces and the transfers in flight. Lives on the event thread.
final class ClaimedDevice {
  /// The device that it belongs to.
  let device: OpaquePointer
  let plan: InterfacePlan
  /// Whether a read was not restarted because the allowance is used up.
  private(set) var isThrottled = false
  var allowance = ReadAllowance()
  /// What is sent before the device is given back.
  var farewell: [UInt8] = []

  private let handle: OpaquePointer
  private let inbox: ReportInbox
  private let errands: USBErrands
  private let controls: USBTransfer
  private var mainRead: USBTransfer?
  private var noticesRead: USBTransfer?
  private var writing: USBTransfer?
  private var outbox: [[UInt8]] = []
  private var claimed: [Int32] = []
  /// Endpoints whose stalls are to be cleared; the first is being cleared.
  private var halted: [DeviceSource] = []
  private var isEnding = false
  private var hasSaidGoodbye = false
  private var isClosing = false
  /// Whether everything is given back.
  private(set) var isClosed = false

  /// A device that answers no control request must not keep its set-up waiting for long.
  private static let controlTimeout: UInt32 = 1_000
  /// Giving a keyboard its protocol back, and a reader's farewell, are all that is waited for.
  private static let restoreTimeout: UInt32 = 200
  private static let writeTimeout: UInt32 = 2_000
  /// A multiple of every wMaxPacketSize of bulk endpoints.
  private static let bulkLength = 512
  /// The longest report descriptor that is read, and the request before it.
  private static let controlCapacity = 8 + HIDReportDescriptor.maximumLength
  /// What may wait to be sent. A device that takes nothing is broken.
  private static let outboxLimit = 64

  /// Opens the device and takes its interfaces from the kernel.
  init(_ device: OpaquePointer, plan: InterfacePlan, inbox: ReportInbox, errands: USBErrands) throws(USBFault) {
    controls = try USBTransfer(capacity: Self.controlCapacity)
    var opened: OpaquePointer?
    try USBFault.check(libusb_open(device, &opened), "libusb_open")
    guard let opened else { throw USBFault(call: "libusb_open", code: LIBUSB_ERROR_OTHER.rawValue) }
    self.device = device
    self.plan = plan
    self.inbox = inbox
    self.errands = errands
    handle = opened
    libusb_set_auto_detach_kernel_driver(opened, 1)
    for interface in plan.interfaces {
      let code = libusb_claim_interface(opened, interface)
      guard code >= 0 else {
        giveBack()
        throw USBFault(call: "libusb_claim_interface", code: code)
      }
      claimed.append(interface)
    }
  }

  /// Whether anything is with the kernel.
  private var isBusy: Bool { isHeld || transfers.contains { $0.isInFlight } }
  /// Whether the kernel holds the device for an errand: who asks it for anything else of the device waits until that is done.
  private var isHeld: Bool { !halted.isEmpty || isClosing }
  private var transfers: [USBTransfer] { [controls, mainRead, noticesRead, writing].compactMap(\.self) }

  // MARK: Set-up

  /// Carries out a request; the inbox hears how it ended.
  func control(_ request: USBControlRequest) throws(USBFault) {
    guard !isEnding else { return }
    let length = request.answerLength > 0 ? request.answerLength : UInt16(request.data.count)
    try controls.control(
      request.setup(length: length), request.data, answerLength: Int(request.answerLength), handle,
      timeout: Self.controlTimeout
    ) { [self] status, bytes in
      inbox.append(.controlled(self, status, bytes))
    }
  }

  // MARK: Reading

  /// Begins to read. `length` is the longest report of a HID device.
  func startReading(length: Int) throws(USBFault) {
    mainRead = try USBTransfer(capacity: plan.input.isBulk ? Self.bulkLength : length)
    if let notices = plan.notices { noticesRead = try USBTransfer(capacity: max(8, Int(notices.packetSize))) }
    try read()
  }

  /// Asks for what comes next, by every endpoint that is not being read.
  func read() throws(USBFault) {
    guard !isEnding else { return }
    isThrottled = false
    // Once a stall is cleared, everything is read again.
    guard !isHeld else { return }
    try read(.main)
    try read(.notices)
  }

  private func read(_ source: DeviceSource) throws(USBFault) {
    let transfer = source == .main ? mainRead : noticesRead
    guard let transfer, let endpoint = endpoint(source), !transfer.isInFlight else { return }
    try transfer.read(handle, endpoint) { [self] status, bytes in readEnded(source, status, bytes) }
  }

  private func endpoint(_ source: DeviceSource) -> InterfacePlan.Endpoint? {
    source == .main ? plan.input : plan.notices
  }

  /// Runs within libusb's callback. The next read starts at once, so that no work done elsewhere delays the device.
  private func readEnded(_ source: DeviceSource, _ status: libusb_transfer_status, _ bytes: [UInt8]) {
    inbox.append(.read(self, source, status, bytes))
    guard status == LIBUSB_TRANSFER_COMPLETED, !isEnding, !isHeld else { return }
    guard allowance.take() else {
      isThrottled = true
      inbox.append(.throttled(self))
      return
    }
    do {
      try read(source)
    } catch {
      inbox.append(.notRestarted(self, error.code))
    }
  }

  /// Clears a stall; the inbox hears how that ended. Only the kernel's own call sets its data toggle back, too, and it waits for
  /// the device's answer, up to five seconds.
  func clearHalt(_ source: DeviceSource) {
    guard endpoint(source) != nil, !isEnding, !halted.contains(source) else { return }
    halted.append(source)
    if halted.count == 1 { clearNextHalt() }
  }

  private func clearNextHalt() {
    guard let source = halted.first, let endpoint = endpoint(source)?.address else { return }
    let address = UInt(bitPattern: handle)
    errands.run({ libusb_clear_halt(OpaquePointer(bitPattern: address), endpoint) }) { [self] code in
      halted.removeFirst()
      guard !isEnding else {
        halted = []
        return cancelAll()
      }
      if halted.isEmpty { inbox.append(.haltCleared(self, code)) } else { clearNextHalt() }
      do throws(USBFault) {
        try sendNext()
      } catch {
        inbox.append(.notRestarted(self, error.code))
      }
    }
  }

  // MARK: Writing

  /// Sends bytes after those that wait.
  func send(_ bytes: [UInt8]) throws(USBFault) {
    guard !isEnding, plan.output != nil else { return }
    guard outbox.count < Self.outboxLimit else {
      throw USBFault(call: "sending", code: LIBUSB_ERROR_OVERFLOW.rawValue)
    }
    outbox += stride(from: 0, to: bytes.count, by: Self.bulkLength).map {
      Array(bytes[$0..<min($0 + Self.bulkLength, bytes.count)])
    }
    try sendNext()
  }

  private func sendNext() throws(USBFault) {
    guard let output = plan.output, !outbox.isEmpty, !isEnding, !isHeld else { return }
    if writing == nil { writing = try USBTransfer(capacity: Self.bulkLength) }
    guard let transfer = writing, !transfer.isInFlight else { return }
    try transfer.write(outbox.removeFirst(), handle, output, timeout: Self.writeTimeout) {
      [self] status, _ in
      guard status == LIBUSB_TRANSFER_COMPLETED else {
        outbox = []
        inbox.append(.notWritten(self, status))
        return
      }
      do throws(USBFault) {
        try sendNext()
      } catch {
        inbox.append(.notRestarted(self, error.code))
      }
    }
  }

  // MARK: End

  /// Begins to end: what is in flight is called back, and `close` may follow when `isBusy` is false.
  func end() {
    isEnding = true
    isThrottled = false
    outbox = []
    cancelAll()
  }

  private func cancelAll() {
    // Cancelling would wait, too; it is done when the kernel has let go of the device.
    guard !isHeld else { return }
    for transfer in transfers { transfer.cancel() }
  }

  /// Goes on with giving the interfaces back to the kernel's drivers and closing the device, as far as can be done without
  /// waiting; `isClosed` tells when all is done. To be called again whenever something has come back.
  func close() {
    guard !isClosed, !isBusy else { return }
    isEnding = true
    if !hasSaidGoodbye {
      hasSaidGoodbye = true
      do throws(USBFault) {
        try sayGoodbye()
      } catch {
        // A device that is gone, or broken, needs none.
      }
      guard !isBusy else { return }
    }
    giveBack()
  }

  /// Back to reports as the descriptor has them, and what a reader is told at last.
  private func sayGoodbye() throws(USBFault) {
    if let output = plan.output, !farewell.isEmpty {
      let transfer = try USBTransfer(capacity: max(farewell.count, 1))
      writing = transfer
      try transfer.write(farewell, handle, output, timeout: Self.restoreTimeout) { _, _ in }
    }
    if plan.hasBootProtocol, let interface = claimed.first {
      let request = USBControlRequest.setProtocol(boot: false, interface: UInt8(interface))
      try controls.control(
        request.setup(length: 0), [], answerLength: 0, handle, timeout: Self.restoreTimeout
      ) { _, _ in }
    }
  }

  /// The kernel's driver asks the device anew who it is, and a dead one lets it wait.
  private func giveBack() {
    isClosing = true
    isEnding = true
    let address = UInt(bitPattern: handle)
    let interfaces = Array(claimed.reversed())
    errands.run({
      let handle = OpaquePointer(bitPattern: address)
      for interface in interfaces { libusb_release_interface(handle, interface) }
      libusb_close(handle)
    }) { [self] in
      isClosing = false
      isClosed = true
    }
  }
}

extension USBControlRequest {
  /// The eight bytes that go before the data (USB 2.0, section 9.3).
  fileprivate func setup(length: UInt16) -> [UInt8] {
    [requestType, request] + [value, index, length].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  /// SET_PROTOCOL (HID 1.11, section 7.2.6). A device may refuse: it binds boot devices alone; what it then sends is told apart
  /// report by report.
  static func setProtocol(boot: Bool, interface: UInt8) -> USBControlRequest {
    USBControlRequest(requestType: 0x21, request: 0x0B, value: boot ? 0 : 1, index: UInt16(interface))
  }

  /// SET_REPORT of a feature report, its ID first (HID 1.11, section 7.2.2).
  static func setFeature(_ report: [UInt8], interface: UInt8) -> USBControlRequest {
    USBControlRequest(
      requestType: 0x21, request: 0x09, value: 0x0300 | UInt16(report[0]), index: UInt16(interface), data: report)
  }

  /// GET_DESCRIPTOR of the report descriptor (HID 1.11, section 7.1.1).
  static func reportDescriptor(interface: UInt8, length: UInt16) -> USBControlRequest {
    USBControlRequest(
      requestType: 0x81, request: 0x06, value: 0x2200, index: UInt16(interface),
      answerLength: min(length, UInt16(HIDReportDescriptor.maximumLength)))
  }
}
