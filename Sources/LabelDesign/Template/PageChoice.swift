/// The pages on which a part is drawn. The raw value is what stands in `data-pages`.
enum PageChoice: String, Hashable, Sendable, CaseIterable {
  case all, first, later, last
  case notLast = "not-last"

  /// Whether page `page` of `count`, from 1, is one of them.
  func holds(_ page: Int, of count: Int) -> Bool {
    switch self {
    case .all: true
    case .first: page == 1
    case .later: page > 1
    case .last: page == count
    case .notLast: page < count
    }
  }
}
