/// A consumable of a count at a place.
struct CountStockLine: Sendable {
  /// A class: `done`, `unknown`, `refused`, `expected`.
  var state: String
  var icon: String
  /// Such as `Within tolerance`.
  var words: String
  var code: String
  var name: String
  var place: String
  /// Where it is on record.
  var href: String
  /// Such as `37 counted · 40 on record · difference -3 · tolerance ± 2`.
  var detail: String
  /// Who accepted it, or what has to be done instead.
  var note: String?
  /// Whether a quantity can be said.
  var canSay: Bool
  /// On the button that accepts it, such as `Set to 37`; nil where nothing follows.
  var act: String?
}

/// The consumable that was scanned last: how much of it there is can be said.
struct CountStockInHand: Sendable {
  var code: String
  var name: String
  var unit: String
  var place: String
  /// Such as `12 counted`.
  var words: String
}
