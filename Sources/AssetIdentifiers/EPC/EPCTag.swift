/// An EPC as a tag's memory holds it: an identity, how it is encoded, and what kind of object carries it.
public struct EPCTag: Hashable, Sendable {
  public let encoding: EPCEncoding
  /// What is tagged, 0 to 7 (TDS §10); a GID has none.
  public let filter: UInt8?
  public let identity: EPCIdentity

  /// An identity in an encoding of its scheme.
  /// - Parameter filter: 0 to 7; ignored for a GID.
  /// - Throws: ``IdentifierError`` when the identity does not fit the encoding, such as letters in a serial number of 38
  ///   bits. Its span is the whole of the identity's URI.
  public init(_ identity: EPCIdentity, _ encoding: EPCEncoding, filter: UInt8 = 0) throws(IdentifierError) {
    try self.init(identity, encoding, filter: filter, source: 0..<identity.uri.utf8.count)
  }

  init(
    _ identity: EPCIdentity, _ encoding: EPCEncoding, filter: UInt8?, source: Range<Int>
  ) throws(IdentifierError) {
    func fault(_ sentence: String) -> IdentifierError {
      IdentifierError(
        "epc.encoding", sentence, remedy: "Choose the longer encoding of the scheme, or another number.",
        start: source.lowerBound, length: source.count)
    }
    guard identity.scheme == encoding.scheme else {
      throw IdentifierError(
        "epc.encoding",
        "\(encoding.rawValue) cannot hold this identity, which is of the scheme \(identity.scheme.rawValue).",
        remedy: "Choose an encoding of its scheme.", start: source.lowerBound, length: source.count)
    }
    if let filter, filter > 7 { throw fault("A filter value is 0 to 7.") }
    self.encoding = encoding
    self.filter = encoding == .gid96 ? nil : filter ?? 0
    self.identity = identity
    if case .number(let bits) = encoding.serial {
      guard let number = EPCIdentity.number(identity.serial), number < 1 << UInt64(bits) else {
        throw fault("The serial number of \(encoding.rawValue) is a number below \(1 << bits) without leading zeros.")
      }
    }
    guard let partition = encoding.partitions.first(where: { $0.prefixDigits == identity.companyPrefix.utf8.count })
    else { return }
    guard partition.referenceDigits == nil, case .number(let bits) = partition.reference else { return }
    guard let number = EPCIdentity.number(identity.reference), number < 1 << UInt64(bits) else {
      throw fault(
        "The reference of \(encoding.rawValue) behind a prefix of \(partition.prefixDigits) digits is a number below \(1 << UInt64(bits)) without leading zeros."
      )
    }
  }

  /// The encoding of 96 bits when it can hold the identity, or the longer one.
  public static func shortest(_ identity: EPCIdentity, filter: UInt8 = 0) throws(IdentifierError) -> EPCTag {
    let encodings = EPCEncoding.allCases.filter { $0.scheme == identity.scheme }.sorted { $0.bitCount < $1.bitCount }
    var failure: IdentifierError?
    for encoding in encodings {
      do throws(IdentifierError) { return try EPCTag(identity, encoding, filter: filter) } catch { failure = error }
    }
    throw failure
      ?? IdentifierError("epc.encoding", "No encoding holds this scheme.", remedy: "Use its URI.", start: 0, length: 0)
  }
}
