import CLibUSB

/// A libusb call that failed.
struct USBFault: Error {
  /// The call, such as `libusb_open`.
  let call: String
  /// One of `libusb_error`, negative.
  let code: Int32

  /// Throws when `code` is an error, else returns it.
  @discardableResult
  static func check(_ code: Int32, _ call: String) throws(USBFault) -> Int32 {
    guard code < 0 else { return code }
    throw USBFault(call: call, code: code)
  }

  var isPermission: Bool { code == LIBUSB_ERROR_ACCESS.rawValue }
  var isGone: Bool { code == LIBUSB_ERROR_NO_DEVICE.rawValue }

  var message: String { "\(call): \(String(cString: libusb_strerror(code)))" }
}
