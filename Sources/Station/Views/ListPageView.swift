import Custody

/// A page of lists: headings, rows, and what can be done with each. Rendered by `list-page.mustache`.
struct ListPageView: Sendable {
  var shell: ShellView
  var title: String
  /// One sentence.
  var words: String?
  /// What can be done here, beside the heading.
  var ways: [WayView] = []
  /// The same list as CSV.
  var csv: String?
  var problem: ProblemView?
  /// Something that is told once and never again, such as a secret.
  var once: OnceView?
  /// Takes a scan into the act of this page.
  var scan: ListScanView?
  var search: ListSearchView?
  var forms: [ContextForm] = []
  var facts: [FactView] = []
  var tables: [ListTable] = []
}

/// A list with its headings.
struct ListTable: Sendable {
  /// Above the list, where a page has several.
  var title: String?
  /// Beside the heading: one sentence.
  var words: String?
  /// Headings of the columns; empty where a column holds buttons.
  var head: [String]
  var rows: [ListRow]
  /// Said instead when there is no row.
  var empty: ProblemView
  var paging: PagingView?
}

/// One row.
struct ListRow: Sendable {
  var cells: [ListCell]
}

/// One cell: what it says, where that leads, what can be done.
struct ListCell: Sendable {
  var text: String?
  var href: String?
  /// Whether the text is a code, set in the monospaced face.
  var isCode = false
  /// Further lines, smaller.
  var small: [String] = []
  var chips: [StateView] = []
  var at: MomentView?
  var ways: [WayView] = []
  /// What a bare number or time is, said before it where there are no headings.
  var before: String?
  /// Steps to the right: how deep a place lies in others.
  var depth: Int?

  init(_ text: String? = nil, href: String? = nil, isCode: Bool = false, small: [String?] = [], before: String? = nil) {
    self.text = text
    self.href = href
    self.isCode = isCode
    self.small = small.compactMap(\.self)
    self.before = before
  }

  /// An asset: its number, and what it is.
  init(_ asset: Asset) {
    self.init(asset.displayName, href: asset.href, isCode: true, small: [asset.title])
  }

  /// A moment; nothing for nil.
  init(at moment: MomentView?, before: String? = nil) {
    self.init(before: moment == nil ? nil : before)
    at = moment
  }

  /// Buttons.
  init(ways: [WayView]) {
    self.init()
    self.ways = ways
  }
}

/// Something to do: a button that posts, or a link.
struct WayView: Sendable {
  var label: String
  /// Name of the icon; nil without.
  var icon: String?
  /// Where the button posts to; nil makes a link of it.
  var action: String?
  var href: String?
  var fields: [HiddenField] = []
  /// Whether it stands back behind others.
  var isQuiet = false
}

/// Told once: a sentence and a text to be copied.
struct OnceView: Sendable {
  var words: String
  var text: String
}

/// A field that takes a scan into an act.
struct ListScanView: Sendable {
  /// What is posted as the act.
  var workflow: String
  /// On the button.
  var label: String
}

/// A field to search by.
struct ListSearchView: Sendable {
  var action: String
  var query: String
  var placeholder: String
}
