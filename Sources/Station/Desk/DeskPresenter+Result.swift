import AssetIdentifiers
import Custody
import CustodyLedger
import ScannerProtocols
import StationStore

extension DeskPresenter {
  /// What the last scan came to, with the ways that lead on from there; without one, that the desk listens.
  func result(_ outcome: ScanOutcome?, work: WorkSession?, asset: Asset?, forms: DeskForms) throws -> ResultView {
    guard let outcome else {
      return ResultView(
        kind: .idle, icon: "scan", words: work == nil ? "Choose what to do" : "Ready to scan",
        detail: work == nil
          ? "Or scan a command label." : work?.waitsForRecipient == true ? WorkSession.whoGetsIt : nil,
        confirmsCarton: work?.carton != nil)
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
    let mark = isText ? outcome.identifier?.mark : outcome.scan.raw.shownInLine
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
      let text = outcome.identifier?.mark, outcome.code != ScanOutcome.product
    {
      var form = try forms.receiveAsNew(text: text, work: work)
      if outcome.code == "scan.order.line" {
        // The lines are the answer; this is for what is on none of them.
        form.title = "On none of these lines"
        form.open = false
      }
      view.form = form
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
}
