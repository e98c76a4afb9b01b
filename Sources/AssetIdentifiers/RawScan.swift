/// A scan as a device handed it over, before anybody says what it means.
public struct RawScan: Hashable, Sendable {
  /// What else is known of the scan, such as by the prompt that it answers or the data identifier it stood in. With a
  /// hint, a form that would be too weak to tell on its own is taken, and one that does not fit is an error.
  public enum Hint: Hashable, Sendable {
    /// A hardware address; twelve bare hexadecimal digits are taken.
    case mac
    /// An IMEI, whatever body allocated it.
    case imei
    /// A serial number of this manufacturer, named as in ``SerialRule/manufacturer`` without regard to case.
    case serial(manufacturer: String)
  }

  /// The bytes, without symbology identifier.
  public var bytes: [UInt8]
  /// The AIM symbology identifier, if the device told it.
  public var symbology: SymbologyIdentifier?
  public var hint: Hint?
  /// The rules by which serial numbers are known; nil for ``SerialRule/known``.
  public var serialRules: [SerialRule]?
  /// Whether `^` stands for FNC1, as in printed examples and some test tools.
  public var caretIsFNC1 = false
  /// Whether this is all that the item carries. When other symbols may stand beside it, an application identifier may
  /// lack the companions that GS1 demands for it on the whole item.
  public var isWholeItem = true

  public init(_ bytes: some Sequence<UInt8>, symbology: SymbologyIdentifier? = nil, hint: Hint? = nil) {
    self.bytes = Array(bytes)
    self.symbology = symbology
    self.hint = hint
  }

  /// A scan whose AIM symbology identifier, if there is one, stands before the data.
  /// - Throws: ``IdentifierError`` when it begins like one and is none.
  public init(prefixed bytes: some Sequence<UInt8>) throws(IdentifierError) {
    let all = Array(bytes)
    guard all.first == UInt8(ascii: "]") else {
      self.init(all)
      return
    }
    let symbology = try SymbologyIdentifier(all.prefix(3))
    self.init(all.dropFirst(3), symbology: symbology)
  }
}
