/// GS1 company prefixes that are known, such as the site's own. No barcode tells where its prefix ends; without knowing it
/// there is no EPC of an element string.
public struct CompanyPrefixes: Hashable, Sendable {
  private let prefixes: [[UInt8]]

  /// - Parameter prefixes: digits, 6 to 12; others are of no use and are left out.
  public init(_ prefixes: [String]) {
    // The longest first: the most exact one counts.
    self.prefixes = prefixes.map { Array($0.utf8) }.filter { (6...12).contains($0.count) && $0.areDigits }
      .sorted { $0.count > $1.count }
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
    return nil
  }
}
