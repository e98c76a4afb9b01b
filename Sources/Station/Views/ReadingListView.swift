/// What was read and led to no asset. Rendered by `readings.mustache`.
struct ReadingListView: Sendable {
  var shell: ShellView
  var rows: [ReadingRow]
  var paging: PagingView
}

/// One reading.
struct ReadingRow: Sendable {
  /// Posted as `reading` when it is used: the text itself would not survive a form with its control characters.
  var id: String
  var at: MomentView
  /// The text in pieces, so that control characters can be shown by name and stand out.
  var text: [TextPiece]
  /// Such as `GS1 DataMatrix`, or `Keyboard` when only text came.
  var symbology: String
  var device: String
  var by: String
}

/// A stretch of scanned text: plain, or one control character made visible.
struct TextPiece: Sendable {
  /// Plain text, or the abbreviation of the control character, such as `GS`: few fonts hold its picture U+241D.
  var text: String
  /// The control character's name in full, such as `group separator`; nil for plain text.
  var control: String?
}
