import Custody
import Hummingbird
import StationStore

extension DeskPages {
  func addOverview(to router: Router<StationContext>) {
    router.get("/overview", use: overview)
    router.get("/overview/{list}", use: attentionList)
    router.get("/overview/{list}/csv", use: attentionCSV)
  }

  private static let rowsOnPage = 200
  /// Rows of a file; who has more narrows it by state under Assets.
  private static let rowsInFile = 100_000

  @Sendable func overview(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let moment = presenter.moments.now
      let overview = try Overview(in: snapshot, at: moment, today: presenter.moments.today)
      let states = BarChart(
        title: "Assets by state",
        bars: LifecycleState.allCases.map { state in
          BarChart.Bar(
            name: state.label, value: overview.byState[state] ?? 0, href: "/assets?state=\(state.rawValue)",
            kind: "good")
        })
      var lists = AttentionList.allCases.map { list in
        BarChart.Bar(name: list.label, value: overview.attention[list] ?? 0, href: "/overview/\(list.rawValue)")
      }
      lists.append(
        BarChart.Bar(
          name: overview.isAwaitingWipeAll ? "Awaiting a wipe" : "Awaiting a wipe, at least",
          value: overview.awaitingWipe, href: "/overview/awaitingWipe"))
      let ages = ["under a week", "under 30 days", "longer"]
      let disagreements = zip(ages, overview.discrepancies).enumerated().map { index, age in
        BarChart.Bar(name: "Exceptions, \(age.0)", value: age.1, href: "/exceptions", kind: index == 2 ? "bad" : "odd")
      }
      let waiting = zip(ages, overview.followUps).enumerated().map { index, age in
        BarChart.Bar(name: "Follow-ups, \(age.0)", value: age.1, href: "/follow-ups", kind: index == 2 ? "bad" : "odd")
      }
      let counts = try accuracies(in: snapshot, presenter)
      return OverviewView(
        shell: try presenter.shell(title: "Overview", page: "list"),
        charts: [
          ChartView(title: "To be done", svg: BarChart(title: "To be done", bars: lists).svg),
          ChartView(
            title: "Open, by age",
            svg: BarChart(title: "Exceptions and follow-ups by age", bars: disagreements + waiting).svg),
          ChartView(title: "Assets by state", svg: states.svg),
        ] + [counts].compactMap(\.self))
    }
    return try renderer.page("overview", view)
  }

  /// Counts that the overview draws.
  private static let countsDrawn = 8

  /// How right the last counts found the records, newest first; nil while none was closed of which anything was expected.
  private func accuracies(in snapshot: any StoreReading, _ presenter: DeskPresenter) throws -> ChartView? {
    let counts = CountPresenter(snapshot, presenter.moments)
    let bars = try snapshot.countAccuracies(limit: Self.countsDrawn).compactMap { count -> BarChart.Bar? in
      guard let thousandths = count.thousandths else { return nil }
      return BarChart.Bar(
        name: try counts.title(count.scope), value: thousandths / 10, href: "/counts/\(count.count)",
        kind: thousandths >= 980 ? "good" : thousandths >= 900 ? "odd" : "bad")
    }
    guard !bars.isEmpty else { return nil }
    let title = "Last counts: % found where recorded"
    return ChartView(title: title, svg: BarChart(title: title, bars: bars, most: 100).svg)
  }

  @Sendable func attentionList(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let name = context.parameters.get("list") ?? ""
    let list = try Self.list(name)
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      let today = presenter.moments.today
      let found = try Self.assets(list, in: snapshot, today, limit: Self.rowsOnPage)
      let rows = try found.assets.map { asset in
        AttentionRow(
          href: asset.href, name: asset.displayName, title: asset.title, state: asset.state.view,
          custodian: try names.name(asset.custodian), location: asset.location?.text,
          day: list.flatMap { $0.day(of: asset)?.description } ?? Self.openDrives(of: asset, list))
      }
      let number = found.isAll ? "\(found.count)" : "at least \(found.count)"
      let label = list?.label ?? "Awaiting a wipe"
      return AttentionView(
        shell: try presenter.shell(title: label, page: "list"), title: label,
        remedy: list?.remedy ?? "Wipe or destroy each drive, and record it with a second person.", rows: rows,
        words: found.isAll && found.count <= rows.count
          ? "\(number) in all." : "\(rows.count) of \(number), the most pressing first.",
        csv: "/overview/\(name)/csv")
    }
    return try renderer.page("attention", view)
  }

  @Sendable func attentionCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let list = try Self.list(context.parameters.get("list") ?? "")
    let bytes = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      var writer = CSVWriter()
      writer.append(["tag", "serial", "asset", "state", "custodian", "location", "day"])
      for asset in try Self.assets(list, in: snapshot, presenter.moments.today, limit: Self.rowsInFile).assets {
        writer.append([
          asset.tag, asset.serial, asset.title, asset.state.rawValue, try names.name(asset.custodian),
          asset.location?.text, list?.day(of: asset)?.description,
        ])
      }
      return writer.bytes
    }
    return Response(
      status: .ok,
      headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"assets.csv\""],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// The list of an address; nil is that of what awaits a wipe. Throws the problem for any other.
  private static func list(_ name: String) throws -> AttentionList? {
    if name == "awaitingWipe" { return nil }
    guard let list = AttentionList(rawValue: name) else {
      throw Problem.notFound("list \(name.prefix(80))", remedy: "Go back to the overview.")
    }
    return list
  }

  /// The first of a list, how many it has, and whether that number is whole.
  private static func assets(
    _ list: AttentionList?, in snapshot: any StoreReading, _ today: CalendarDate, limit: Int
  ) throws -> (assets: [Asset], count: Int, isAll: Bool) {
    if let list {
      let assets = try snapshot.assets(list, today: today, within: Overview.horizon, limit: limit)
      return (assets, try snapshot.count(list, today: today, within: Overview.horizon), true)
    }
    let wipes = try snapshot.awaitingWipe(limit: Overview.mostLookedAt)
    return (Array(wipes.assets.prefix(limit)), wipes.assets.count, wipes.isAll)
  }

  /// Which drives are in the way, of what awaits a wipe.
  private static func openDrives(of asset: Asset, _ list: AttentionList?) -> String? {
    guard list == nil else { return nil }
    return asset.mediaList == nil ? "drives unknown" : asset.unsanitizedMedia.map(\.serial).joined(separator: ", ")
  }
}
