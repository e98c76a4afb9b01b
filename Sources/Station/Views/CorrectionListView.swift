/// What was said of cartons' codes, and holds for the next ones. Rendered by `corrections.mustache`.
struct CorrectionListView: Sendable {
  var shell: ShellView
  var rows: [CorrectionRow]
  /// Whether what has ended stands among them.
  var withEnded: Bool
  /// The same list as CSV.
  var csv: String
  /// How many there are beyond those that are shown; nil when all are.
  var further: Int?
  /// Why the person who is signed in may forget none; nil when they may.
  var forbidden: String?
}

/// One correction.
struct CorrectionRow: Sendable {
  var id: Int64
  var model: String
  /// Such as `Serial number`.
  var field: String
  /// The code that it was learned from; all of its look are taken for the same.
  var text: [TextPiece]
  var by: String
  var at: MomentView
  /// When it ended and by whom; nil while it holds.
  var ended: CorrectionEnd?
  /// Whether it can be forgotten by who is signed in.
  var mayForget: Bool
}

/// The end of a correction: it was forgotten, or something else was said.
struct CorrectionEnd: Sendable {
  var by: String
  var at: MomentView
}
