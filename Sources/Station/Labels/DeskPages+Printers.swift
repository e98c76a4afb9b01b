import Custody
import Foundation
import Hummingbird
import LabelDesign
import StationStore

extension DeskPages {
  func addPrinters(to router: Router<StationContext>) {
    router.get("/printers", use: printers)
    router.post("/printers", use: setPrinter)
    router.post("/printers/{name}/{act}", use: actOnPrinter)
    router.post("/printers/jobs/{id}/{act}", use: actOnJob)
    router.post("/printers/batches/{id}/{act}", use: actOnBatch)
  }

  /// Open labels, and ended ones, that the page shows of a printer.
  private static let mostOpen = 20
  private static let mostOwed = 50
  private static let mostEnded = 8

  @Sendable func printers(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try await printersPage(context)
  }

  @Sendable func setPrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let form = try await request.form()
    let setting = PrinterSetting(
      address: (form["address"] ?? "").trimmingCharacters(in: .whitespaces), profile: form["profile"] ?? "",
      labels: (form["labels"] ?? "").split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init))
    do {
      _ = try await core.setPrinter(form["name"] ?? "", setting, by: LabelOrderer(signedIn))
    } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
      return try await printersPage(context, faulty: (form, problem))
    }
    return .redirect(to: "/printers#printer-\(form["name"] ?? "")", type: .normal)
  }

  @Sendable func actOnPrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    let orderer = LabelOrderer(try context.requireSignedIn())
    let name = context.parameters.get("name") ?? ""
    switch context.parameters.get("act") {
    case "pause": _ = try await core.pausePrinter(name, by: orderer)
    case "resume": _ = try await core.resumePrinter(name, by: orderer)
    case "test": _ = try await core.testPrinter(name, by: orderer)
    case "remove": try await core.removePrinter(name, by: orderer)
    default: throw Problem.nothingHere
    }
    return .redirect(to: "/printers#printer-\(name)", type: .normal)
  }

  @Sendable func actOnJob(_ request: Request, _ context: StationContext) async throws -> Response {
    let orderer = LabelOrderer(try context.requireSignedIn())
    guard let id = context.parameters.get("id").flatMap(LabelJobID.init) else { throw Problem.nothingHere }
    let job =
      switch context.parameters.get("act") {
      case "cancel": try await core.cancelLabel(id, by: orderer)
      case "there": try await core.confirmLabel(id, by: orderer)
      case "again": try await core.printAgain(id, reason: nil, by: orderer)
      default: throw Problem.nothingHere
      }
    return .redirect(to: "/printers#printer-\(job.printer)", type: .normal)
  }

  @Sendable func actOnBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    let orderer = LabelOrderer(try context.requireSignedIn())
    guard let id = context.parameters.get("id").flatMap(LabelBatchID.init) else { throw Problem.nothingHere }
    switch context.parameters.get("act") {
    case "cancel": _ = try await core.cancelBatch(id, by: orderer)
    case "hold": _ = try await core.holdBatch(id, by: orderer)
    case "release": _ = try await core.releaseBatch(id, by: orderer)
    default: throw Problem.nothingHere
    }
    return .redirect(to: "/printers", type: .normal)
  }

  private func printersPage(
    _ context: StationContext, faulty: (form: [String: String], problem: Problem)? = nil
  ) async throws -> Response {
    let states = try await core.printerStates()
    for state in states { core.printers.look(at: state.name, at: core.clock.now()) }
    let signedIn = context.signedIn
    let mayPrint = signedIn.map { Verb.label.refusal(forRoles: $0.actor.roles) == nil } ?? false
    let maySet = signedIn?.maySetDevices ?? false
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let rows = LabelJobPresenter(snapshot: snapshot, moments: presenter.moments, mayPrint: mayPrint)
      return PrinterListView(
        shell: try presenter.shell(title: "Printers", page: "list"),
        owed: try snapshot.owedLabels(refused: true, limit: Self.mostOwed).compactMap { owed in
          guard let asset = try snapshot.asset(owed.asset), let words = owed.words else { return nil }
          return OwedLabelRow(
            name: asset.displayName, href: asset.href, words: words, remedy: owed.refusal?.remedy ?? "")
        }, mayPrint: mayPrint,
        printers: try states.map { state in
          let isOpen = LabelJob.State.allCases.filter(\.isOpen)
          let ended = LabelJob.State.allCases.filter { !$0.isOpen }
          let count = try snapshot.openLabelJobs(of: state.name)
          // The newest first, as the store gives them; the queue reads the other way round.
          let open = try snapshot.labelJobs(printer: state.name, states: isOpen, limit: LabelShelf.mostQueued)
          let shown = Array(open.reversed().prefix(Self.mostOpen))
          var view = PrinterView(state, moments: presenter.moments)
          view.mayPrint = mayPrint
          view.queue = try shown.map { try rows.row(LabelJobResource($0)) }
          view.further = count > shown.count ? count - shown.count : nil
          view.ended = try snapshot.labelJobs(printer: state.name, states: ended, limit: Self.mostEnded)
            .map { try rows.row(LabelJobResource($0)) }
          var batches: [LabelBatchID] = []
          for job in open.reversed() where !batches.contains(job.batch) { batches.append(job.batch) }
          view.batches = try batches.prefix(4).compactMap { try rows.batch(snapshot.progress(of: $0)) }
          view.canRemove = maySet && count == 0
          return view
        },
        form: maySet ? form(faulty, isFirst: states.isEmpty) : nil)
    }
    return try renderer.page("printers", view, status: faulty?.problem.status ?? .ok)
  }

  private func form(_ faulty: (form: [String: String], problem: Problem)?, isFirst: Bool) -> PrinterForm {
    func field(_ name: String, _ label: String, _ hint: String, required: Bool = true) -> FormField {
      var field = FormField(.input, name, label, value: faulty?.form[name] ?? "", prefix: "printer")
      (field.required, field.hint, field.code) = (required, hint, true)
      if let problem = faulty?.problem, problem.pointer == "/\(name)" {
        field.error = "\(problem.detail) \(problem.remedy)"
      }
      return field
    }
    var profile = FormField(.select, "profile", "Kind", prefix: "printer")
    let chosen = faulty?.form["profile"] ?? ""
    profile.options =
      [FieldOption(value: "", label: "As it says itself (USB, IPP)", selected: chosen.isEmpty)]
      + core.printers.profiles.map { FieldOption(value: $0.id, label: $0.name, selected: $0.id == chosen) }
    if let problem = faulty?.problem, problem.pointer == "/profile" {
      profile.error = problem.detail
    }
    let named = ["/name", "/address", "/labels", "/profile"]
    return PrinterForm(
      fields: [
        field("name", "Name", "What it is called here: letters, digits, - and _."),
        field("address", "Address", "tcp://10.0.0.9, usb://0a5f:0166, ipp://host/ipp/print, or file:///folder"),
        profile,
        field(
          "labels", "Labels in it", "Width x height in mm, with the gap: 50x25+3. Several: with commas.",
          required: false),
      ], open: isFirst || faulty != nil,
      error: faulty.flatMap { faulty in
        faulty.problem.pointer.map(named.contains) == true ? nil : "\(faulty.problem.detail) \(faulty.problem.remedy)"
      })
  }
}

extension LabelShelf {
  /// Open labels that a page looks through for their batches.
  static let mostQueued = 2_000
}

extension PrinterView {
  init(_ state: PrinterState, moments: Moments) {
    let lamp: LampView.State =
      switch state.state {
      case .ready: .good
      case .printing: .busy
      case .paused, .unasked: .off
      case .blocked, .asks: .bad
      }
    let words =
      switch state.state {
      case .ready: "Ready"
      case .printing: "Printing"
      case .paused: "Paused"
      case .blocked: "Blocked"
      case .asks: "Asks"
      case .unasked: "Not asked yet"
      }
    self.init(
      id: "printer-\(state.name)", path: "/printers/\(state.name)", name: state.name, address: state.address,
      lamp: LampView(state: lamp, words: words), facts: [], isPaused: state.paused != nil, mayPrint: false,
      batches: [], queue: [], ended: [], canRemove: false)
    if state.state == .blocked || state.state == .asks {
      problem = ProblemView(title: state.words.capitalizedFirst, detail: nil, remedy: state.remedy)
    }
    facts = [
      DeviceFact(name: "Kind", value: state.profileName),
      DeviceFact(name: "Resolution", value: state.dotsPerInch == 0 ? "unknown" : "\(state.dotsPerInch) dpi"),
      DeviceFact(name: "Labels in it", value: state.labels.isEmpty ? "any" : state.labels.joined(separator: ", ")),
      DeviceFact(
        name: "Says",
        value: state.asked.map { "\(state.words), \(moments.dated($0))" } ?? state.words),
    ]
    if state.encodesTags { facts.append(DeviceFact(name: "RFID", value: "writes the labels' tags")) }
  }
}

extension String {
  /// With its first letter as a capital.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
  /// As a sentence of its own.
  fileprivate var sentence: String { hasSuffix(".") ? capitalizedFirst : capitalizedFirst + "." }
}

/// Label jobs as pages show them.
struct LabelJobPresenter {
  let snapshot: any StoreReading
  let moments: Moments
  let mayPrint: Bool

  func row(_ job: LabelJobResource) throws -> LabelJobRow {
    let (words, icon): (String, String) =
      switch job.state {
      case .queued: job.isHeld ? ("Held back", "clock") : ("Waits", "clock")
      case .sending: ("Being sent", "label")
      case .printed:
        switch job.confirmation {
        case .printer: ("Printed", "check")
        case .person: ("Printed, somebody looked", "check")
        case .nobody, nil: ("Sent; the printer says nothing", "check")
        }
      case .unknown: ("Nobody knows", "question")
      case .failed: ("Not printed", "cross")
      case .cancelled: ("Cancelled", "undo")
      }
    let person = try snapshot.person(job.person)?.name ?? "the command line"
    let count = job.labels > 1 ? " × \(job.labels)" : ""
    return LabelJobRow(
      path: "/printers/jobs/\(job.id)", state: job.state.rawValue, icon: icon, words: words, name: job.name + count,
      href: job.asset.map { "/assets/\($0)" }, by: person,
      at: moments.view(job.state.isOpen ? job.askedAt : job.changedAt),
      detail: [job.words?.sentence, job.remedy].compactMap(\.self).joined(separator: " ").nonEmpty,
      asks: mayPrint && job.state == .unknown, mayBeThere: job.tagRead == nil || job.tagRead == job.epc,
      canCancel: mayPrint && job.state == .queued,
      canPrintAgain: mayPrint && job.state == .failed)
  }

  /// A batch; nil for a label alone.
  func batch(_ batch: LabelBatchResource) -> LabelBatchView? {
    guard batch.total > 1 else { return nil }
    let done = batch.printed + batch.failed + batch.cancelled
    var words = "\(batch.printed) of \(batch.total) printed"
    for (count, what) in [
      (batch.unknown, "nobody knows"), (batch.failed, "not printed"), (batch.cancelled, "cancelled"),
    ]
    where count > 0 { words += ", \(count) \(what)" }
    if batch.held > 0 { words += ", held back" }
    let rate = batch.perMinute.map { "\($0) a minute" }
    let left = batch.secondsLeft.map { $0 < 90 ? "\($0) s left" : "\(($0 + 30) / 60) min left" }
    return LabelBatchView(
      path: "/printers/batches/\(batch.id)", words: words,
      rate: [rate, left].compactMap(\.self).joined(separator: ", ").nonEmpty, done: done, total: batch.total,
      isHeld: batch.held > 0, mayPrint: mayPrint)
  }
}

extension String {
  /// Nil when there is nothing in it.
  var nonEmpty: String? { isEmpty ? nil : self }
}
