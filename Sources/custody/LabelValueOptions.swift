import ArgumentParser
import Foundation
import LabelDesign
import Station

/// What a label is to say.
struct LabelValueOptions: ParsableArguments {
  @Option(name: .customLong("field"), help: ArgumentHelp("A field, as name=value. May be given several times."))
  var fields: [String] = []
  @Option(
    name: .customLong("rows"),
    help: ArgumentHelp("The rows of a list, as name=FILE.csv: its columns are the fields of a row."))
  var rows: [String] = []
  @Option(help: "Dots per inch of the printer, 72 to 1200.") var dpi: Double = 203
  @Flag(help: "Take the template's examples for what is not given.") var examples = false

  func validate() throws {
    for pair in fields + rows where !pair.contains("=") {
      throw ValidationError("\(pair) is no name=value.")
    }
    guard PrintResolution(dotsPerInch: dpi) != nil else {
      throw ValidationError("--dpi wants a number from 72 to 1200, not \(dpi).")
    }
  }

  func resolution() throws -> PrintResolution {
    guard let resolution = PrintResolution(dotsPerInch: dpi) else { throw Ending(2, "\(dpi) dpi cannot be drawn.") }
    return resolution
  }

  /// The values; of `description` the examples, if they are asked for.
  func values(for description: LabelDescription, examples always: Bool = false) throws -> LabelValues {
    var values = LabelValues()
    for pair in fields {
      let (name, value) = split(pair)
      values.fields[name] = value
    }
    for pair in rows {
      let (name, path) = split(pair)
      values.lists[name] = try Self.table(path).rows.map(\.values)
    }
    guard examples || always else { return values }
    values.fields.merge(description.examples.fields) { given, _ in given }
    values.lists.merge(description.examples.lists) { given, _ in given }
    return values
  }

  private func split(_ pair: String) -> (String, String) {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }

  static func table(_ path: String) throws -> CSVTable {
    let file: ImportFile
    do {
      file = try ImportFile(path: path)
    } catch {
      throw Ending(3, error.description, remedy: error.remedy)
    }
    do {
      return try CSVTable(file.bytes)
    } catch {
      throw Ending(1, "\(path): \(error.description)", remedy: "Mend the file: its first row names the fields.")
    }
  }
}
