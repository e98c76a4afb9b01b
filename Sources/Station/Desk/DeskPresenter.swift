import AssetIdentifiers
import Custody
import CustodyLedger
import Foundation
import ScannerProtocols
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
      if let act = try snapshot.newestAct(in: session.id).act,
        let row = try snapshot.entries(of: act.asset).first(where: { $0.event.eventID == act.events.first?.event })
      {
        let name = try snapshot.asset(act.asset)?.displayName ?? "an asset"
        view.undo = "Undo \(row.event.verb.words.imperative.lowercased()) of \(name)"
      }
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

  /// Whether the label of what was just received can be printed here.
  private func canLabel(_ outcome: ScanOutcome, _ asset: Asset?, _ work: WorkSession?) throws -> Bool {
    guard work?.workflow == .receive, outcome.result == .accepted || outcome.result == .acceptedWithNote,
      let asset, asset.label == nil, core.options.labelOnReceive == nil || asset.tag != nil, let signedIn,
      Verb.label.refusal(forRoles: signedIn.actor.roles) == nil
    else { return false }
    return try !snapshot.printers().isEmpty
  }

  /// The result alone; nil while another person's session is open.
  func shownResult(_ session: StoredSession?, _ work: WorkSession?, outcome: ScanOutcome) throws -> ShownResultView? {
    guard session.map({ $0.operator == signedIn?.person.id }) ?? true else { return nil }
    let asset = try outcome.asset.flatMap { try snapshot.asset($0.id) } ?? outcome.asset
    return ShownResultView(
      key: StationCore.sessionKey(session.flatMap { session in work.map { (session, $0) } }),
      choosing: session == nil,
      result: try result(outcome, work: work, asset: asset, forms: DeskForms(snapshot: snapshot)))
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

  // MARK: Parts

  private static let main: [Verb] = [.receive, .deploy, .return, .dispose]
  private static let more: [Verb] = [
    .triage, .sanitize, .retire, .transfer, .repairOut, .repairIn, .ship, .arrive, .declareMissing, .found, .amend,
  ]

  private func choice(_ verb: Verb, current: Bool, key: String? = nil) -> WorkflowChoice {
    WorkflowChoice(
      workflow: verb.rawValue, label: verb.words.imperative, icon: verb.icon, key: key, current: current,
      words: key == nil ? nil : Self.purpose[verb],
      forbidden: signedIn.flatMap { verb.refusal(forRoles: $0.actor.roles)?.remedy })
  }

  private static let purpose: [Verb: String] = [
    .receive: "Goods come in", .deploy: "Hand out to a person", .return: "Take back", .dispose: "Confirm it is gone",
  ]

  private func people(_ work: WorkSession, _ forms: DeskForms) throws -> [SecondPersonView] {
    switch work.workflow {
    case .sanitize:
      [try forms.secondPerson(.witness, work: work, moments: moments)]
    case .dispose:
      [try forms.secondPerson(.witness, work: work, moments: moments)]
    case .retire, .triage:
      signedIn?.actor.roles.contains(.manager) == true
        ? [] : [try forms.secondPerson(.approver, work: work, moments: moments)]
    default: []
    }
  }

  private func result(_ outcome: ScanOutcome?, work: WorkSession?, asset: Asset?, forms: DeskForms) throws -> ResultView
  {
    guard let outcome else {
      return ResultView(
        kind: .idle, icon: "scan", words: work == nil ? "Choose what to do" : "Ready to scan",
        detail: work == nil ? "Or scan a command label." : nil, confirmsCarton: work?.carton != nil)
    }
    let (kind, icon): (ResultView.Kind, String) =
      switch outcome.result {
      case .accepted, .undone: (.accepted, "check")
      case .acceptedWithNote: (.acceptedWithNote, "check")
      case .duplicate: (.duplicate, "equals")
      case .unknown: (.unknown, "question")
      case .refused, .unassigned: (.refused, "cross")
      case .context: (.accepted, "check")
      case .lookup: (.idle, "scan")
      }
    // A carton asks something: it must not look like something that is recorded.
    let asks = outcome.asksAboutCarton && work?.carton != nil
    var view = ResultView(kind: asks ? .unknown : kind, icon: asks ? "question" : icon, words: outcome.words)
    // What kept no reading is told from the next of its kind by its time.
    // A scanned location leaves the question as it was; anything else may be another box.
    view.confirmsCarton = asks || (work?.carton != nil && outcome.result == .context)
    view.id = outcome.reading == 0 ? "at-\(outcome.at.milliseconds)" : String(outcome.reading)
    let isBadge = if case .badge? = outcome.identifier { true } else { false }
    // What a badge or a command label says is for the station to read.
    let isText = String(validating: outcome.scan.raw, as: UTF8.self) != nil
    let mark = isText ? outcome.identifier?.mark : Self.short(outcome.scan.raw)
    view.tag = asset?.displayName ?? (isBadge || outcome.result == .context ? nil : mark)
    view.asset = asset?.title
    view.detail = outcome.sentence
    if let device = outcome.scan.device, device.hasPrefix(PlayedDevice.prefix) {
      view.detail = [outcome.sentence, "Scanned by a simulated device: \(device)."].compactMap(\.self)
        .joined(separator: " ")
    }
    view.remedy = outcome.remedy
    // Of what has just happened nobody needs to be told when.
    if moments.now.milliseconds - outcome.at.milliseconds > 45_000 { view.at = moments.view(outcome.at) }
    if outcome.result == .unknown, work?.workflow == .receive, let work, outcome.identifier?.namesOneThing == true,
      let text = outcome.identifier?.mark
    {
      view.form = try forms.receiveAsNew(text: text, work: work)
    }
    if outcome.code == "scan.order.line", let work {
      view.remedies = try orderLines(of: work, for: outcome.reading)
    }
    if outcome.result == .refused, let verb = Self.wayOut(outcome.code) {
      view.remedies = [
        RemedyView(
          label: verb.words.imperative, action: "/desk/session",
          fields: [HiddenField(name: "workflow", value: verb.rawValue)],
          command: DeskCommand.allCases.first { $0.verb == verb }.map { "label \($0.rawValue)" })
      ]
    }
    if outcome.code == ScanOutcome.begun, let verb = work?.workflow, let asset,
      let mark = asset.tag ?? asset.serial ?? asset.identifiers.first?.value
    {
      view.remedies = [
        RemedyView(
          label: "\(verb.words.imperative) \(asset.displayName)", action: "/desk/scans",
          fields: [HiddenField(name: "text", value: mark)])
      ]
    }
    if let asset, try canLabel(outcome, asset, work) {
      view.remedies = [
        RemedyView(
          label: "Print label", action: "/desk/label",
          fields: [HiddenField(name: "asset", value: asset.id.description)])
      ]
    }
    if let asset, let owed = try snapshot.owedLabel(of: asset.id), let words = owed.words,
      outcome.events.contains(where: { $0.eventID == owed.event })
    {
      // It is received; what is missing is its label.
      view.kind = .acceptedWithNote
      view.detail = [view.detail, words].compactMap(\.self).joined(separator: " ")
      view.remedy = owed.refusal?.remedy
      view.remedies = [
        RemedyView(
          label: "Try again", action: "/desk/label/again",
          fields: [HiddenField(name: "asset", value: asset.id.description)])
      ]
    }
    if let asset, let open = asset.discrepancies?.first {
      // It is told whatever was scanned it for, and stops nothing that may be recorded.
      if view.kind == .accepted { view.kind = .acceptedWithNote }
      view.detail = [view.detail, "Exception, to be settled: \(open.kind.sentence)"].compactMap(\.self)
        .joined(separator: " ")
      view.remedies.append(RemedyView(label: "See the exception", href: "/exceptions"))
    }
    if outcome.code == "scan.label.awaited" || outcome.code == "scan.label.typed" {
      view.remedies = [
        RemedyView(label: "Leave it unproven", action: "/desk/skip", command: "label \(DeskCommand.skip.rawValue)")
      ]
    }
    return view
  }

  /// The act that leads out of a refusal, where there is one.
  private static func wayOut(_ code: String?) -> Verb? {
    switch code {
    case "custody.dispose.mediumNotSanitized", "custody.triage.mediumNotSanitized", "custody.deploy.mediumNotSanitized":
      .sanitize
    case "custody.dispose.mediaUnknown", "custody.triage.mediaUnknown", "custody.deploy.mediaUnknown",
      "custody.sanitize.mediaUnknown":
      .amend
    default: nil
    }
  }

  private func session(
    _ session: StoredSession, _ work: WorkSession?, _ presenter: AssetPresenter
  ) throws -> SessionView {
    let readings = try snapshot.readings(session: session.id, limit: 60)
    let tally = try snapshot.tally(of: session.id)
    let done = (tally[.accepted] ?? 0) + (tally[.acceptedWithNote] ?? 0)
    let items: [(KeptReading.Outcome, SessionLine.State, String, String)] = [
      (.accepted, .done, "check", "done"), (.acceptedWithNote, .note, "check", "with a note"),
      (.duplicate, .duplicate, "equals", "duplicate"), (.unknown, .unknown, "question", "unknown"),
      (.refused, .refused, "cross", "refused"),
    ]
    var settled: Set<Data> = []
    var open: [Bool] = []
    // From the newest: what was odd is settled once the same asset, or the same code, was taken after it.
    let shown = readings.filter { $0.outcome != .context && $0.outcome != .lookup }
    for reading in shown {
      // Of a scan that did not come whole nobody knows what it was: the next that was taken is thought to be it.
      if reading.raw.isEmpty {
        open.append(settled.isEmpty)
        continue
      }
      let keys = [reading.asset.map { Data("\($0)".utf8) }, Data(reading.raw)].compactMap(\.self)
      open.append(settled.isDisjoint(with: keys))
      if reading.outcome == .accepted || reading.outcome == .acceptedWithNote { settled.formUnion(keys) }
    }
    let lines = try shown.map { reading in
      let asset = try reading.asset.flatMap { try snapshot.asset($0) }
      let (state, icon): (SessionLine.State, String) =
        switch reading.outcome {
        case .accepted: (.done, "check")
        case .acceptedWithNote: (.note, "check")
        case .duplicate: (.duplicate, "equals")
        case .unknown: (.unknown, "question")
        case .undone: (.expected, "undo")
        default: (.refused, "cross")
        }
      return SessionLine(
        state: state, icon: icon, words: reading.outcome == .undone ? "\(reading.words), undone" : reading.words,
        code: asset?.displayName ?? (reading.raw.isEmpty ? nil : Self.short(reading.raw)),
        title: asset?.title ?? (reading.raw.isEmpty ? reading.device.map(scannerName) : nil), detail: nil,
        at: moments.view(reading.at), href: asset?.href)
    }
    let isOdd = zip(lines, open).map { line, open in open && (line.state == .unknown || line.state == .refused) }
    let odd = zip(lines, isOdd).filter(\.1).map(\.0)
    let rest = zip(lines, isOdd).filter { !$0.1 }.map(\.0)
    var view = SessionView(
      title: done == 0 ? "Nothing recorded yet" : "\(done) recorded",
      tally: items.compactMap { outcome, state, icon, words in
        tally[outcome].map { TallyItem(state: state, icon: icon, words: "\($0) \(words)") }
      },
      lines: odd + rest, empty: "Scan the first asset.")
    try show(&view, orderOf: work)
    try show(&view, held: work)
    let scope = PalletManifest.Scope(sessions: [session.id])
    if done > 0, try !snapshot.departures(order: nil, sessions: [session.id], limit: 1).isEmpty {
      view.manifest = scope.href
    }
    if done > 1 { view.takeBack = Self.takeBack }
    return view
  }

  /// Asks why everything of the session is taken back.
  private static var takeBack: ContextForm {
    var reason = FormField(.input, "reason", "Reason", prefix: "take-back")
    reason.required = true
    reason.hint = "it stands in each correction"
    return ContextForm(
      id: "take-back", action: "/desk/take-back", title: "Take all of it back", open: false, submit: "Take back",
      groups: [FieldGroup(fields: [reason])])
  }

  /// What a scanner is called; one that is not plugged in by the profile of its kind, else its id.
  private func scannerName(_ id: String) -> String {
    if let device = core.devices.all().first(where: { $0.id == id }) { return device.name }
    let usb = id.split(separator: "@").first.flatMap { USBIdentifier(String($0)) }
    return usb.flatMap { usb in core.devices.profiles.first { $0.usb.contains(usb) } }?.name ?? id
  }

  /// A code as one line can show it; the whole of it stands with the kept reading.
  private static func short(_ raw: [UInt8]) -> String {
    let text = raw.shown
    return text.count > 60 ? text.prefix(60) + "…" : text
  }

  // MARK: Around every page

  func shell(title: String, page: String) throws -> ShellView {
    let identity = core.store.identity
    let site = try snapshot.sites().first { $0.code == identity.site }?.name ?? identity.site.text
    var shell = ShellView(
      title: title, page: page, station: identity.station.text, site: site, desk: core.desk.name)
    shell.show(language, of: languages)
    let unknowns = try snapshot.unknownCount()
    let exceptions = try snapshot.openDiscrepancies()
    let followUps = try snapshot.openFollowUps()
    func item(
      _ label: String, _ href: String, _ icon: String, count: Int = 0, isMain: Bool = false, also titles: [String] = []
    ) -> NavigationItem {
      NavigationItem(
        label: label, href: href, icon: icon,
        current: title == label || page == "desk" && label == "Desk" || titles.contains { title.hasPrefix($0) },
        count: count == 0 ? nil : count, isMain: isMain)
    }
    shell.navigation = [
      item("Desk", "/desk", "desk", isMain: true),
      item("Overview", "/overview", "more"),
      item("Assets", "/assets", "assets", isMain: true),
      item("Orders", "/orders", "receive", isMain: true, also: ["Order "]),
      item("Kits", "/kits", "deploy", also: ["Kit "]),
      item("Consumables", "/consumables", "count", also: ["Consumable "]),
      item("Follow-ups", "/follow-ups", "warning", count: followUps, isMain: true),
      item("Exceptions", "/exceptions", "settle", count: exceptions, isMain: true),
      item("Unknown codes", "/readings", "question", count: unknowns),
      item("Counts", "/counts", "count", isMain: true, also: ["Count"]),
      item("Disposals", "/disposals", "dispose", isMain: true, also: ["Disposal order "]),
      item("Triage", "/triage", "triage"),
      item("Repairs", "/repairs", "repairOut"),
      item("Transfers", "/transfers", "transfer"),
      item("Shipments", "/shipments", "ship"),
      item("Wipe reports", "/wipe-reports", "sanitize"),
      item("People", "/people", "person", also: ["Person "]),
      item("Locations", "/locations", "arrive", also: ["Location "]),
      item("Models", "/models", "expect"),
      item("Ledger", "/events", "seal"),
      item("Labels", "/labels", "label", also: ["Printers"]),
      item("Devices", "/devices", "usb"),
    ]
    if signedIn?.mayAdministerWebhooks == true { shell.navigation.append(item("Webhooks", "/webhooks", "centre")) }
    let tags = core.tags.count
    if !core.readers.isEmpty || tags > 0 {
      shell.navigation.append(
        NavigationItem(label: "Tags", href: "/tags", icon: "bind", current: ["Tags", "Through doors"].contains(title)))
    }
    if let camera = core.cameras.first {
      // One entry, however many there are: the bar has no room for a list.
      shell.navigation.append(
        NavigationItem(
          label: core.cameras.count == 1 ? "Camera" : "Cameras",
          href: core.cameras.count == 1 ? "/cameras/\(camera.name)" : "/devices", icon: "camera",
          current: title.hasPrefix("Camera ")))
    }
    shell.person = signedIn?.person.name
    shell.personID = signedIn?.person.id.description ?? ""
    if core.options.centre != nil { shell.centre = try centre() }
    shell.devices = lamp()
    for played in core.devices.played {
      shell.notices.append(
        NoticeView(
          kind: .warning, icon: "usb", words: "A simulated device scans: \(played.profile.name).",
          remedy: "What comes of it is recorded as of \(played.id)."))
    }
    for note in core.desk.notes {
      let isFault = note.kind == .fault
      shell.notices.append(
        NoticeView(
          kind: isFault ? .warning : .plain, icon: isFault ? "warning" : "clock", words: note.words,
          remedy: note.remedy))
    }
    if let reason = core.store.readOnlyReason {
      shell.notices.append(
        NoticeView(
          kind: .stop, icon: "lock", words: "Read-only: \(reason)", remedy: StoreFault.readOnly(reason: reason).remedy))
    }
    if let alarm = core.sync.snapshot.alarm {
      shell.notices.append(
        NoticeView(kind: .stop, icon: "warning", words: alarm.sentence, remedy: alarm.remedy))
    }
    for (seq, reason) in core.sync.snapshot.rejected.sorted(by: { $0.key < $1.key }) {
      shell.notices.append(
        NoticeView(kind: .warning, icon: "warning", words: "The centre does not admit entry \(seq): \(reason)"))
    }
    if let refused = core.sync.snapshot.refused {
      shell.notices.append(
        NoticeView(kind: .warning, icon: "warning", words: "\(refused.sentence) \(refused.remedy)"))
    }
    return shell
  }

  private func centre() throws -> CentreView {
    let sync = core.sync.snapshot
    let pending = try snapshot.pendingCount()
    if let since = sync.offlineSince {
      return CentreView(
        pending: pending, words: "Centre offline since \(moments.time(since))", icon: "offline", offline: true)
    }
    if let alarm = sync.refused {
      return CentreView(
        pending: pending, words: "Centre refuses this station since \(moments.time(alarm.at))", icon: "warning",
        offline: true)
    }
    if let alarm = sync.alarm {
      return CentreView(
        pending: pending, words: "Centre not believed since \(moments.time(alarm.at))", icon: "warning", offline: true)
    }
    let upTo = try snapshot.firstPending().map { $0 - 1 } ?? core.store.head.seq
    let proved = max(0, core.store.head.seq - pending)
    return CentreView(
      pending: pending, proved: proved, held: "\(proved) events held by the centre, proved up to entry \(upTo)",
      words: sync.lastContact.map { "Centre reached \(moments.time($0))" } ?? "Centre not reached yet",
      icon: sync.lastContact == nil ? "offline" : "centre", offline: sync.lastContact == nil)
  }

  private func lamp() -> LampView? {
    for camera in core.cameras {
      let status = camera.camera.status
      if status.phase == .failed {
        return LampView(state: .bad, words: "Camera \(camera.name)", href: "/cameras/\(camera.name)")
      }
    }
    for reader in core.readers {
      let status = reader.status
      if status.phase == .lost || status.reason != nil {
        return LampView(state: .bad, words: "Reader \(reader.name)", href: "/tags")
      }
    }
    let devices = core.devices.all()
    guard core.devices.scanners != nil || !devices.isEmpty else {
      let running = core.cameras.count + core.readers.count
      guard running > 0 else { return nil }
      let words =
        core.readers.isEmpty ? running == 1 ? "1 camera" : "\(running) cameras" : "\(running) devices"
      return LampView(state: .good, words: words, href: "/devices")
    }
    let troubled = devices.first {
      [.faulty, .noPermission, .silent].contains($0.state) || $0.state == .claimed && $0.fault != nil
    }
    if let faulty = troubled {
      return LampView(state: .bad, words: faulty.name, href: "/devices")
    }
    let claimed = devices.filter { $0.state == .claimed }.count
    return claimed == 0
      ? LampView(state: .off, words: "No scanner", href: "/devices")
      : LampView(state: .good, words: claimed == 1 ? "1 scanner" : "\(claimed) scanners", href: "/devices")
  }
}
