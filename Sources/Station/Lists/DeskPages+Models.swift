import Custody
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addModels(to router: Router<StationContext>) {
    router.get("/models", use: models)
    router.get("/models.csv", use: modelsCSV)
  }

  private static let modelsOnPage = 100

  @Sendable func models(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let query = request.text("q") ?? ""
    let start = try request.number("from", default: 0, in: 0...1_000_000)
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let all = try snapshot.models().filter { $0.has(query) }
      let shown = all.dropFirst(start).prefix(Self.modelsOnPage)
      let (numbers, learned) = (try snapshot.partNumbers(), try LearnedCodes(in: snapshot))
      let rows = shown.map { model in
        var states = ListCell()
        states.chips = LifecycleState.allCases.compactMap { state in
          model.byState[state].map { StateView(code: state.rawValue, label: "\(state.label) \($0)") }
        }
        return ListRow(cells: [
          ListCell(model.words, href: "/assets" + Self.query(model.filter), small: [model.name.manufacturer]),
          ListCell(model.categories.joined(separator: ", ")), ListCell("\(model.count)", before: "in all"), states,
          ListCell(
            numbers[model.name].map { $0.prefix(5).joined(separator: ", ") }, isCode: true,
            small: [learned.words(of: model.name)]),
        ])
      }
      let filters = [("q", query.isEmpty ? nil : query)]
      var view = ListPageView(
        shell: try presenter.shell(title: "Models", page: "list"), title: "Models",
        words: "What there is, model by model, and how it stands.", csv: "/models.csv" + Self.query(filters))
      if learned.count > 0 { view.ways = [WayView(label: "Corrections", href: "/corrections", isQuiet: true)] }
      view.search = ListSearchView(action: "/models", query: query, placeholder: "Manufacturer, model or category")
      view.tables = [
        ListTable(
          head: ["Model", "Category", "In all", "By state", "Part numbers"], rows: rows,
          empty: ProblemView(
            title: "No model fits.", remedy: "Models come with the assets that are received or imported."),
          paging: PagingView(
            words: "\(rows.count) of \(all.count) shown", previous: start == 0 ? nil : "/models" + Self.query(filters),
            next: start + rows.count < all.count
              ? "/models" + Self.query(filters + [("from", "\(start + rows.count)")]) : nil))
      ]
      return view
    }
    return try renderer.page("list-page", view)
  }

  @Sendable func modelsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, query) = (core, request.text("q") ?? "")
    let columns =
      ["manufacturer", "model", "category", "assets"] + LifecycleState.allCases.map(\.rawValue) + ["partNumbers"]
    return Self.csv(named: "models.csv", columns) { (_: Int?) in
      try await core.store.read { snapshot -> CSVPage<Int> in
        let numbers = try snapshot.partNumbers()
        let rows = try snapshot.models().filter { $0.has(query) }.map { model -> [String?] in
          var fields: [String?] = [model.name.manufacturer, model.name.model, model.categories.joined(separator: ", ")]
          fields.append("\(model.count)")
          for state in LifecycleState.allCases { fields.append("\(model.byState[state] ?? 0)") }
          fields.append(numbers[model.name]?.joined(separator: ", "))
          return fields
        }
        return (rows, nil)
      }
    }
  }
}

extension AssetModel {
  /// What the page calls it.
  fileprivate var words: String { name.model ?? "No model stated" }

  /// The list of its assets, as parameters of an address. What nobody stated is stated as empty.
  fileprivate var filter: [(String, String?)] { [("maker", name.manufacturer ?? ""), ("model", name.model ?? "")] }

  /// Whether each word of a text is in its names or categories.
  fileprivate func has(_ text: String) -> Bool {
    let own = ([name.manufacturer, name.model].compactMap(\.self) + categories).joined(separator: " ")
    return text.split(separator: " ").allSatisfy {
      own.range(of: $0, options: [.caseInsensitive, .diacriticInsensitive]) != nil
    }
  }
}

/// How many looks of carton codes were learned for each model.
private struct LearnedCodes {
  private var counts: [AssetModel.Name: Int] = [:]

  init(in snapshot: any StoreReading) throws {
    for kept in try snapshot.corrections() {
      let (maker, model) = (kept.correction.manufacturer, kept.correction.model)
      counts[AssetModel.Name(manufacturer: maker.nonEmpty, model: model.nonEmpty), default: 0] += 1
    }
  }

  var count: Int { counts.values.reduce(0, +) }

  func words(of name: AssetModel.Name) -> String? {
    counts[name].map { counted($0, "carton code") + " learned" }
  }
}
