/// How a device, or a family of devices, is read.
///
/// Vendor and product do not tell the protocol: the same scanner shows another product number in each of its modes, and a
/// serial chip shows its own number whatever stands behind it.
public struct DeviceProfile: Hashable, Sendable {
  /// Who decides that a device of this kind is read.
  public enum Claim: String, Hashable, Sendable, CaseIterable {
    /// Nobody: it is a scanner or reader and nothing else, and is read as soon as it is there.
    case always
    /// The operator: it may be something else, such as the operator's own keyboard.
    case adopted
  }

  /// The name of its folder in `devices/`, such as `zebra-keyboard`.
  public let id: String
  /// What people call it.
  public let name: String
  /// Vendor and product numbers; none for a device that is reached by network, or that only an operator can name.
  public let usb: [USBIdentifier]
  /// The number of the interface that is read; nil for the first one that fits the protocol.
  public let interface: UInt8?
  /// Who decides that it is read.
  public let claim: Claim
  /// What it speaks.
  public let deviceProtocol: DeviceProtocol
  /// Where its numbers and bytes are from, for people.
  public let sources: [String]

  /// A profile.
  public init(
    id: String, name: String, usb: [USBIdentifier] = [], interface: UInt8? = nil, claim: Claim = .always,
    protocol deviceProtocol: DeviceProtocol, sources: [String] = []
  ) {
    self.id = id
    self.name = name
    self.usb = usb
    self.interface = interface
    self.claim = claim
    self.deviceProtocol = deviceProtocol
    self.sources = sources
  }
}

/// A vendor and product number of USB, written `05e0:1200`.
public struct USBIdentifier: Hashable, Sendable, LosslessStringConvertible {
  /// idVendor.
  public let vendor: UInt16
  /// idProduct.
  public let product: UInt16

  /// The two numbers.
  public init(vendor: UInt16, product: UInt16) {
    self.vendor = vendor
    self.product = product
  }

  /// Four hexadecimal digits, a colon, four hexadecimal digits; nil for anything else.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 4 && $0.allSatisfy(\.isHexDigit) }),
      let vendor = UInt16(parts[0], radix: 16), let product = UInt16(parts[1], radix: 16)
    else { return nil }
    self.init(vendor: vendor, product: product)
  }

  /// As it is written, in small letters.
  public var description: String {
    [vendor, product].map { number in
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }.joined(separator: ":")
  }
}
