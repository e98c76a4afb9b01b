import CLibUSB
import Dispatch
import Foundation
import LabelDesign
import Synchronization

/// A USB printer that is claimed: bulk out, and bulk in where it has one.
///
/// Sendable: libusb's contexts and handles may be used from several threads at once (libusb, "Multi-threaded applications"); they are
/// released by `close` alone, behind the last use of either. Everything else is constant or atomic.
final class USBLink: PrinterLink, @unchecked Sendable {
  let inbox = LinkInbox()
  private let context: OpaquePointer
  private let handle: OpaquePointer
  private let interface: PrinterInterface
  /// Everything that blocks, one after the other.
  private let queue = DispatchQueue(label: "custody.printer.usb")
  /// What reads.
  private let reading = DispatchGroup()
  private let isClosing = Atomic(false)
  private let isAbandoned = Atomic(false)

  /// What goes out at a time.
  private static let piece = 4_096
  /// How long one call of libusb may take, in milliseconds: as often it is looked whether to go on.
  private static let slice: UInt32 = 200

  /// Opens and claims the printer with these numbers, and this serial number if one is given.
  static func open(_ numbers: PrinterProfile.USBNumbers, serial: String?) async throws(LinkFault) -> USBLink {
    let opened: Result<USBLink, LinkFault> = await withCheckedContinuation { continuation in
      DispatchQueue.global(qos: .utility).async {
        do throws(LinkFault) {
          continuation.resume(returning: .success(try USBLink(numbers, serial: serial)))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    let link = try opened.get()
    link.startReading()
    return link
  }

  private init(_ numbers: PrinterProfile.USBNumbers, serial: String?) throws(LinkFault) {
    var context: OpaquePointer?
    let code = libusb_init(&context)
    guard code == 0, let context else { throw LinkFault(code) }
    do throws(LinkFault) {
      (handle, interface) = try Self.claim(numbers, serial, context)
    } catch {
      libusb_exit(context)
      throw error
    }
    self.context = context
  }

  private static func claim(
    _ numbers: PrinterProfile.USBNumbers, _ serial: String?, _ context: OpaquePointer
  ) throws(LinkFault) -> (OpaquePointer, PrinterInterface) {
    var list: UnsafeMutablePointer<OpaquePointer?>?
    let count = libusb_get_device_list(context, &list)
    guard count >= 0, let list else { throw LinkFault(Int32(count)) }
    defer { libusb_free_device_list(list, 1) }
    var found: [(OpaquePointer, PrinterInterface)] = []
    for index in 0..<count {
      guard let device = list[index], let interface = PrinterInterface(device), interface.numbers == numbers else {
        continue
      }
      var handle: OpaquePointer?
      let code = libusb_open(device, &handle)
      guard code == 0, let handle else {
        if serial == nil { throw LinkFault(code) }
        continue
      }
      if let serial, interface.serial(handle) != serial {
        libusb_close(handle)
      } else {
        found.append((handle, interface))
      }
    }
    guard let (handle, interface) = found.first else {
      throw LinkFault(
        .unreachable, "no USB printer \(numbers)\(serial.map { " with serial number \($0)" } ?? "") is plugged in")
    }
    guard found.count == 1 else {
      for (handle, _) in found { libusb_close(handle) }
      throw LinkFault(
        .unreachable, "\(found.count) USB printers are \(numbers): give the serial number with the address")
    }
    libusb_set_auto_detach_kernel_driver(handle, 1)
    var code = libusb_claim_interface(handle, interface.number)
    if code == 0, interface.alternate != 0 {
      code = libusb_set_interface_alt_setting(handle, interface.number, interface.alternate)
    }
    guard code == 0 else {
      libusb_close(handle)
      throw LinkFault(code)
    }
    return (handle, interface)
  }

  private func startReading() {
    guard let input = interface.input else { return }
    reading.enter()
    Thread.detachNewThread { [self] in
      read(input)
      reading.leave()
    }
  }

  private func read(_ input: UInt8) {
    var buffer = [UInt8](repeating: 0, count: 512)
    while !isClosing.load(ordering: .acquiring) {
      var count: Int32 = 0
      let code = libusb_bulk_transfer(handle, input, &buffer, Int32(buffer.count), &count, Self.slice)
      if count > 0 { inbox.append(buffer.prefix(Int(count))) }
      switch code {
      case LIBUSB_TIMEOUT: break
      // Some printers answer nothing at once, again and again.
      case 0 where count == 0: usleep(50_000)
      case 0: break
      default:
        inbox.end(LinkFault(code))
        return
      }
    }
  }

  func send(
    _ bytes: [UInt8], patience: Duration, clock: any Clock<Duration>
  ) async -> (bytesSent: Int, fault: LinkFault?) {
    var sent = 0
    while sent < bytes.count {
      let piece = Array(bytes[sent..<min(sent + Self.piece, bytes.count)])
      let (count, fault) = await sendPiece(piece, patience, clock)
      sent += count
      if let fault { return (sent, fault) }
    }
    return (sent, nil)
  }

  private func sendPiece(_ piece: [UInt8], _ patience: Duration, _ clock: any Clock<Duration>) async -> (
    Int, LinkFault?
  ) {
    isAbandoned.store(false, ordering: .releasing)
    return await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          do {
            try await clock.sleep(for: patience)
            self.abandon()
          } catch {
            // It went out in time.
          }
        }
        defer { group.cancelAll() }
        return await onQueue { link in link.transfer(piece) }
      }
    } onCancel: {
      abandon()
    }
  }

  private func abandon() { isAbandoned.store(true, ordering: .releasing) }

  /// Blocks until the piece has gone out, or does not.
  private func transfer(_ piece: [UInt8]) -> (Int, LinkFault?) {
    var piece = piece
    var sent = 0
    while sent < piece.count {
      var count: Int32 = 0
      let code = piece[sent...].withUnsafeMutableBufferPointer { rest in
        libusb_bulk_transfer(handle, interface.output, rest.baseAddress, Int32(rest.count), &count, Self.slice)
      }
      sent += Int(count)
      if code == LIBUSB_TIMEOUT {
        if isAbandoned.load(ordering: .acquiring) { return (sent, .stalled) }
      } else if code != 0 {
        if code == LIBUSB_ERROR_PIPE.rawValue { libusb_clear_halt(handle, interface.output) }
        return (sent, LinkFault(code))
      }
    }
    return (sent, nil)
  }

  /// What a bulk transfer has taken, the printer has.
  func finish(patience: Duration, clock: any Clock<Duration>) async -> LinkFault? { nil }

  func portStatus() async -> PrinterStatus? {
    await onQueue { link in link.interface.portStatus(link.handle) }
  }

  func close() async {
    isClosing.store(true, ordering: .releasing)
    await onQueue { link in
      link.reading.wait()
      libusb_release_interface(link.handle, link.interface.number)
      libusb_close(link.handle)
      libusb_exit(link.context)
    }
  }

  private func onQueue<Value: Sendable>(_ body: @escaping @Sendable (USBLink) -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body(self)) }
    }
  }
}

private let LIBUSB_TIMEOUT = LIBUSB_ERROR_TIMEOUT.rawValue

extension LinkFault {
  /// What an error of libusb means.
  fileprivate init(_ code: Int32) {
    switch code {
    case LIBUSB_ERROR_NO_DEVICE.rawValue: self.init(.unreachable, "it was unplugged")
    case LIBUSB_ERROR_ACCESS.rawValue:
      self.init(.unreachable, "this user may not open it (see docs/devices.md for the rule of udev)")
    case LIBUSB_ERROR_BUSY.rawValue: self.init(.inUse, "another program has it")
    case LIBUSB_ERROR_PIPE.rawValue: self.init(.transmission, "it refused what it was sent")
    default: self.init(.unreachable, String(cString: libusb_strerror(code)))
    }
  }
}
