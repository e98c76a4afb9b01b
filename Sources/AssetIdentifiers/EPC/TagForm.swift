/// How an identity is to be written into a tag.
public struct TagForm: Hashable, Sendable {
  /// Nil for the shortest encoding that holds the identity.
  public var encoding: EPCEncoding?
  /// What is tagged, 0 to 7 (TDS §10); nil for what the tag had, or 0, all others.
  public var filter: UInt8?

  public init(encoding: EPCEncoding? = nil, filter: UInt8? = nil) {
    self.encoding = encoding
    self.filter = filter
  }

  /// The tag of an identity.
  /// - Throws: ``IdentifierError`` when the encoding cannot hold it.
  public func tag(_ identity: EPCIdentity) throws(IdentifierError) -> EPCTag {
    guard let encoding else { return try EPCTag.shortest(identity, filter: filter ?? 0) }
    return try EPCTag(identity, encoding, filter: filter ?? 0)
  }
}
