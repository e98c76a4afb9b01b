/// A workflow that can be opened. Rendered by `workflows.mustache`; posts `workflow` to `/desk/session`.
struct WorkflowChoice: Sendable {
  /// What is posted, such as `receive` or `repairOut`: a verb's raw value, or `lookup`.
  var workflow: String
  var label: String
  /// Name of the icon; every verb has one of its own name.
  var icon: String
  /// The key that does the same, such as `F2`; nil in the list behind `More`.
  var key: String?
  /// Whether it is the open one.
  var current = false
  /// One line that says what it is for; shown when nothing is open.
  var words: String?
  /// Who can do it, when the person who is signed in may not.
  var forbidden: String?
}
