import Custody
import ScannerProtocols
import StationStore

extension DeskPresenter {
  /// The lines of the open session, what is odd on top.
  func session(
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
    let shown = readings.filter { $0.outcome != .context && $0.outcome != .lookup }
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
        code: asset?.displayName ?? (reading.raw.isEmpty ? nil : reading.raw.shownInLine),
        title: asset?.title ?? (reading.raw.isEmpty ? reading.device.map(scannerName) : nil), detail: nil,
        at: moments.view(reading.at), href: asset?.href)
    }
    let open = shown.areOpen
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
}
