import Custody
import LabelDesign
import LabelRendering
import Synchronization

/// The pictures that templates give with their examples, each kept until its template is another.
final class TemplatePictures: Sendable {
  private let kept = Mutex<[String: (of: LabelTemplate, png: [UInt8])]>([:])

  /// A PNG in colour, of a sheet its first page.
  func picture(of template: ShelfTemplate, on shelf: LabelShelf) async throws -> LabelAnswer<[UInt8]> {
    guard case .drawing(let drawing) = template.drawing else {
      return try await shelf.preview(template, nil, at: .dpi203)
    }
    if let kept = kept.withLock({ $0[template.id] }), kept.of == drawing { return .made(kept.png) }
    let answer = try await shelf.draw { renderer -> LabelAnswer<[UInt8]> in
      switch renderer.fill(drawing, with: drawing.description.examples) {
      case .refused(let refusal): .refused(refusal)
      case .made(let document): try renderer.preview(of: document.pages[0])
      }
    }
    if case .made(let png) = answer { kept.withLock { $0[template.id] = (drawing, png) } }
    return answer
  }
}

extension LabelShelf {
  /// A filled template as a PDF that says when it was made.
  func pdf(_ template: ShelfTemplate, _ values: LabelValues, at moment: Instant) async throws -> LabelAnswer<[UInt8]> {
    guard case .drawing(let drawing) = template.drawing else {
      return .refused(
        LabelRefusal("label.preview.zpl", "\(template.id) is native ZPL and makes no PDF.", remedy: "Print it."))
    }
    return try await draw { renderer in
      switch renderer.fill(drawing, with: values) {
      case .refused(let refusal): .refused(refusal)
      case .made(let document): try renderer.pdf(of: [document], created: "\(moment)")
      }
    }
  }
}

extension LabelRenderer {
  /// A page as a picture for people, no coarser than its symbols bear.
  func preview(of page: LabelPage) throws -> LabelAnswer<[UInt8]> {
    var refused: LabelRefusal?
    for resolution in page.size.width > 120 ? [PrintResolution.dpi203, .dpi300, .dpi600] : [.dpi300, .dpi600] {
      switch try png(of: page, at: resolution) {
      case .made(let png): return .made(png)
      case .refused(let refusal) where refusal.code != "label.symbol.doesNotFit": return .refused(refusal)
      case .refused(let refusal): refused = refused ?? refusal
      }
    }
    return try refused.map { .refused($0) } ?? png(of: page, at: .dpi600)
  }
}
