/// A GS1 Digital Link URI (GS1 Digital Link Standard: URI Syntax), uncompressed: an identification key and its qualifiers
/// in the path, attributes in the query.
public struct DigitalLink: Hashable, Sendable {
  /// Key, qualifiers, attributes, in that order.
  public let elements: ElementString
  /// What stands before the key, such as `https://example.com/shop`.
  public let stem: String
  /// How many of the elements stand in the path: the key and its qualifiers.
  public let pathCount: Int

  init(elements: ElementString, stem: String, pathCount: Int) {
    self.elements = elements
    self.stem = stem
    self.pathCount = pathCount
  }
}
