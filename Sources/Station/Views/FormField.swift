/// One control of a form that the server puts together. Rendered by the template that `control` names.
struct FormField: Sendable {
  /// The controls there are; each raw value is the name of its template.
  enum Control: String, Sendable {
    /// One line: text, date, number or password, as ``FormField/type`` says.
    case input = "field-input"
    case select = "field-select"
    case checkbox = "field-checkbox"
    case textarea = "field-textarea"
    case hidden = "field-hidden"
  }

  /// The template's name: a ``Control``'s raw value (the template engine picks a template by text only).
  var control: String
  /// Unique on the page; ties label, hint and error to the control.
  var id: String
  var name: String
  var label: String
  var value = ""
  /// The `type` of an input: `text`, `date`, `number`, `password`.
  var type = "text"
  var options: [FieldOption] = []
  /// Proposals for free text; the script is not needed for them.
  var suggestions: [String] = []
  var required = false
  /// For a checkbox.
  var checked = false
  /// Whether a scan that arrives while this field has the focus belongs into it (a drive's serial, a badge).
  /// A scan that arrives in any other field is taken out again and handled as a scan.
  var scannable = false
  /// Whether the value is a code, set in the monospaced face.
  var code = false
  /// Whether the field takes the whole row.
  var wide = false
  var hint: String?
  /// What is wrong with the value, and what to do.
  var error: String?

  /// A control of the form. The id is `prefix-name`; give a prefix where two forms of a page share a name.
  init(_ control: Control, _ name: String, _ label: String, value: String = "", prefix: String = "field") {
    self.control = control.rawValue
    self.name = name
    self.label = label
    self.value = value
    id = prefix + "-" + name
  }
}

/// One choice of a select.
struct FieldOption: Sendable {
  var value: String
  var label: String
  var selected = false
}
