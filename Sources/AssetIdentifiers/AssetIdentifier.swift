/// What a scan means.
///
/// The grammar of our own codes (bytes; `…` is any host and path):
/// ```
/// tag      = 2*4(A-Z) "-" 5*(0-9)                    at most 64 bytes; zeros count
/// tag URL  = ("http" / "https") "://" … "/a/" tag ["/"] ["?" …] ["#" …]
/// command  = "CUSTODY:CMD:" DeskCommand
/// location = "CUSTODY:LOC:" 1*64(A-Z a-z 0-9 - _ . /)
/// badge    = "CUSTODY:BADGE:" 1*128(A-Z a-z 0-9 - _ . ~ + / =)
/// order    = "CUSTODY:ORDER:" 1*128(A-Z a-z 0-9 - _ . ~ + / # SP) ["/" 1*(0-9)]
/// kit      = "CUSTODY:KIT:" 1*64(A-Z a-z 0-9 - _ .)
/// ```
/// GS1, EPC, ISO/IEC 15434, MAC and IMEI follow their standards. Everything else is text: it may be known as somebody's
/// mark, or be unknown.
public enum AssetIdentifier: Hashable, Sendable {
  /// Our label's number, bare or out of its URL.
  case assetTag(String)
  /// A command label of the desk.
  case command(DeskCommand)
  /// A location by its code.
  case location(String)
  /// An order by its number, or a line of it: `PO-2031`, `PO-2031/2`. A number may end in a slash and digits itself: who knows
  /// the orders tells the two apart.
  case order(String)
  /// A kit by its code.
  case kit(String)
  /// The token on a person's badge. It is personal: never log it.
  case badge(String)
  /// GS1 application identifiers and their values.
  case gs1(ElementString)
  /// A GS1 Digital Link.
  case digitalLink(DigitalLink)
  /// The identity in an RFID tag.
  case epc(EPC)
  /// A message of ISO/IEC 15434.
  case iso15434(FormattedMessage)
  /// A serial number whose form tells the manufacturer.
  case serial(SerialNumber)
  case mac(MACAddress)
  case imei(IMEI)
  /// Anything else, trimmed of white space at both ends; GS, RS and EOT are kept.
  case text(String)
  /// Bytes that are no UTF-8, as they came.
  case bytes([UInt8])

  /// Longest scan that is taken, bytes. No symbol of the symbologies that name assets holds more text.
  public static let longestScan = 4096
}
