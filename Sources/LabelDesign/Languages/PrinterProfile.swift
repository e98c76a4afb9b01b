/// What is known of a kind of printer before one is spoken to.
public struct PrinterProfile: Hashable, Sendable, Identifiable {
  /// Short name, such as `zebra-zd421-203`: the folder's.
  public let id: String
  /// What people call it.
  public let name: String
  public let language: PrinterLanguage
  /// Dots to the inch: 150, 203, 300 or 600.
  public let dotsPerInch: Int
  /// Dots that the head prints side by side.
  public let widthInDots: Int
  /// Inches a second; nil leaves the printer's own.
  public var speed: Int?
  /// How dark: 0 to 30 in ZPL, 0 to 15 in TSPL; nil leaves the printer's own.
  public var darkness: Int?
  /// Whether it writes the RFID tags in its labels.
  public var encodesTags = false
  /// Whether raster lines may be sent compressed (Brother QL: not to a QL-500 to QL-700 or QL-800).
  public var compresses = false
  /// Whether it tells its state over a network connection. Brother's QL printers do by USB alone.
  public var answersOnNetwork = true
  /// How a TSPL printer is asked for its state.
  public var tsplStatus = TSPLStatusForm.short
  /// Vendor and product numbers by which one is known on USB.
  public var usb: [USBNumbers] = []

  /// A kind of printer.
  public init(id: String, name: String, language: PrinterLanguage, dotsPerInch: Int, widthInDots: Int) {
    self.id = id
    self.name = name
    self.language = language
    self.dotsPerInch = dotsPerInch
    self.widthInDots = widthInDots
  }

  /// How a TSPL printer tells its state.
  public enum TSPLStatusForm: String, Hashable, Sendable, CaseIterable {
    /// One byte, `ESC ! ?`: every one of them.
    case short
    /// Four bytes, `ESC ! S`: TSC's own since 2010.
    case long
  }

  /// Vendor and product number of a USB device.
  public struct USBNumbers: Hashable, Sendable, CustomStringConvertible {
    public let vendor: UInt16
    public let product: UInt16

    public init(vendor: UInt16, product: UInt16) {
      self.vendor = vendor
      self.product = product
    }

    /// Reads `VVVV:PPPP`, hexadecimal; nil for anything else.
    public init?(_ text: some StringProtocol) {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 4 && $0.allSatisfy(\.isHexDigit) }),
        let vendor = UInt16(parts[0], radix: 16), let product = UInt16(parts[1], radix: 16)
      else { return nil }
      self.init(vendor: vendor, product: product)
    }

    /// `vvvv:pppp`.
    public var description: String {
      [vendor, product].map { number in
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
      }.joined(separator: ":")
    }
  }
}
