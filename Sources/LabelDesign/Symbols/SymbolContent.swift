/// What a symbol is to say, and how: everything that decides its modules.
public struct SymbolContent: Hashable, Sendable {
  public let symbology: LabelSymbology
  /// The text; GS1 element strings with their identifiers in brackets.
  public let value: String
  /// One of the symbology's ``LabelSymbology/errorCorrections``; nil for the usual one.
  public let errorCorrection: String?
  /// PDF417: columns of codewords, 1 to 30; nil for what is nearly square.
  public let columns: Int?
  /// Data Matrix: its outline.
  public let shape: DataMatrixShape

  /// A content.
  public init(
    _ symbology: LabelSymbology, _ value: String, errorCorrection: String? = nil, columns: Int? = nil,
    shape: DataMatrixShape = .square
  ) {
    self.symbology = symbology
    self.value = value
    self.errorCorrection = errorCorrection
    self.columns = columns
    self.shape = shape
  }
}
