/// The page of one asset. Rendered by `asset.mustache`.
struct AssetPageView: Sendable {
  var shell: ShellView
  var asset: AssetCardView
  var timeline: TimelineView
  /// Marks that lead to it.
  var identifiers: [IdentifierRow]
  /// One row for each sanitization of a medium, newest first.
  var sanitizations: [SanitizationRow]
  /// Files that belong to its events.
  var evidence: [EvidenceRow]
  /// Where its dossier is made; nil for who may not take one away, and without a centre.
  var dossier: String?
  var epcis: String
  var label: AssetLabelView
}

/// A mark bound to an asset.
struct IdentifierRow: Sendable {
  var kind: String
  var value: String
  var bound: MomentView
  var by: String
  /// When it was taken off; nil while it holds.
  var unbound: MomentView?
}

/// A sanitization record in one row.
struct SanitizationRow: Sendable {
  var serial: String
  var state: MediumView.State
  var icon: String
  /// Such as `Purge (asked for purge)`.
  var method: String
  /// Technique, tool and version.
  var how: String
  /// Such as `Full read, passed`; what was not verified says so.
  var verification: String
  /// Operator and validator.
  var people: String
  var at: MomentView
  /// The event with the record, on this page.
  var href: String
  /// Its certificate, a PDF.
  var certificate: String
}

/// A file kept as evidence.
struct EvidenceRow: Sendable {
  var name: String
  var href: String
  /// Such as `JPEG, 412 kB`.
  var size: String
  /// SHA-256, lowercase hexadecimal, whole.
  var digest: String
  /// The event it belongs to, such as `Received`.
  var event: String
}

/// The label of an asset. Rendered by `asset-label.mustache`.
struct AssetLabelView: Sendable {
  /// Where its form is posted to.
  var path = ""
  var words = ""
  /// The label that was ordered last; nil before the first.
  var picture: String?
  /// What came of that order.
  var job: LabelJobRow?
  /// Why the last order was refused.
  var problem: ProblemView?
  /// Whether the problem answers what was just sent.
  var isAnswer = false
  /// Why none can be printed.
  var missing: String?
  var fields: [FormField] = []
  var acts: [LabelAct] = []
}

/// A button that prints a label.
struct LabelAct: Sendable {
  /// `first`, `reprint` or `replacement`.
  var purpose: String
  var words: String
  var isFirst: Bool
}
