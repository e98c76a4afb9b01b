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

  /// What the report descriptor of a HID interface says of it.
  enum HIDInterface {
    /// That it is a bar code scanner (HID Point of Sale Usage Tables 1.02, section 4).
    case scanner
    /// That it is something else.
    case other
    /// It is not to be seen: the kernel has not read it yet, or another driver has the interface.
    case unseen
    /// The kernel shows none: it has not read it yet, or finds it malformed (hid_open_report in drivers/hid/hid-core.c).
    case empty
    /// Nothing: it is malformed. The text says how; the flag, whether what can be read of it is of a scanner.
    case malformed(String, speaksOfScanners: Bool)
  }

  /// Looks at the report descriptor that the kernel shows to everybody while its own driver has the interface.
  static func hidInterface(port: String, _ plan: InterfacePlan) -> HIDInterface {
    let folder = "/sys/bus/usb/devices/\(port)/\(port):\(plan.configuration).\(plan.interfaces[0])"
    guard let listing = opendir(folder) else { return .unseen }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      // The HID device's folder: bus, vendor, product, instance, such as 0003:0C2E:0B6A.0001.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix("0003:"), let file = fopen("\(folder)/\(name)/report_descriptor", "re") else { continue }
      defer { fclose(file) }
      // One more than may be read, so that a longer one is not taken for one that is cut off.
      var bytes = [UInt8](repeating: 0, count: HIDReportDescriptor.maximumLength + 1)
      let count = fread(&bytes, 1, bytes.count, file)
      bytes.removeLast(bytes.count - count)
      guard !bytes.isEmpty else { return .empty }
      do throws(MalformedReportDescriptor) {
        return try HIDReportDescriptor(bytes).applications.contains(.barcodeScanner) ? .scanner : .other
      } catch {
        return .malformed("\(error)", speaksOfScanners: HIDReportDescriptor.speaksOfScanners(bytes))
      }
    }
    return .unseen
  }

  /// Whether it calls itself a scanner.
  var isCalledScanner: Bool {
    let words = product?.lowercased() ?? ""
    return ["scanner", "barcode", "bar code"].contains { words.contains($0) }
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
