/// A form of the desk: what holds for the next scans, what a second person adds, or what an unknown code needs.
/// Rendered by `context-form.mustache`.
struct ContextForm: Sendable {
  /// Unique on the page. While it stays the same, what was typed but not sent survives a live update.
  var id: String
  /// Where it is posted: `/desk/details`, `/desk/operators` or `/desk/scans`.
  var action: String
  var title: String
  /// What is set, in few words; shown when the form is folded.
  var summary: String?
  /// What else is set, value by value.
  var held: [HeldValue] = []
  /// Whether it is unfolded.
  var open = true
  /// Words of the button, such as `Set`.
  var submit: String
  var groups: [FieldGroup]
  /// What is wrong with the form as a whole, and what to do.
  var error: String?
  /// Whether a scan sends the form first when it holds unsent changes. True for the details of a workflow.
  var sendsBeforeScan = false
}

/// A value that holds for the next scan, as the folded form shows it.
struct HeldValue: Sendable {
  /// What the field is called.
  var label: String
  /// At most some forty characters of it.
  var value: String
  /// Whether somebody typed it, or it is a name or a code: it is said alike in every language.
  var isTyped: Bool
}

/// Fields that belong together.
struct FieldGroup: Sendable {
  /// Nil for the fields that are always needed.
  var legend: String?
  /// Whether the group is folded away behind its legend; needs a legend.
  var folded = false
  var fields: [FormField]
}

/// A second person of the act: witness, approver or validator. Rendered by `second-person.mustache`.
struct SecondPersonView: Sendable {
  /// Such as `Witness`.
  var role: String
  /// Who, once recognised.
  var name: String?
  /// How surely, such as `badge and PIN, 10:42`.
  var recognised: String?
  /// Asks for badge and PIN; once somebody is recognised, of another instead of them.
  var form: ContextForm?
}
