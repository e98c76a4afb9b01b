/// What somebody has to look into. Rendered by `follow-ups.mustache`.
struct FollowUpListView: Sendable {
  var shell: ShellView
  var rows: [FollowUpRow]
  /// Whether those that were settled are shown too.
  var withSettled: Bool
  /// The order whose follow-ups they are; nil for all.
  var order: String?
  /// The same list as CSV.
  var csv: String
  var paging: PagingView
}

/// One follow-up.
struct FollowUpRow: Sendable {
  var id: Int64
  /// Name of the icon.
  var icon: String
  /// At most three words.
  var label: String
  var words: String
  /// The code that nobody knows, in pieces.
  var text: [TextPiece]
  var asset: String?
  var href: String?
  var order: String?
  var orderHref: String?
  var at: MomentView
  var by: String
  /// The kept reading of an unknown code, by which it is used at the desk.
  var reading: String?
  var isOpen: Bool
  /// What came of it, by whom and when; nil while it is open.
  var settlement: String?
  /// Why it could not be settled just now.
  var problem: ProblemView?
}
