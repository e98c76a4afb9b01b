/// What disagrees, and what people decided. Rendered by `exceptions.mustache`.
struct ExceptionListView: Sendable {
  var shell: ShellView
  var rows: [ExceptionRow]
  /// Whether what was settled stands among them.
  var withSettled: Bool
  /// The same list as CSV.
  var csv: String
  var paging: PagingView
}

/// One exception. Rendered by `exception.mustache`.
struct ExceptionRow: Sendable {
  var id: Int64
  /// Such as `Contested`.
  var label: String
  /// The asset's tag or the station's name.
  var subject: String
  /// The asset's page; nil for a station.
  var href: String?
  var sentence: String
  /// What the rule does until it is settled; nil once it is.
  var meanwhile: String?
  var opened: MomentView
  /// Who settled it, when and why; nil while it is open.
  var ended: String?
  var claims: [ClaimView]
  /// Nil where nobody here can settle it now.
  var form: SettlementForm?
  /// Why the one who is signed in cannot settle it; nil for who can.
  var forbidden: String?
}

/// One side of what disagrees.
struct ClaimView: Sendable {
  var event: String
  /// Name of the icon: the verb's raw value.
  var icon: String
  var what: String
  var standing: String
  var who: String
  var at: MomentView
  var place: String?
  var note: String?
  /// Such as `HQ/DESK-1, entry 17`.
  var station: String
  /// The event on the asset's page.
  var href: String
  var counts: Bool
  /// Whether this side can be chosen, and is.
  var canChoose: Bool
  var chosen: Bool
}

/// The way to settle it.
struct SettlementForm: Sendable {
  /// On the button: `Settle`, or `Acknowledge` where nothing is to be chosen.
  var button: String
  /// Whether it is asked whether it is one thing.
  var asksIdentity: Bool
  var isSame: Bool
  var isDifferent: Bool
  var needsTwoPeople: Bool
  var reason: String
  /// The second person's badge as it was typed; a PIN is never shown again.
  var badge: String
  /// What was wrong with what was sent.
  var problem: ProblemView?
}
