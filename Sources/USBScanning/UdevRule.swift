import ScannerProtocols

/// The udev rule that lets the person at the station, or a group's members wherever they are, open a scanner.
public enum UdevRule {
  /// Where the rules go. The number stands below 73, because `73-seat-late.rules` is what acts on the tag.
  public static let path = "/etc/udev/rules.d/70-custody.rules"

  /// One rule, for one vendor and product. A station that runs as a service has no seat: a group's members may open the device too
  /// when one is named.
  public static func line(vendorID: UInt16, productID: UInt16, group: String? = nil) -> String {
    #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="\#(hexadecimal(vendorID))", "#
      + #"ATTR{idProduct}=="\#(hexadecimal(productID))", TAG+="uaccess""#
      + (group.map { #", GROUP="\#($0)", MODE="0660""# } ?? "")
  }

  /// Whether a name can stand in a rule: as groups are named (useradd(8)), and within its quotation marks.
  public static func isGroup(_ name: String) -> Bool {
    guard let first = name.utf8.first, (1...32).contains(name.utf8.count) else { return false }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return (letters.contains(first) || first == UInt8(ascii: "_"))
      && name.utf8.allSatisfy { byte in
        letters.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || [UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
      }
  }

  /// A whole rules file for the devices that `profiles` name and those that operators have adopted; each device once, under all its
  /// names. See `line` for `group`.
  public static func file(
    for profiles: [DeviceProfile], adopted: [(identifier: USBIdentifier, name: String)] = [], group: String? = nil
  ) -> String {
    var names: [USBIdentifier: [String]] = [:]
    var order: [USBIdentifier] = []
    for profile in profiles {
      for identifier in profile.usb {
        if names[identifier] == nil { order.append(identifier) }
        names[identifier, default: []].append(profile.name)
      }
    }
    for (identifier, name) in adopted where names[identifier] == nil {
      order.append(identifier)
      names[identifier] = [name]
    }
    return order.map { identifier in
      "# \(names[identifier, default: []].joined(separator: "; "))\n"
        + line(vendorID: identifier.vendor, productID: identifier.product, group: group) + "\n"
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
