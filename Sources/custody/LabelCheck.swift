import ArgumentParser
import LabelDesign
import LabelRendering

struct LabelCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks template folders: their files, and whether the examples fit at a resolution.",
    discussion: """
      Names file and line of what is wrong. Exit status 1 when a folder cannot be used.

      Examples:
        custody label check my-template
        custody label check asset-tag-50x25-qr --dpi 300
      """)

  @Argument(help: "Folders, or names of templates.") var templates: [String]
  @Option(help: "Dots per inch of the printer, 72 to 1200.") var dpi: Double = 203

  func run() throws {
    guard let resolution = PrintResolution(dotsPerInch: dpi) else {
      throw Ending(2, "--dpi wants a number from 72 to 1200, not \(dpi).")
    }
    let renderer = try LabelRenderer()
    for name in templates {
      let template = try LabelTemplateArgument.template(name).template
      let document = try renderer.fill(template, with: template.description.examples).get()
      for page in document.pages { _ = try renderer.bitmap(of: page, at: resolution).get() }
      let pages = document.pages.count
      try Running.answer("\(template.id): good, \(pages) \(pages == 1 ? "page" : "pages") with its examples")
    }
  }
}
