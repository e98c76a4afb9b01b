/// The disposal orders of the station. Rendered by `disposals.mustache`.
struct DisposalListView: Sendable {
  /// A state that can be looked at alone.
  struct Chip: Sendable {
    var label: String
    var href: String
    var count: Int
    var current: Bool
  }

  /// An order.
  struct Row: Sendable {
    var number: String
    var href: String
    var state: String
    var stateCode: String
    var vendor: String
    var route: String
    var planned: String?
    var assets: String
    var changed: MomentView
    var who: String
  }

  var shell: ShellView
  var chips: [Chip]
  var rows: [Row]
  /// The same list as CSV.
  var csv: String
  /// Makes a new one; nil for who may not.
  var form: ContextForm?
  /// Why somebody may not.
  var forbidden: String?
  var paging: PagingView
}

/// One disposal order. Rendered by `disposal.mustache`.
struct DisposalView: Sendable {
  /// A state on the way of every order.
  struct Step: Sendable {
    enum Kind: String, Sendable { case done, current, todo }
    var kind: String
    var icon: String
    var label: String
    var isCurrent: Bool
    /// Who did it and when; nil while nobody has.
    var words: String?
  }

  /// The field that always listens.
  struct ScanForm: Sendable {
    var action: String
    var label: String
    var placeholder: String
  }

  /// A row of the recycler's list that confirms nothing.
  struct Unlisted: Sendable {
    var line: Int
    var number: String
    var words: String
  }

  /// What was done, and when.
  struct Happening: Sendable {
    var words: String
    var who: String
    var at: MomentView
    /// The hash of the ledger entry that signs it; nil where there is none of its own.
    var entry: String?
    /// What signs it otherwise, or that nobody did.
    var proof: String?
  }

  var shell: ShellView
  var number: String
  var path: String
  var state: String
  var facts: [FactView]
  var steps: [Step]
  var result: ResultView?
  var scan: ScanForm?
  /// Such as `12 of 40 loaded`.
  var progress: String
  var done: Int
  var total: Int
  /// Counts of what is odd, such as `3 not ready`.
  var tally: [TallyItem]
  var rows: [DisposalRow]
  /// What stands there while there is no line.
  var empty: String
  var unlisted: [Unlisted]
  var forms: [ContextForm]
  /// Uploads the recycler's list; nil while there is nothing to hold it against.
  var upload: String?
  /// Its page of what left, and its paper; nil before it has departed.
  var manifest: String?
  var paper: String?
  var csv: String
  /// Why somebody may only look.
  var forbidden: String?
  var history: [Happening]
}

/// An asset on an order.
struct DisposalRow: Sendable {
  /// What keeps it from going on, and what to do.
  struct Hindrance: Sendable {
    var words: String
    var remedy: String
  }

  var id: String
  var name: String
  var title: String
  var href: String
  var serial: String?
  var drives: String
  /// The standing's name, used as a class.
  var standing: String
  var icon: String
  var words: String
  /// Who and when, or the certificate.
  var detail: String?
  var hindrances: [Hindrance]
  /// Where its button posts to, and what it says; nil where there is nothing to do with it.
  var action: String?
  var label: String?
}
