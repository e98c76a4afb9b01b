/// What stands around every page: the bar, the notices, and what the script needs to know.
/// Rendered by `layout.mustache`, `bar.mustache` and `notices.mustache`.
struct ShellView: Sendable {
  /// Title of the page, shown in the browser's tab.
  var title: String
  /// The kind of page, used as a class of `<body>`: `desk`, `list`, `record`, `gate`.
  var page: String
  /// BCP 47 language of the words, such as `en`.
  var language = PageLanguage.english.code
  /// The language whose words the scripts fetch; nil where they say what they have themselves.
  var words: String?
  /// The languages to choose from.
  var languages: [LanguageChoice] = []
  /// The station's name, such as `Desk 1`.
  var station: String
  /// The site's name, such as `Northgate`.
  var site: String
  /// Opaque id of the desk; live events that name another desk are left alone.
  var desk: String
  /// Loudness of the tones, 0 to 100.
  var volume = 60
  /// All pages, for the menu.
  var navigation: [NavigationItem] = [] { didSet { mainNavigation = navigation.filter(\.isMain) } }
  /// Those that stand in the bar as well, where it has room. Stored, for templates see nothing else.
  private(set) var mainNavigation: [NavigationItem] = []
  /// What the desk is doing; nil without an open session and on every other page.
  var workflow: WorkflowLine?
  /// Who is signed in; nil shows the sign-in link.
  var person: String?
  /// Their reference, by which the page tells whose a scan is that could not be sent at once.
  var personID = ""
  /// What the station knows of the centre; nil when it has none.
  var centre: CentreView?
  /// Such as `1 exception`; nil while nothing disagrees.
  var exceptions: String?
  /// The devices' lamp; nil hides it.
  var devices: LampView?
  var notices: [NoticeView] = []
}

/// A language of the pages, as the one button that chooses it.
struct LanguageChoice: Sendable {
  var code: String
  /// What it calls itself.
  var name: String
  var current: Bool
}

extension ShellView {
  /// Says the language of the page, and which others there are.
  mutating func show(_ language: PageLanguage, of languages: PageLanguages) {
    self.language = language.code
    words = language.book == nil ? nil : language.code
    self.languages = languages.all.map {
      LanguageChoice(code: $0.code, name: $0.name, current: $0.code == language.code)
    }
  }
}

/// A link of the menu.
struct NavigationItem: Sendable {
  var label: String
  var href: String
  /// Name of the icon: see `sprite.mustache`.
  var icon: String
  /// Whether it is the page that is shown.
  var current = false
  /// A number beside it, such as `2` unknown readings.
  var count: Int?
  /// Whether it stands in the bar as well: what is needed all day.
  var isMain = false
}

/// The open workflow in the bar, such as `Receive`, `PO-2031 · HQ-STORE-A1`.
struct WorkflowLine: Sendable {
  var name: String
  /// Name of the icon.
  var icon: String
  /// Order, recipient, location: what holds for every scan of this session.
  var context: [String] = []
}

/// What is not yet held by the centre, and when the centre was last reached.
struct CentreView: Sendable {
  /// Events sealed on this station that the centre does not hold yet.
  var pending: Int
  /// How many events the centre is proved to hold; nil while it cannot be reached.
  var proved: Int?
  /// The same with the entry up to which there is no gap.
  var held: String?
  /// Such as `Centre reached 10:42` or `Centre offline since 10:42`.
  var words: String
  /// Name of the icon: `centre` or `offline`.
  var icon: String
  /// Whether the centre cannot be reached now.
  var offline = false
}

/// One lamp: colour, icon and words together.
struct LampView: Sendable {
  /// What a lamp can say.
  enum State: Sendable { case good, busy, bad, off }
  var state: State
  var words: String
  var href: String?
}

/// A bar across the page that stays until its cause is gone: read-only, disk nearly full, sound owned elsewhere.
struct NoticeView: Sendable {
  /// How grave it is; grey for what is merely so, red for what stops work.
  enum Kind: Sendable { case plain, warning, stop }
  var kind: Kind
  /// Name of the icon.
  var icon: String
  var words: String
  /// What to do about it.
  var remedy: String?
}
