/// The sign-in page. Rendered by `sign-in.mustache`.
struct SignInView: Sendable {
  var shell: ShellView
  /// The badge as it was scanned, given back after a refusal so that only the PIN is asked again.
  var badge = ""
  /// A badge that a badge reader of the desk has read: only the PIN is asked.
  var offer: SignInOfferView?
  /// Whether the page hears of badges that are read at the desk.
  var listens = false
  /// Where to go afterwards, when that is not the desk.
  var next: String?
  /// Why it was refused, and what to do.
  var error: ProblemView?
  /// People of the demo catalogue; nil outside of the demo.
  var demo: DemoView?
}

/// Whose badge was read.
struct SignInOfferView: Sendable {
  /// What is sent in the badge's place.
  var id: String
  var name: String
}

/// How to get in when the station runs the demo.
struct DemoView: Sendable {
  var people: [DemoPerson]
}

/// A person of the demo catalogue.
struct DemoPerson: Sendable {
  var name: String
  /// What they may do, such as `Technician`.
  var role: String
  var badge: String
  var pin: String
}

/// What went wrong: RFC 9457 in words.
struct ProblemView: Sendable {
  var title: String
  var detail: String?
  var remedy: String?
  /// Whether nothing is wrong: something to know, no fault.
  var isPlain = false
}
