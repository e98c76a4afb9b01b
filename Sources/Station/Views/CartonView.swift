/// A carton on the desk: its picture with every code outlined and named, what they were taken for and why, and the form
/// that receives it. Rendered by `carton.mustache`.
struct CartonView: Sendable {
  /// Where the picture is; nil of a burst of scans.
  var picture: String?
  /// What showed it, such as `From the phone`; nil of a picture that was handed in at the desk.
  var source: String?
  var width: Int
  var height: Int
  /// Height of the names in the picture, in its pixels.
  var type: Int
  var outlines: [CartonOutline]
  /// What has to be chosen, before anything can be received.
  var conflicts: [CartonConflict]
  /// Every code with its meaning, in the order of the fields.
  var codes: [CartonCode]
  /// What is recorded when it is confirmed; nil while something has to be chosen.
  var form: ContextForm
  var settled: Bool
}

/// The outline of a symbol in the picture.
struct CartonOutline: Sendable {
  /// Anchor of the code's line beside the picture.
  var href: String
  /// `x,y` four times.
  var points: String
  /// The field it was taken for, as a class; `conflict` or `left` where it was not.
  var kind: String
  /// The field's name.
  var label: String
  var x: Int
  var y: Int
  /// Read out: the name and the value.
  var words: String
}

/// One code and what it was taken for.
struct CartonCode: Sendable {
  /// Anchor, `code-{mark}-{part}`.
  var id: String
  var kind: String
  var label: String
  var value: String
  /// The whole text of the code, where that is more than the value.
  var text: String?
  /// Why.
  var reason: String
  /// How surely: `certain`, `likely`, `guess`; nil where it was taken for nothing, or a person said so.
  var confidence: String?
  var mark: Int
  var part: Int
  /// What it may be taken for instead.
  var fields: [CartonChoiceButton]
}

/// A field to choose.
struct CartonChoiceButton: Sendable {
  var field: String
  var label: String
  var current = false
}

/// Candidates of equal right.
struct CartonConflict: Sendable {
  var words: String
  var candidates: [CartonCandidate]
}

/// One of them: a touch takes it.
struct CartonCandidate: Sendable {
  var kind: String
  var label: String
  var value: String
  var field: String
  var mark: Int
  var part: Int
}
