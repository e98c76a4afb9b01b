import LabelDesign

/// Templates as text, as tests write them.
enum TemplateSource {
  /// A template of 50 × 25 mm with the fields tag (required), note (optional) and long (several lines).
  static func template(_ body: String, root: String = "") throws(LabelFault) -> LabelTemplate {
    try template(
      svg:
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"50mm\" height=\"25mm\" viewBox=\"0 0 50 25\"\(root)>\n\(body)\n</svg>",
      description: description)
  }

  static func template(svg: String, description: LabelDescription) throws(LabelFault) -> LabelTemplate {
    try LabelTemplate(id: "test", svg: svg, description: description, file: "template.svg")
  }

  /// Every field has to be used: this uses them.
  static let usesAll =
    "<text data-width=\"9\">{{tag}}{{note}}{{long}}</text><g data-rows=\"items\" data-row-height=\"5\" data-height=\"10\"/>"

  static let description = LabelDescription(
    name: "Test", size: LabelSize(width: 50, height: 25),
    fields: [
      LabelField(name: "tag", title: "Asset tag", example: "AT-00042", maximumLength: 20, characters: .code),
      LabelField(name: "note", title: "Note", example: "", isRequired: false, maximumLength: 400),
      LabelField(
        name: "long", title: "Text", example: "", isRequired: false, maximumLength: 1_000, isMultiline: true),
    ],
    lists: [
      LabelList(
        name: "items", title: "Contents", maximumRows: 100,
        fields: [
          LabelField(name: "serial", title: "Serial number", example: "S1", maximumLength: 10, characters: .ascii),
          LabelField(name: "state", title: "State", example: "", isRequired: false),
        ], examples: [["serial": "S1"]])
    ])

  /// Every character is half an em wide, in every typeface.
  static func measure(_ text: String, _ font: LabelFont) -> TextExtent { TextExtent(width: Double(text.count) / 2) }

  static func fill(_ template: LabelTemplate, _ values: LabelValues = LabelValues(["tag": "AT-1"])) throws
    -> LabelDocument
  {
    try template.fill(values, measure: measure).get()
  }

  static func refusal(_ template: LabelTemplate, _ values: LabelValues) -> LabelRefusal? {
    if case .refused(let refusal) = template.fill(values, measure: measure) { return refusal }
    return nil
  }
}
