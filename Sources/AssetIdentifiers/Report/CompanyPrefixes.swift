/// GS1 company prefixes that are known, such as the site's own. No barcode tells where its prefix ends; without knowing it
/// there is no EPC of an element string.
public struct CompanyPrefixes: Hashable, Sendable {
  private let prefixes: [[UInt8]]
  /// How many digits the prefix of every other key has; nil when that is not known.
  private let lengthOfOthers: Int?

  /// - Parameters:
  ///   - prefixes: digits, 6 to 12; others are of no use and are left out.
  ///   - lengthOfOthers: how many digits the prefix has of a key that begins with none of them, 6 to 12.
  public init(_ prefixes: [String], lengthOfOthers: Int? = nil) {
    // The longest first: the most exact one counts.
    self.prefixes = prefixes.map { Array($0.utf8) }.filter { (6...12).contains($0.count) && $0.areDigits }
      .sorted { $0.count > $1.count }
    self.lengthOfOthers = lengthOfOthers
  }

  /// The EPC identity of an element string whose key begins with one of the prefixes; nil for others.
  public func identity(of elements: ElementString) -> EPCIdentity? {
    for prefix in prefixes {
      // A key that does not fit this prefix may fit the next; one that fits none has no EPC.
      if let identity = try? EPCIdentity(elements, prefixLength: prefix.count),
        identity.companyPrefix.utf8.elementsEqual(prefix)
      {
        return identity
      }
    }
    // Where a key does not fit, ``tagIdentity(of:)`` says why.
    return lengthOfOthers.flatMap { try? EPCIdentity(elements, prefixLength: $0) }
  }

  /// The EPC identity of an element string that is to be written into a tag.
  /// - Throws: ``IdentifierError`` when it has none, or its prefix is not known.
  func tagIdentity(of elements: ElementString) throws(IdentifierError) -> EPCIdentity {
    if let identity = identity(of: elements) { return identity }
    func fault(_ sentence: String, _ remedy: String) -> IdentifierError {
      IdentifierError("epc.prefix", sentence, remedy: remedy, start: 0, length: 0)
    }
    // Whether there is an EPC at all does not depend on the length; a key too short for this one is told of below.
    guard EPCIdentity.hasKey(elements) else {
      throw IdentifierError(
        "epc.key", "It names no single thing that an EPC stands for: a GTIN and a GRAI need their serial number.",
        remedy: "Give (01) with (21), (8003), (8004), (00), (414) or (8010) with (8011).", start: 0, length: 0)
    }
    if let lengthOfOthers { _ = try EPCIdentity(elements, prefixLength: lengthOfOthers) }
    guard prefixes.isEmpty else {
      throw fault(
        "The key begins with none of the company prefixes that are known.",
        "Give its company prefix, or how many digits that has (--company-prefix).")
    }
    throw fault(
      "No element string tells how many digits of its key are the GS1 company prefix.",
      "Give the company prefix, or how many digits it has (--company-prefix).")
  }
}
