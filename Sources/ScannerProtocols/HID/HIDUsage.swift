/// What a HID field means: a usage of a usage page (HID Usage Tables 1.5).
public struct HIDUsage: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Page in the upper, id in the lower 16 bits, as an extended usage is written.
  public let rawValue: UInt32

  /// A usage from its page and id.
  public init(page: UInt16, id: UInt16) { rawValue = UInt32(page) << 16 | UInt32(id) }

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The usage page, such as 0x8C for bar code scanners.
  public var page: UInt16 { UInt16(rawValue >> 16) }
  /// The usage id within the page.
  public var id: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  /// Page and id in hexadecimal, such as `8c:fe`.
  public var description: String { String(page, radix: 16) + ":" + String(id, radix: 16) }

  /// By page, then id.
  public static func < (left: HIDUsage, right: HIDUsage) -> Bool { left.rawValue < right.rawValue }
}

extension HIDUsage {
  /// Page 0x01, 0x06: the application collection of a keyboard.
  public static let keyboard = HIDUsage(page: 0x01, id: 0x06)
  /// Page 0x01, 0x3B: how many bytes of a counted buffer are data.
  public static let byteCount = HIDUsage(page: 0x01, id: 0x3B)
  /// Page 0x8C, 0x02: the application collection of a bar code scanner.
  public static let barcodeScanner = HIDUsage(page: 0x8C, id: 0x02)
  /// Page 0x8C, 0xFB to 0xFD: the characters of the AIM symbology identifier.
  public static let symbologyIdentifiers = (0xFB...0xFD).map { HIDUsage(page: 0x8C, id: $0) }
  /// Page 0x8C, 0xFE: what was read.
  public static let decodedData = HIDUsage(page: 0x8C, id: 0xFE)
  /// Page 0x8C, 0xFF: set while the next report goes on with the same read.
  public static let decodeDataContinued = HIDUsage(page: 0x8C, id: 0xFF)
}
