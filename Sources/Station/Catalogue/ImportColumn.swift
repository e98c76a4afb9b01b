/// A column that an import understands: its own name first, then what others call it.
protocol ImportColumn: RawRepresentable<Int>, CaseIterable, Hashable, Sendable {
  /// Names in order of preference. Case, blanks, underscores, hyphens and other signs do not matter.
  var names: [String] { get }
  /// Names of columns that are passed over on purpose.
  static var ignoredNames: Set<String> { get }
}

extension ImportColumn {
  /// What we call it: the header that an export writes.
  var name: String { names[0] }
}

/// Which column of a file means what.
struct ImportHeader<Column: ImportColumn>: Sendable {
  /// The file's own names, as they stand.
  let titles: [String]
  /// Position by the column's raw value; -1 where the file has none.
  private var positions: [Int]
  /// Columns that mean nothing special, with their position.
  private(set) var others: [(position: Int, title: String)] = []
  /// Columns passed over, as the file calls them.
  private(set) var ignored: [String] = []

  /// Reads a header row; gives the two titles when two columns carry the same name.
  init(_ cells: [String]) throws(SameTitle) {
    titles = cells.map { FormulaGuard.plain(Cell.trimmed($0)) }
    positions = Array(repeating: -1, count: Column.allCases.count)
    let keys = titles.map(HeaderKey.init)
    var first: [HeaderKey: Int] = [:]
    for (position, key) in keys.enumerated() where !key.text.isEmpty {
      if let other = first[key] { throw SameTitle(title: titles[position], first: other + 1, second: position + 1) }
      first[key] = position
    }
    // One title can stand for several columns (a vendor sells or makes): the column that has no better one takes it.
    var taken: Set<Int> = []
    let depth = Column.allCases.map(\.names.count).max() ?? 0
    for rank in 0..<depth {
      for column in Column.allCases where positions[column.rawValue] < 0 && rank < column.names.count {
        guard let position = first[HeaderKey(column.names[rank])], taken.insert(position).inserted else { continue }
        positions[column.rawValue] = position
      }
    }
    for (position, title) in titles.enumerated() where !taken.contains(position) {
      if title.isEmpty {
        ignored.append("column \(position + 1), which has no name")
      } else if Column.ignoredNames.contains(keys[position].text) {
        ignored.append(title)
      } else {
        others.append((position, title))
      }
    }
  }

  /// Where a column stands; nil when the file has none.
  func position(of column: Column) -> Int? {
    let position = positions[column.rawValue]
    return position < 0 ? nil : position
  }

  /// What the file calls a column, else what we call it.
  func title(of column: Column) -> String { position(of: column).map { titles[$0] } ?? column.name }
}

/// Two columns with the same name.
struct SameTitle: Error, Hashable, Sendable {
  let title: String
  /// Columns, from 1.
  let first: Int
  let second: Int
}

/// A column's name without all that people write differently: case, blanks, `_`, `-`, `.`, `/`; `#` is read as number.
struct HeaderKey: Hashable, Sendable {
  let text: String

  init(_ title: String) {
    var text = ""
    for character in title.lowercased() {
      if character.isLetter || character.isNumber { text.append(character) }
      if character == "#" { text += "number" }
    }
    self.text = text
  }
}
