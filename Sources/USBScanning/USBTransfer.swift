import CLibUSB

/// One libusb transfer with its buffer. Lives on the event thread.
final class USBTransfer {
  /// Whether it is with the kernel; its device must not be closed before it came back.
  private(set) var isInFlight = false

  private let transfer: UnsafeMutablePointer<libusb_transfer>
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var ended: ((libusb_transfer_status, [UInt8]) -> Void)?

  /// The bytes before the data of a control transfer: the request itself.
  private static let setupLength = 8

  /// A transfer of at most `capacity` bytes.
  init(capacity: Int) throws(USBFault) {
    guard let transfer = libusb_alloc_transfer(0) else {
      throw USBFault(call: "libusb_alloc_transfer", code: LIBUSB_ERROR_NO_MEM.rawValue)
    }
    self.transfer = transfer
    buffer = .allocate(capacity: capacity)
    buffer.initialize(repeating: 0)
  }

  deinit {
    // The kernel's copy retains the object, so nothing is in flight here.
    libusb_free_transfer(transfer)
    buffer.deallocate()
  }

  /// Asks for the next bytes of an endpoint; `ended` runs within libusb's callback.
  func read(
    _ handle: OpaquePointer, _ endpoint: InterfacePlan.Endpoint,
    ended: @escaping (libusb_transfer_status, [UInt8]) -> Void
  ) throws(USBFault) {
    fill(handle, endpoint, length: buffer.count, timeout: 0)
    try submit(ended)
  }

  /// Sends bytes, no more than fit.
  func write(
    _ bytes: [UInt8], _ handle: OpaquePointer, _ endpoint: InterfacePlan.Endpoint, timeout: UInt32,
    ended: @escaping (libusb_transfer_status, [UInt8]) -> Void
  ) throws(USBFault) {
    _ = buffer.update(fromContentsOf: bytes.prefix(buffer.count))
    fill(handle, endpoint, length: min(bytes.count, buffer.count), timeout: timeout)
    try submit(ended)
  }

  /// Carries out a control request; what the device answers is handed over.
  func control(
    _ setup: [UInt8], _ data: [UInt8], answerLength: Int, _ handle: OpaquePointer, timeout: UInt32,
    ended: @escaping (libusb_transfer_status, [UInt8]) -> Void
  ) throws(USBFault) {
    let length = Self.setupLength + max(data.count, answerLength)
    guard setup.count == Self.setupLength, length <= buffer.count else {
      throw USBFault(call: "control request", code: LIBUSB_ERROR_INVALID_PARAM.rawValue)
    }
    _ = buffer.update(fromContentsOf: setup + data)
    fill(handle, nil, length: length, timeout: timeout)
    try submit(ended)
  }

  func cancel() {
    if isInFlight { libusb_cancel_transfer(transfer) }
  }

  /// An endpoint of nil is the control endpoint.
  private func fill(_ handle: OpaquePointer, _ endpoint: InterfacePlan.Endpoint?, length: Int, timeout: UInt32) {
    let type: libusb_transfer_type =
      switch endpoint?.isBulk {
      case nil: LIBUSB_TRANSFER_TYPE_CONTROL
      case true?: LIBUSB_TRANSFER_TYPE_BULK
      case false?: LIBUSB_TRANSFER_TYPE_INTERRUPT
      }
    transfer.pointee.dev_handle = handle
    transfer.pointee.endpoint = endpoint?.address ?? 0
    transfer.pointee.type = UInt8(type.rawValue)
    transfer.pointee.timeout = timeout
    transfer.pointee.buffer = buffer.baseAddress
    transfer.pointee.length = Int32(length)
    transfer.pointee.callback = { transfer in
      guard let transfer, let owner = transfer.pointee.user_data else { return }
      Unmanaged<USBTransfer>.fromOpaque(owner).takeRetainedValue().end()
    }
  }

  private func submit(_ ended: @escaping (libusb_transfer_status, [UInt8]) -> Void) throws(USBFault) {
    // Retained while it is in flight; the callback, which libusb runs once for every submitted transfer, balances it.
    let retained = Unmanaged.passRetained(self)
    transfer.pointee.user_data = retained.toOpaque()
    self.ended = ended
    let code = libusb_submit_transfer(transfer)
    guard code == 0 else {
      self.ended = nil
      retained.release()
      throw USBFault(call: "libusb_submit_transfer", code: code)
    }
    isInFlight = true
  }

  private func end() {
    isInFlight = false
    let isControl = UInt32(transfer.pointee.type) == LIBUSB_TRANSFER_TYPE_CONTROL.rawValue
    let start = isControl ? Self.setupLength : 0
    let count = min(Int(transfer.pointee.actual_length), buffer.count - start)
    let bytes = Array(buffer[start..<(start + max(0, count))])
    let ended = self.ended
    self.ended = nil
    ended?(transfer.pointee.status, bytes)
  }
}
