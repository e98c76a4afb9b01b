import LabelDesign
import LabelRendering

/// A label from its template and values to the bytes that a printer is sent.
struct LabelMaking {
  let template: ShelfTemplate
  let values: LabelValues
  let profile: PrinterProfile
  /// Between two labels, in millimetres; nil takes the template's.
  let gap: Double?
  let copies: Int
  /// What goes into the label's RFID tag; nil leaves it as it is.
  let epc: [UInt8]?

  /// The bytes, and how many labels come of them.
  ///
  /// - Throws: `LabelRefusal` when it cannot say what it should, or not on this printer; `LabelRenderingFault`.
  func payload(_ renderer: LabelRenderer) throws -> (bytes: [UInt8], labels: Int) {
    switch template.drawing {
    case .zpl(let zpl): return (try native(zpl), copies)
    case .drawing(let drawing):
      let document = try renderer.fill(drawing, with: values).get()
      if profile.language == .document {
        let bytes = try renderer.pdf(of: Array(repeating: document, count: copies)).get()
        return (bytes, copies * document.pages.count)
      }
      guard document.pages.count == 1 else {
        throw LabelRefusal(
          "label.pages.tooMany", "\(template.name) takes \(document.pages.count) pages; a label printer has one label.",
          remedy: "Print it on a printer that takes documents.")
      }
      let size = document.size
      guard let resolution = PrintResolution(dotsPerInch: Double(profile.dotsPerInch)) else {
        throw LabelRefusal(
          "label.resolution", "\(profile.name) has \(profile.dotsPerInch) dots to the inch, which cannot be drawn.",
          remedy: "Choose another printer.")
      }
      let bitmap = try renderer.bitmap(of: document.pages[0], at: resolution).get()
      do throws(PrinterLanguageFault) {
        let media = try LabelMedia(
          width: size.width, height: size.height, gap: gap ?? drawing.description.gap ?? 0)
        return (
          try PrintedLabel(picture: bitmap, media: media, copies: copies, tag: try epc.map(TagEncoding.init)).bytes(
            for: profile), copies
        )
      } catch {
        throw LabelRefusal(error.code, error.description, remedy: error.remedy)
      }
    }
  }

  private func native(_ zpl: ZPLTemplate) throws -> [UInt8] {
    guard profile.language == .zpl else {
      throw LabelRefusal(
        "label.language", "\(template.id) is native ZPL, which \(profile.name) does not speak.",
        remedy: "Choose a printer that speaks ZPL, or a template that is drawn.")
    }
    guard epc == nil else {
      throw LabelRefusal(
        "label.tag.native", "Into a native ZPL template no RFID encoding is put.",
        remedy: "Choose a template that is drawn, or print without writing the tag.")
    }
    do {
      return try zpl.filled(values.fields, copies: copies)
    } catch {
      throw LabelRefusal(
        "label.zpl.field", error.message, remedy: "Give it what it wants: \(zpl.fields.joined(separator: ", ")).")
    }
  }
}
