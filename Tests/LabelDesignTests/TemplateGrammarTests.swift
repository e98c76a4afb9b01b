import LabelDesign
import Testing

/// What a drawing must say, beside being harmless.
@Suite("Template grammar")
struct TemplateGrammarTests {
  @Test(arguments: [
    ("<text>{{tag}}</text>", "want data-width"),
    ("<text data-width=\"9\">{{tga}}</text>", "has no field `tga`; it has tag, note"),
    ("<text data-width=\"9\">{{tag</text>", "{{ has no }}"),
    ("<text data-width=\"9\">{{#note}}x</text>", "has no {{/note}}"),
    ("<text data-width=\"9\">{{/note}}</text>", "ends nothing"),
    ("<text data-width=\"9\">{{Tag x}}</text>", "names no field"),
    ("<text data-width=\"9\">{{{tag}}}</text>", "names no field"),
    ("<text data-width=\"9\">{{serial}}</text>", "has no field `serial`"),
    ("<rect fill=\"{{note}}\"/>", "fields may stand in text and in data-value"),
    ("<text font-family=\"Arial\">x</text>", "`font-family` must be one of DejaVu Sans"),
    ("<text font-style=\"italic\">x</text>", "no italics"), ("<text stroke=\"black\">x</text>", "text is not stroked"),
    ("<g stroke=\"black\"><text>x</text></g>", "text is not stroked"),
    ("<text fill=\"none\">x</text>", "plain colour"),
    ("<text transform=\"rotate(45)\">x</text>", "multiple of 90"),
    ("<g transform=\"skewX(9)\"><text>x</text></g>", "cannot be skewed"),
    ("<text data-width=\"9\" data-fit=\"shrink\">x</text>", "must be refuse, or shrink"),
    ("<text data-width=\"9\" data-fit=\"shrink 9\">x</text>", "smallest font size"),
    ("<text data-lines=\"3\">x</text>", "data-lines wants data-width"),
    ("<text data-widht=\"3\">x</text>", "`data-widht` is no attribute"),
    ("<text x=\"1 2 3\">x</text>", "without a unit"),
    ("<text><tspan>a</tspan><tspan x=\"3\">b</tspan></text>", "a place of its own"),
    ("<rect data-symbology=\"qrcode\" data-value=\"x\"/>", "must be one of code128"),
    ("<rect data-symbology=\"qr\" width=\"9\" height=\"9\"/>", "want data-value"),
    ("<rect data-symbology=\"qr\" data-value=\"{{note}}\" width=\"9\" height=\"9\"/>", "may be left out: say data-if"),
    ("<rect data-symbology=\"qr\" data-value=\"x\" width=\"9\"/>", "want width and height"),
    ("<rect data-symbology=\"qr\" data-value=\"x\" x=\"45\" width=\"9\" height=\"9\"/>", "not wholly on the label"),
    (
      "<g transform=\"scale(2)\"><rect data-symbology=\"qr\" data-value=\"x\" width=\"9\" height=\"9\"/></g>",
      "cannot be scaled"
    ),
    (
      "<rect transform=\"matrix(-1 0 0 1 20 0)\" data-symbology=\"qr\" data-value=\"x\" width=\"9\" height=\"9\"/>",
      "mirrored"
    ),
    (
      "<rect data-symbology=\"qr\" data-value=\"x\" data-error-correction=\"Z\" width=\"9\" height=\"9\"/>",
      "must be one of L, M, Q, H"
    ),
    (
      "<rect data-symbology=\"code128\" data-value=\"x\" data-error-correction=\"L\" width=\"9\" height=\"9\"/>",
      "has no choice"
    ),
    ("<rect data-symbology=\"qr\" data-value=\"x\" data-quiet=\"1\" width=\"9\" height=\"9\"/>", "from 4 to 100"),
    (
      "<rect data-symbology=\"qr\" data-value=\"x\" data-module=\"0.2\" data-least-module=\"0.3\" width=\"9\" height=\"9\"/>",
      "not be above"
    ),
    ("<rect data-symbology=\"qr\" data-value=\"x\" data-align=\"leftish\" width=\"9\" height=\"9\"/>", "not leftish"),
    (
      "<rect data-symbology=\"qr\" data-value=\"x\" data-shape=\"8x18\" width=\"9\" height=\"9\"/>",
      "data-shape is for datamatrix"
    ),
    (
      "<rect data-symbology=\"datamatrix\" data-value=\"x\" data-shape=\"8x48\" width=\"9\" height=\"9\"/>",
      "one of square, rectangle, 8x18, 8x32, 12x26, 12x36, 16x36, 16x48"
    ),
    (
      "<rect data-symbology=\"code128\" data-value=\"x\" data-bearer=\"bars\" width=\"9\" height=\"9\"/>",
      "data-bearer is for itf and itf14, bars or frame"
    ),
    (
      "<rect data-symbology=\"itf14\" data-value=\"1\" data-bearer=\"thick\" width=\"9\" height=\"9\"/>",
      "bars or frame"
    ),
    (
      "<rect data-symbology=\"itf14\" data-value=\"1\" data-digits=\"below\" width=\"9\" height=\"9\"/>",
      "data-digits is for ean13"
    ),
    (
      "<rect data-symbology=\"ean13\" data-value=\"1\" data-digits=\"above\" width=\"9\" height=\"9\"/>",
      "must be below"
    ),
    ("<g data-rows=\"things\" data-row-height=\"5\" data-height=\"9\"/>", "has no list `things`; it has items"),
    ("<g data-rows=\"items\" data-height=\"9\"/>", "want data-row-height"),
    ("<g data-rows=\"items\" data-row-height=\"9\" data-height=\"3\"/>", "want data-height"),
    ("<g data-height=\"3\"/>", "belong to data-rows"), ("<g data-pages=\"odd\"/>", "must be one of all, first, later"),
    ("<g data-if=\"tag\" data-unless=\"tag\"/>", "not both"), ("<g data-if=\"nothing\"/>", "has no field `nothing`"),
  ])
  func `a fault is named with its line`(body: String, reason: String) {
    let fault = #expect(throws: LabelFault.self) { try TemplateSource.template("\n\(body)\n\(TemplateSource.usesAll)") }
    #expect(fault?.message.contains(reason) == true, "\(fault?.description ?? "none")")
    #expect(fault?.line == 3)
  }

  @Test func `the size must be the one of label yaml, with a unit for a millimetre`() {
    func fault(_ root: String) -> String {
      let svg = "<svg \(root)>\(TemplateSource.usesAll)</svg>"
      do throws(LabelFault) {
        _ = try TemplateSource.template(svg: svg, description: TemplateSource.description)
        return "none"
      } catch { return error.message }
    }
    let space = "xmlns=\"http://www.w3.org/2000/svg\" "
    #expect(fault("width=\"50mm\" height=\"25mm\" viewBox=\"0 0 50 25\"").contains("want xmlns"))
    #expect(fault(space + "width=\"50mm\" height=\"24mm\" viewBox=\"0 0 50 25\"").contains("height=\"25mm\""))
    #expect(fault(space + "width=\"50\" height=\"25\" viewBox=\"0 0 50 25\"").contains("width=\"50mm\""))
    #expect(
      fault(space + "width=\"50mm\" height=\"25mm\" viewBox=\"0 0 189 94\"").contains("one unit is one millimetre"))
    #expect(fault(space + "width=\"50mm\" height=\"25mm\"").contains("viewBox"))
    #expect(fault(space + "width=\"50mm\" height=\"25mm\" viewBox=\"0 0 50 25\"") == "none")
  }

  @Test func `a field that the drawing does not use is a fault`() {
    let fault = #expect(throws: LabelFault.self) {
      try TemplateSource.template("<text data-width=\"9\">{{tag}}{{long}}</text>")
    }
    #expect(fault?.message == "has no {{note}}, which label.yaml describes: use it, or take it out there")
  }

  @Test func `a drawing as Inkscape saves it is taken`() throws {
    let svg = """
      <?xml version="1.0" encoding="UTF-8" standalone="no"?>
      <!-- Created with Inkscape (http://www.inkscape.org/) -->
      <svg width="50mm" height="25mm" viewBox="0 0 50 25" version="1.1" id="svg5" inkscape:version="1.2.2"
         sodipodi:docname="tag.svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
         xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns="http://www.w3.org/2000/svg"
         xmlns:svg="http://www.w3.org/2000/svg">
        <sodipodi:namedview id="namedview7" pagecolor="#ffffff" inkscape:document-units="mm"/>
        <defs id="defs2"/>
        <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>
        <g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1" style="display:inline">
          <rect style="fill:none;stroke:#000000;stroke-width:0.3;-inkscape-stroke:none;stop-color:#000000" id="rect1" width="48" height="23" x="1" y="1"/>
          <text xml:space="preserve" style="font-style:normal;font-weight:bold;font-size:4.23333px;line-height:1.25;font-family:'DejaVu Sans Mono';-inkscape-font-specification:'DejaVu Sans Mono Bold';fill:#000000;stroke:none;stroke-width:0.26" x="3" y="8" id="text1" data-width="44" data-fit="shrink 2"><tspan sodipodi:role="line" id="tspan1" style="stroke-width:0.26" x="3.5" y="9">{{tag}}{{note}}{{long}}</tspan></text>
        </g>
        <g data-rows="items" data-row-height="5" data-height="10"/>
      </svg>
      """
    let template = try TemplateSource.template(svg: svg, description: TemplateSource.description)
    let page = try TemplateSource.fill(template).pages[0]
    let line = page.texts[0]
    #expect(line.x == 3.5 && line.y == 9)
    #expect(line.runs[0].font == LabelFont(.mono, isBold: true))
    #expect(line.runs[0].size == 4.23333)
    #expect(page.artwork?.contains("inkscape") == false)
    #expect(page.artwork?.contains("stroke-width=\"0.3\"") == true)
  }

  @Test func `the symbologies of a template are those of its codes, each once`() throws {
    let code = "width=\"9\" height=\"9\"/>"
    let template = try TemplateSource.template(
      "<rect data-symbology=\"qr\" data-value=\"a\" \(code)<rect data-symbology=\"code39\" data-value=\"B\" \(code)<rect data-symbology=\"qr\" data-value=\"c\" \(code)"
        + TemplateSource.usesAll)
    #expect(template.symbologies == [.qr, .code39])
  }
}
