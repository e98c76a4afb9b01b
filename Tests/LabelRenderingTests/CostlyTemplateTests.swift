import LabelDesign
import LabelRendering
import Testing

/// Templates within every limit that ask for as much as they can.
@Suite("Costly templates", .serialized)
struct CostlyTemplateTests {
  /// What fills an A4 sheet again and again, each in another way.
  static let bodies = [
    "fills": String(repeating: "<rect width=\"210\" height=\"297\" fill-opacity=\"0.01\"/>", count: 3_900),
    "strokes": "<path fill=\"none\" stroke=\"black\" stroke-width=\"90\" stroke-linejoin=\"round\" d=\"M0 0"
      + (0..<4_000).map { "L\($0 * 73 % 210) \($0.isMultiple(of: 2) ? 0 : 297)" }.joined() + "\"/>",
    "clips": "<defs><clipPath id=\"c\">"
      + (0..<50).map { "<circle cx=\"\($0 * 4)\" cy=\"\($0 * 5)\" r=\"150\"/>" }.joined() + "</clipPath></defs>"
      + String(repeating: "<rect width=\"210\" height=\"297\" clip-path=\"url(#c)\" fill-opacity=\"0.1\"/>", count: 70),
  ]

  @Test(arguments: bodies.keys.sorted())
  func `a page that takes too long is given up`(name: String) throws {
    let body = try #require(Self.bodies[name])
    let svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\">\(body)</svg>"
    let description = LabelDescription(name: "Costly", size: LabelSize(width: 210, height: 297), fields: [])
    let template = try LabelTemplate(id: "costly", svg: svg, description: description, file: "template.svg")
    let renderer = try Drawn.renderer.get()
    let page = try renderer.fill(template, with: LabelValues([:])).get().pages[0]
    let fault = #expect(throws: LabelRenderingFault.tooCostly(seconds: 2)) {
      try renderer.png(of: page, at: .dpi600)
    }
    #expect(fault?.remedy.contains("Simplify") == true)
    // The renderer goes on with the next.
    #expect(throws: Never.self) { try renderer.bitmap(of: Drawn.page(SymbolContent(.qr, "AT-1")), at: .dpi203).get() }
  }
}
