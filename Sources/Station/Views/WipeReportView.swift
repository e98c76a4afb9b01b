/// Wipe reports: the upload, and what was uploaded. Rendered by `wipe-reports.mustache`.
struct WipeReportView: Sendable {
  var shell: ShellView
  /// Why the one who is signed in cannot record any; nil for who can.
  var forbidden: String?
  /// What was wrong with what was sent.
  var problem: ProblemView?
  /// What was just recorded, in words.
  var done: ProblemView?
  /// Files that cannot be taken.
  var faults: [WipeFaultView] = []
  /// Files that only say which drive it was.
  var identities: [String] = []
  var rows: [WipeRow] = []
  /// How the confirmation names the upload.
  var files: String = ""
  /// Whether anything of it can be recorded.
  var canRecord = false
  /// The validator's badge as it was typed; a PIN is never shown again.
  var badge = ""
  /// What the reports do not say, as it was typed: where it was done, the categorisation of the data, where the media go next.
  var place = ""
  var categorisation = ""
  var destination = ""
}

/// A file that cannot be taken.
struct WipeFaultView: Sendable {
  var file: String
  /// `line 12`, or a path; nil for the file as a whole.
  var place: String?
  var sentence: String
  var remedy: String
}

/// One report of one medium.
struct WipeRow: Sendable {
  /// The case names are classes of the page.
  enum State: Sendable { case wiped, failed, odd }
  var number: Int
  var state: State
  var icon: String
  /// Nil where the report names none.
  var serial: String?
  /// Whether the operator is asked for it, and what was typed.
  var asksSerial: Bool
  var typed: String
  /// Such as `named by the report`.
  var source: String
  var model: String?
  /// Such as `nwipe 0.42, DoD Short`.
  var how: String
  /// File and place in it.
  var origin: String
  /// Such as `Clear`; with what was asked for when that is another.
  var method: String
  var verification: String
  /// Such as `Passed`.
  var result: String
  /// Why it will not pass; nil when it will.
  var whyNot: String?
  var ended: MomentView?
  var risks: [String]
  /// Which asset it fits, in a sentence.
  var fit: String
  var remedy: String?
  /// What to look at before it is recorded; nil for nothing.
  var warning: String?
  /// How the report's model differs from the listed one; nil where it does not. And whether somebody says that they looked at the
  /// drive.
  var modelDoubt: String?
  var confirmed: Bool
  var href: String?
  var tag: String?
  var canRecord: Bool
  var chosen: Bool
}
