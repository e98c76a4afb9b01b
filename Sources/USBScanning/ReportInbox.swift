import CLibUSB
import ScannerProtocols

/// What libusb told from within its callbacks, kept until the event thread can act on it.
///
/// libusb allows hardly any call inside a callback, so callbacks only write down what they heard. Used on the event
/// thread alone: libusb runs its callbacks there.
final class ReportInbox {
  enum Notice {
    /// A device appeared; the pointer is referenced, and whoever takes the notice has to unreference it.
    case arrived(OpaquePointer)
    /// A device went away; referenced likewise.
    case left(OpaquePointer)
    /// A control request ended, with what the device answered.
    case controlled(ClaimedDevice, libusb_transfer_status, [UInt8])
    /// A read ended.
    case read(ClaimedDevice, DeviceSource, libusb_transfer_status, [UInt8])
    /// A stall was cleared, or was not; the value is a `libusb_error`, or 0.
    case haltCleared(ClaimedDevice, Int32)
    /// Bytes were not taken.
    case notWritten(ClaimedDevice, libusb_transfer_status)
    /// A transfer ended well, and the next one could not be started; the value is a `libusb_error`.
    case notRestarted(ClaimedDevice, Int32)
    /// The next read was put off, because the device sends more than it may.
    case throttled(ClaimedDevice)
  }

  private(set) var notices: [Notice] = []

  func append(_ notice: Notice) { notices.append(notice) }

  /// Everything so far, in order; the inbox is empty afterwards.
  func take() -> [Notice] {
    defer { notices = [] }
    return notices
  }
}
