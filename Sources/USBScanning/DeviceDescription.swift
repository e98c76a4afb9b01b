import CLibUSB
import Glibc
import ScannerProtocols

extension USBDevice {
  /// What is known of a device without opening it.
  init(_ device: OpaquePointer, descriptor: libusb_device_descriptor) {
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
    name = product ?? identifiers
    state = .adoptable
  }

  /// Whether a HID interface's report descriptor, which the kernel shows to everybody while its own driver has the interface,
  /// says that it is a bar code scanner (HID Point of Sale Usage Tables 1.02, section 4).
  static func isBarCodeScanner(port: String, _ plan: InterfacePlan) -> Bool {
    let folder = "/sys/bus/usb/devices/\(port)/\(port):\(plan.configuration).\(plan.interfaces[0])"
    guard let listing = opendir(folder) else { return false }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      // The HID device's folder: bus, vendor, product, instance, such as 0003:0C2E:0B6A.0001.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix("0003:"), let file = fopen("\(folder)/\(name)/report_descriptor", "re") else { continue }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: HIDReportDescriptor.maximumLength)
      let count = fread(&bytes, 1, bytes.count, file)
      do throws(MalformedReportDescriptor) {
        return try HIDReportDescriptor(Array(bytes.prefix(count))).applications.contains(.barcodeScanner)
      } catch {
        // It is no scanner that could be read.
        return false
      }
    }
    return false
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
