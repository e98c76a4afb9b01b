/// The foot of a list that goes page by page. Rendered by `paging.mustache`.
struct PagingView: Sendable {
  /// Such as `1–50 of 12,840`.
  var words: String
  /// Nil on the first page.
  var previous: String?
  /// Nil on the last page.
  var next: String?
}
