/// What left together: of a disposal order, or of sessions. Rendered by `manifest.mustache`.
struct ManifestView: Sendable {
  var shell: ShellView
  /// Such as `Disposal order DO-2026-0007`.
  var title: String
  /// Such as `12 assets in 2 sessions, 3 confirmed as gone`.
  var words: String
  /// The paper; nil while nothing is on it.
  var paper: String?
  /// The disposal order's page; nil for what left without one of this station's.
  var order: String?
  var rows: [ManifestRow]
  var absent: [ManifestAbsence]
  /// What was done with the order, the newest first; empty for what is no order of this station's.
  var acts: [DisposalView.Happening]
  /// The sessions, each with a manifest of its own; empty for one.
  var sessions: [EventLink]
}

/// An asset on it.
struct ManifestRow: Sendable {
  var name: String
  var title: String
  var href: String
  var media: String
  var left: MomentView
  var who: String
  /// Such as `Confirmed as gone`; nil while nobody has.
  var confirmed: MomentView?
}

/// What is not on it.
struct ManifestAbsence: Sendable {
  var name: String
  /// Nil for a code that nobody knows.
  var href: String?
  var reason: String
}
