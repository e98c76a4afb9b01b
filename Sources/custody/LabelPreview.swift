import ArgumentParser
import Foundation
import LabelDesign
import LabelRendering

struct LabelPreview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Draws a template with its examples, as a picture or PDF.",
    discussion: """
      Examples:
        custody label preview asset-tag-50x25-qr
        custody label preview asset-tag-50x25-qr --field tag=AT-00042 --dpi 300 --out tag.png
        custody label preview wipe-certificate-a4 --out certificate.pdf
        custody label preview ./my-label --colour
      """)

  @Argument(help: "A template's name, or its folder.") var template: String
  @Option(help: "Where to: a .png or .pdf file; TEMPLATE.png here when left out.") var out: String?
  @Flag(help: "As a screen shows it, instead of the printer's black dots.") var colour = false
  @OptionGroup var values: LabelValueOptions

  func run() throws {
    let template = try LabelTemplateArgument.template(template).template
    let renderer = try LabelRenderer()
    let document = try renderer.fill(template, with: try values.values(for: template.description, examples: true)).get()
    let file = try LabelFile(path: out ?? "\(template.id).png", isColour: colour)
    for path in try file.write([document], renderer, at: try values.resolution()) { try Running.answer(path) }
  }
}
