import Custody
import Hummingbird
import LabelDesign
import StationStore

extension DeskPages {
  func addLabelOrders(to router: Router<StationContext>) {
    router.post("/labels/{id}/print", use: printLabel)
    router.post("/assets/{id}/label", use: printAssetLabel)
    router.get("/assets/{id}/label.png", use: assetLabelPicture)
    router.post("/desk/label", use: printAtDesk)
    router.post("/desk/label/again", use: orderOwedAtDesk)
    router.post("/printers/owed", use: orderOwed)
  }

  /// Prints what the page of a template holds.
  @Sendable func printLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let template = try await label(in: context)
    let sent = try await request.form()
    let form = LabelForm(template, sent: sent)
    if form.fault != nil { return try await labelPage(form, of: template, chosen: sent, context) }
    var order = LabelOrder(template.id, .values(form.values))
    // What says the tag of an asset is its label, and stands in its custody.
    let asset = try await core.store.read { snapshot in
      try KnownLabelValues(core: core, snapshot: snapshot).asset(labelledBy: form.values, of: template)
    }
    if let asset {
      order = LabelOrder(template.id, .asset(asset.id))
      order.fields = form.values.fields
      order.purpose = asset.label.map(\.mark.value) == asset.tag ? .reprint : .first
      order.reason = sent["reason"]?.nonEmpty
      order.desk = core.desk.name
    }
    order.printer = sent["printer"]?.nonEmpty
    order.copies = sent["copies"].flatMap { Int($0) } ?? 0
    switch try await core.order([order], by: LabelOrderer(signedIn)) {
    case .success: return .redirect(to: asset.map { $0.href + "#label" } ?? "/printers", type: .normal)
    case .failure(let refusal):
      let shown = LabelRefusal(refusal.code, refusal.sentence, remedy: refusal.remedy)
      return try await labelPage(form, of: template, chosen: sent, refusal: shown, context)
    }
  }

  /// Prints the label of an asset: its first, the same again, or one with a new number.
  @Sendable func printAssetLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    guard let id = context.parameters.get("id").flatMap(AssetID.init),
      let asset = try await core.store.read({ try $0.asset(id) })
    else { throw Problem.notFound("such asset", remedy: "Search for it under Assets.") }
    let sent = try await request.form()
    guard let purpose = LabelDetails.Purpose(rawValue: sent["purpose"] ?? "") else {
      throw Problem.malformed("purpose is first, reprint or replacement.", pointer: "/purpose")
    }
    var order = LabelOrder(sent["template"] ?? "", .asset(id))
    order.printer = sent["printer"]?.nonEmpty
    order.purpose = purpose
    order.reason = sent["reason"]?.nonEmpty
    order.newTag = asset.tag == nil
    order.desk = core.desk.name
    switch try await core.order([order], by: LabelOrderer(signedIn)) {
    case .success: return .redirect(to: "/assets/\(id)#label", type: .normal)
    case .failure(let refusal): return try await assetPage(id, context, refused: (refusal, sent))
    }
  }

  /// Prints the label of what was just received.
  @Sendable func printAtDesk(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      guard let id = form["asset"].flatMap(AssetID.init),
        let asset = try await core.store.read({ try $0.asset(id) })
      else { throw Problem.malformed("asset is none that is known.", pointer: "/asset") }
      let choices = try await core.assetLabelChoices()
      var order = LabelOrder(choices.template, .asset(id))
      order.newTag = asset.tag == nil
      order.desk = core.desk.name
      switch try await core.order([order], by: LabelOrderer(signedIn)) {
      case .failure(let refusal): throw Problem(refusal)
      case .success(let ordered):
        guard let job = ordered.jobs.first else { return nil }
        let printer = try await core.labelJob(job).printer
        // It is not out yet: what is said here must hold, whatever the printer does.
        var outcome = ScanOutcome(
          result: .context, words: "Label ordered", at: core.clock.now(), scan: Scan(raw: [], source: .keyed))
        outcome.asset = try await core.store.read { try $0.asset(id) }
        outcome.sentence = "Take it from \(printer), stick it on, and scan it."
        if let status = core.printers.live(printer).status, !status.isReady {
          outcome.sentence = "It waits: \(printer) says that \(status.words)."
          outcome.remedy = status.remedy
        }
        core.desk.lastOutcome = outcome
      }
      return nil
    }
  }

  /// Has the label tried again that was refused when the asset was received.
  @Sendable func orderOwedAtDesk(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      if let refusal = Verb.label.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
      guard let id = try await request.form()["asset"].flatMap(AssetID.init) else {
        throw Problem.malformed("asset is none that is known.", pointer: "/asset")
      }
      try await core.retryOwedLabels(of: id)
      return nil
    }
  }

  /// Has every label tried again that was refused on receipt.
  @Sendable func orderOwed(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    if let refusal = Verb.label.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
    try await core.retryOwedLabels()
    return .redirect(to: "/printers", type: .normal)
  }

  /// The label that was ordered last for an asset, as a picture.
  @Sendable func assetLabelPicture(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    guard let id = context.parameters.get("id").flatMap(AssetID.init),
      let job = try await core.labelJobs(asset: id, limit: 1).first, let name = job.template,
      let template = try await core.labels.template(name), let fields = job.fields
    else { throw Problem.notFound("label of that asset", remedy: "Print one on the asset's page.") }
    switch try await core.labels.preview(template, LabelValues(fields), at: .dpi300) {
    case .made(let png): return Self.answer(png, "image/png")
    case .refused(let refusal): throw Problem(refusal)
    }
  }
}

/// The templates and printers that an asset's label may be printed with.
struct AssetLabelChoices: Sendable {
  /// Those that say an asset's tag and come off a roll.
  let templates: [ShelfTemplate]
  /// The one to begin with: what the station prints on receipt, else the first that a printer has labels for.
  let template: String
  let printers: [RoutedPrinter]
}

extension StationCore {
  func assetLabelChoices() async throws -> AssetLabelChoices {
    let templates = try await labels.all().templates.filter { $0.fieldNames.contains("tag") && !$0.isSheet }
    let printers = try await store.read { try PrinterRoutes(self, $0).printers }
    // A printer that is in trouble is the second choice.
    let working = printers.filter { !$0.isPaused && self.printers.live($0.name).status?.isReady != false }
    let usual = [working, printers].lazy.compactMap { some in
      let fitting = templates.filter { template in
        some.contains { $0.takes(template) } && template.id.hasPrefix("asset-tag")
      }
      return fitting.first { $0.id == "asset-tag-50x25-qr" } ?? fitting.first { $0.id.hasSuffix("-qr") }
        ?? fitting.first
    }.first
    return AssetLabelChoices(
      templates: templates, template: options.labelOnReceive ?? usual?.id ?? "asset-tag-50x25-qr", printers: printers)
  }
}

extension AssetLabelView {
  /// How the label of an asset stands, and the ways to print one.
  init(
    _ asset: Asset, _ choices: AssetLabelChoices, job: LabelJobRow?, owed: OwedLabel?, mayPrint: Bool, moments: Moments,
    refused: (refusal: Refusal, sent: [String: String])?
  ) {
    path = "/assets/\(asset.id)/label"
    words =
      switch asset.label {
      case nil: asset.tag == nil ? "It has no asset tag yet." : "No label was printed here for it."
      case let label?:
        label.provedAt.map { "\(label.mark.value), scanned back \(moments.dated($0))." }
          ?? "\(label.mark.value), printed \(moments.dated(label.printedAt)), not scanned back yet."
      }
    picture = asset.label == nil && job == nil ? nil : "/assets/\(asset.id)/label.png?of=\(asset.version)"
    self.job = job
    isAnswer = refused != nil
    problem = (refused.map(\.refusal) ?? owed?.refusal).map { refusal in
      ProblemView(
        title: refused == nil ? "Label not printed: \(refusal.sentence)" : refusal.sentence, detail: nil,
        remedy: refusal.remedy)
    }
    guard mayPrint, asset.state != .disposed else { return }
    guard !choices.printers.isEmpty else {
      missing = "No printer is set up."
      return
    }
    var template = FormField(.select, "template", "Template", prefix: "label")
    let chosen = refused?.sent["template"] ?? choices.template
    template.required = true
    template.options = choices.templates.map {
      FieldOption(value: $0.id, label: $0.name, selected: $0.id == chosen)
    }
    fields = [
      template, LabelPrintView.printer(choices.printers, chosen: refused?.sent["printer"] ?? "", prefix: "label"),
    ]
    let isAgain = asset.label != nil
    if isAgain || asset.tag != nil {
      var reason = FormField(
        .input, "reason", isAgain ? "Reason" : "Reason, for a new tag", value: refused?.sent["reason"] ?? "",
        prefix: "label")
      reason.suggestions = ["Lost", "Torn", "Unreadable", "Never came out"]
      reason.required = isAgain
      fields.append(reason)
    }
    acts = [
      isAgain
        ? LabelAct(purpose: "reprint", words: "Print again", isFirst: true)
        : LabelAct(
          purpose: "first", words: asset.tag == nil ? "Print label with the next tag" : "Print label", isFirst: true)
    ]
    if asset.tag != nil {
      acts.append(LabelAct(purpose: "replacement", words: "Replace label: new tag", isFirst: false))
    }
  }
}

extension LabelPrintView {
  /// The choice of a printer; none is by the label's size.
  static func printer(_ printers: [RoutedPrinter], chosen: String, prefix: String = "field") -> FormField {
    var field = FormField(.select, "printer", "Printer", prefix: prefix)
    field.required = true
    field.options =
      [FieldOption(value: "", label: "By the label's size", selected: chosen.isEmpty)]
      + printers.map { FieldOption(value: $0.name, label: $0.words, selected: $0.name == chosen) }
    return field
  }
}
