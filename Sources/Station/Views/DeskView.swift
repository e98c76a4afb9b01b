/// The desk. `desk.mustache` renders the whole page, `desk-main.mustache` just the bar and `<main id="desk">`,
/// which is what the script swaps in.
struct DeskView: Sendable {
  var shell: ShellView
  /// Session and act that the desk is at: see ``StationCore/sessionKey(_:)``.
  var key = "none"
  var result: ResultView
  /// Receive, deploy, return, dispose.
  var workflows: [WorkflowChoice]
  /// Everything behind `More`.
  var more: [WorkflowChoice]
  /// True while no session is open: the workflows fill the page.
  var choosing: Bool
  /// What holds for the next scans of the open workflow; nil when it needs nothing.
  var context: ContextForm?
  /// The carton that lies on the desk, to be confirmed; nil when there is none.
  var carton: CartonView?
  /// The kit that is put together; nil in a session without one.
  var kit: KitInHandView?
  /// Asks who takes or gives back things for their word; nil where nobody is to be asked.
  var handOver: HandOverView?
  /// Witness, approver or validator of the open workflow.
  var people: [SecondPersonView] = []
  /// The label that the next scan must be; nil while none is awaited.
  var awaited: AwaitedLabelView?
  /// Nil while no session is open.
  var session: SessionView?
  /// The asset that was scanned last; nil before the first.
  var asset: AssetCardView?
  var timeline: TimelineView?
  /// Readings without an asset that are kept.
  var unknowns: Int
  /// Whether there is something to undo; its words, such as `Undo receive of AT-00042`, else nil.
  var undo: String?
}

/// What came of a scan, without the rest of the desk. Rendered by `desk-result.mustache`.
struct ShownResultView: Sendable {
  var key: String
  var choosing: Bool
  var result: ResultView
}

/// A label that came out of the printer and is to be scanned. Rendered by `awaited.mustache`.
struct AwaitedLabelView: Sendable {
  /// Such as `Scan the new label AT-00042`.
  var words: String
  /// Others that are awaited.
  var further: String?
  var picture: String
  /// The command label that gives up waiting.
  var command: String
}
