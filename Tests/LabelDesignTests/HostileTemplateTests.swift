import LabelDesign
import Testing

/// What a template must not hold: it is refused before anything draws it, with its line and the reason.
@Suite("Hostile templates")
struct HostileTemplateTests {
  private static let pixel =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="

  @Test(arguments: [
    ("<script>alert(1)</script>", "scripts are refused"),
    ("<g>\n<rect onclick=\"x()\"/></g>", "`onclick` is refused"), ("<rect ONLOAD=\"x()\"/>", "`ONLOAD` is refused"),
    ("<foreignObject><p/></foreignObject>", "`foreignObject` is refused"),
    ("<style>@import url(http://evil/x.css);</style>", "`style` elements are refused"),
    ("<rect style=\"fill:url(http://evil/x#a)\"/>", "leads elsewhere"),
    ("<rect fill=\"url('file:///etc/passwd#a')\"/>", "leads elsewhere"),
    ("<rect style=\"fill:\\75rl(http://x)\"/>", "cannot be"), ("<rect fill=\"@import x\"/>", "cannot be"),
    ("<image width=\"1\" height=\"1\" href=\"http://evil/x.png\"/>", "links are refused"),
    ("<image width=\"1\" height=\"1\" xlink:href=\"file:///etc/passwd\"/>", "links are refused"),
    ("<image width=\"1\" height=\"1\" href=\"data:image/svg+xml;base64,PHN2Zy8+\"/>", "is no PNG or JPEG"),
    ("<image width=\"1\" height=\"1\" href=\"data:image/png;base64,R0lGODlhAQABAAAAACw=\"/>", "is no PNG or JPEG"),
    ("<image width=\"1\" height=\"1\" href=\"#a\"/>", "links are refused"),
    ("<use href=\"other.svg#a\"/>", "links are refused"), ("<use x:href=\"#a\"/>", "links are refused"),
    ("<a href=\"#x\"><rect/></a>", "links are refused"), ("<g xml:base=\"http://evil/\"/>", "leads elsewhere"),
    ("<use href=\"#nowhere\"/>", "`#nowhere` is nowhere"),
    ("<defs><g id=\"a\"><use href=\"#a\"/></g></defs><use href=\"#a\"/>", "refers to itself"),
    ("<defs><g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g></defs>", "refers to itself"),
    ("<rect filter=\"url(#f)\"/>", "`filter` may be none only"), ("<filter id=\"f\"/>", "`filter` is refused"),
    ("<pattern id=\"p\"/>", "`pattern` is refused"), ("<animate/>", "animations are refused"),
    ("<svg/>", "an `svg` inside another is refused"), ("<iframe/>", "`iframe` is no element"),
    ("<svg:script/>", "write elements without prefix"), ("<x:script/>", "write elements without prefix"),
    ("<rect class=\"x\"/>", "`class` is refused"), ("<rect width=\"1e9\" height=\"1\"/>", "not below 10000"),
    ("<path d=\"M0 0L99999 1\"/>", "not below 10000"), ("<rect width=\"5in\"/>", "without a unit"),
    ("<line x2=\"9\" stroke-dasharray=\"0.00001\"/>", "0.2 long at least"),
    ("<path d=\"M0 0L9 9\" stroke-dasharray=\"1\"/>", "dashes may stand at line"),
    ("<g stroke-dasharray=\"1\"/>", "dashes may stand at line"),
    ("<g>hello</g>", "text must stand in a `text` element"),
    ("<rect", "want the name of an attribute"), ("<rect>", "before `</svg>`"),
    ("<rect a=\"1\" a=\"2\"/>", "stands twice"),
    ("<rect x=1/>", "in quotes"), ("&bomb;", "there are no entities"), ("&#0;", "is no character"),
    ("& ", "begins no reference"),
    ("<?xml-stylesheet href=\"x\"?>", "processing instructions"), ("<![INCLUDE[", "declarations are refused"),
    ("<!DOCTYPE svg>", "DOCTYPE and entities are refused"), ("<rect id=\"a\"/><rect id=\"a\"/>", "is given twice"),
    ("<text>a<rect/></text>", "`rect` cannot stand in `text`"), ("<!-- no end", "has no end"),
    ("<text>\u{0007}</text>", "control character"), ("<defs><text>x</text></defs>", "cannot stand in `defs`"),
    ("<g id=\"a\"><text>x</text></g><use href=\"#a\"/>", "which `use` cannot repeat"),
  ])
  func `it is refused, and the line is named`(body: String, reason: String) {
    // Three lines before it: the svg, and two of its own.
    let fault = #expect(throws: LabelFault.self) {
      try TemplateSource.template("\n\n\(body)\n\(TemplateSource.usesAll)")
    }
    #expect(fault?.message.contains(reason) == true, "\(fault?.description ?? "none")")
    let line = fault?.line ?? 0
    #expect((4...6).contains(line), "\(fault?.description ?? "none")")
  }

  @Test func `entities cannot be declared, wherever it is tried`() {
    let bomb = """
      <?xml version="1.0"?>
      <!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
      <svg xmlns="http://www.w3.org/2000/svg"><text>&b;&x;</text></svg>
      """
    let fault = #expect(throws: LabelFault.self) {
      try TemplateSource.template(svg: bomb, description: TemplateSource.description)
    }
    #expect(fault?.line == 2)
    #expect(fault?.message.contains("DOCTYPE and entities are refused") == true)
  }

  @Test func `text that would reach over the edge is refused, and what stands at it is not`() throws {
    func fault(_ text: String) -> String? {
      do throws(LabelFault) {
        _ = try TemplateSource.template(text + TemplateSource.usesAll)
        return nil
      } catch {
        return error.message
      }
    }
    // The label has 50 × 25 mm.
    #expect(fault("<text x=\"10\" y=\"25\" data-width=\"40\">a</text>") == nil)
    #expect(fault("<text x=\"50\" y=\"9\" text-anchor=\"end\" data-width=\"50\">a</text>") == nil)
    #expect(fault("<text transform=\"translate(9 25) rotate(-90)\" data-width=\"25\">a</text>") == nil)
    #expect(fault("<text x=\"11\" y=\"9\" data-width=\"40\">a</text>")?.contains("from 11, 9 to 51, 9 mm") == true)
    #expect(
      fault("<text x=\"10\" y=\"9\" text-anchor=\"middle\" data-width=\"30\">a</text>")?.contains("-5, 9") == true)
    #expect(fault("<text y=\"26\">a</text>")?.contains("not wholly on the label") == true)
    #expect(fault("<g transform=\"rotate(90)\"><text y=\"9\">a</text></g>")?.contains("-9, 0") == true)
  }

  @Test func `a file in another encoding is told`() {
    let fault = #expect(throws: LabelFault.self) {
      try TemplateSource.template(
        svg: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><svg/>", description: TemplateSource.description)
    }
    #expect(fault?.message.contains("is not in UTF-8") == true)
  }

  // What is not refused by its size before it is drawn would be drawn for hours.
  @Test(.timeLimit(.minutes(10))) func `what is too large is refused before it is drawn`() throws {
    func refused(_ body: String, _ reason: String) {
      let fault = #expect(throws: LabelFault.self) { try TemplateSource.template(body + TemplateSource.usesAll) }
      #expect(fault?.message.contains(reason) == true, "\(fault?.description ?? "none")")
    }
    refused(String(repeating: "<g>", count: 40) + String(repeating: "</g>", count: 40), "nested deeper than 32")
    refused(String(repeating: "<rect/>", count: 4_100), "more than 4000 elements")
    refused(String(repeating: " ", count: 600_000), "at most 524288")
    refused("<g opacity=\"0.5\"><rect/></g>", "`opacity` may be 1 only, not 0.5")
    refused("<path d=\"M0 0" + String(repeating: "L1 1", count: 60_000) + "\"/>", "draws too much")
    refused(
      "<rect " + (0..<70).map { "x\($0)=\"1\"" }.joined(separator: " ") + "/>", "more than 64 attributes")
    // Ten copies of ten copies of …: ten thousand million if they were drawn.
    let bomb = (1...10).map { level in
      "<g id=\"a\(level)\">" + String(repeating: "<use href=\"#a\(level - 1)\"/>", count: 10) + "</g>"
    }
    refused(
      "<defs><rect id=\"a0\" width=\"1\" height=\"1\"/>\(bomb.joined())</defs><use href=\"#a10\"/>", "draws too much")
    refused(String(repeating: "<image href=\"\(Self.pixel)\"/>", count: 9), "more than 8 pictures")
    refused("<text>" + String(repeating: "a", count: 5_000) + "</text>", "more than 4000 characters")
    refused(
      String(repeating: "<line x2=\"9\" stroke-dasharray=\"1\"/>", count: 101), "more than 100 elements have dashes")
  }

  @Test func `a picture that would grow when it is opened is refused by its size`() throws {
    // The header says 30000 × 30000 pixels; the file has 1.
    let bomb =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAdTAAAHUwCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
    let fault = #expect(throws: LabelFault.self) {
      try TemplateSource.template("<image width=\"1\" height=\"1\" href=\"\(bomb)\"/>\(TemplateSource.usesAll)")
    }
    #expect(fault?.message.contains("30000 × 30000 pixels") == true, "\(fault?.description ?? "")")
    #expect(throws: Never.self) {
      try TemplateSource.template("<image width=\"1\" height=\"1\" href=\"\(Self.pixel)\"/>\(TemplateSource.usesAll)")
    }
  }

  @Test func `a value cannot become an element`() throws {
    let template = try TemplateSource.template("<rect/>\(TemplateSource.usesAll)".replacing("\"9\"", with: "\"50\""))
    let value = "</text><script>alert(1)</script>&lt;{{tag}}"
    let page = try TemplateSource.fill(
      template, LabelValues(["tag": "AT-1", "note": "", "long": String(value.prefix(13))])
    ).pages[0]
    #expect(page.texts[0].runs.map(\.text).joined() == "AT-1</text><scrip")
    #expect(page.artwork?.contains("script") == false)
  }

  @Test func `garbage of any kind is a fault and no crash`() {
    let good = Array(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"50mm\" height=\"25mm\" viewBox=\"0 0 50 25\"><g transform=\"translate(1 2)\"><rect data-symbology=\"qr\" data-value=\"{{tag}}\" width=\"9\" height=\"9\"/>\(TemplateSource.usesAll)</g></svg>"
        .utf8)
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<3_000 {
      var bytes = good
      for _ in 0...next(3) {
        switch next(3) {
        case 0: bytes[next(bytes.count)] = UInt8(next(128))
        case 1: bytes.removeSubrange(next(bytes.count)...)
        default: bytes.insert(contentsOf: bytes[next(bytes.count)...].prefix(20), at: next(bytes.count))
        }
        if bytes.isEmpty { bytes = [0x3C] }
      }
      do throws(LabelFault) {
        let template = try TemplateSource.template(
          svg: String(decoding: bytes, as: UTF8.self), description: TemplateSource.description)
        _ = template.fill(LabelValues(["tag": "AT-1"]), measure: TemplateSource.measure)
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
