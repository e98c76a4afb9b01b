/// The passages through doors that are kept, page by page. Rendered by `passages.mustache`.
struct PassageListView: Sendable {
  var shell: ShellView
  /// How long they are kept, in words.
  var kept: String
  /// All, and one for each doorway of the settings.
  var chips: [DoorChip]
  /// The door, or all, compared with the record.
  var comparison: DoorComparisonView
  /// The same list as CSV.
  var csv: String
  var rows: [PassageRow]
  /// What left by record and was not seen, where that is looked at.
  var unseen: [UnseenRow]
  var isUnseen: Bool
  /// Whether a part of a comparison is listed, and not all that is kept.
  var isChosen: Bool
  var paging: PagingView
}

/// A doorway to choose.
struct DoorChip: Sendable {
  var label: String
  var href: String
  var current: Bool
}
