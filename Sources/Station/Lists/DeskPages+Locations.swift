import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addLocations(to router: Router<StationContext>) {
    router.get("/locations", use: locations)
    router.get("/locations.csv", use: locationsCSV)
    router.get("/location", use: location)
  }

  private static let locationsOnPage = 200

  // MARK: All

  @Sendable func locations(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let after = request.text("after").flatMap { LocationCode($0) }
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let tree = try LocationTree(in: snapshot)
      let start = after.flatMap { after in tree.places.firstIndex { $0.location.code == after } }.map { $0 + 1 } ?? 0
      let shown = tree.places.dropFirst(start).prefix(Self.locationsOnPage)
      let rows = try shown.map { place in
        let count = tree.lastCount(of: place.location.code)
        var name = ListCell(
          place.location.name, href: Self.href(of: place.location.code), small: [place.location.code.text])
        name.depth = min(place.depth, 6)
        return ListRow(cells: [
          name, ListCell(tree.siteName(of: place.location)),
          ListCell("\(try snapshot.assetCount(at: place.location.code))", before: "assets"),
          ListCell(
            at: count.map { presenter.moments.view($0.closedAt) }, before: "counted"),
          ListCell(
            count?.percent, href: count.map { "/counts/\($0.count)" }, small: [tree.reach(of: count)],
            before: count?.percent == nil ? nil : "accuracy"),
          ListCell(Self.label(of: place.location.code), isCode: true),
        ])
      }
      var view = ListPageView(
        shell: try presenter.shell(title: "Locations", page: "list"), title: "Locations",
        words: "\(counted(tree.places.count, "place")), each below the one that it is in.", csv: "/locations.csv")
      view.ways = [WayView(label: "Count one", href: "/counts", isQuiet: true)]
      if let way = WayView.importing(.locations, by: signedIn) { view.ways.append(way) }
      view.tables = [
        ListTable(
          head: ["Place", "Site", "Assets", "Last counted", "Accuracy", "Its label says"], rows: rows,
          empty: ProblemView(title: "No location yet.", remedy: "Import them: custody import locations.csv"),
          paging: PagingView(
            words: "\(rows.count) shown", previous: start == 0 ? nil : "/locations",
            next: start + rows.count < tree.places.count
              ? shown.last.map { "/locations" + Self.query([("after", $0.location.code.text)]) } : nil))
      ]
      return view
    }
    return try renderer.page("list-page", view)
  }

  /// Every place, in the columns that an import takes.
  @Sendable func locationsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let export = CatalogueExport(from: core.store)
    return Self.file(named: "locations.csv") { sink in _ = try await export.locations(as: .csv, to: sink) }
  }

  static func href(of location: LocationCode) -> String { "/location" + query([("code", location.text)]) }

  private static func label(of location: LocationCode) -> String { "CUSTODY:LOC:\(location)" }

  // MARK: One

  @Sendable func location(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let text = request.text("code") ?? ""
    let after = request.text("after").flatMap(AssetID.init)
    let view = try await core.store.read { snapshot -> ListPageView? in
      guard let code = LocationCode(text), let location = try snapshot.location(code) else { return nil }
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      let tree = try LocationTree(in: snapshot)
      let held = try snapshot.assetCount(at: code)
      var view = ListPageView(
        shell: try presenter.shell(title: "Location \(code)", page: "list"), title: location.name,
        words: "\(counted(held, "asset")) recorded here, without what is below it.")
      view.ways = [
        WayView(label: "Locations", href: "/locations", isQuiet: true),
        WayView(
          label: "Print its label", icon: "label",
          href: "/labels/location-100x50" + Self.query([("location", code.text)])),
      ]
      view.facts = [
        FactView(label: "Code", value: code.text, code: true),
        FactView(label: "Site", value: tree.siteName(of: location)),
        FactView(label: "Its label says", value: Self.label(of: code), code: true),
      ]
      if let parent = location.parent {
        view.facts.append(
          FactView(label: "In", value: try names.place(parent) ?? parent.text, href: Self.href(of: parent)))
      }
      if let count = tree.lastCount(of: code) {
        view.facts.append(
          FactView(
            label: "Last counted",
            value: [
              [presenter.moments.dated(count.closedAt), count.percent].compactMap(\.self).joined(separator: ": "),
              tree.reach(of: count),
            ].compactMap(\.self).joined(separator: " · "),
            href: "/counts/\(count.count)"))
      }
      let below = tree.children(of: code)
      if !below.isEmpty {
        view.tables.append(
          ListTable(
            title: "Below it", head: ["Place", "Assets"],
            rows: try below.map { child in
              ListRow(cells: [
                ListCell(child.name, href: Self.href(of: child.code), small: [child.code.text]),
                ListCell("\(try snapshot.assetCount(at: child.code))", before: "assets"),
              ])
            }, empty: ProblemView(title: "Nothing.")))
      }
      let found = try snapshot.assets(location: code, after: after, limit: Self.listedOnPage + 1)
      let shown = found.prefix(Self.listedOnPage)
      let rows = try shown.map { asset in
        var state = ListCell()
        state.chips = [asset.state.view]
        return ListRow(cells: [
          ListCell(asset), state, ListCell(try names.name(asset.custodian), before: "with"),
          ListCell(at: presenter.moments.view(asset.changedAt), before: "changed"),
        ])
      }
      view.tables.append(
        ListTable(
          title: "Recorded here", head: ["Asset", "State", "Custodian", "Last event"], rows: rows,
          empty: ProblemView(
            title: "Nothing is recorded here.", remedy: "Scan its label at the desk, then what lies there."),
          paging: PagingView(
            words: "\(rows.count) shown", previous: after == nil ? nil : Self.href(of: code),
            next: found.count > rows.count
              ? shown.last.map { "/location" + Self.query([("code", code.text), ("after", $0.id.description)]) } : nil))
      )
      return view
    }
    guard let view else {
      throw Problem.notFound("location \(text.prefix(80))", remedy: "Look at the list of locations.")
    }
    return try renderer.page("list-page", view)
  }
}

/// Places below the ones that they are in, site by site, and how right the records of each were when it was counted last: of the
/// place itself, or of all below it where it was counted as a whole.
struct LocationTree {
  /// A place and how many it lies in.
  struct Place {
    let location: Location
    let depth: Int
  }

  /// Every place, each followed by what is in it.
  let places: [Place]
  private let below: [LocationCode: [Location]]
  private let sites: [SiteCode: String]
  private let counts: [LocationCode: CountedPlace]

  init(in snapshot: any StoreReading) throws {
    let all = try snapshot.locations()
    let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    var below: [LocationCode: [Location]] = [:]
    var tops: [Location] = []
    for location in all {
      if let parent = location.parent, byCode[parent] != nil, parent != location.code {
        below[parent, default: []].append(location)
      } else {
        tops.append(location)
      }
    }
    tops.sort { ($0.site, $0.code) < ($1.site, $1.code) }
    var places: [Place] = []
    var seen: Set<LocationCode> = []
    func add(_ location: Location, _ depth: Int) {
      guard seen.insert(location.code).inserted else { return }
      places.append(Place(location: location, depth: depth))
      for child in below[location.code] ?? [] { add(child, depth + 1) }
    }
    for top in tops { add(top, 0) }
    // Places that lie in one another in a ring hang below none.
    for location in all where !seen.contains(location.code) { add(location, 0) }
    counts = try snapshot.countedPlaces()
    sites = Dictionary(try snapshot.sites().map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
    (self.places, self.below) = (places, below)
  }

  func children(of code: LocationCode) -> [Location] { below[code] ?? [] }

  func siteName(of location: Location) -> String { sites[location.site] ?? location.site.text }

  /// What a site is called; nil where nobody has said.
  func statedName(of site: SiteCode) -> String? { sites[site] }

  /// The newest count that this place was counted in, with what it said of this very place.
  func lastCount(of code: LocationCode) -> CountedPlace? { counts[code] }

  /// That a count's accuracy is of the place with all that is below it; nil where it is of the place alone, and where that is all.
  func reach(of count: CountedPlace?) -> String? {
    guard let count, count.isWhole, count.thousandths != nil, !children(of: count.place).isEmpty else { return nil }
    return "with what is below it"
  }
}

extension CountedPlace {
  /// Whole percent, rounded down: what is not all is not 100 %.
  var percent: String? { thousandths.map { "\($0 / 10) %" } }
}
