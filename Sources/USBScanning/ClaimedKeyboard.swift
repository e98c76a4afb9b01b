import CLibUSB

/// An open keyboard interface with its one read in flight. Lives on the event thread.
final class ClaimedKeyboard {
  /// The device that it belongs to.
  let device: OpaquePointer
  /// Whether a read is with the kernel; the keyboard must not be closed before it came back.
  private(set) var isReading = false
  /// Whether the read was not restarted because the allowance is used up.
  private(set) var isThrottled = false
  /// Whether reads are no longer restarted.
  private(set) var isEnding = false
  var allowance = ReadAllowance()

  private let handle: OpaquePointer
  private let endpoint: KeyboardEndpoint
  private let transfer: UnsafeMutablePointer<libusb_transfer>
  private let buffer: UnsafeMutablePointer<UInt8>
  private let inbox: ReportInbox
  private var isClosed = false

  /// A device that answers no control request must not hold the thread for long.
  private static let controlTimeout: UInt32 = 500
  private static let setProtocol: UInt8 = 0x0B
  private static let hostToInterface: UInt8 = 0x21

  /// Opens the device and takes its keyboard interface from the kernel.
  init(_ device: OpaquePointer, endpoint: KeyboardEndpoint, inbox: ReportInbox) throws(USBFault) {
    var opened: OpaquePointer?
    try USBFault.check(libusb_open(device, &opened), "libusb_open")
    guard let opened, let transfer = libusb_alloc_transfer(0) else {
      if let opened { libusb_close(opened) }
      throw USBFault(call: "libusb_alloc_transfer", code: LIBUSB_ERROR_NO_MEM.rawValue)
    }
    self.device = device
    self.endpoint = endpoint
    self.inbox = inbox
    self.transfer = transfer
    handle = opened
    buffer = .allocate(capacity: Int(endpoint.packetSize))
    libusb_set_auto_detach_kernel_driver(opened, 1)
    let claimed = libusb_claim_interface(opened, endpoint.interface)
    if claimed < 0 {
      close(releasing: false)
      throw USBFault(call: "libusb_claim_interface", code: claimed)
    }
    selectProtocol(boot: true)
    do {
      try read()
    } catch {
      close()
      throw error
    }
  }

  /// Chooses 8-byte boot reports, or gives the choice back. A device may refuse (HID 1.11, 7.2.6 binds boot devices
  /// alone); what it then sends is told apart report by report.
  private func selectProtocol(boot: Bool) {
    guard endpoint.hasBootProtocol else { return }
    libusb_control_transfer(
      handle, Self.hostToInterface, Self.setProtocol, boot ? 0 : 1, UInt16(endpoint.interface), nil, 0,
      Self.controlTimeout)
  }

  /// Asks for the next report.
  func read() throws(USBFault) {
    guard !isReading, !isEnding else { return }
    isThrottled = false
    // Retained while the read is in flight; the callback, which libusb runs once for every submitted transfer, balances it.
    let retained = Unmanaged.passRetained(self)
    libusb_fill_interrupt_transfer(
      transfer, handle, endpoint.address, buffer, endpoint.packetSize,
      { transfer in
        guard let transfer, let keyboard = transfer.pointee.user_data else { return }
        Unmanaged<ClaimedKeyboard>.fromOpaque(keyboard).takeRetainedValue().readEnded()
      }, retained.toOpaque(), 0)
    let code = libusb_submit_transfer(transfer)
    guard code == 0 else {
      retained.release()
      throw USBFault(call: "libusb_submit_transfer", code: code)
    }
    isReading = true
  }

  /// Runs within libusb's callback. The next read starts at once, so that no work done elsewhere delays the scanner.
  private func readEnded() {
    isReading = false
    let status = transfer.pointee.status
    let bytes = Array(UnsafeBufferPointer(start: buffer, count: Int(transfer.pointee.actual_length)))
    inbox.append(.read(self, status, bytes))
    guard status == LIBUSB_TRANSFER_COMPLETED, !isEnding else { return }
    guard allowance.take() else {
      isThrottled = true
      inbox.append(.throttled(self))
      return
    }
    do {
      try read()
    } catch {
      inbox.append(.notRestarted(self, error.code))
    }
  }

  /// Clears a stall. Blocks for one control request; not for use in callbacks.
  func clearHalt() throws(USBFault) {
    try USBFault.check(libusb_clear_halt(handle, endpoint.address), "libusb_clear_halt")
  }

  /// Begins to end: the read in flight is called back, and `close` may follow when `isReading` is false.
  func end() {
    isEnding = true
    isThrottled = false
    if isReading { libusb_cancel_transfer(transfer) }
  }

  /// Gives the interface back to the kernel's driver and closes the device. No read may be in flight.
  func close(releasing: Bool = true) {
    guard !isClosed, !isReading else { return }
    isClosed = true
    isEnding = true
    if releasing {
      selectProtocol(boot: false)
      libusb_release_interface(handle, endpoint.interface)
    }
    libusb_close(handle)
    libusb_free_transfer(transfer)
    buffer.deallocate()
  }
}
