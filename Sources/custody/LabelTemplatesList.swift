import ArgumentParser
import Foundation
import LabelDesign
import LabelTemplates

struct LabelTemplatesList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the templates, or the fields of some.",
    discussion: """
      Examples:
        custody label list
        custody label list asset-tag-50x25-qr --json
      """)

  @Argument(help: "Templates whose fields are wanted.") var templates: [String] = []
  @Flag(help: "Write JSON, a line for each template, with its fields.") var json = false

  func run() throws {
    let folders = try templates.isEmpty ? LabelFolder.shipped() : templates.map(LabelTemplateArgument.template)
    for folder in folders {
      let template = folder.template
      guard !json else {
        try Running.answer(try LabelListing(template).jsonLine())
        continue
      }
      let symbologies = template.symbologies.map(\.title).joined(separator: ", ")
      try Running.answer(
        [
          template.id, template.description.size.description, symbologies.isEmpty ? "-" : symbologies,
          template.description.name,
        ]
        .joined(separator: "  "))
      guard !templates.isEmpty else { continue }
      for field in template.description.fields { try Running.answer("  " + words(field)) }
      for list in template.description.lists {
        try Running.answer("  \(list.name): \(list.title), at most \(list.maximumRows) rows of")
        for field in list.fields { try Running.answer("    " + words(field)) }
      }
      for note in template.description.notes { try Running.answer("  \(note)") }
    }
  }

  private func words(_ field: LabelField) -> String {
    let kind = field.characters == .text ? "" : ", \(field.characters.rawValue)"
    let example = field.example.isEmpty ? "" : ", such as \(field.example)"
    return
      "\(field.name): \(field.title)\(field.isRequired ? "" : " (optional)"), at most \(field.maximumLength)\(kind)\(example)"
  }
}

/// A template as JSON.
struct LabelListing: Encodable {
  struct List: Encodable {
    let name: String
    let title: String
    let maximumRows: Int
    let fields: [LabelField]
  }

  let id: String
  let name: String
  let width: Double
  let height: Double
  let gap: Double?
  let symbologies: [String]
  let fields: [LabelField]
  let lists: [List]

  init(_ template: LabelTemplate) {
    let description = template.description
    id = template.id
    name = description.name
    width = description.size.width
    height = description.size.height
    gap = description.gap
    symbologies = template.symbologies.map(\.rawValue)
    fields = description.fields
    lists = description.lists.map {
      List(name: $0.name, title: $0.title, maximumRows: $0.maximumRows, fields: $0.fields)
    }
  }

  func jsonLine() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
