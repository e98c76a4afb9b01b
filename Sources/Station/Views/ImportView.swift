/// The page where a file is chosen, looked at and imported. Rendered by `import.mustache`.
struct ImportView: Sendable {
  /// A kind of file.
  struct Chip: Sendable {
    var label: String
    var href: String
    var current: Bool
  }

  /// A row of the file, and what it brings.
  struct Line: Sendable {
    var line: Int
    var what: String
    /// `New`, `Changed` or `There already`.
    var effect: String
  }

  /// What is wrong with a row.
  struct Fault: Sendable {
    var line: Int
    var column: String?
    var value: String?
    var reason: String
    var remedy: String
  }

  var shell: ShellView
  var chips: [Chip]
  /// The kind, as the address and the forms have it.
  var kind: String
  /// Names of the columns that are understood.
  var columns: String
  /// The list that the file belongs to.
  var list: String
  /// Why the one who is signed in may not import it.
  var forbidden: String?
  /// What went wrong, or what was found.
  var problem: ProblemView?
  /// The SHA-256 of a file that waits for a yes; nil where none does.
  var pending: String?
  /// What the file is called.
  var name: String?
  /// What else is worth knowing, a sentence each.
  var notes: [String] = []
  var lines: [Line] = []
  var faults: [Fault] = []
  /// How many rows with faults there are beyond those that are shown; nil when all are.
  var further: Int?
}
