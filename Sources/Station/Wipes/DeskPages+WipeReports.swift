import Custody
import Hummingbird
import SanitizationReports
import StationStore

extension DeskPages {
  func addWipeReports(to router: Router<StationContext>) {
    router.get("/wipe-reports", use: wipeReports)
    router.post("/wipe-reports", use: uploadWipeReports)
    router.post("/wipe-reports/record", use: recordWipeReports)
  }

  @Sendable func wipeReports(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let files = try UploadedReport.files(request.text("files") ?? "")
    let done = try request.number("recorded", default: 0, in: 0...100_000)
    return try await wipePage(context, files, done: done)
  }

  /// Keeps what was uploaded, and shows it under an address of its own.
  @Sendable func uploadWipeReports(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    do {
      let files = try await core.keepReports(WipeUpload.files(request, by: signedIn))
      return Response(
        status: .seeOther,
        headers: [.location: "/wipe-reports" + Self.query([("files", UploadedReport.text(of: files))])])
    } catch let problem as Problem where problem.status.code < 500 {
      return try await wipePage(context, [], problem: problem)
    }
  }

  @Sendable func recordWipeReports(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let form = try await request.form()
    let files = try UploadedReport.files(form["files"] ?? "")
    var confirmation = WipeConfirmation(lines: [], badge: form["badge"] ?? "", pin: form["pin"] ?? "")
    confirmation.surroundings = WipeSurroundings(
      place: form["place"], categorisation: form["categorisation"], destination: form["destination"])
    for (name, value) in form {
      if name.hasPrefix("line-"), let number = Int(name.dropFirst(5)) { confirmation.lines.insert(number) }
      if name.hasPrefix("drive-"), let number = Int(name.dropFirst(6)) { confirmation.confirmed.insert(number) }
      if name.hasPrefix("serial-"), let number = Int(name.dropFirst(7)) { confirmation.typed[number] = value }
    }
    do {
      if form["look"] != nil { return try await wipePage(context, files, sent: confirmation) }
      let recordings = try await core.recordWipes(files, confirmation, by: signedIn)
      let refusals = recordings.compactMap { recording -> Refusal? in
        if case .refused(let refusal) = recording.outcome { return refusal }
        return nil
      }
      guard let first = refusals.first else {
        return Response(
          status: .seeOther,
          headers: [
            .location: "/wipe-reports"
              + Self.query([("files", UploadedReport.text(of: files)), ("recorded", "\(recordings.count)")])
          ])
      }
      let problem = Problem(
        .unprocessableContent, first.code, "\(refusals.count) of \(recordings.count) not recorded",
        detail: refusals.map(\.sentence).joined(separator: " "), remedy: first.remedy)
      return try await wipePage(context, files, problem: problem, sent: confirmation)
    } catch let problem as Problem where problem.status != .notFound && problem.status.code < 500 {
      return try await wipePage(context, files, problem: problem, sent: confirmation)
    }
  }

  private func wipePage(
    _ context: StationContext, _ files: [UploadedReport], problem: Problem? = nil, sent: WipeConfirmation? = nil,
    done: Int = 0
  ) async throws -> Response {
    let reading = try await core.readReports(files, typed: sent?.typed ?? [:])
    let forbidden = context.signedIn.flatMap { Verb.sanitize.refusal(forRoles: $0.actor.roles) }
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      var view = WipeReportView(shell: try presenter.shell(title: "Wipe reports", page: "list"))
      view.forbidden = forbidden?.remedy
      view.problem = problem.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) }
      if done > 0 {
        view.done = ProblemView(
          title: "\(counted(done, "report")) recorded",
          detail: "Each is a signed event, with the report as its evidence.",
          isPlain: true)
      }
      view.faults = reading.faults.map {
        WipeFaultView(
          file: $0.file.name, place: $0.fault.place, sentence: $0.fault.sentence, remedy: $0.fault.remedy)
      }
      view.identities = reading.identities.map {
        "\($0.file.name): drive \($0.identity.serial ?? "without a serial number")"
      }
      view.rows = reading.lines.map { WipeRow($0, presenter.moments, sent: sent) }
      view.files = UploadedReport.text(of: files)
      view.canRecord = forbidden == nil && view.rows.contains { $0.canRecord }
      view.badge = sent?.badge ?? ""
      view.place = sent?.surroundings.place ?? ""
      view.categorisation = sent?.surroundings.categorisation ?? ""
      view.destination = sent?.surroundings.destination ?? ""
      return view
    }
    return try renderer.page("wipe-reports", view, status: problem?.status ?? .ok)
  }
}

extension WipeRow {
  fileprivate init(_ line: WipeLine, _ moments: Moments, sent: WipeConfirmation?) {
    let report = line.report
    number = line.number
    let isClear: Bool
    if case .fits = line.fit { isClear = true } else { isClear = false }
    var isRecorded = false
    if case .recorded = line.fit { isRecorded = true }
    asksSerial = report.serial == nil && !isRecorded
    // What the operator has yet to say is recorded with what they say.
    var isUnnamed = false
    if case .unnamed = line.fit { isUnnamed = true }
    if case .nowhere = line.fit, report.serial == nil { isUnnamed = true }
    var isInDoubt = false
    if case .modelInDoubt = line.fit { isInDoubt = true }
    canRecord = !line.isRepeated && (isClear || isUnnamed || isInDoubt)
    chosen = sent.map { $0.lines.contains(line.number) } ?? (isClear && line.warning == nil)
    modelDoubt = line.modelDoubt
    confirmed = sent?.confirmed.contains(line.number) ?? false
    let isGood = (isClear || isRecorded) && line.models == nil
    state = report.passes ? (isGood ? .wiped : .odd) : .failed
    icon = report.passes ? (isGood ? "check" : "question") : "cross"
    serial = report.serial
    typed = line.typed ?? ""
    source = report.serialSource.words
    model = [report.manufacturer, report.model].compactMap(\.self).joined(separator: " ")
    how = [[report.tool, report.toolVersion].compactMap(\.self).joined(separator: " "), report.technique]
      .joined(separator: ", ")
    origin = [line.file.name, report.place].filter { !$0.isEmpty }.joined(separator: ", ")
    method =
      report.achieved == report.requested
      ? report.achieved.label : "\(report.achieved.label) (asked for \(report.requested.label.lowercased()))"
    verification =
      report.verificationMethod.map { "\($0): \(report.verification?.rawValue ?? "no result")" }
      ?? "Not verified"
    result = report.result.rawValue.prefix(1).uppercased() + report.result.rawValue.dropFirst()
    whyNot = report.whyNot
    ended = report.endedAt.map(moments.view)
    risks = report.residualRisks
    if case .recorded(_, let event) = line.fit {
      fit = "\(line.fit.sentence) \(moments.dated(event.wallClock))."
      href = "/assets/\(event.asset)#event-\(event.eventID)"
    } else {
      fit = line.isRepeated ? "The same run stands in this upload before." : line.fit.sentence
      href = line.fit.asset?.href
    }
    remedy = line.fit.remedy ?? line.models.map { _ in WipeLine.modelRemedy }
    warning = line.warning
    tag = line.fit.asset?.displayName
  }
}
