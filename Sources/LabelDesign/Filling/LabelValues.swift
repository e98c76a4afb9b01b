/// What a label is to say: its fields, and the rows of its lists.
public struct LabelValues: Hashable, Sendable {
  public var fields: [String: String]
  public var lists: [String: [[String: String]]]

  /// Values.
  public init(_ fields: [String: String] = [:], lists: [String: [[String: String]]] = [:]) {
    self.fields = fields
    self.lists = lists
  }
}
