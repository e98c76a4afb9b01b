/// A moment as a page shows it: near at a glance, exact on hover. Rendered by `time.mustache`.
struct MomentView: Sendable {
  /// RFC 3339 with its offset, such as `2026-11-21T10:42:07+01:00`.
  var iso: String
  /// The station's local time in full, such as `Saturday 21 November 2026, 10:42:07`.
  var exact: String
  /// What is read first, such as `2 min ago` or `10:42`.
  var relative: String
}
