import AssetIdentifiers
import Custody
import CustodyLedger
import StationStore

/// Makes the desk's view out of the station's state: the page is a view of it and nothing more.
struct DeskPresenter {
  let core: StationCore
  let snapshot: any StoreReading
  let moments: Moments
  let signedIn: SignedIn?
  let language: PageLanguage
  let languages: PageLanguages

  func desk(
    _ session: StoredSession?, _ work: WorkSession?, outcome: ScanOutcome?, fault: String? = nil
  ) throws -> DeskView {
    if let session, let work, session.operator != signedIn?.person.id {
      return try others(session, work, outcome: outcome)
    }
    let presenter = AssetPresenter(snapshot: snapshot, moments: moments)
    let forms = DeskForms(snapshot: snapshot)
    let scanned = try outcome?.asset.flatMap { try snapshot.asset($0.id) } ?? outcome?.asset
    let asset = try scanned ?? core.desk.asset.flatMap { try snapshot.asset($0) }
    let entries = try asset.map { try snapshot.entries(of: $0.id) } ?? []
    var shell = try shell(title: work?.workflow?.words.imperative ?? "Desk", page: "desk")
    if let work {
      shell.workflow = WorkflowLine(
        name: work.workflow?.words.imperative ?? "Look up", icon: work.workflow?.icon ?? "lookup",
        context: try forms.context(of: work))
      // The menu with their number has no room beside an act.
      let exceptions = try snapshot.openDiscrepancies()
      if exceptions > 0 { shell.exceptions = counted(exceptions, "exception") }
    }
    var view = DeskView(
      shell: shell, result: try result(outcome, work: work, asset: scanned, forms: forms),
      workflows: Self.main.enumerated().map { index, verb in
        choice(verb, current: work?.workflow == verb && session != nil, key: "F\(index + 2)")
      },
      more: Self.more.map { choice($0, current: work?.workflow == $0 && session != nil) } + [
        WorkflowChoice(
          workflow: "lookup", label: "Look up", icon: "lookup", current: session != nil && work?.workflow == nil)
      ],
      choosing: session == nil, unknowns: try snapshot.unknownCount())
    view.key = StationCore.sessionKey(session.flatMap { session in work.map { (session, $0) } })
    if let work, session != nil {
      view.context = try forms.context(work, asset: asset, fault: fault)
      view.people = try people(work, forms)
      view.handOver = try handOver(work)
      if work.workflow == .receive, let shown = try snapshot.cartonOnDesk(work) {
        view.carton = try CartonPresenter(snapshot: snapshot).view(shown, work: work)
      }
    }
    view.awaited = try awaited()
    if outcome == nil, let awaited = view.awaited {
      view.result = ResultView(kind: .idle, icon: "scan", words: "Scan the new label", detail: awaited.words + ".")
    }
    if let session {
      view.session = try self.session(session, work, presenter)
      if work?.workflow == .sanitize { view.session?.wipeReports = "/wipe-reports" }
      view.undo = try snapshot.undoWords(in: session.id)
      if let work { try show(&view, kitOf: work, in: session) }
    }
    if let asset {
      view.asset = try presenter.card(asset, entries: entries)
      view.timeline = try presenter.timeline(entries, limit: 12)
    }
    return view
  }

  /// The label that the next scan must be: the newest of those that are awaited.
  private func awaited() throws -> AwaitedLabelView? {
    let open = try snapshot.awaitedLabels(at: core.desk.name).compactMap { label in
      try snapshot.asset(label.asset).flatMap { asset in
        asset.label?.event == label.event && asset.label?.isProven == false ? asset : nil
      }
    }
    guard let asset = open.last, let label = asset.label else { return nil }
    return AwaitedLabelView(
      words: "Scan the new label \(label.mark.value)",
      further: open.count > 1 ? "\(open.count - 1) more \(open.count == 2 ? "is" : "are") awaited." : nil,
      picture: "/assets/\(asset.id)/label.png?of=\(label.event)", command: "label \(DeskCommand.skip.rawValue)")
  }

  /// The desk while another person's session is open at it: nothing but the way to take it over.
  private func others(_ session: StoredSession, _ work: WorkSession, outcome: ScanOutcome?) throws -> DeskView {
    let refused = outcome?.code == Problem.otherOperator("").code ? outcome : nil
    var result = ResultView(
      kind: refused == nil ? .idle : .refused, icon: refused == nil ? "lock" : "cross",
      words: "\(try snapshot.operatorName(of: session))’s session is open")
    result.id = refused.map { String($0.reading) }
    result.tag = refused?.identifier?.mark
    result.detail =
      "\(work.workflow?.words.imperative ?? "Look up"), since \(moments.time(session.openedAt)). "
      + "What you scan is not recorded before you take it over."
    result.remedies = [RemedyView(label: "Take over", action: "/desk/takeover")]
    if let outcome, outcome.result == .refused, refused == nil {
      // Why it could not be taken over.
      result = try self.result(outcome, work: nil, asset: nil, forms: DeskForms(snapshot: snapshot))
    }
    var view = DeskView(
      shell: try shell(title: "Desk", page: "desk"), result: result, workflows: [], more: [], choosing: false,
      unknowns: try snapshot.unknownCount())
    view.key = StationCore.sessionKey((session, work))
    return view
  }
}
