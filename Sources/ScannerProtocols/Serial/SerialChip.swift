/// Which maker's requests set a serial line of USB.
public enum SerialChip: String, Hashable, Sendable, CaseIterable {
  /// No chip of its own kind: Communications Device Class, Abstract Control Model.
  case cdcACM = "cdc-acm"
  /// FTDI.
  case ftdi
  /// Silicon Labs.
  case cp210x
  /// WCH CH340 and CH341.
  case ch340

  /// The chip that shows this vendor and product number when its maker's number was kept; nil when it is none of them.
  public init?(_ identifier: USBIdentifier) {
    switch (identifier.vendor, identifier.product) {
    case (0x0403, 0x6001), (0x0403, 0x6010), (0x0403, 0x6011), (0x0403, 0x6014), (0x0403, 0x6015): self = .ftdi
    case (0x10C4, 0xEA60), (0x10C4, 0xEA70), (0x10C4, 0xEA71), (0x10C4, 0xEA63): self = .cp210x
    case (0x1A86, 0x7522), (0x1A86, 0x7523), (0x1A86, 0x5523): self = .ch340
    default: return nil
    }
  }
}
