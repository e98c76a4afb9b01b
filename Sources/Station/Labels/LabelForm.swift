import Foundation
import LabelDesign

/// The fields of a template as a form: what stands in it, and what is wrong with it.
struct LabelForm {
  let template: ShelfTemplate
  private let fields: [LabelField]
  private let lists: [LabelList]
  /// What the fields hold.
  var values: LabelValues
  /// The text of each list as it was typed, for what could not be read.
  private var typed: [String: String] = [:]
  /// Lists that could not be read, and why.
  private var unread: [String: String] = [:]

  init(_ template: ShelfTemplate, values: LabelValues) {
    self.template = template
    (fields, lists) = (template.fields, template.lists)
    self.values = values
  }

  /// Reads what a page sent. What is no field of the template is passed over.
  init(_ template: ShelfTemplate, sent form: [String: String]) {
    self.init(template, values: LabelValues())
    for field in fields {
      // Browsers end lines as RFC 7578 wants it.
      let text = form[Self.name(of: field.name)]?.replacingOccurrences(of: "\r\n", with: "\n") ?? ""
      if !text.isEmpty { values.fields[field.name] = text }
    }
    for list in lists {
      let text = form[Self.name(of: list.name)] ?? ""
      typed[list.name] = text
      do {
        values.lists[list.name] = try CSVTable(Array(text.utf8)).rows.map(\.values)
      } catch {
        unread[list.name] = text.allSatisfy(\.isWhitespace) ? nil : "The list cannot be read: \(error)."
      }
    }
  }

  /// Why nothing can be made of it yet, before it is filled in.
  var fault: LabelRefusal? {
    guard let (list, words) = unread.sorted(by: { $0.key < $1.key }).first else { return nil }
    return LabelRefusal(
      "label.list.unreadable", words, remedy: "Begin with the names of the columns, then a row a line.", field: list)
  }

  /// The controls, with a refusal at the field that it is about.
  func controls(_ refusal: LabelRefusal?) -> [FormField] {
    let wrong = refusal?.field.map { String($0.prefix { $0 != "[" }) }
    var controls = fields.map { field in
      let isLong = field.isMultiline || field.maximumLength > 120
      var view = FormField(
        isLong ? .textarea : .input, Self.name(of: field.name), field.title, value: values.fields[field.name] ?? "")
      view.required = field.isRequired
      view.code = field.characters != .text
      view.wide = isLong
      view.scannable = true
      if wrong == field.name { view.error = refusal.map { "\($0.sentence) \($0.remedy)" } }
      return view
    }
    for list in lists {
      var view = FormField(.textarea, Self.name(of: list.name), list.title, value: text(of: list))
      view.wide = true
      view.code = true
      view.hint =
        "A row a line, separated by commas, at most \(list.maximumRows); the first line names the columns: "
        + list.fields.map(\.name).joined(separator: ", ") + "."
      if wrong == list.name { view.error = refusal.map { "\($0.sentence) \($0.remedy)" } }
      controls.append(view)
    }
    return controls
  }

  /// Whether a refusal stands at one of the fields.
  func shows(_ refusal: LabelRefusal) -> Bool {
    let wrong = refusal.field.map { String($0.prefix { $0 != "[" }) }
    return wrong.map { name in
      fields.contains { $0.name == name }
        || lists.contains { $0.name == name }
    } ?? false
  }

  private func text(of list: LabelList) -> String {
    if let text = typed[list.name] { return text }
    let columns = list.fields.map(\.name)
    var text = columns.joined(separator: ",") + "\n"
    for row in values.lists[list.name] ?? [] {
      var bytes: [UInt8] = []
      for (index, column) in columns.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        CSVWriter.append(row[column] ?? "", separatedBy: UInt8(ascii: ","), to: &bytes)
      }
      text += String(decoding: bytes, as: UTF8.self) + "\n"
    }
    return text
  }

  /// How the page calls a field, so that none is taken for the printer or the copies.
  private static func name(of field: String) -> String { "field-" + field }
}

extension ShelfTemplate {
  /// Its fields with what may stand in them. Of native ZPL only the names are known.
  var fields: [LabelField] {
    switch drawing {
    case .drawing(let template): template.description.fields
    case .zpl(let template): template.fields.map { LabelField(name: $0, title: $0, example: "") }
    }
  }

  var lists: [LabelList] {
    if case .drawing(let template) = drawing { template.description.lists } else { [] }
  }

  /// What it says as an example.
  var examples: LabelValues {
    if case .drawing(let template) = drawing { template.description.examples } else { LabelValues() }
  }

  /// For people.
  var notes: [String] {
    if case .drawing(let template) = drawing { template.description.notes } else { [] }
  }

  /// The names of its symbologies; nil when it has none, or they are not known.
  var symbologyWords: String? {
    guard case .drawing(let template) = drawing, !template.symbologies.isEmpty else { return nil }
    return template.symbologies.map(\.title).joined(separator: ", ")
  }

  /// Whether it is a sheet of paper, and none that comes off a roll.
  var isSheet: Bool { (size?.height ?? 0) > 200 }

  /// Its size in words.
  var sizeWords: String { size.map { "\($0)" } ?? "native ZPL: its size is the printer's" }
}
