import CentralStore
import Custody
import Hummingbird
import Mustache
import SyncProtocol

/// The pages' templates, and what stands around every page.
struct Pages: Sendable {
  private let library: MustacheLibrary
  private let centre: String
  private let showsSignOut: @Sendable () -> Bool

  init(centre: String, showsSignOut: @escaping @Sendable () -> Bool) throws {
    var library = MustacheLibrary()
    for (name, bytes) in WebFile.templates { try library.register(String(decoding: bytes, as: UTF8.self), named: name) }
    self.library = library
    self.centre = centre
    self.showsSignOut = showsSignOut
  }

  /// A page of a view by the template's name. Throws a ``Problem`` when there is no such template.
  func response(
    _ view: any Sendable, _ template: String, title: String, figures: CentralFigures? = nil,
    status: HTTPResponse.Status = .ok
  ) throws -> Response {
    guard let content = library.render(view, withTemplate: template),
      let page = library.render(
        LayoutView(
          title: title, centre: centre, navigation: LayoutView.navigation(template, figures),
          signOut: showsSignOut() && figures != nil, alarm: AlarmView(figures), content: content),
        withTemplate: "layout")
    else {
      throw Problem(
        status: 500, code: "central.template", title: "Something is broken",
        detail: "The page '\(template)' is not part of this program.", remedy: "Install the program again.")
    }
    return Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
  }
}

/// The files of the `Web` folder, which are part of the program itself.
enum WebFile {
  static let templates: [(String, [UInt8])] = [
    ("layout", PackageResources.layout_mustache), ("overview", PackageResources.overview_mustache),
    ("events", PackageResources.events_mustache), ("assets", PackageResources.assets_mustache),
    ("asset", PackageResources.asset_mustache), ("exceptions", PackageResources.exceptions_mustache),
    ("stations", PackageResources.stations_mustache), ("log", PackageResources.log_mustache),
    ("problem", PackageResources.problem_mustache),
    ("sign-in", PackageResources.sign_in_mustache),
  ]

  static let style = PackageResources.central_css
  static let icon = PackageResources.central_svg
}

/// What stands around every page. Rendered by `layout.mustache`.
struct LayoutView: Sendable {
  struct Item: Sendable {
    var label: String
    var href: String
    var current: Bool
    var count: Int?
  }

  var title: String
  var centre: String
  var navigation: [Item]
  var signOut: Bool
  var alarm: AlarmView?
  /// A rendered page: HTML.
  var content: String

  static func navigation(_ template: String, _ figures: CentralFigures?) -> [Item] {
    guard let figures else { return [] }
    let exceptions = figures.discrepancies + figures.quarantined + figures.unsupported + figures.rejected
    return [
      Item(label: "Overview", href: "/", current: template == "overview"),
      Item(label: "Assets", href: "/assets", current: template == "assets" || template == "asset"),
      Item(
        label: "Exceptions", href: "/exceptions", current: template == "exceptions",
        count: exceptions > 0 ? exceptions : nil),
      Item(label: "Stations", href: "/stations", current: template == "stations"),
      Item(label: "Log", href: "/log", current: template == "log"),
    ]
  }
}

/// What must not be overlooked, on every page.
struct AlarmView: Sendable {
  var words: String
  var remedy: String

  init?(_ figures: CentralFigures?) {
    guard let figures, figures.forks > 0 else { return nil }
    words =
      "Two stations sign with one key: \(figures.forks) \(figures.forks == 1 ? "entry stands" : "entries stand") "
      + "in a place of a chain that was taken."
    remedy = "Find the copied or restored station, take it out of use, and enrol it anew under another name."
  }
}
