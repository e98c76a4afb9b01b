import LabelDesign
import LabelRendering
import LabelTemplates

@testable import BarcodeVision

/// What the tests of this room share: one renderer, the templates that are shipped, and pictures to read back.
enum Drawn {
  static let renderer = Result { () throws(LabelRenderingFault) in try LabelRenderer() }
  static let folders = Result { () throws(LabelFault) in try LabelFolder.shipped() }

  static func folder(_ id: String) throws -> LabelFolder {
    guard let folder = try folders.get().first(where: { $0.template.id == id }) else { throw Missing(name: id) }
    return folder
  }

  struct Missing: Error { let name: String }

  /// A template's document with its examples.
  static func examples(_ template: LabelTemplate) throws -> LabelDocument {
    try renderer.get().fill(template, with: template.description.examples).get()
  }

  /// A symbol by itself, on a label that is as large as its box and 2 mm more around it.
  static func page(
    _ content: SymbolContent, width: Double = 96, height: Double = 46, quarterTurns: Int = 0,
    module: ClosedRange<Double>? = 0.24...0.51, trim: SymbolTrim = .none
  ) -> LabelPage {
    let symbol = PlacedSymbol(
      name: "code", content: content, box: LabelBox(x: 2, y: 2, width: width, height: height),
      quarterTurns: quarterTurns, module: module, trim: trim)
    return LabelPage(size: LabelSize(width: width + 4, height: height + 4), symbols: [symbol])
  }

  /// Every symbol of a page, cut out of it with its quiet zone.
  static func symbols(of page: LabelPage, at resolution: PrintResolution) throws -> [PictureOfSymbol] {
    let bitmap = try renderer.get().bitmap(of: page, at: resolution).get()
    let placements = try SymbolPlacement.all(on: page, at: resolution).get()
    return zip(page.symbols, placements).map { PictureOfSymbol($0, $1, of: bitmap) }
  }
}

/// One symbol as it was drawn.
struct PictureOfSymbol {
  let name: String
  let content: SymbolContent
  let frame: GrayFrame
  /// Its modules in the frame, without quiet zone.
  let modules: Damage.Area
  let moduleDots: Int

  var isLinear: Bool { content.symbology.isLinear }

  fileprivate init(_ symbol: PlacedSymbol, _ placement: SymbolPlacement, of bitmap: Bitmap) {
    let clear = placement.clear
    let margin = 20
    name = symbol.name
    content = symbol.content
    frame = GrayFrame(bitmap, part: clear, margin: margin)
    moduleDots = placement.moduleDots
    let left = placement.dark.map(\.x).min() ?? 0
    let top = placement.dark.map(\.y).min() ?? 0
    let right = placement.dark.map { $0.x + $0.width }.max() ?? 0
    let bottom = placement.dark.map { $0.y + $0.height }.max() ?? 0
    modules = Damage.Area(
      x: margin + left - clear.x, y: margin + top - clear.y, width: right - left, height: bottom - top)
  }
}

extension GrayFrame {
  /// The dots of a picture, or of a part of it, with white around them as paper has it.
  init(_ bitmap: Bitmap, part: SymbolPlacement.DotBox? = nil, margin: Int = 20) {
    let part = part ?? SymbolPlacement.DotBox(x: 0, y: 0, width: bitmap.width, height: bitmap.height)
    let (width, height) = (part.width + 2 * margin, part.height + 2 * margin)
    var bytes = [UInt8](repeating: 255, count: width * height)
    let (source, perRow) = (bitmap.bytes, bitmap.bytesPerRow)
    bytes.withUnsafeMutableBufferPointer { bytes in
      source.withUnsafeBufferPointer { source in
        for row in 0..<part.height {
          let start = (row + margin) * width + margin
          let from = (part.y + row) * perRow
          var column = 0
          while column < part.width {
            let byte = source[from + (part.x + column) >> 3]
            // Paper is mostly white: eight dots at once.
            if byte == 0, (part.x + column) & 7 == 0 {
              column += 8
            } else {
              if byte & 0x80 >> UInt8((part.x + column) & 7) != 0 { bytes[start + column] = 0 }
              column += 1
            }
          }
        }
      }
    }
    self.init(width, height, bytes)
  }
}
