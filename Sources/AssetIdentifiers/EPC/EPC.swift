/// An electronic product code (GS1 EPC Tag Data Standard): the identity in an RFID tag.
public enum EPC: Hashable, Sendable {
  /// Which thing, without how a tag encodes it.
  case identity(EPCIdentity)
  /// Which thing, and how a tag encodes it.
  case tag(EPCTag)
  /// Bits that are kept as they are: another standard's header, an unprogrammed tag.
  case raw(RawEPC)
}
