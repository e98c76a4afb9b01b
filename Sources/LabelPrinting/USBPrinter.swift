import CLibUSB
import LabelDesign

/// A USB device with a printer's interface (USB Printing Devices 1.1).
public struct USBPrinter: Hashable, Sendable {
  public let numbers: PrinterProfile.USBNumbers
  public let serial: String?
  /// What it says of itself: maker, model and languages (IEEE 1284-2000, 7.6), such as `MFG:Zebra;MDL:ZD421;CMD:ZPL;`; nil when it
  /// may not be opened.
  public let deviceID: String?

  /// Where labels for it go.
  public var address: PrinterAddress { .usb(numbers, serial: serial) }

  /// The value of a key of ``deviceID``, such as `MDL` or `MODEL`.
  public func value(_ key: String) -> String? {
    for pair in (deviceID ?? "").split(separator: ";") {
      let parts = pair.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].filter({ !$0.isWhitespace }).uppercased() == key { return String(parts[1]) }
    }
    return nil
  }

  /// `Maker Model`, or its numbers.
  public var name: String {
    let words = [value("MFG") ?? value("MANUFACTURER"), value("MDL") ?? value("MODEL")].compactMap(\.self)
    return words.isEmpty ? "\(numbers)" : words.joined(separator: " ")
  }

  /// Those that are plugged in. Opens each for a moment; blocks for at most a second for each.
  public static func all() throws(USBPrinterFault) -> [USBPrinter] {
    var context: OpaquePointer?
    let code = libusb_init(&context)
    guard code == 0, let context else { throw USBPrinterFault(code) }
    defer { libusb_exit(context) }
    var list: UnsafeMutablePointer<OpaquePointer?>?
    let count = libusb_get_device_list(context, &list)
    guard count >= 0, let list else { throw USBPrinterFault(Int32(count)) }
    defer { libusb_free_device_list(list, 1) }
    return (0..<count).compactMap { index in
      list[index].flatMap { device in PrinterInterface(device).map { USBPrinter(device, $0) } }
    }
  }

  private init(_ device: OpaquePointer, _ interface: PrinterInterface) {
    numbers = interface.numbers
    var handle: OpaquePointer?
    guard libusb_open(device, &handle) == 0, let handle else {
      (serial, deviceID) = (nil, nil)
      return
    }
    defer { libusb_close(handle) }
    serial = interface.serial(handle)
    deviceID = interface.deviceID(handle)
  }
}

/// Why USB printers cannot be looked for.
public struct USBPrinterFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ code: Int32) { description = "USB cannot be used: \(String(cString: libusb_strerror(code)))" }
}

/// The interface of a USB printer, and its endpoints.
struct PrinterInterface {
  let numbers: PrinterProfile.USBNumbers
  let configuration: UInt8
  let number: Int32
  let alternate: Int32
  let output: UInt8
  let input: UInt8?
  private let serialIndex: UInt8

  /// Nil for a device that has none: bInterfaceClass 7, and not IPP over USB (protocol 4), which takes no raw bytes.
  init?(_ device: OpaquePointer) {
    var descriptor = libusb_device_descriptor()
    guard libusb_get_device_descriptor(device, &descriptor) == 0 else { return nil }
    var pointer: UnsafeMutablePointer<libusb_config_descriptor>?
    guard libusb_get_active_config_descriptor(device, &pointer) == 0, let pointer else { return nil }
    defer { libusb_free_config_descriptor(pointer) }
    let interfaces = UnsafeBufferPointer(start: pointer.pointee.interface, count: Int(pointer.pointee.bNumInterfaces))
    let settings = interfaces.flatMap { UnsafeBufferPointer(start: $0.altsetting, count: Int($0.num_altsetting)) }
      .filter { $0.bInterfaceClass == 7 && $0.bInterfaceProtocol != 4 }
    // One that answers goes before one that only takes.
    guard let setting = settings.max(by: { $0.bNumEndpoints < $1.bNumEndpoints }) else { return nil }
    let bulk = UnsafeBufferPointer(start: setting.endpoint, count: Int(setting.bNumEndpoints))
      .filter { $0.bmAttributes & 3 == UInt8(LIBUSB_TRANSFER_TYPE_BULK.rawValue) }.map(\.bEndpointAddress)
    guard let output = bulk.first(where: { $0 & 0x80 == 0 }) else { return nil }
    self.output = output
    input = bulk.first { $0 & 0x80 != 0 }
    number = Int32(setting.bInterfaceNumber)
    alternate = Int32(setting.bAlternateSetting)
    configuration = pointer.pointee.bConfigurationValue
    numbers = .init(vendor: descriptor.idVendor, product: descriptor.idProduct)
    serialIndex = descriptor.iSerialNumber
  }

  func serial(_ handle: OpaquePointer) -> String? {
    guard serialIndex > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 255)
    let count = libusb_get_string_descriptor_ascii(handle, serialIndex, &bytes, Int32(bytes.count))
    return count > 0 ? String(decoding: bytes.prefix(Int(count)), as: UTF8.self) : nil
  }

  /// GET_DEVICE_ID (USB Printing Devices 1.1, 4.2.1): two bytes of length, which count themselves, then text.
  func deviceID(_ handle: OpaquePointer) -> String? {
    var bytes = [UInt8](repeating: 0, count: 1_024)
    let index = UInt16(number) << 8 | UInt16(alternate)
    let count = libusb_control_transfer(
      handle, 0xA1, 0, UInt16(max(0, Int(configuration) - 1)), index, &bytes, UInt16(bytes.count), 500)
    guard count > 2 else { return nil }
    let length = min(Int(count), Int(bytes[0]) << 8 | Int(bytes[1]))
    return length > 2 ? String(decoding: bytes[2..<length], as: UTF8.self) : nil
  }

  /// GET_PORT_STATUS (4.2.2): bit 3 no error, bit 4 selected, bit 5 paper empty. Nil when the printer does not say.
  func portStatus(_ handle: OpaquePointer) -> PrinterStatus? {
    var byte: UInt8 = 0
    guard libusb_control_transfer(handle, 0xA1, 1, 0, UInt16(number), &byte, 1, 500) == 1 else { return nil }
    var conditions: [PrinterCondition] = []
    if byte & 0x20 != 0 { conditions.append(.mediaOut) }
    if byte & 0x08 == 0, conditions.isEmpty { conditions.append(.fault) }
    if byte & 0x10 == 0, conditions.isEmpty { conditions.append(.notAccepting) }
    return PrinterStatus(conditions: conditions)
  }
}
