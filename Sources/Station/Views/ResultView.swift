/// What the last scan came to: the panel across the desk. Rendered by `result.mustache`.
struct ResultView: Sendable {
  /// The results, each with its own colour, icon, words and tone. The case names are the page's `data-result`.
  enum Kind: Sendable { case idle, pending, accepted, acceptedWithNote, duplicate, unknown, refused }

  /// Names the scan; a live event or an answer that shows an id the page has shown already makes no second tone.
  var id: String?
  var kind: Kind
  /// Name of the icon: `scan`, `clock`, `check`, `check`, `equals`, `question`, `cross` in the order of ``Kind``.
  var icon: String
  /// At most five words, such as `Received` or `Already received`.
  var words: String
  /// Asset tag or scanned text, whole.
  var tag: String?
  /// Manufacturer and model.
  var asset: String?
  /// One sentence: who and when, or why not.
  var detail: String?
  /// What to do, in words.
  var remedy: String?
  var remedies: [RemedyView] = []
  var at: MomentView?
  /// For an unknown code in a receive session: receive it as new.
  var form: ContextForm?
  /// Whether the carton on the desk can be confirmed by Enter: not while something else was scanned since.
  var confirmsCarton = false
}

/// A way out that one touch takes. Rendered by `remedy.mustache`.
struct RemedyView: Sendable {
  var label: String
  /// Where the button posts to; nil makes a link of it.
  var action: String?
  /// Where the link leads, when there is no action.
  var href: String?
  var fields: [HiddenField] = []
  /// Number or words of the printed command label that does the same, such as `label 14`.
  var command: String?
}

/// A value that a button carries.
struct HiddenField: Sendable {
  var name: String
  var value: String
}
