import AssetIdentifiers
import LabelDesign
import Testing

@testable import LabelRendering

/// The sheets that lie on a desk, to be scanned with gloves on.
@Suite("Command sheets")
struct CommandSheetTests {
  @Test func `every command of the desk stands once on every command sheet`() throws {
    let sheets = try Drawn.folders.get().map(\.template).filter { $0.id.hasPrefix("command-sheet") }
    #expect(sheets.count >= 2)
    for sheet in sheets {
      let codes = try Drawn.examples(sheet).pages.flatMap(\.symbols).map(\.content.value)
      #expect(codes.sorted() == DeskCommand.allCases.map { "CUSTODY:CMD:\($0.rawValue)" }.sorted(), "\(sheet.id)")
    }
  }

  /// A laser's line is far wider than a code, and an imager takes what is nearest to where it aims.
  @Test func `no beam along one code's bars meets another, and matrix codes stand 12 mm apart`() throws {
    for sheet in try Drawn.folders.get().map(\.template) where sheet.id.hasPrefix("command-sheet") {
      for page in try Drawn.examples(sheet).pages {
        let placed = try SymbolPlacement.all(on: page, at: .dpi600).get()
        let boxes = zip(page.symbols, placed).map { symbol, placement in
          let left = placement.dark.map(\.x).min() ?? 0
          let right = placement.dark.map { $0.x + $0.width }.max() ?? 0
          let top = placement.dark.map(\.y).min() ?? 0
          let bottom = placement.dark.map { $0.y + $0.height }.max() ?? 0
          return (name: symbol.name, isLinear: symbol.content.symbology.isLinear, left...right, top...bottom)
        }
        for (index, one) in boxes.enumerated() {
          for other in boxes.dropFirst(index + 1) {
            if one.isLinear {
              #expect(!one.3.overlaps(other.3), "\(sheet.id): \(one.name) and \(other.name)")
            } else {
              let gap = Int(12 * PrintResolution.dpi600.dotsPerMillimetre)
              let across = max(other.2.lowerBound - one.2.upperBound, one.2.lowerBound - other.2.upperBound)
              let down = max(other.3.lowerBound - one.3.upperBound, one.3.lowerBound - other.3.upperBound)
              #expect(max(across, down) >= gap, "\(sheet.id): \(one.name) and \(other.name)")
            }
          }
        }
      }
    }
  }
}
