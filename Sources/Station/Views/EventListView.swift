/// The station's ledger, page by page. Rendered by `events.mustache`.
struct EventListView: Sendable {
  var shell: ShellView
  /// Such as `Chain verified to 12,840 at 10:42`.
  var chain: LampView
  var rows: [EventRow]
  var paging: PagingView
}

/// One entry of the ledger.
struct EventRow: Sendable {
  var sequence: Int
  /// Name of the icon: the verb's raw value.
  var icon: String
  var verb: String
  /// Tag or serial of the asset, and its page at the event.
  var asset: String
  var href: String
  var who: String
  var at: MomentView
  /// First 12 hexadecimal digits of the entry's hash.
  var hash: String
  /// All 64.
  var wholeHash: String
  var proof: TimelineEntry.Proof
  var proofIcon: String
  var proofWords: String
}
