/// The row areas of a template, each with the pages that it is on.
struct RowAreas {
  private var areas: [(rows: RowArea, choices: [PageChoice])] = []

  init(_ nodes: [DrawingNode]) { add(nodes, []) }

  private mutating func add(_ nodes: [DrawingNode], _ choices: [PageChoice]) {
    for case .group(let group) in nodes {
      let choices = choices + [group.pages]
      if let rows = group.rows { areas.append((rows, choices)) }
      add(group.children, choices)
    }
  }

  /// The rows of a list that one page has room for.
  func capacity(of list: String, on page: Int, of count: Int) -> Int {
    let shown = areas.filter { $0.rows.list == list && $0.choices.allSatisfy { $0.holds(page, of: count) } }
    return shown.reduce(0) { $0 + $1.rows.capacity(on: page, of: count) }
  }

  /// The rows of a list that so many pages have room for.
  func capacity(of list: String, pages count: Int) -> Int {
    // All pages between the second and the last but one are alike.
    let kinds: [(page: Int, times: Int)] =
      count < 4 ? (1...count).map { ($0, 1) } : [(1, 1), (2, count - 2), (count, 1)]
    return kinds.reduce(0) { $0 + $1.times * capacity(of: list, on: $1.page, of: count) }
  }
}
