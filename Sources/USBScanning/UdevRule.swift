import ScannerProtocols

/// The udev rule that lets the person at the station open a scanner.
public enum UdevRule {
  /// Where the rules go. The number stands below 73, because `73-seat-late.rules` is what acts on the tag.
  public static let path = "/etc/udev/rules.d/70-custody.rules"

  /// One rule, for one vendor and product.
  public static func line(vendorID: UInt16, productID: UInt16) -> String {
    #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="\#(hexadecimal(vendorID))", "#
      + #"ATTR{idProduct}=="\#(hexadecimal(productID))", TAG+="uaccess""#
  }

  /// A whole rules file for the devices that `profiles` name; each device once, under all its names.
  public static func file(for profiles: [DeviceProfile]) -> String {
    var names: [USBIdentifier: [String]] = [:]
    var order: [USBIdentifier] = []
    for profile in profiles {
      for identifier in profile.usb {
        if names[identifier] == nil { order.append(identifier) }
        names[identifier, default: []].append(profile.name)
      }
    }
    return order.map { identifier in
      "# \(names[identifier, default: []].joined(separator: "; "))\n"
        + line(vendorID: identifier.vendor, productID: identifier.product) + "\n"
    }.joined()
  }

  /// What to do about a device that may not be opened.
  static func remedy(vendorID: UInt16, productID: UInt16) -> String {
    "Put this line into \(path), then run `udevadm control --reload && udevadm trigger`, or replug the scanner: "
      + line(vendorID: vendorID, productID: productID)
  }
}

/// Four digits, as USB identifiers are written.
func hexadecimal(_ identifier: UInt16) -> String {
  let digits = String(identifier, radix: 16)
  return String(repeating: "0", count: 4 - digits.count) + digits
}
