/// A page that says what went wrong and what to do: errors, not found, no permission. Rendered by `problem.mustache`.
struct ProblemPageView: Sendable {
  var shell: ShellView
  /// Name of the icon: `warning`, `search` or `lock`.
  var icon: String
  /// HTTP status, such as 404.
  var status: Int
  /// Stable and dotted, such as `station.store.diskFull`; for support.
  var code: String?
  var problem: ProblemView
  /// What can be done from here, such as `Back to the desk`.
  var remedies: [RemedyView] = []
}
