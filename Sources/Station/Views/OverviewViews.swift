/// What a manager acts on. Rendered by `overview.mustache`.
struct OverviewView: Sendable {
  var shell: ShellView
  var charts: [ChartView]
}

/// A drawing with its heading.
struct ChartView: Sendable {
  var title: String
  /// SVG, put into the page as it stands.
  var svg: String
}

/// One list of the overview. Rendered by `attention.mustache`.
struct AttentionView: Sendable {
  var shell: ShellView
  var title: String
  var remedy: String
  var rows: [AttentionRow]
  /// How many there are.
  var words: String
  var csv: String
}

/// One asset that somebody has to do something about.
struct AttentionRow: Sendable {
  var href: String
  var name: String
  var title: String
  var state: StateView
  var custodian: String?
  var location: String?
  /// The day that presses, or what is in the way.
  var day: String?
}
