import Custody
import ScannerProtocols
import StationStore

extension DeskPresenter {
  /// The lines of the open session, what is odd on top.
  func session(
    _ session: StoredSession, _ work: WorkSession?, _ presenter: AssetPresenter
  ) throws -> SessionView {
    let readings = try snapshot.readings(session: session.id, limit: 60)
    var tally = try snapshot.tally(of: session.id)
    let unknown = try (tally[.unknown] ?? 0) - snapshot.knownSince(in: session.id)
    tally[.unknown] = unknown == 0 ? nil : unknown
    let done = (tally[.accepted] ?? 0) + (tally[.acceptedWithNote] ?? 0)
    let items: [(KeptReading.Outcome, SessionLine.State, String, String)] = [
      (.accepted, .done, "check", "done"), (.acceptedWithNote, .note, "check", "with a note"),
      (.duplicate, .duplicate, "equals", "duplicate"), (.unknown, .unknown, "question", "unknown"),
      (.refused, .refused, "cross", "refused"),
    ]
    let shown = readings.filter { $0.outcome != .context && $0.outcome != .lookup }
    var lines = try shown.map { reading in
      let asset = try (reading.asset ?? reading.knownAs).flatMap { try snapshot.asset($0) }
      let (state, icon): (SessionLine.State, String) =
        switch reading.outcome {
        case .accepted: (.done, "check")
        case .acceptedWithNote: (.note, "check")
        case .duplicate: (.duplicate, "equals")
        case .unknown: (reading.knownAs == nil ? .unknown : .expected, "question")
        case .undone: (.expected, "undo")
        default: (.refused, "cross")
        }
      return SessionLine(
        state: state, icon: icon, words: Self.words(of: reading),
        code: asset?.displayName ?? (reading.raw.isEmpty ? nil : reading.raw.shownInLine),
        title: asset?.title ?? (reading.raw.isEmpty ? reading.device.map(scannerName) : nil), detail: nil,
        at: moments.view(reading.at), href: asset?.href)
    }
    let open = shown.areOpen
    let isOdd = zip(lines, open).map { line, open in open && (line.state == .unknown || line.state == .refused) }
    var view = SessionView(
      title: done == 0 ? "Nothing recorded yet" : "\(done) recorded",
      tally: items.compactMap { outcome, state, icon, words in
        tally[outcome].map { TallyItem(state: state, icon: icon, words: "\($0) \(words)") }
      },
      lines: [], empty: "Scan the first asset.")
    if let first = Self.order(&lines, odd: isOdd) {
      view.odd = OddLinesView(
        words: "\(isOdd.count { $0 }) to look into", href: "#\(first)")
    }
    view.lines = lines
    try show(&view, orderOf: work)
    try show(&view, held: work)
    let scope = PalletManifest.Scope(sessions: [session.id])
    if done > 0, try !snapshot.departures(order: nil, sessions: [session.id], limit: 1).isEmpty {
      view.manifest = scope.href
    }
    if done > 1 { view.takeBack = Self.takeBack }
    return view
  }

  /// Puts what happened last on top, and the last that was taken, so that no number of refusals pushes it out of sight; below them
  /// what is odd and still open, then the rest, the newest first. Gives back the anchor of the first odd one; nil without any.
  private static func order(_ lines: inout [SessionLine], odd: [Bool]) -> String? {
    let taken: [SessionLine.State] = [.done, .note, .duplicate]
    let last = [lines.indices.first, lines.firstIndex { taken.contains($0.state) }].compactMap(\.self)
    let others = lines.indices.filter { !last.contains($0) }
    let order = Set(last).sorted() + others.filter { odd[$0] } + others.filter { !odd[$0] }
    let first = order.first { odd[$0] }
    if let first { lines[first].anchor = "odd-line" }
    lines = order.map { lines[$0] }
    return first == nil ? nil : "odd-line"
  }

  /// What a line says of a reading, and what came of it since.
  private static func words(of reading: KeptReading) -> String {
    if reading.outcome == .undone { return "\(reading.words), undone" }
    return reading.knownAs == nil ? reading.words : "\(reading.words), known now"
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
