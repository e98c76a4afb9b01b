/// The printers of the station. Rendered by `printers.mustache`.
struct PrinterListView: Sendable {
  var shell: ShellView
  /// Labels of what was received that could not be ordered; empty while all could.
  var owed: [OwedLabelRow]
  /// Whether the one who looks may have them tried again.
  var mayPrint: Bool
  var printers: [PrinterView]
  /// Sets one up; nil for who may not.
  var form: PrinterForm?
}

/// A label that something received wants and has not got.
struct OwedLabelRow: Sendable {
  var name: String
  var href: String
  /// Such as `Label not printed: No printer is set up.`
  var words: String
  var remedy: String
}

/// One printer with what it has to do. Rendered by `printer.mustache`.
struct PrinterView: Sendable {
  /// Unique on the page.
  var id: String
  /// Where its forms are posted to, such as `/printers/desk`.
  var path: String
  var name: String
  var address: String
  var lamp: LampView
  var facts: [DeviceFact]
  /// What is the matter and what to do; nil while all is well.
  var problem: ProblemView?
  var isPaused: Bool
  /// Whether the one who looks may have labels printed.
  var mayPrint: Bool
  var batches: [LabelBatchView]
  /// What is open, in the order in which it is printed.
  var queue: [LabelJobRow]
  /// Open ones that are not shown.
  var further: Int?
  /// What has ended, the newest first.
  var ended: [LabelJobRow]
  var canRemove: Bool
}

/// Labels that were asked for together.
struct LabelBatchView: Sendable {
  var path: String
  /// Such as `412 of 1,000 printed`.
  var words: String
  /// Such as `84 a minute, 7 min left`.
  var rate: String?
  var done: Int
  var total: Int
  var isHeld: Bool
  var mayPrint: Bool
}

/// One label that was asked for.
struct LabelJobRow: Sendable {
  var path: String
  var state: String
  var icon: String
  var words: String
  var name: String
  /// The asset's page; nil for what is no asset's label.
  var href: String?
  var by: String
  var at: MomentView
  /// What is to be said of it, and what to do.
  var detail: String?
  /// Whether somebody must say what became of it.
  var asks: Bool
  /// Whether "it is there" may be said: not of a label whose RFID tag says something else.
  var mayBeThere: Bool
  var canCancel: Bool
  var canPrintAgain: Bool
}

/// The form by which a printer is set up.
struct PrinterForm: Sendable {
  var fields: [FormField]
  var open: Bool
  var error: String?
}
