import StationStore

/// The list of assets. Rendered by `assets.mustache`.
struct AssetListView: Sendable {
  var shell: ShellView
  /// What was searched for.
  var query: String
  /// The state that is filtered by, as posted; nil for all.
  var state: String?
  /// The model that is filtered by; nil for all.
  var product: ProductFilterView?
  /// The same list as CSV.
  var csv: String
  var found: AssetsFoundView
}

/// What a search for assets found: the part of the list that is anew with every letter that is typed.
struct AssetsFoundView: Sendable {
  /// All, and one for each state.
  var chips: [StateChip]
  var rows: [AssetListRow]
  var paging: PagingView
  /// Said instead of the table when nothing fits; with what to do.
  var empty: ProblemView?
}

/// A model that the list is of.
struct ProductFilterView: Sendable {
  var words: String
  var maker: String
  var model: String

  init(_ product: AssetModel.Name) {
    maker = product.manufacturer ?? ""
    model = product.model ?? ""
    words = [product.manufacturer, product.model ?? "no model stated"].compactMap(\.self).joined(separator: " ")
  }
}

/// One filter of the list.
struct StateChip: Sendable {
  var label: String
  var href: String
  var count: Int
  var current = false
}

/// One asset in the list.
struct AssetListRow: Sendable {
  var href: String
  /// The tag, else nil.
  var tag: String?
  var serial: String?
  var title: String
  var category: String?
  var state: StateView
  var custodian: String?
  var location: String?
  var changed: MomentView
}
