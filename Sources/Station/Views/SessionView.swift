/// The lines of the open session: the last ones, then odd ones, then the rest. Rendered by `session.mustache`.
struct SessionView: Sendable {
  /// Such as `12 of 40 received`.
  var title: String
  /// For the bar: how many of `total` are done; nil when nothing is expected (a blind session).
  var progress: SessionProgress?
  var tally: [TallyItem] = []
  var lines: [SessionLine] = []
  /// How many lines are odd and still open, and where the first stands; nil without any.
  var odd: OddLinesView?
  /// Shown instead of lines while there are none.
  var empty: String
  /// The page of the order that it receives.
  var order: String?
  /// The page of what left in it; nil while nothing has.
  var manifest: String?
  /// The page on which wipe reports are imported; nil but in a session that sanitizes.
  var wipeReports: String?
  /// Takes all of it back, asking why; nil while one Undo does.
  var takeBack: ContextForm?
}

/// The way to what is odd among the lines of a session.
struct OddLinesView: Sendable {
  /// Such as `3 to look into`.
  var words: String
  var href: String
}

/// How far a session with a manifest has come.
struct SessionProgress: Sendable {
  var done: Int
  var total: Int
}

/// One count of the tally, such as `1 over`.
struct TallyItem: Sendable {
  var state: SessionLine.State
  var icon: String
  var words: String
}

/// One line: what is expected, what has come, what is odd. Rendered by `session-line.mustache`.
struct SessionLine: Sendable {
  /// How the line stands; the case names are classes of the page.
  enum State: Sendable { case expected, done, note, duplicate, unknown, refused }
  var state: State
  /// Name of the icon: `dot`, `check`, `check`, `equals`, `question`, `cross` in the order of ``State``.
  var icon: String
  /// Such as `Received` or `Wrong model`.
  var words: String
  /// Tag, serial or scanned text, whole.
  var code: String?
  /// Manufacturer and model, or what the order says.
  var title: String?
  /// Such as `8 of 10` or the reason.
  var detail: String?
  var at: MomentView?
  /// Page of the asset.
  var href: String?
  /// Names the line on the page.
  var anchor: String?
}
