import AssetIdentifiers
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import StockCounting

extension DeskPages {
  func addCounts(to router: Router<StationContext>) {
    router.get("/counts", use: counts)
    router.get("/counts.csv", use: countsCSV)
    router.post("/counts", use: openCount)
    router.get("/counts/{id}", use: count)
    router.post("/counts/{id}/scans", use: countScan)
    router.post("/counts/{id}/tags", use: countTags)
    router.post("/counts/{id}/close", use: closeCount)
    router.post("/counts/{id}/accept", use: acceptLines)
    router.post("/counts/{id}/consumables", use: sayConsumable)
    router.post("/counts/{id}/consumables/accept", use: acceptConsumable)
    router.get("/static/count.js") { _, _ in try Self.file(.countScript, "text/javascript; charset=utf-8") }
  }

  private static let countsOnPage = 25

  @Sendable func counts(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try await countList(context, before: request.text("before").flatMap(CountID.init))
  }

  /// Every count, the newest first.
  @Sendable func countsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, clock) = (core, core.clock)
    return Self.csv(named: "counts.csv", CountPresenter.columns) { (before: CountID?) in
      try await core.store.read { snapshot -> CSVPage<CountID> in
        let counts = CountPresenter(snapshot, Moments(clock: clock))
        let found = try snapshot.stockCounts(before: before, limit: Self.listedAtOnce)
        let rows = try found.map { try counts.fields($0) }
        return (rows, found.count == Self.listedAtOnce ? found.last?.id : nil)
      }
    }
  }

  /// Opens a count: of what was chosen, or again of what another one counted.
  @Sendable func openCount(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let form = try await request.form()
    let isBlind = form["way"] == "blind"
    do {
      let count: StoredCount
      if let former = form["recountOf"].flatMap(CountID.init) {
        let known = try await core.stockCount(former)
        count = try await core.openCount(known.scope, blind: known.blind, recountOf: former, by: signedIn)
      } else {
        guard let scope = form["scope"].flatMap(CountScope.init(chosen:)) else {
          throw Problem(
            .unprocessableContent, "count.scope.missing", "Nothing chosen", detail: "Nothing to count was chosen.",
            remedy: "Choose a location, a category or a person.")
        }
        count = try await core.openCount(scope, blind: isBlind, by: signedIn)
      }
      return Response(status: .seeOther, headers: [.location: "/counts/\(count.id)"])
    } catch let problem as Problem where problem.status.code < 500 {
      return try await countList(context, before: nil, problem: problem, isBlind: isBlind)
    }
  }

  private func countList(
    _ context: StationContext, before: CountID?, problem: Problem? = nil, isBlind: Bool = false
  ) async throws -> Response {
    let mayCount = context.signedIn.map { !StockCount.roles.isDisjoint(with: $0.actor.roles) } ?? false
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let counts = CountPresenter(snapshot, presenter.moments)
      let found = try snapshot.stockCounts(before: before, limit: Self.countsOnPage + 1)
      let shown = found.prefix(Self.countsOnPage)
      return CountListView(
        shell: try presenter.shell(title: "Counts", page: "list"), rows: try shown.map(counts.row),
        groups: try Self.choices(
          in: snapshot, AssetPresenter(snapshot: snapshot, moments: presenter.moments)),
        problem: problem.map(ProblemView.init(_:)),
        forbidden: mayCount ? nil : Refusal.noCounter.remedy, isBlind: isBlind,
        paging: PagingView(
          words: "\(shown.count) shown", previous: before == nil ? nil : "/counts",
          next: found.count > shown.count ? shown.last.map { "/counts?before=\($0.id)" } : nil))
    }
    return try renderer.page("counts", view, status: problem?.status ?? .ok)
  }

  private static func choices(
    in snapshot: any StoreReading, _ names: AssetPresenter
  ) throws -> [CountChoiceGroup] {
    let places = try snapshot.locations().map {
      FieldOption(value: "location:\($0.code)", label: "\($0.code) · \($0.name)", selected: false)
    }
    let categories = try snapshot.categories().map {
      FieldOption(value: "category:\($0)", label: "Every \($0)", selected: false)
    }
    let people = try snapshot.custodians().compactMap { custodian in
      try names.name(custodian).map {
        FieldOption(value: "custodian:\(custodian.key)", label: "What \($0) has", selected: false)
      }
    }
    return [
      CountChoiceGroup(label: "Location, with everything below it", choices: places),
      CountChoiceGroup(label: "Category", choices: categories), CountChoiceGroup(label: "Custodian", choices: people),
    ].filter { !$0.choices.isEmpty }
  }

  // MARK: One count

  @Sendable func count(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    var shown = CountShown()
    shown.result = try API.result(request.text("result"))
    shown.after = request.text("after").flatMap(CountLine.Subject.init(path:))
    shown.observation = request.text("seen").flatMap(ObservationID.init)
    if let place = request.text("at").flatMap(LocationCode.init) {
      let name = try await core.store.read { try $0.location(place)?.name }
      shown.said = ResultView(
        id: "at-\(place)-\(request.text("of") ?? "")", kind: .accepted, icon: "check", words: "You stand at \(place)",
        detail: name)
    }
    if let number = request.text("tags").flatMap(Int.init) {
      shown.said = ResultView(
        id: "tags-\(request.text("of") ?? "")", kind: number == 0 ? .unknown : .acceptedWithNote,
        icon: number == 0 ? "question" : "check",
        words: number == 0 ? "No tag in view" : "\(counted(number, "tag")) taken",
        detail: "RFID alone does not confirm: scan the label, or take the readers’ word below.")
    }
    return try await countPage(count, context, shown)
  }

  /// A scan into the count: an asset, or the label of the location at which the next ones are made. What a page has kept names who
  /// scanned it, and where they stood.
  @Sendable func countScan(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try request.requireOperator(signedIn)
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let form = try await request.form()
    let text = form["text"] ?? ""
    do {
      let own = try await core.ownCounter(in: count.id, of: signedIn)
      switch Scan(raw: Array(text.utf8), source: .keyed).splittingAIMPrefix().stands {
      case .location(let code)?:
        guard let place = LocationCode(code) else { throw Problem.notFound("location \(code)") }
        try await core.report(
          own.counter.id, device: own.counter.device, held: 0, at: place, in: count.id, by: signedIn)
        return Self.back(to: count, ["at": place.text, "of": form["id"]])
      case .command(.close)?:
        try await hearPage(form, in: count.id, by: signedIn)
        _ = try await core.closeCount(count.id, anyway: false, by: signedIn)
        return Self.back(to: count)
      default: break
      }
      let id = try await form["id"].flatMap(ObservationID.init).orMake { try await core.newObservationID() }
      let sent = SentObservation(
        id: id, counter: own.counter.id, at: form["at"].flatMap(Instant.init) ?? core.clock.now(),
        place: form["place"].flatMap(LocationCode.init) ?? own.place,
        means: form["keyed"] == "yes" ? .keyed : .barcode, text: text)
      let taken = try await core.take([sent], in: count.id, by: signedIn)
      if case .refuse(let refusal)? = taken.first?.taking { throw Problem(counting: refusal, at: core.clock) }
      return Self.back(to: count, ["seen": id.description])
    } catch let problem as Problem where problem.status.code < 500 {
      var shown = CountShown()
      shown.refuse(problem, id: form["id"])
      return try await countPage(count, context, shown, status: problem.status)
    }
  }

  @Sendable func countTags(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let number = try await core.takeTags(in: count.id, by: signedIn)
    return Self.back(to: count, ["tags": String(number), "of": String(core.clock.now().milliseconds)])
  }

  @Sendable func closeCount(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let form = try await request.form()
    do {
      try await hearPage(form, in: count.id, by: signedIn)
      _ = try await core.closeCount(count.id, anyway: form["anyway"] == "yes", by: signedIn)
      return Self.back(to: count)
    } catch let problem as Problem where problem.status.code < 500 {
      var shown = CountShown()
      shown.refuse(problem, id: nil)
      shown.closing = problem
      return try await countPage(try await core.stockCount(count.id), context, shown, status: problem.status)
    }
  }

  /// Takes what the page that closes holds still, which it says with that: nobody is told to wait for the page before them.
  private func hearPage(_ form: [String: String], in count: CountID, by signedIn: SignedIn) async throws {
    guard let counter = form["counter"].flatMap(CounterID.init), let held = form["held"].flatMap(Int.init),
      (0...1_000_000_000).contains(held)
    else { return }
    try await core.hear(counter, holds: held, in: count, by: signedIn)
  }

  /// Accepts one line, or all of one result.
  @Sendable func acceptLines(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let form = try await request.form()
    let result = try API.result(form["result"])
    let subjects: [CountLine.Subject]
    if let line = form["line"] {
      subjects = CountLine.Subject(path: line).map { [$0] } ?? []
    } else if let result {
      subjects = try await core.acceptable(of: count.id, result)
    } else {
      subjects = []
    }
    let outcomes = try await core.accept(subjects, of: count.id, by: signedIn, CountLine.Answer(form))
    var shown = CountShown()
    shown.result = form["tab"].flatMap(CountLine.Result.init) ?? result
    for case (let subject, .refused(let refusal)) in outcomes {
      // Accepted together is what goes without saying; the rest stays in the list with what can be chosen.
      if form["line"] == nil, refusal.code == "count.accept.choose" { continue }
      shown.refused.append((subject, refusal))
    }
    guard shown.refused.isEmpty else {
      return try await countPage(count, context, shown, status: shown.refused.count < outcomes.count ? .ok : .conflict)
    }
    return Self.back(to: count, ["result": form["tab"] ?? result?.rawValue])
  }

  static func back(to count: StoredCount, _ parameters: KeyValuePairs<String, String?> = [:]) -> Response {
    Response(
      status: .seeOther, headers: [.location: "/counts/\(count.id)" + query(parameters.map { ($0.key, $0.value) })])
  }
}

extension CountLine.Answer {
  /// What a line's form says. What it does not know of a way is asked for by the way that is taken then.
  fileprivate init(_ form: [String: String]) {
    self.init(
      way: form["way"].flatMap(CountLine.Way.init), condition: form["condition"]?.nonEmpty,
      missingAccessories: (form["missingAccessories"] ?? "").split(separator: ",").compactMap {
        String($0).trimmingCharacters(in: .whitespaces).nonEmpty
      }, outcome: form["outcome"]?.nonEmpty,
      sealIntact: form["sealIntact"]?.nonEmpty.map { $0 == "yes" })
  }
}

extension ProblemView {
  fileprivate init(_ problem: Problem) {
    self.init(title: problem.title, detail: problem.detail, remedy: problem.remedy)
  }
}

extension StationCore {
  func newObservationID() async throws -> ObservationID { try await store.write { $0.newID() } }
}

extension Optional {
  fileprivate func orMake(_ make: () async throws -> Wrapped) async rethrows -> Wrapped {
    if let self { return self }
    return try await make()
  }
}

extension Scan {
  /// What stands on it, where it is a label of the house rather than a thing; nil for what cannot be read.
  fileprivate var stands: AssetIdentifier? {
    do throws(IdentifierError) { return try interpret() } catch { return nil }
  }
}

extension CountScope {
  /// What was chosen in the form: `location:`, `category:` or `custodian:`, and which.
  fileprivate init?(chosen text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "location":
      guard let place = LocationCode(rest) else { return nil }
      self = .location(place)
    case "category": self = .category(rest)
    case "custodian":
      guard let custodian = Custodian(key: rest) else { return nil }
      self = .custodian(custodian)
    default: return nil
    }
  }
}
