import LabelDesign
import StrictYAML

extension LabelDescription {
  /// The most bytes that a description may have.
  public static let maximumYAMLLength = 262_144

  /// Reads a `label.yaml`. Its grammar stands at the head of `labels/README.md`.
  ///
  /// - Parameter file: how faults name it.
  /// - Throws: `LabelFault`, naming the line.
  public init(yaml: String, file: String) throws(LabelFault) {
    do throws(YAMLFault) {
      var section = try YAMLSection(yaml: yaml, most: Self.maximumYAMLLength, file: file)
      self = try Self(&section)
    } catch {
      throw LabelFault(file: error.file, line: error.line, message: error.message)
    }
  }

  private init(_ section: inout YAMLSection) throws(YAMLFault) {
    let name = try section.requiredText("name")
    guard let width = try section.number("width", in: LabelSize.sides) else {
      throw section.fault("width", "is missing: millimetres")
    }
    guard let height = try section.number("height", in: LabelSize.sides) else {
      throw section.fault("height", "is missing: millimetres")
    }
    let gap = try section.number("gap", in: 0.5...50)
    let fields = try LabelField.fields(section.section("fields"))
    var lists: [LabelList] = []
    if var named = try section.section("lists") {
      for name in named.remaining {
        guard LabelField.isName(name) else { throw named.fault(name, "is no name of a list: \(LabelField.nameWords)") }
        guard let list = try named.section(name) else { continue }
        lists.append(try LabelList(list, name: name))
      }
    }
    let notes = try section.list("notes", want: "sentences") { $0 } ?? []
    try section.end(of: "a label")
    var seen: Set<String> = ["page", "pages", "row"]
    for name in fields.map(\.name) + lists.flatMap({ [$0.name] + $0.fields.map(\.name) }) {
      guard seen.insert(name).inserted else {
        throw section.fault(
          "name",
          "must be told apart: `\(name)` is the name of more than one field or list, or is kept for pages and rows")
      }
    }
    guard seen.count <= LabelDescription.maximumFields else {
      throw section.fault("fields", "has more than \(LabelDescription.maximumFields)")
    }
    self.init(
      name: name, size: LabelSize(width: width, height: height), gap: gap, fields: fields, lists: lists, notes: notes)
  }
}

extension LabelField {
  fileprivate static let nameWords = "a small letter, then letters and digits"

  fileprivate static func fields(_ section: YAMLSection?) throws(YAMLFault) -> [LabelField] {
    guard var section else { return [] }
    var fields: [LabelField] = []
    for name in section.remaining {
      guard isName(name) else { throw section.fault(name, "is no name of a field: \(nameWords)") }
      guard let field = try section.section(name) else { continue }
      fields.append(try LabelField(field, name: name))
    }
    return fields
  }

  private init(_ section: YAMLSection, name: String) throws(YAMLFault) {
    var section = section
    let title = try section.requiredText("title")
    let isOptional = try section.flag("optional") ?? false
    let maximumLength = try section.number("maximum-length", in: LabelField.lengths) ?? LabelField.usualLength
    let characters = try section.word("characters", LabelCharacters.self) ?? .text
    let isMultiline = try section.flag("lines") ?? false
    let example = try section.text("example") ?? ""
    guard isOptional || !example.isEmpty else {
      throw section.fault("example", "is missing: `\(name)` is not optional")
    }
    self.init(
      name: name, title: title, example: example, isRequired: !isOptional, maximumLength: maximumLength,
      characters: characters, isMultiline: isMultiline)
    if let refusal = refusal(example, path: name) { throw section.fault("example", "cannot be: \(refusal.sentence)") }
    try section.end(of: "field `\(name)`")
  }
}

extension LabelList {
  fileprivate init(_ section: YAMLSection, name: String) throws(YAMLFault) {
    var section = section
    let title = try section.requiredText("title")
    let maximumRows = try section.number("maximum-rows", in: LabelList.lengths) ?? 500
    let fields = try LabelField.fields(section.section("fields"))
    guard !fields.isEmpty else { throw section.fault("fields", "is missing: what a row of `\(name)` has") }
    var examples: [[String: String]] = []
    for var row in try section.sections("examples") {
      var values: [String: String] = [:]
      for field in fields {
        guard let value = try row.text(field.name) else { continue }
        if let refusal = field.refusal(value, path: field.name) {
          throw row.fault(field.name, "cannot be: \(refusal.sentence)")
        }
        values[field.name] = value
      }
      try row.end(of: "a row of `\(name)`")
      if let missing = fields.first(where: { $0.isRequired && values[$0.name] == nil }) {
        throw row.fault(missing.name, "is missing in this row")
      }
      examples.append(values)
    }
    guard !examples.isEmpty, examples.count <= maximumRows else {
      throw section.fault("examples", "wants one row at least, and at most \(maximumRows)")
    }
    self.init(name: name, title: title, maximumRows: maximumRows, fields: fields, examples: examples)
    try section.end(of: "list `\(name)`")
  }
}
