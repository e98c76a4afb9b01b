import LabelDesign
import Testing

/// Putting values into a template: what comes out, and what is refused.
@Suite("Filling")
struct FillTests {
  private func template(_ body: String, root: String = "") throws -> LabelTemplate {
    try TemplateSource.template(
      body
        + "<g data-if=\"note\"><g data-if=\"long\"><g data-rows=\"items\" data-row-height=\"5\" data-height=\"500\"/></g></g>"
        + "<text data-width=\"999\" y=\"99\">{{#tag}}{{/tag}}</text>", root: root)
  }

  private func texts(_ template: LabelTemplate, _ fields: [String: String]) throws -> [String] {
    try TemplateSource.fill(template, LabelValues(fields)).pages[0].texts.map { $0.runs.map(\.text).joined() }
  }

  @Test func `fields, sections and conditions`() throws {
    let template = try template(
      """
      <text data-width="40">Tag {{tag}}{{#note}} ({{note}}){{/note}}{{^note}} no note{{/note}}</text>
      <text data-width="40" data-if="long">{{long}}</text>
      <text data-unless="note">empty</text>
      """)
    #expect(try texts(template, ["tag": "AT-1"]) == ["Tag AT-1 no note", "empty"])
    #expect(try texts(template, ["tag": "AT-1", "note": "x & <y>", "long": "z"]) == ["Tag AT-1 (x & <y>)", "z"])
    #expect(try texts(template, ["tag": "AT-1", "note": "{{tag}}"]) == ["Tag AT-1 ({{tag}})"])
  }

  @Test func `what is wrong with a value is told with its field`() throws {
    let template = try template("<text id=\"t\" data-width=\"40\">{{tag}}</text>")
    func refusal(_ fields: [String: String]) -> LabelRefusal? { TemplateSource.refusal(template, LabelValues(fields)) }
    #expect(refusal([:])?.code == "label.field.missing")
    #expect(refusal(["tag": ""])?.sentence == "Asset tag is missing.")
    #expect(refusal(["tag": ""])?.remedy == "Give tag, such as AT-00042.")
    #expect(refusal(["tag": "AT-1", "nte": "x"])?.code == "label.field.unknown")
    #expect(refusal(["tag": "AT-1", "nte": "x"])?.remedy == "It has tag, note, long.")
    let long = refusal(["tag": String(repeating: "A", count: 21)])
    #expect(long?.code == "label.field.tooLong")
    #expect(long?.sentence == "Asset tag has 21 characters; it takes at most 20.")
    #expect(refusal(["tag": "at-1"])?.sentence == "Asset tag holds “a”, which it cannot take.")
    #expect(refusal(["tag": "AT\n1"])?.sentence == "Asset tag holds the character U+000A, which it cannot take.")
    // Turns what follows around (RIGHT-TO-LEFT OVERRIDE).
    #expect(refusal(["tag": "AT-1", "note": "a\u{202E}b"])?.sentence.contains("U+202E") == true)
    #expect(refusal(["tag": "AT-1", "long": "a\nb"]) == nil)
    for one in [refusal([:]), long] { #expect(one?.field == "tag") }
    let rows = TemplateSource.refusal(
      template, LabelValues(["tag": "AT-1"], lists: ["items": [["serial": "S1"], ["state": "x"]]]))
    #expect(rows?.code == "label.field.missing")
    #expect(rows?.field == "items[2].serial")
    let list = TemplateSource.refusal(template, LabelValues(["tag": "AT-1"], lists: ["things": []]))
    #expect(list?.code == "label.field.unknown")
    let many = TemplateSource.refusal(
      template, LabelValues(["tag": "AT-1"], lists: ["items": Array(repeating: ["serial": "S"], count: 101)]))
    #expect(many?.code == "label.list.tooLong")
  }

  @Test func `text that is too wide is made smaller, down to its least, and then refused`() throws {
    // Half an em a character: 20 mm hold 10 characters of size 4, and 20 of size 2.
    let template = try template(
      "<text id=\"t\" font-size=\"4\" data-width=\"20\" data-fit=\"shrink 2\">{{tag}}</text>")
    func size(_ count: Int) throws -> Double {
      try TemplateSource.fill(template, LabelValues(["tag": String(repeating: "A", count: count)])).pages[0].texts[0]
        .runs[0].size
    }
    #expect(try size(10) == 4)
    // 16 characters want 2.5; a hair is left for rounding.
    #expect(abs(try size(16) - 2.5) < 0.01)
    #expect(try size(20) == 2)
    let stiff = try self.template("<text id=\"t\" font-size=\"4\" data-width=\"20\">{{tag}}</text>")
    let refusal = TemplateSource.refusal(stiff, LabelValues(["tag": "AT-00042-XY"]))
    #expect(refusal?.code == "label.text.doesNotFit")
    #expect(refusal?.sentence == "“AT-00042-XY” is 22 mm wide at its smallest; there are 20.")
    #expect(refusal?.field == "tag" && refusal?.box == "t")
    let note = try self.template("<text font-size=\"4\" data-width=\"20\" data-fit=\"shrink 2\">{{note}}</text>")
    let words = TemplateSource.refusal(note, LabelValues(["tag": "A", "note": String(repeating: "n", count: 21)]))
    #expect(words?.sentence.contains("is 21 mm wide at its smallest; there are 20.") == true)
    #expect(words?.box == "line 2")
  }

  @Test func `text is wrapped at blanks and line breaks, and digests anywhere`() throws {
    let wrapped = try template(
      "<text font-size=\"2\" x=\"1\" y=\"3\" data-width=\"10\" data-lines=\"3\" data-line-height=\"1.5\">{{long}}</text>"
    )
    func lines(_ template: LabelTemplate, _ text: String) throws -> [PlacedText] {
      try TemplateSource.fill(template, LabelValues(["tag": "A", "long": text])).pages[0].texts
    }
    // Ten characters a line.
    let three = try lines(wrapped, "one two three four\nfive")
    #expect(three.map { $0.runs[0].text } == ["one two", "three four", "five"])
    #expect(three.map(\.y) == [3, 6, 9])
    #expect(
      TemplateSource.refusal(wrapped, LabelValues(["tag": "A", "long": "one two three four five six seven"]))?.code
        == "label.text.doesNotFit")
    #expect(
      TemplateSource.refusal(wrapped, LabelValues(["tag": "A", "long": "unbreakable"]))?.code == "label.text.doesNotFit"
    )
    let digest = try template(
      "<text font-size=\"2\" data-width=\"10\" data-lines=\"3\" data-break=\"anywhere\">{{long}}</text>")
    #expect(
      try lines(digest, "0123456789abcdefghijXYZ").map { $0.runs[0].text } == ["0123456789", "abcdefghij", "XYZ"])
    let smaller = try template(
      "<text font-size=\"4\" data-width=\"10\" data-lines=\"2\" data-fit=\"shrink 2\">{{long}}</text>")
    // Ten characters of size 2; at that size three lines of 2.5 mm stand where two of 5 mm did.
    let shrunk = try lines(smaller, "one two three four five")
    #expect(shrunk.map { $0.runs[0].text } == ["one two", "three four", "five"])
    let middle = try template(
      "<text font-size=\"2\" y=\"10\" data-width=\"10\" data-lines=\"3\" data-valign=\"middle\">{{long}}</text>")
    #expect(try lines(middle, "one").map(\.y) == [10])
    #expect(try lines(middle, "one two three").map(\.y) == [8.75, 11.25])
  }

  @Test func `rows go over pages, and know their number`() throws {
    let template = try TemplateSource.template(
      """
      <text data-width="40">{{tag}} {{page}}/{{pages}} {{items}}{{#note}}{{note}}{{long}}{{/note}}</text>
      <g transform="translate(2 3)" data-pages="first">
        <g data-rows="items" data-row-height="4" data-height="8" data-full-height="12">
          <text data-width="20">{{row}} {{serial}} {{tag}}</text><line x2="40" stroke="black"/>
          <rect data-symbology="datamatrix" data-value="{{serial}}" x="30" width="4" height="4"/>
        </g>
      </g>
      <g transform="translate(2 1)" data-pages="later"><g data-rows="items" data-row-height="4" data-height="16"><text data-width="20">{{serial}}</text></g></g>
      <text data-pages="last" y="20">end</text><text data-pages="not-last" y="20">more</text>
      """)
    func pages(_ count: Int) throws -> [[String]] {
      let rows = (1...max(1, count)).map { ["serial": "S\($0)"] }
      let values = LabelValues(["tag": "A"], lists: ["items": count == 0 ? [] : rows])
      return try TemplateSource.fill(template, values).pages.map { $0.texts.map { $0.runs[0].text } }
    }
    #expect(try pages(0) == [["A 1/1 0", "end"]])
    #expect(try pages(2) == [["A 1/1 2", "1 S1 A", "2 S2 A", "end"]])
    // Three have no room over what the last page holds: the first page is then not the last, and takes three.
    #expect(try pages(3) == [["A 1/2 3", "1 S1 A", "2 S2 A", "3 S3 A", "more"], ["A 2/2 3", "end"]])
    #expect(try pages(8).map(\.count) == [5, 6, 3])
    #expect(try pages(8)[2] == ["A 3/3 8", "S8", "end"])
    let page = try TemplateSource.fill(
      template, LabelValues(["tag": "A"], lists: ["items": [["serial": "S1"], ["serial": "S2"]]])
    ).pages[0]
    #expect(
      page.symbols.map(\.box) == [
        LabelBox(x: 32, y: 3, width: 4, height: 4), LabelBox(x: 32, y: 7, width: 4, height: 4),
      ])
    #expect(page.symbols.map(\.content.value) == ["S1", "S2"])
    #expect(page.texts[2].transform == DrawingTransform(a: 1, b: 0, c: 0, d: 1, e: 2, f: 7))
    #expect(page.artwork?.contains("translate(0 4)") == true)
  }

  @Test func `a code in a turned group lies where it is drawn`() throws {
    let template = try template(
      "<g transform=\"translate(40 2)\"><g transform=\"rotate(90)\"><rect data-symbology=\"code128\" data-value=\"{{tag}}\" width=\"20\" height=\"8\"/></g></g>"
    )
    let symbol = try TemplateSource.fill(template).pages[0].symbols[0]
    #expect(symbol.quarterTurns == 1)
    // (x, y) → (40 − y, 2 + x).
    #expect(symbol.box == LabelBox(x: 32, y: 2, width: 8, height: 20))
  }

  @Test func `a code that cannot carry its value is refused with field and box`() throws {
    let template = try template(
      "<rect id=\"bars\" data-symbology=\"ean13\" data-value=\"{{note}}\" data-if=\"note\" width=\"40\" height=\"9\"/><text data-width=\"9\">{{long}}</text>"
    )
    let refusal = TemplateSource.refusal(template, LabelValues(["tag": "A", "note": "9506000134351"]))
    #expect(refusal?.code == "label.symbol.checkDigit")
    #expect(refusal?.field == "note" && refusal?.box == "bars")
    #expect(TemplateSource.refusal(template, LabelValues(["tag": "A"])) == nil)
  }
}
