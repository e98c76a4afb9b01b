import LabelDesign
import LabelTemplates
import Testing

@testable import LabelDesign

/// Templates that ask for as much as they can: counted and refused when they are read, before anything draws them. What a unit of
/// work is, and that a page of the most work is drawn in half a second, stands in docs/performance.md.
@Suite("Costly templates")
struct CostlyTemplateTests {
  /// The work that a drawing would be on A4, counted as its template does.
  static func work(_ body: String) throws -> Double {
    let root = try MarkupParser.parse("<svg xmlns=\"http://www.w3.org/2000/svg\">\(body)</svg>", file: "template.svg")
    var identified: [String: MarkupElement] = [:]
    func find(_ element: MarkupElement) {
      if let id = element["id"] { identified[id] = element }
      element.children.forEach(find)
    }
    find(root)
    var cost = DrawingCost(identified: identified, page: LabelSize(width: 210, height: 297))
    return cost.work(of: root)
  }

  static func template(_ body: String) throws(LabelFault) -> LabelTemplate {
    let svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\">\n\(body)</svg>"
    let description = LabelDescription(name: "Costly", size: LabelSize(width: 210, height: 297), fields: [])
    return try LabelTemplate(id: "costly", svg: svg, description: description, file: "template.svg")
  }

  static func path(_ count: Int, _ attributes: String = "", _ part: (Int) -> String) -> String {
    "<path \(attributes) d=\"M0 0\((0..<count).map(part).joined())\"/>"
  }
  static let stroke = "fill=\"none\" stroke=\"black\" stroke-width=\"9\" stroke-linejoin=\"round\""
  static let full = "<rect width=\"210\" height=\"297\""

  /// What filled pages again and again, or made librsvg think for seconds and minutes.
  static let bodies: [String: String] = [
    "fills": String(repeating: "\(full) fill-opacity=\"0.01\"/>", count: 100),
    "strokes through the page": path(1_200, stroke) { "L\($0 * 73 % 210) \($0.isMultiple(of: 2) ? 0 : 297)" },
    "a scribble in one place": path(6_000) { "l\($0.isMultiple(of: 2) ? 1 : -1) \($0 % 3 - 1)" },
    "curves far beyond the page": path(300) { "C9000 -9000 -9000 9000 \($0 % 200) \($0 * 7 % 297)" },
    "arcs far beyond the page": path(300) { "A9000 8000 30 1 0 \($0 % 200) \($0 * 7 % 297)" },
    "relative steps that leave the page": path(2_000) { _ in "c0 9000 0 -9000 9 9" },
    "curves made large by a group":
      "<g transform=\"scale(9000)\">" + path(300) { "c.1 -.1 -.1 .1 .0\($0 % 9) .01" } + "</g>",
    "curves made large by a matrix":
      "<g transform=\"matrix(0 9000 9000 0 0 0)\">" + path(300) { "c.1 -.1 -.1 .1 .0\($0 % 9) .01" } + "</g>",
    "curves made large by a symbol":
      "<defs><symbol id=\"s\" viewBox=\"0 0 .01 .01\">" + path(300) { "c.1 -.1 -.1 .1 .0\($0 % 9) .01" }
      + "</symbol></defs><use xlink:href=\"#s\" width=\"200\" height=\"200\"/>",
    "a page of gradient":
      "<defs><linearGradient id=\"g\" spreadMethod=\"repeat\" gradientUnits=\"userSpaceOnUse\" x2=\".01\" y2=\".02\"><stop/></linearGradient></defs>\(full) fill=\"url(#g)\"/>",
    "circles": String(repeating: "<circle cx=\"105\" cy=\"148\" r=\"100\" stroke=\"black\"/>", count: 300),
    "clips":
      "<defs><clipPath id=\"c\">"
      + (0..<50).map { "<circle cx=\"\($0 * 4)\" cy=\"\($0 * 5)\" r=\"150\"/>" }.joined() + "</clipPath></defs>"
      + String(repeating: "<circle r=\"150\" clip-path=\"url(#c)\"/>", count: 40),
    "clips in clips":
      "<defs><clipPath id=\"c\"><circle r=\"150\"/></clipPath></defs>"
      + "<g clip-path=\"url(#c)\"><g clip-path=\"url(#c)\"><circle r=\"150\"/></g></g>",
    "wide dashes":
      "<circle cx=\"100\" cy=\"100\" r=\"100\" fill=\"none\" stroke=\"black\" stroke-width=\"90\" stroke-dasharray=\"0.2\"/>",
  ]

  @Test(arguments: bodies.keys.sorted())
  func `a drawing that would take too long is refused with its line`(name: String) throws {
    let body = try #require(Self.bodies[name])
    #expect(try Self.work(body) > DrawingCost.most)
    let fault = #expect(throws: LabelFault.self) { try Self.template(body) }
    #expect(fault?.message.contains("draws too much") == true, "\(fault?.message ?? "")")
    #expect(fault?.line == 2)
  }

  @Test func `rows count as often as a page has room for them`() throws {
    let row = Self.path(20) { "L\($0 * 9) \($0.isMultiple(of: 2) ? 0 : 20)" }
    let once = try Self.work("<g>\(row)</g>")
    let rows = try Self.work("<g data-rows=\"items\" data-row-height=\"2\" data-height=\"200\">\(row)</g>")
    #expect((97...101).contains(rows / once))
  }

  @Test func `what a clip has many corners of, and what a gradient has too many stops of, is refused`() throws {
    #expect(throws: LabelFault.self) {
      try Self.template("<defs><clipPath id=\"c\" clipPathUnits=\"objectBoundingBox\"><rect/></clipPath></defs>")
    }
    let stops = String(repeating: "<stop offset=\"0.5\"/>", count: 17)
    let fault = #expect(throws: LabelFault.self) {
      try Self.template("<defs><linearGradient id=\"g\">\(stops)</linearGradient></defs>")
    }
    #expect(fault?.message.contains("more than 16 stops") == true)
  }

  /// A logo as drawing programs trace it: 400 small curves; a frame around the page, lines of a table.
  @Test func `what labels and certificates are made of is far from the limit`() throws {
    for template in try Drawn.folders.get() {
      let svg = try String(contentsOfFile: template.path + "/template.svg", encoding: .utf8)
      let body = svg.drop { $0 != "\n" }.replacing("</svg>", with: "")
      let work = try Self.work(String(body))
      #expect(work < DrawingCost.most / 8, "\(template.template.id)")
    }
    let logo = Self.path(400) { "c.5 .2 .6 .\($0 % 9) .\($0 % 7) \($0.isMultiple(of: 2) ? ".4" : "-.4")" }
    #expect(try Self.work(logo) < DrawingCost.most / 4)
    #expect(throws: Never.self) {
      try Self.template(logo + "<rect width=\"210\" height=\"297\" fill=\"none\" stroke=\"black\"/>")
    }
  }

  @Test func `text and symbols that values fill a page with are refused`() throws {
    let texts = (1...40).map {
      "<text y=\"\($0)\" data-width=\"200\" data-lines=\"200\" font-size=\"1\">{{note}}</text>"
    }
    let svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\">\(texts.joined())</svg>"
    let description = LabelDescription(
      name: "Much", size: LabelSize(width: 210, height: 297),
      fields: [LabelField(name: "note", title: "Note", example: "x", maximumLength: 2_000)])
    let template = try LabelTemplate(id: "much", svg: svg, description: description, file: "template.svg")
    let words = String(repeating: "word ", count: 200)
    let refusal = #expect(throws: LabelRefusal.self) {
      try Drawn.renderer.get().fill(template, with: LabelValues(["note": words])).get()
    }
    #expect(refusal?.code == "label.page.tooMuch")
    #expect(throws: Never.self) { try Drawn.renderer.get().fill(template, with: LabelValues(["note": "word"])).get() }
  }
}
