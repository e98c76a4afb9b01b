/// The passages through doors that are kept, page by page. Rendered by `passages.mustache`.
struct PassageListView: Sendable {
  var shell: ShellView
  /// How long they are kept, in words.
  var kept: String
  /// All, and one for each doorway of the settings.
  var chips: [DoorChip]
  /// The same list as CSV.
  var csv: String
  var rows: [PassageRow]
  var paging: PagingView
}

/// A doorway to choose.
struct DoorChip: Sendable {
  var label: String
  var href: String
  var current: Bool
}
