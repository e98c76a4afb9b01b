import CLibUSB
import ScannerProtocols

/// Which interfaces of a device are claimed for a protocol, and which endpoints are used.
struct InterfacePlan {
  struct Endpoint {
    let address: UInt8
    let isBulk: Bool
    /// wMaxPacketSize, without the bits for high-speed.
    let packetSize: Int32
  }

  /// bConfigurationValue of the configuration that it is of.
  private(set) var configuration: UInt8 = 1
  /// The interfaces to claim; requests go to the first.
  private(set) var interfaces: [Int32]
  /// The endpoint that carries scans, tags and answers.
  private(set) var input: Endpoint
  /// A card reader's interrupt endpoint.
  private(set) var notices: Endpoint?
  /// Where bytes are sent to; nil for a device that is told nothing.
  private(set) var output: Endpoint?
  /// Whether the interface has a boot protocol to select (HID 1.11, 4.2).
  private(set) var hasBootProtocol = false
  /// The length of the interface's report descriptor; nil of what is no HID.
  private(set) var reportDescriptorLength: UInt16?
  /// What sets the line of a device on a serial line.
  private(set) var adapter: SerialAdapter?

  /// Why a device on a serial line had better not be listened to, unasked; nil when it may be.
  private(set) var unheard: String?

  /// The plan for a protocol on a device's active configuration, or nil when it has no interface that fits. Sends nothing to
  /// the device.
  ///
  /// - Parameter interface: the number of the interface, where a profile names it.
  init?(_ device: OpaquePointer, _ identifier: USBIdentifier, for kind: ProtocolKind, interface: UInt8?) {
    var pointer: UnsafeMutablePointer<libusb_config_descriptor>?
    guard libusb_get_active_config_descriptor(device, &pointer) == 0, let configuration = pointer else { return nil }
    defer { libusb_free_config_descriptor(configuration) }
    let settings = UnsafeBufferPointer(
      start: configuration.pointee.interface, count: Int(configuration.pointee.bNumInterfaces)
    ).compactMap { interface in interface.num_altsetting > 0 ? interface.altsetting?.pointee : nil }
    let candidates = settings.filter { interface == nil || $0.bInterfaceNumber == interface }
    let plan: InterfacePlan? =
      switch kind {
      case .keyboard: candidates.lazy.compactMap { Self(keyboard: $0, isNamed: interface != nil) }.first
      case .hidPOS: candidates.lazy.compactMap { Self(hidPOS: $0) }.first
      case .cardReader: candidates.lazy.compactMap { Self(cardReader: $0) }.first
      case .serial:
        if let chip = SerialChip(identifier) {
          candidates.lazy.compactMap { Self(chip, identifier, $0) }.first
        } else {
          candidates.lazy.compactMap { Self(cdcACM: $0, settings) }.first
        }
      }
    guard let plan else { return nil }
    self = plan
    if adapter != nil { unheard = unheard ?? Self.unheard(interfaces.count, of: settings) }
    self.configuration = configuration.pointee.bConfigurationValue
  }

  private static let keyboardProtocol: UInt8 = 1
  private static let bootSubclass: UInt8 = 1

  private init?(keyboard setting: libusb_interface_descriptor, isNamed: Bool) {
    guard setting.is(LIBUSB_CLASS_HID), isNamed || setting.bInterfaceProtocol == Self.keyboardProtocol,
      let input = setting.endpoint(input: true, bulk: false)
    else { return nil }
    self.init(interfaces: [Int32(setting.bInterfaceNumber)], input: input)
    hasBootProtocol =
      setting.bInterfaceSubClass == Self.bootSubclass && setting.bInterfaceProtocol == Self.keyboardProtocol
    reportDescriptorLength = setting.reportDescriptorLength
  }

  private init?(hidPOS setting: libusb_interface_descriptor) {
    // A keyboard's or mouse's interface has a protocol number; a scanner's has none.
    guard setting.is(LIBUSB_CLASS_HID), setting.bInterfaceProtocol == 0,
      let input = setting.endpoint(input: true, bulk: false)
    else { return nil }
    self.init(interfaces: [Int32(setting.bInterfaceNumber)], input: input)
    reportDescriptorLength = setting.reportDescriptorLength
  }

  private init?(cardReader setting: libusb_interface_descriptor) {
    guard setting.is(LIBUSB_CLASS_SMART_CARD), let input = setting.endpoint(input: true, bulk: true),
      let output = setting.endpoint(input: false, bulk: true)
    else { return nil }
    self.init(interfaces: [Int32(setting.bInterfaceNumber)], input: input, output: output)
    notices = setting.endpoint(input: true, bulk: false)
  }

  private init?(_ chip: SerialChip, _ identifier: USBIdentifier, _ setting: libusb_interface_descriptor) {
    guard let input = setting.endpoint(input: true, bulk: true),
      let output = setting.endpoint(input: false, bulk: true)
    else { return nil }
    self.init(interfaces: [Int32(setting.bInterfaceNumber)], input: input, output: output)
    switch chip {
    case .ftdi:
      // The chips with one port know no port numbers.
      let hasPorts = identifier.product == 0x6010 || identifier.product == 0x6011
      adapter = .ftdi(port: hasPorts ? setting.bInterfaceNumber + 1 : 0, packetSize: Int(input.packetSize))
    case .cp210x: adapter = .cp210x(interface: setting.bInterfaceNumber)
    case .ch340: adapter = .ch340
    case .cdcACM: adapter = .cdcACM(interface: setting.bInterfaceNumber)
    }
  }

  /// The control interface, and the data interface that it names (CDC 1.2, section 5.2.3.2), else the first there is.
  private init?(cdcACM setting: libusb_interface_descriptor, _ all: [libusb_interface_descriptor]) {
    guard setting.is(LIBUSB_CLASS_COMM), setting.bInterfaceSubClass == 2 else { return nil }
    let named = setting.descriptor(type: 0x24) { $0.count >= 5 && $0[2] == 0x06 }.map { $0[4] }
    let data = all.first { $0.is(LIBUSB_CLASS_DATA) && (named == nil || $0.bInterfaceNumber == named) }
    guard let data, let input = data.endpoint(input: true, bulk: true),
      let output = data.endpoint(input: false, bulk: true)
    else { return nil }
    self.init(
      interfaces: [Int32(setting.bInterfaceNumber), Int32(data.bInterfaceNumber)], input: input, output: output)
    adapter = .cdcACM(interface: setting.bInterfaceNumber)
    // AT commands (CDC 1.2, table 17), and calls that it handles itself (PSTN120, section 5.3.1).
    let handlesCalls = setting.descriptor(type: 0x24) { $0.count >= 4 && $0[2] == 0x01 }.map { $0[3] & 1 == 1 } ?? false
    if (1...6).contains(setting.bInterfaceProtocol), handlesCalls { unheard = "it says that it is a modem" }
  }

  /// Phones, modems and boards have a serial line among other interfaces, and a chip with several lines may be a programmer.
  private static func unheard(_ own: Int, of settings: [libusb_interface_descriptor]) -> String? {
    settings.count == own ? nil : "it has other interfaces as well, as phones, modems and programmers have"
  }

  private init(interfaces: [Int32], input: Endpoint, output: Endpoint? = nil) {
    self.interfaces = interfaces
    self.input = input
    self.output = output
  }
}

/// What an interface has to have.
enum ProtocolKind: String, CaseIterable {
  case keyboard
  case hidPOS = "hid-pos"
  case serial
  case cardReader = "ccid"

  /// nil for a device on the network.
  init?(_ deviceProtocol: DeviceProtocol) {
    switch deviceProtocol {
    case .keyboard: self = .keyboard
    case .hidPOS: self = .hidPOS
    case .serial, .reader: self = .serial
    case .cardReader: self = .cardReader
    case .llrp: return nil
    }
  }

  /// What is wrong with a device that has no such interface.
  var absence: (what: String, remedy: String) {
    switch self {
    case .keyboard:
      (
        "has no keyboard interface",
        "Set the scanner to keyboard mode (USB HID keyboard) with its manual's set-up barcode."
      )
    case .hidPOS:
      ("has no HID POS interface", "Set the scanner to HID POS mode with its manual's set-up barcode.")
    case .serial: ("has no serial interface", "Set the device to serial mode (USB CDC, virtual COM port).")
    case .cardReader: ("has no card reader interface (CCID)", "Give the device another profile.")
    }
  }
}

extension libusb_interface_descriptor {
  fileprivate func `is`(_ number: libusb_class_code) -> Bool { UInt32(bInterfaceClass) == number.rawValue }

  /// The first endpoint of that direction and type (USB 2.0, table 9-13).
  fileprivate func endpoint(input: Bool, bulk: Bool) -> InterfacePlan.Endpoint? {
    for endpoint in UnsafeBufferPointer(start: endpoint, count: Int(bNumEndpoints)) {
      guard (endpoint.bEndpointAddress & 0x80 != 0) == input, endpoint.bmAttributes & 3 == (bulk ? 2 : 3) else {
        continue
      }
      return InterfacePlan.Endpoint(
        address: endpoint.bEndpointAddress, isBulk: bulk, packetSize: Int32(endpoint.wMaxPacketSize & 0x7FF))
    }
    return nil
  }

  /// The first class-specific descriptor of a type that fits.
  fileprivate func descriptor(type: UInt8, where fits: ([UInt8]) -> Bool) -> [UInt8]? {
    var rest = UnsafeBufferPointer(start: extra, count: Int(max(extra_length, 0)))[...]
    while rest.count >= 2 {
      let length = Int(rest[rest.startIndex])
      guard length >= 2, length <= rest.count else { return nil }
      let descriptor = Array(rest.prefix(length))
      if descriptor[1] == type, fits(descriptor) { return descriptor }
      rest = rest.dropFirst(length)
    }
    return nil
  }

  /// wDescriptorLength of the HID descriptor (HID 1.11, section 6.2.1).
  fileprivate var reportDescriptorLength: UInt16? {
    descriptor(type: 0x21) { $0.count >= 9 && $0[6] == 0x22 }.map { UInt16($0[7]) | UInt16($0[8]) << 8 }
  }
}
