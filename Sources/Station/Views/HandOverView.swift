/// Asks for the word of who takes or gives back things. Rendered by `hand-over.mustache`.
struct HandOverView: Sendable {
  var person: String
  /// What is acknowledged, word for word.
  var text: String
  /// Such as `Liam Byrne signed`; nil while they have not.
  var given: String?
  /// Badge and PIN instead of a signature.
  var form: ContextForm
}
