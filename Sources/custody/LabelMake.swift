import ArgumentParser
import Foundation
import LabelDesign
import LabelRendering
import LabelTemplates

struct LabelMake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Makes labels (what `label TEMPLATE` alone does).",
    discussion: """
      With --csv, a label for each row; a column for each field. Nothing is written unless every label can be made: a
      value that is missing, too long for its box, or not for its symbology is told with its line.

      Examples:
        custody label asset-tag-50x25-qr --field tag=AT-00042 --to tag.png
        custody label asset-tag-50x25-code128 --csv assets.csv --to tags.pdf
        custody label asset-tag-50x25-code128 --csv assets.csv --dpi 300 --to pictures/
        custody label badge-86x54 --examples --to badge.pdf
        custody label location-100x50 --field code=HQ-A --field name=Storeroom --to location.zpl
        custody label location-100x50 --csv locations.csv --to desk --data /var/lib/custody

      With --data and the name of a printer that the station has, they are printed by it, in its queue: what is not out
      when this command ends is printed later. The label of an asset enters its custody: `custody label print`.

      Exit status: 1 when a label is refused, or not printed yet; 2 for a name that is no file for labels; 3 when a file cannot be read or
      written, or no station runs there.
      """)

  @Argument(help: "A template's name, or its folder.") var template: String
  @Option(help: "Where to: a .png, .pdf or .zpl file, a folder and /, or a printer of the station of --data.") var to:
    String
  @Option(help: "A label for each row of this CSV file, whose first row names the fields.") var csv: String?
  @Option(help: "Copies of each, for a printer.") var copies = 1
  @Option(help: "Seconds without progress after which a printer is not watched any longer.") var wait = 60
  @Flag(help: "Write what was made as JSON.") var json = false
  @OptionGroup var values: LabelValueOptions
  @OptionGroup var station: StationSocket

  func run() async throws {
    if LabelFile.isPrinter(to), station.data != nil { return try await onPrinter() }
    let destination = try LabelFile(path: to)
    let template = try LabelTemplateArgument.template(template).template
    let renderer = try LabelRenderer()
    let resolution = try values.resolution()
    let given = try values.values(for: template.description)
    let bar = ProgressBar()
    defer { bar.end() }
    var documents: [LabelDocument] = []
    if let csv {
      let table = try LabelValueOptions.table(csv)
      guard !table.rows.isEmpty else { throw Ending(1, "\(csv) has no row under its header.") }
      for (index, row) in table.rows.enumerated() {
        var values = given
        values.fields.merge(row.values) { _, cell in cell }
        do {
          documents.append(try made(template, values, renderer, at: resolution))
        } catch let refusal as LabelRefusal {
          bar.end()
          throw Ending(1, "\(csv):\(row.line): \(refusal.sentence)", remedy: refusal.remedy)
        }
        bar.show("checked", index + 1, of: table.rows.count)
      }
    } else {
      documents = [try made(template, given, renderer, at: resolution)]
    }
    let paths = try destination.write(documents, renderer, at: resolution, gap: template.description.gap) {
      if documents.count > 1 { bar.show("labels", $0, of: documents.count) }
    }
    bar.end()
    try report(paths, labels: documents.count)
  }

  private func onPrinter() async throws {
    let bar = ProgressBar()
    defer { bar.end() }
    // A template of the station's own is known there alone.
    let shipped = try LabelFolder.shipped(template)?.template.description
    let given = try shipped.map { try values.values(for: $0) } ?? values.given()
    let rows = try csv.map { path in
      let table = try LabelValueOptions.table(path)
      guard !table.rows.isEmpty else { throw Ending(1, "\(path) has no row under its header.") }
      return table.rows.map(\.values)
    }
    let printing = LabelOnPrinter(station: station, patience: wait)
    let batch = try await printing.order(
      LabelOnPrinter.Request(
        template: template, printer: to, copies: copies, rows: rows, fields: given.fields, lists: given.lists), by: nil)
    let progress = try await printing.watch(batch, bar)
    let (labels, _) = try await printing.labels(of: batch)
    if json {
      try Running.answer(try JSONLine.text(progress))
    } else {
      try Running.answer("\(progress.printed) of \(progress.total) printed on \(to)")
    }
    if let ending = try await printing.ending(progress, labels) { throw ending }
  }

  /// A label that can be drawn: its symbols have their place too.
  private func made(
    _ template: LabelTemplate, _ values: LabelValues, _ renderer: LabelRenderer, at resolution: PrintResolution
  ) throws -> LabelDocument {
    let document = try renderer.fill(template, with: values).get()
    for page in document.pages { _ = try SymbolPlacement.all(on: page, at: resolution).get() }
    return document
  }

  private func report(_ paths: [String], labels: Int) throws {
    guard json else {
      for path in paths { try Running.answer(path) }
      return
    }
    struct Report: Encodable {
      let labels: Int
      let files: [String]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try Running.answer(
      String(decoding: try encoder.encode(Report(labels: labels, files: paths)), as: UTF8.self))
  }
}
