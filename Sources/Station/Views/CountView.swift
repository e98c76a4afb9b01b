/// One stock count. Rendered by `count.mustache`.
struct CountView: Sendable {
  var shell: ShellView
  var id: String
  /// What is counted, such as `Storeroom (HQ-STORE)`.
  var title: String
  /// Guided or blind, since when, by whom; what it repeats.
  var about: String
  /// The count that it repeats.
  var recountOf: String?
  var result: ResultView
  var isOpen: Bool
  /// Whether the one who is signed in can scan into it.
  var canScan: Bool
  /// Whether what they scanned before is taken still, also of a count that is closed by now.
  var canSend: Bool
  /// The code of the location where their next scans are made; nil while they have scanned none.
  var placeCode: String?
  /// Where their next scans are made.
  var place: String
  /// Such as `12 of 40`.
  var progress: String
  /// For the bar; nil in a blind count that is open.
  var meter: Meter?
  /// Counters of which scans may be out.
  var counters: [CounterOut]
  /// How it ended; nil while it is open.
  var ending: CountEndingView?
  var tabs: [StateChip]
  var lines: [CountLineView]
  /// Said instead of lines.
  var empty: String
  /// Accepts all that are shown under the tab; nil where nothing follows from them.
  var acceptAll: CountAcceptAll?
  var problems: [ProblemView]
  /// Asks once more before it is closed though observations are out.
  var closing: CountClosingForm?
  var paging: PagingView
  /// Nil while a blind count is open.
  var csv: String?
  /// Whether readers see tags now that can be taken: how many.
  var tags: String?
  /// Consumables, what is odd first; empty while a blind count is open.
  var stock: [CountStockLine] = []
  /// The consumable that was scanned last.
  var inHand: CountStockInHand?

  /// How far it has come.
  struct Meter: Sendable {
    var done: Int
    var total: Int
  }

  /// A counter of which scans may be out.
  struct CounterOut: Sendable {
    var id: String
    /// Whose it is, and what it said.
    var words: String
  }
}

/// One line of a count.
struct CountLineView: Sendable {
  /// A class: `done`, `note`, `duplicate`, `unknown`, `refused`, `expected`.
  var state: String
  var icon: String
  var words: String
  var code: String
  var title: String?
  /// The asset's page; nil for a code.
  var href: String?
  var detail: String?
  var at: MomentView?
  /// What can follow, such as `Declare missing`; empty where nothing does.
  var acts: [CountActView] = []
  /// How the line is named when it is accepted.
  var line: String
  /// What was done of it, or has to be done elsewhere.
  var note: String?
}

/// A way in which a line can be accepted.
struct CountActView: Sendable {
  /// Its name in the form; nil takes the usual one.
  var way: String?
  /// On the button, such as `Return to HQ-STORE-A`.
  var label: String
  /// What is asked with it, folded away behind the label; nil where nothing is.
  var asks: Asks?
  /// Whether it stands beside others, none of which goes without saying.
  var isOneOfSeveral = false

  /// What a way asks for.
  struct Asks: Sendable {
    var conditions: [FieldOption]
    /// What did not come back.
    var accessories = false
    /// What the vendor did.
    var outcome = false
    /// Whether the seal was whole.
    var seal = false
    /// Licences that are to be reclaimed with it; nil where it has none.
    var licences: String?
  }
}

/// How a count ended.
struct CountEndingView: Sendable {
  var words: String
  var at: MomentView
  /// Such as `38 of 40 found where they were recorded: 95 %`.
  var accuracy: String
  /// That observations were out, or came after; nil when none did.
  var warning: String?
  var file: String
  var entry: String
}

/// Accepts all lines of one result.
struct CountAcceptAll: Sendable {
  var result: String
  /// Such as `Declare all 3 missing`.
  var label: String
}

/// Closes a count.
struct CountClosingForm: Sendable {
  /// Whether observations are out, so that closing has to be meant.
  var anyway: Bool
  var problem: ProblemView?
}
