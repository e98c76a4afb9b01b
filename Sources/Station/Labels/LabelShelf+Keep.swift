import Foundation
import LabelDesign
import LabelRendering

/// A template as somebody uploads it.
enum UploadedTemplate: Sendable {
  case drawing(svg: String, yaml: String)
  case zpl([UInt8])
}

extension LabelShelf {
  /// The resolution at which an uploaded template's examples must fit: that of most label printers.
  private static let resolution = PrintResolution.dpi203

  /// Takes a template up, in place of the site's own of that name. Nothing is kept of one that cannot be used.
  ///
  /// - Throws: `LabelFault`, naming file and line; `LabelRefusal` when its own examples do not fit it; `Problem` for its name.
  func keep(_ id: String, _ upload: UploadedTemplate) async throws -> ShelfTemplate {
    guard Self.isName(id) else {
      throw Problem.malformed(
        "A template's name has 1 to 64 small letters, digits and hyphens, unlike '\(id.prefix(80))'.", pointer: "/id")
    }
    let template = try await checked(id, upload)
    try await run { [self] in
      guard try !shippedTemplates().contains(where: { $0.id == id }) else {
        throw Problem(
          .conflict, "label.template.shipped", "Name taken", detail: "A template named \(id) ships with the program.",
          remedy: "Give yours another name.")
      }
      let files = FileManager.default
      let path = folder + "/" + id
      // What is half written is not in the way: its name begins with a dot.
      let draft = folder + "/." + id
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if files.fileExists(atPath: draft) { try files.removeItem(atPath: draft) }
      switch upload {
      case .drawing(let svg, let yaml):
        try files.createDirectory(atPath: draft, withIntermediateDirectories: false)
        try Data(svg.utf8).write(to: URL(filePath: draft + "/template.svg"))
        try Data(yaml.utf8).write(to: URL(filePath: draft + "/label.yaml"))
        try take(away: id)
        try files.moveItem(atPath: draft, toPath: path)
      case .zpl(let bytes):
        try Data(bytes).write(to: URL(filePath: draft))
        try take(away: id)
        try files.moveItem(atPath: draft, toPath: path + ".zpl")
      }
    }
    return template
  }

  /// Takes one of the site's own away; false when there is none.
  func remove(_ id: String) async throws -> Bool {
    guard Self.isName(id) else { return false }
    return try await run { [self] in try take(away: id) }
  }

  /// A picture of a template in colour, with values or its own examples.
  func preview(
    _ template: ShelfTemplate, _ values: LabelValues?, at resolution: PrintResolution
  ) async throws -> LabelAnswer<[UInt8]> {
    guard case .drawing(let drawing) = template.drawing else {
      return .refused(
        LabelRefusal(
          "label.preview.zpl", "\(template.id) is native ZPL: only its printer knows what it looks like.",
          remedy: "Print one."))
    }
    return try await draw { renderer in
      switch renderer.fill(drawing, with: values ?? drawing.description.examples) {
      case .refused(let refusal): return .refused(refusal)
      case .made(let document): return try renderer.png(of: document.pages[0], at: resolution)
      }
    }
  }

  private func checked(_ id: String, _ upload: UploadedTemplate) async throws -> ShelfTemplate {
    switch upload {
    case .zpl(let bytes):
      return ShelfTemplate(id: id, isOwn: true, drawing: .zpl(try Self.zpl(bytes, file: "\(id).zpl")))
    case .drawing(let svg, let yaml):
      return try await draw { renderer in
        guard yaml.utf8.count <= LabelDescription.maximumYAMLLength else {
          throw LabelFault(
            file: "label.yaml", line: nil, message: "has more than \(LabelDescription.maximumYAMLLength) bytes")
        }
        let description = try LabelDescription(yaml: yaml, file: "label.yaml")
        let template = try LabelTemplate(id: id, svg: svg, description: description, file: "template.svg")
        let document = try renderer.fill(template, with: description.examples).get()
        for page in document.pages { _ = try renderer.bitmap(of: page, at: Self.resolution).get() }
        return ShelfTemplate(id: id, isOwn: true, drawing: .drawing(template))
      }
    }
  }

  @discardableResult
  private func take(away id: String) throws -> Bool {
    var wasThere = false
    for path in [folder + "/" + id, folder + "/" + id + ".zpl"] where FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
      wasThere = true
    }
    return wasThere
  }
}
