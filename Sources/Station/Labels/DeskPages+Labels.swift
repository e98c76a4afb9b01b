import Custody
import Foundation
import Hummingbird
import LabelDesign
import LabelRendering
import LabelTemplates
import StationStore

extension DeskPages {
  func addLabels(to router: Router<StationContext>) {
    router.get("/labels", use: labels)
    router.post("/labels", use: putLabel)
    router.get("/labels/{id}", use: label)
    router.post("/labels/{id}", use: labelAgain)
    router.post("/labels/{id}/document.pdf", use: labelDocument)
    router.post("/labels/{id}/remove", use: removeLabel)
    router.get("/labels/{id}/picture.png", use: labelPicture)
    router.get("/labels/{id}/template.svg") { request, context in
      try await shelved(context, file: "template.svg", "image/svg+xml")
    }
    router.get("/labels/{id}/label.yaml") { request, context in
      try await shelved(context, file: "label.yaml", "application/yaml")
    }
    router.get("/static/labels.js") { _, _ in try Self.file(.labelsScript, "text/javascript; charset=utf-8") }
  }

  /// Pages of a sheet that are shown.
  private static let mostPictures = 4

  // MARK: The shelf

  @Sendable func labels(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try await labelsPage(context)
  }

  private func labelsPage(_ context: StationContext, upload: LabelUploadView? = nil) async throws -> Response {
    let (labels, faults) = try await core.labels.all()
    let mayPut = context.signedIn?.maySetDevices ?? false
    let view = try await core.store.read { snapshot in
      LabelListView(
        shell: try presenter(snapshot, context).shell(title: "Labels", page: "list"),
        labels: labels.filter { !$0.isSheet }.map(LabelCardView.init),
        sheets: labels.filter(\.isSheet).map(LabelCardView.init),
        faults: faults.map { fault in
          ProblemView(
            title: "A template cannot be used", detail: "\(fault)",
            remedy: "Put it in again, mended; or remove its folder."
          )
        },
        upload: mayPut ? upload ?? LabelUploadView() : nil)
    }
    return try renderer.page("labels", view, status: upload?.fault == nil ? .ok : .unprocessableContent)
  }

  @Sendable func putLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireSettingUp("Putting in a template")
    let buffer = try await request.body.collect(upTo: LabelTemplate.maximumLength * 2)
    let form = try MultipartForm(
      contentType: request.headers[.contentType] ?? "", body: Array(buffer.readableBytesView))
    let name = form.text(named: "name") ?? ""
    let refused: LabelUploadFault
    var svg = ""
    var yaml = ""
    do {
      svg = try Self.text(form, "svg", called: "template.svg")
      if svg.drop(while: \.isWhitespace).hasPrefix("^XA") {
        _ = try await core.labels.keep(name, .zpl(Array(svg.utf8)))
      } else {
        yaml = try Self.text(form, "yaml", called: "label.yaml")
        _ = try await core.labels.keep(name, .drawing(svg: svg, yaml: yaml))
      }
      return .redirect(to: "/labels/\(name)", type: .normal)
    } catch let fault as LabelFault {
      refused = LabelUploadFault(fault, in: fault.file.hasSuffix(".yaml") ? yaml : svg)
    } catch let refusal as LabelRefusal {
      refused = LabelUploadFault(
        place: "Its own examples" + (refusal.box.map { ", \($0)" } ?? ""), reason: refusal.description)
    } catch let problem as Problem where problem.status.code < 500 {
      refused = LabelUploadFault(place: "Its name", reason: "\(problem.detail) \(problem.remedy)")
    }
    return try await labelsPage(context, upload: LabelUploadView(name: name, fault: refused))
  }

  /// A file of the form as text.
  private static func text(_ form: MultipartForm, _ name: String, called file: String) throws -> String {
    let bytes = form.bytes(named: name) ?? []
    guard !bytes.isEmpty else { throw LabelFault(file: file, line: nil, message: "is missing: choose the file") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LabelFault(file: file, line: nil, message: "is not in UTF-8")
    }
    return text
  }

  @Sendable func removeLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireSettingUp("Removing a template")
    let id = context.parameters.get("id") ?? ""
    guard try await core.labels.remove(id) else {
      throw Problem.notFound("template of the site's own named \(id)", remedy: "Look at the list of labels.")
    }
    return .redirect(to: "/labels", type: .normal)
  }

  @Sendable func labelPicture(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    switch try await pictures.picture(of: try await label(in: context), on: core.labels) {
    case .made(let png): return Self.answer(png, "image/png")
    case .refused(let refusal): throw Problem(refusal)
    }
  }

  private func shelved(_ context: StationContext, file: String, _ type: String) async throws -> Response {
    _ = try context.requireSignedIn()
    let template = try await label(in: context)
    let folder =
      template.isOwn ? core.labels.folder + "/" + template.id : try LabelFolder.shipped(template.id)?.path
    guard let folder, case .drawing = template.drawing else {
      throw Problem.notFound("drawing of \(template.id)", remedy: "Native ZPL has none.")
    }
    return Response(
      status: .ok, headers: [.contentType: type, .contentDisposition: "attachment; filename=\"\(file)\""],
      body: .init(byteBuffer: ByteBuffer(bytes: try Data(contentsOf: URL(filePath: folder + "/" + file)))))
  }

  static func answer(_ bytes: [UInt8], _ type: String, name: String? = nil) -> Response {
    var headers: HTTPFields = [.contentType: type]
    if let name { headers[.contentDisposition] = "inline; filename=\"\(name)\"" }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  // MARK: One label

  func label(in context: StationContext) async throws -> ShelfTemplate {
    let id = context.parameters.get("id") ?? ""
    do {
      guard let label = try await core.labels.template(id) else {
        throw Problem.notFound("label template \(id)", remedy: "Look at the list of labels.")
      }
      return label
    } catch let fault as LabelFault {
      throw Problem(
        .unprocessableContent, "label", "Unusable template", detail: "\(fault)",
        remedy: "Put it in again under Labels, mended.")
    }
  }

  @Sendable func label(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let label = try await label(in: context)
    let values = try await core.store.read { snapshot in
      try KnownLabelValues(core: core, snapshot: snapshot).values(
        for: label, asset: request.text("asset"), location: request.text("location"),
        person: request.text("person"), order: request.text("order"), kit: request.text("kit"))
    }
    return try await labelPage(LabelForm(label, values: values), of: label, chosen: [:], context)
  }

  @Sendable func labelAgain(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let label = try await label(in: context)
    let sent = try await request.form()
    return try await labelPage(LabelForm(label, sent: sent), of: label, chosen: sent, context)
  }

  @Sendable func labelDocument(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let label = try await label(in: context)
    let sent = try await request.form()
    let form = LabelForm(label, sent: sent)
    guard form.fault == nil else { return try await labelPage(form, of: label, chosen: sent, context) }
    switch try await core.labels.pdf(label, form.values, at: core.clock.now()) {
    case .made(let pdf): return Self.answer(pdf, "application/pdf", name: "\(label.id).pdf")
    case .refused: return try await labelPage(form, of: label, chosen: sent, context)
    }
  }

  /// The page of a template with what its form holds, and what that gives.
  func labelPage(
    _ form: LabelForm, of label: ShelfTemplate, chosen: [String: String], refusal: LabelRefusal? = nil,
    _ context: StationContext
  ) async throws -> Response {
    let printers = try await core.assetLabelChoices().printers
    // The printer that is chosen has dots of its own.
    let itsOwn = printers.first { $0.name == chosen["printer"] }.map { Double($0.profile.dotsPerInch) }
    let dots =
      itsOwn.flatMap { PrintResolution(dotsPerInch: $0) } ?? chosen["dpi"].flatMap(Double.init).flatMap {
        PrintResolution(dotsPerInch: $0)
      } ?? .dpi203
    let drawn = try await draw(form, dots, isSheet: label.isSheet)
    let refusal = drawn.refusal ?? refusal
    let mayRemove = label.isOwn && context.signedIn?.maySetDevices ?? false
    var copies = FormField(.input, "copies", "Copies", value: chosen["copies"] ?? "1")
    (copies.type, copies.required) = ("number", true)
    var reason = FormField(
      .input, "reason", "Reason, if again", value: chosen["reason"] ?? "")
    reason.suggestions = ["Lost", "Torn", "Unreadable", "Never came out"]
    let print = LabelPrintView(
      printer: LabelPrintView.printer(printers, chosen: chosen["printer"] ?? ""), copies: copies,
      reason: KnownLabelValues.isOfAssets(label) ? reason : nil,
      missing: printers.isEmpty ? "No printer is set up." : nil)
    let view = try await core.store.read { snapshot in
      let filling = KnownLabelValues(core: core, snapshot: snapshot)
      return LabelPageView(
        shell: try presenter(snapshot, context).shell(title: label.name, page: "list"),
        id: label.id, name: label.name, facts: LabelCardView.facts(label),
        notes: label.notes, fields: form.controls(refusal),
        chooser: try filling.chooser(for: label),
        problem: refusal.flatMap { refusal in
          form.shows(refusal)
            ? nil : ProblemView(title: refusal.sentence, detail: nil, remedy: refusal.remedy)
        },
        isNative: label.size == nil, isRefused: refusal != nil, pictures: drawn.pictures, burn: drawn.burn,
        resolution: label.isSheet || label.size == nil ? nil : Self.resolution(dots), print: print, canRemove: mayRemove
      )
    }
    return try renderer.page("label", view, status: .ok)
  }

  private static func resolution(_ chosen: PrintResolution) -> FormField {
    var field = FormField(.select, "dpi", "Printer's resolution")
    field.required = true
    field.options = [PrintResolution.dpi203, .dpi300, .dpi600].map { resolution in
      FieldOption(
        value: String(Int(resolution.dotsPerInch)), label: "\(Int(resolution.dotsPerInch)) dpi",
        selected: resolution == chosen)
    }
    return field
  }

  /// What a label gives: pictures, or why none.
  private struct Drawn: Sendable {
    var refusal: LabelRefusal?
    var pictures: [LabelPictureView] = []
    var burn: LabelBurnView?
  }

  private func draw(_ form: LabelForm, _ dots: PrintResolution, isSheet: Bool) async throws -> Drawn {
    if let fault = form.fault { return Drawn(refusal: fault) }
    guard case .drawing(let template) = form.template.drawing else { return Drawn() }
    let values = form.values
    return try await core.labels.draw { renderer in
      let document: LabelDocument
      switch renderer.fill(template, with: values) {
      case .refused(let refusal): return Drawn(refusal: refusal)
      case .made(let made): document = made
      }
      var drawn = Drawn()
      let count = document.pages.count
      for (number, page) in zip(1..., document.pages.prefix(Self.mostPictures)) {
        switch try renderer.preview(of: page) {
        case .refused(let refusal): return Drawn(refusal: refusal)
        case .made(let png):
          let words = "\(template.description.size)" + (count > 1 ? ", page \(number) of \(count)" : "")
          drawn.pictures.append(LabelPictureView(png, words, of: page.size))
        }
      }
      guard !isSheet, let page = document.pages.first else { return drawn }
      switch try renderer.bitmap(of: page, at: dots) {
      case .refused(let refusal): drawn.refusal = refusal
      case .made(let bitmap):
        let words = "\(bitmap.width) × \(bitmap.height) dots at \(Int(dots.dotsPerInch)) dpi"
        drawn.burn = LabelBurnView(
          picture: LabelPictureView(try renderer.png(of: bitmap, at: dots), words, of: page.size), words: words)
      }
      return drawn
    }
  }
}

extension LabelPictureView {
  /// A PNG as it stands in a page, twice its size where there is room.
  init(_ png: [UInt8], _ words: String, of size: LabelSize) {
    let width = min(560, size.width * 8)
    self.init(
      source: "data:image/png;base64," + Data(png).base64EncodedString(), words: words, width: Int(width),
      height: Int(width * size.height / size.width))
  }
}

extension LabelCardView {
  /// A template as a card.
  init(_ template: ShelfTemplate) {
    self.init(
      href: "/labels/\(template.id)", picture: template.size == nil ? nil : "/labels/\(template.id)/picture.png",
      name: template.name, size: template.sizeWords,
      symbologies: template.symbologyWords ?? (template.size == nil ? "codes of its own" : "no code"),
      isOwn: template.isOwn)
  }

  /// What is known of a template.
  static func facts(_ template: ShelfTemplate) -> [DeviceFact] {
    var facts = [DeviceFact(name: "Size", value: template.sizeWords)]
    if case .drawing(let drawing) = template.drawing, let gap = drawing.description.gap {
      facts.append(DeviceFact(name: "Gap", value: "\(gap.formatted()) mm"))
    }
    if let words = template.symbologyWords { facts.append(DeviceFact(name: "Codes", value: words)) }
    facts.append(DeviceFact(name: "Template", value: template.id + (template.isOwn ? ", your own" : ", shipped")))
    return facts
  }
}

extension LabelUploadFault {
  /// Where a text is wrong, with the line itself.
  init(_ fault: LabelFault, in text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = fault.line.flatMap { lines.indices.contains($0 - 1) ? lines[$0 - 1] : nil }
    self.init(
      place: fault.file + (fault.line.map { ", line \($0)" } ?? ""), reason: fault.message,
      source: line.map { String($0.trimmingCharacters(in: .whitespaces).prefix(200)) })
  }
}

extension Problem {
  /// A label that cannot be made.
  init(_ refusal: LabelRefusal) {
    self.init(
      .unprocessableContent, refusal.code, "No label", detail: refusal.sentence, remedy: refusal.remedy,
      pointer: refusal.field.map { "/fields/\($0)" })
  }
}
