import CLibUSB
import Glibc
import ScannerProtocols

/// Where a keyboard's reports come from.
struct KeyboardEndpoint {
  let interface: Int32
  /// The address of the interrupt IN endpoint.
  let address: UInt8
  /// The most bytes that one transfer brings.
  let packetSize: Int32
  /// Whether the interface has a boot protocol to select (HID 1.11, 4.2).
  let hasBootProtocol: Bool

  private static let keyboardProtocol: UInt8 = 1
  private static let bootSubclass: UInt8 = 1

  /// The keyboard of a device's active configuration, or nil when it has none. Sends nothing to the device.
  init?(_ device: OpaquePointer) {
    var pointer: UnsafeMutablePointer<libusb_config_descriptor>?
    guard libusb_get_active_config_descriptor(device, &pointer) == 0, let configuration = pointer else { return nil }
    defer { libusb_free_config_descriptor(configuration) }
    for interface in UnsafeBufferPointer(
      start: configuration.pointee.interface, count: Int(configuration.pointee.bNumInterfaces))
    {
      guard interface.num_altsetting > 0, let setting = interface.altsetting?.pointee else { continue }
      guard UInt32(setting.bInterfaceClass) == LIBUSB_CLASS_HID.rawValue,
        setting.bInterfaceProtocol == Self.keyboardProtocol
      else { continue }
      for endpoint in UnsafeBufferPointer(start: setting.endpoint, count: Int(setting.bNumEndpoints)) {
        // Bit 7: IN. Transfer type 3: interrupt (USB 2.0, table 9-13).
        guard endpoint.bEndpointAddress & 0x80 != 0, endpoint.bmAttributes & 3 == 3 else { continue }
        self.interface = Int32(setting.bInterfaceNumber)
        address = endpoint.bEndpointAddress
        packetSize = max(Int32(endpoint.wMaxPacketSize & 0x7FF), Int32(KeyboardReport.length))
        hasBootProtocol = setting.bInterfaceSubClass == Self.bootSubclass
        return
      }
    }
    return nil
  }
}

extension USBDevice {
  /// What is known of a device without opening it.
  init(_ device: OpaquePointer, descriptor: libusb_device_descriptor, profile: DeviceProfile?) {
    var numbers = [UInt8](repeating: 0, count: 8)
    let depth = libusb_get_port_numbers(device, &numbers, Int32(numbers.count))
    bus = libusb_get_bus_number(device)
    address = libusb_get_device_address(device)
    // The kernel's name of the device: bus, then the ports from the root hub outwards.
    port = "\(bus)-" + numbers.prefix(Int(max(depth, 0))).map(String.init).joined(separator: ".")
    vendorID = descriptor.idVendor
    productID = descriptor.idProduct
    let identifiers = USBIdentifier(vendor: vendorID, product: productID).description
    id = "\(identifiers)@\(port)"
    manufacturer = Self.kernelString("manufacturer", port: port)
    product = Self.kernelString("product", port: port)
    serial = Self.kernelString("serial", port: port)
    name = profile?.name ?? product ?? identifiers
    state = profile == nil ? .adoptable : .claiming
  }

  /// A string descriptor as the kernel cached it: needs no permission, and says nothing to the device.
  private static func kernelString(_ attribute: String, port: String) -> String? {
    guard let file = fopen("/sys/bus/usb/devices/\(port)/\(attribute)", "re") else { return nil }
    defer { fclose(file) }
    // A string descriptor has at most 126 characters, three bytes each in UTF-8, then the line's end.
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = fread(&bytes, 1, bytes.count, file)
    let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }
}
