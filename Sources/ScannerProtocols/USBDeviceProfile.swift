/// How devices of one USB vendor and product are read.
///
/// Vendor and product do not tell the protocol: the same scanner shows another product number in each of its modes.
public struct USBDeviceProfile: Hashable, Sendable {
  /// What the device speaks.
  public enum DeviceProtocol: Hashable, Sendable {
    /// It types, as a boot keyboard.
    case keyboardWedge(KeyboardWedge.Configuration)
  }

  /// idVendor of the device descriptor.
  public let vendorID: UInt16
  /// idProduct of the device descriptor.
  public let productID: UInt16
  /// What people call it.
  public let name: String
  /// What it speaks.
  public let deviceProtocol: DeviceProtocol

  /// A profile for one vendor and product.
  public init(vendorID: UInt16, productID: UInt16, name: String, protocol deviceProtocol: DeviceProtocol) {
    self.vendorID = vendorID
    self.productID = productID
    self.name = name
    self.deviceProtocol = deviceProtocol
  }

  /// Devices that are scanners or badge readers in keyboard mode and nothing else, so that claiming one never takes the
  /// operator's keyboard away.
  public static let shipped: [USBDeviceProfile] = [
    keyboard(0x05E0, 0x1200, "Symbol/Zebra scanner"),
    keyboard(0x0C2E, 0x0200, "Honeywell scanner"),
    keyboard(0x0C2E, 0x0204, "Honeywell scanner"),
    keyboard(0x0C2E, 0x0B61, "Honeywell Vuquest 3310"),
    keyboard(0x05F9, 0x2206, "Datalogic scanner"),
    keyboard(0x0C27, 0x3BFA, "rf IDEAS pcProx badge reader"),
  ]

  private static func keyboard(_ vendor: UInt16, _ product: UInt16, _ name: String) -> USBDeviceProfile {
    USBDeviceProfile(
      vendorID: vendor, productID: product, name: name, protocol: .keyboardWedge(KeyboardWedge.Configuration()))
  }
}
