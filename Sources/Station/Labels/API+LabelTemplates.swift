import Custody
import CustodyLedger
import Hummingbird
import LabelDesign

extension API {
  func addLabelTemplates(to v1: RouterGroup<StationContext>) {
    v1.get("/label-templates", use: labelTemplates)
    v1.get("/label-templates/{id}", use: labelTemplate)
    v1.put("/label-templates/{id}", use: keepLabelTemplate)
    v1.delete("/label-templates/{id}", use: removeLabelTemplate)
    v1.get("/label-templates/{id}/preview.png", use: previewLabel)
  }

  @Sendable func labelTemplates(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Fault: Encodable {
      let file: String
      let line: Int?
      let message: String
    }
    struct Answer: Encodable {
      let items: [LabelTemplateResource]
      let faults: [Fault]
    }
    let (templates, faults) = try await core.labels.all()
    return try .json(
      Answer(
        items: templates.map(LabelTemplateResource.init),
        faults: faults.map { Fault(file: $0.file, line: $0.line, message: $0.message) }))
  }

  @Sendable func labelTemplate(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(LabelTemplateResource(try await template(in: context)))
  }

  @Sendable func keepLabelTemplate(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try LabelOrderer(signedIn).requireSettingPrinters()
    let body = try await request.json()
    let upload: UploadedTemplate
    if let zpl = body[path: "zpl"]?.text {
      upload = .zpl(Array(zpl.utf8))
    } else if let svg = body[path: "svg"]?.text, let yaml = body[path: "yaml"]?.text {
      upload = .drawing(svg: svg, yaml: yaml)
    } else {
      throw Problem.malformed("A template is svg and yaml, or zpl, each a text.")
    }
    return try .json(LabelTemplateResource(try await core.labels.keep(Self.templateName(in: context), upload)))
  }

  @Sendable func removeLabelTemplate(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try LabelOrderer(signedIn).requireSettingPrinters()
    let id = Self.templateName(in: context)
    guard try await core.labels.remove(id) else {
      throw Problem.notFound(
        "template \(id) of your own", remedy: "GET /api/v1/label-templates lists them; shipped ones stay.")
    }
    return Response(status: .noContent)
  }

  /// A picture of a template in colour: with the values of `field.NAME` parameters over its examples.
  @Sendable func previewLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let template = try await template(in: context)
    guard
      let resolution = PrintResolution(
        dotsPerInch: Double(try request.number("dpi", default: 203, in: 72...600)))
    else { throw Problem.malformed("That resolution cannot be drawn.", pointer: "/dpi") }
    var values: LabelValues?
    let prefix = "field."
    let given = request.uri.queryParameters.filter { $0.key.hasPrefix(prefix) }
    if !given.isEmpty, case .drawing(let drawing) = template.drawing {
      var laid = drawing.description.examples
      for (key, value) in given { laid.fields[String(key.dropFirst(prefix.count))] = String(value) }
      laid.fields = laid.fields.filter { !$0.value.isEmpty }
      values = laid
    }
    let picture = try await core.labels.preview(template, values, at: resolution).get()
    return Response(
      status: .ok, headers: [.contentType: "image/png", .cacheControl: "private, no-cache"],
      body: .init(byteBuffer: ByteBuffer(bytes: picture)))
  }

  private func template(in context: StationContext) async throws -> ShelfTemplate {
    let id = Self.templateName(in: context)
    guard let template = try await core.labels.template(id) else {
      throw Problem.notFound("label template \(id)", remedy: "GET /api/v1/label-templates lists those that there are.")
    }
    return template
  }

  private static func templateName(in context: StationContext) -> String { context.parameters.get("id") ?? "" }
}

/// A template as pages and machines see it.
struct LabelTemplateResource: Encodable {
  struct List: Encodable {
    let name: String
    let title: String
    let maximumRows: Int
    let fields: [LabelField]
  }

  let id: String
  let name: String
  /// `shipped` or `own`.
  let source: String
  /// `svg` or `zpl`.
  let kind: String
  /// Such as `50 × 25 mm`.
  let size: String?
  let symbologies: [String]
  let fields: [LabelField]
  let lists: [List]
  let notes: [String]

  init(_ template: ShelfTemplate) {
    id = template.id
    name = template.name
    source = template.isOwn ? "own" : "shipped"
    size = template.size.map { "\($0)" }
    let description = template.description
    kind = description == nil ? "zpl" : "svg"
    symbologies = template.symbologies.map(\.rawValue)
    lists = (description?.lists ?? []).map { list in
      List(name: list.name, title: list.title, maximumRows: list.maximumRows, fields: list.fields)
    }
    notes = description?.notes ?? []
    let known =
      description?.fields
      ?? template.fieldNames.map {
        LabelField(name: $0, title: $0, example: "", isRequired: true, maximumLength: 500)
      }
    fields = known
  }
}
