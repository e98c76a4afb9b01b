/// The list of stock counts, and the form that opens one. Rendered by `counts.mustache`.
struct CountListView: Sendable {
  var shell: ShellView
  var rows: [CountRow]
  /// What can be counted, by kind.
  var groups: [CountChoiceGroup]
  /// Why none was opened.
  var problem: ProblemView?
  /// Why the one who is signed in cannot open one; nil for who can.
  var forbidden: String?
  var isBlind: Bool
  var paging: PagingView
}

/// One count of the list.
struct CountRow: Sendable {
  var href: String
  /// Such as `Storeroom (HQ-STORE)`.
  var title: String
  var kind: String
  var opened: MomentView
  var openedBy: String
  /// Such as `12 of 40 seen`, or `2 missing · 1 unknown`.
  var words: String
  var isOpen: Bool
  /// Such as `95 %`; nil while it is open.
  var accuracy: String?
}

/// Things that can be counted, of one kind.
struct CountChoiceGroup: Sendable {
  var label: String
  var choices: [FieldOption]
}
