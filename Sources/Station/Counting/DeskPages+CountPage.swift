import Custody
import CustodyLedger
import Hummingbird
import StationStore
import StockCounting

/// What a page of a count is asked to show.
struct CountShown: Sendable {
  /// Lines of one result; nil for all.
  var result: CountLine.Result?
  /// Lines behind this one.
  var after: CountLine.Subject?
  /// The observation whose result stands on top.
  var observation: ObservationID?
  /// What stands on top instead.
  var said: ResultView?
  /// Why it was not closed.
  var closing: Problem?
  /// Lines that were not accepted, and why.
  var refused: [(subject: CountLine.Subject, refusal: Refusal)] = []

  /// Puts a "no" on top.
  mutating func refuse(_ problem: Problem, id: String?) {
    said = ResultView(
      id: id.map { "no-\($0)" }, kind: .refused, icon: "cross",
      words: problem.code == "count.close.out" ? "Not closed yet" : problem.title, detail: problem.detail,
      remedy: problem.remedy)
  }
}

extension DeskPages {
  private static let linesOnPage = 100

  /// The page of a count.
  func countPage(
    _ count: StoredCount, _ context: StationContext, _ shown: CountShown, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let view = try await core.store.read { snapshot in
      guard let count = try snapshot.stockCount(count.id) else { throw Problem.noCount(count.id) }
      return try countView(count, snapshot, context, shown)
    }
    return try renderer.page("count", view, status: status)
  }

  private func countView(
    _ count: StoredCount, _ snapshot: StoreSnapshot, _ context: StationContext, _ shown: CountShown
  ) throws -> CountView {
    let presenter = presenter(snapshot, context)
    let counts = CountPresenter(snapshot, presenter.moments)
    let roles = context.signedIn?.actor.roles ?? []
    let isOpen = count.ending == nil
    let tally = try snapshot.tally(of: count.id)
    let counters = try snapshot.counters(of: count.id)
    let own = counters.first {
      $0.counter.person == context.signedIn?.person.id && $0.counter.device == core.desk.name
    }
    let mayCount = !StockCount.roles.isDisjoint(with: roles)
    let seen = count.expected - tally.missing
    var view = CountView(
      shell: try presenter.shell(title: "Count", page: "list"), id: count.id.description,
      title: try counts.title(count.scope), about: try about(count, snapshot, presenter.moments),
      recountOf: count.recountOf.map { "/counts/\($0)" },
      result: try top(count, counts, shown), isOpen: isOpen, canScan: isOpen && mayCount,
      canSend: mayCount, placeCode: own?.place?.text,
      place: try own?.place.map {
        try AssetPresenter(snapshot: snapshot, moments: presenter.moments).place($0) ?? $0.text
      }
        ?? "Scan the label of the location where you stand.",
      progress: count.hides ? "Blind count" : "\(seen) of \(count.expected)",
      meter: count.hides ? nil : .init(done: seen, total: max(count.expected, 1)),
      counters: try counters.filter { $0.counter.isOut }.map { stored in
        let name = try snapshot.person(stored.counter.person)?.name ?? "somebody"
        let whose = "\(stored.counter.device) of \(name)"
        return CountView.CounterOut(
          id: stored.counter.id.description,
          words: stored.counter.held.map { "\(whose) holds \(counted($0, "observation")) still" }
            ?? "\(whose) has not said whether it holds any")
      },
      ending: try counts.ending(count), tabs: [], lines: [],
      empty: count.hides ? "What is expected is shown once the count is closed." : "Nothing here.",
      problems: try problems(shown, snapshot), paging: PagingView(words: "", previous: nil, next: nil))
    if isOpen, mayCount {
      view.closing = CountClosingForm(
        anyway: shown.closing?.code == "count.close.out",
        problem: shown.closing.map { ProblemView(title: "Not closed", detail: $0.detail, remedy: $0.remedy) })
      let tags = core.tags.count
      view.tags = tags == 0 ? nil : counted(tags, "tag")
    }
    view.inHand = isOpen && mayCount ? try counts.inHand(shown.observation, of: count) : nil
    guard !count.hides else { return view }
    view.stock = try counts.stock(count, roles: roles)
    view.csv = "/api/v1/counts/\(count.id)/lines.csv"
    try fill(&view, with: count, tally, snapshot, counts, roles, shown)
    return view
  }

  private func fill(
    _ view: inout CountView, with count: StoredCount, _ tally: CountTally, _ snapshot: StoreSnapshot,
    _ counts: CountPresenter, _ roles: Set<Role>, _ shown: CountShown
  ) throws {
    let isOpen = count.ending == nil
    let path = "/counts/\(count.id)"
    view.tabs =
      [
        StateChip(
          label: "All", href: path, count: CountLine.Result.shown.reduce(0) { $0 + tally[$1] },
          current: shown.result == nil)
      ]
      + CountLine.Result.shown.filter { tally[$0] > 0 || $0 == shown.result }.map { result in
        StateChip(
          label: isOpen && result == .missing ? "Not seen yet" : result.label,
          href: path + Self.query([("result", result.rawValue)]), count: tally[result],
          current: result == shown.result)
      }
    let behind = try shown.after.flatMap { try snapshot.countLine(of: count.id, about: $0) }
    let found = try snapshot.countLines(of: count.id, result: shown.result, after: behind, limit: Self.linesOnPage + 1)
    let rows = found.prefix(Self.linesOnPage)
    view.lines = try rows.map { try counts.line($0, of: count, roles: roles) }
    view.paging = PagingView(
      words: "\(rows.count) shown",
      previous: shown.after == nil ? nil : path + Self.query([("result", shown.result?.rawValue)]),
      next: found.count > rows.count
        ? rows.last.map {
          path + Self.query([("result", shown.result?.rawValue), ("after", $0.line.subject.path)])
        } : nil)
    let waiting = view.lines.count { line in line.acts.contains { !$0.isOneOfSeveral } }
    if let result = shown.result, waiting > 1 {
      view.acceptAll = CountAcceptAll(
        result: result.rawValue,
        label: result == .missing ? "Declare all of them missing" : "Accept all of them")
    }
  }

  private func about(_ count: StoredCount, _ snapshot: StoreSnapshot, _ moments: Moments) throws -> String {
    let who = try snapshot.person(count.openedBy)?.name ?? "somebody"
    let at = moments.dated(count.openedAt)
    return count.blind ? "Blind count, opened \(at) by \(who)." : "Guided count, opened \(at) by \(who)."
  }

  private func top(_ count: StoredCount, _ counts: CountPresenter, _ shown: CountShown) throws -> ResultView {
    if let said = shown.said { return said }
    if let observation = shown.observation, let result = try counts.result(observation, of: count) { return result }
    return count.ending == nil
      ? ResultView(kind: .idle, icon: "scan", words: "Ready to count", detail: "Scan a location, then what lies there.")
      : ResultView(kind: .idle, icon: "seal", words: "Closed", detail: "What is accepted below becomes custody events.")
  }

  private func problems(_ shown: CountShown, _ snapshot: StoreSnapshot) throws -> [ProblemView] {
    try shown.refused.prefix(10).map { subject, refusal in
      var name = subject.path
      if case .asset(let id) = subject { name = try snapshot.asset(id)?.displayName ?? name }
      return ProblemView(title: "\(name): not recorded", detail: refusal.sentence, remedy: refusal.remedy)
    }
  }
}
