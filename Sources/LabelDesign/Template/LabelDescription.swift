/// What a template's `label.yaml` says: what it is called, its size, and what may be put into it.
public struct LabelDescription: Hashable, Sendable {
  /// Fields, and lists, that a template may have.
  public static let maximumFields = 100

  /// What people call it.
  public let name: String
  public let size: LabelSize
  /// Between two labels of a roll, in millimetres; nil for sheets, and rolls without gaps.
  public let gap: Double?
  public let fields: [LabelField]
  public let lists: [LabelList]
  /// For people.
  public let notes: [String]

  /// A description.
  public init(
    name: String, size: LabelSize, gap: Double? = nil, fields: [LabelField], lists: [LabelList] = [],
    notes: [String] = []
  ) {
    self.name = name
    self.size = size
    self.gap = gap
    self.fields = fields
    self.lists = lists
    self.notes = notes
  }

  /// The example of every field and list.
  public var examples: LabelValues {
    LabelValues(
      Dictionary(fields.lazy.filter { !$0.example.isEmpty }.map { ($0.name, $0.example) }, uniquingKeysWith: { $1 }),
      lists: Dictionary(lists.map { ($0.name, $0.examples) }, uniquingKeysWith: { $1 }))
  }

  func field(_ name: String) -> LabelField? { fields.first { $0.name == name } }
  func list(_ name: String) -> LabelList? { lists.first { $0.name == name } }
}

/// Rows that repeat, such as the contents of a pallet.
public struct LabelList: Hashable, Sendable {
  /// Rows that any list may ask for.
  public static let lengths = 1...5_000

  public let name: String
  /// What people call it.
  public let title: String
  /// Rows at most.
  public let maximumRows: Int
  public let fields: [LabelField]
  /// Rows as they come in practice.
  public let examples: [[String: String]]

  /// A list.
  public init(
    name: String, title: String, maximumRows: Int, fields: [LabelField], examples: [[String: String]]
  ) {
    self.name = name
    self.title = title
    self.maximumRows = maximumRows
    self.fields = fields
    self.examples = examples
  }
}
