extension ImportReport {
  /// The report for people, line by line; at most `most` problems are spelled out.
  public func words(most: Int = 50) -> [String] {
    var lines: [String] = []
    switch result {
    case .imported:
      let done = dryRun ? "would be imported" : "imported"
      lines.append(
        "\(file): \(read) \(read == 1 ? "row" : "rows") read, \(imported) \(kind.noun(imported)) \(done)\(others).")
    case .refused:
      lines.append(
        "\(file): nothing was imported. "
          + (badRows == 0
            ? "The file cannot be read."
            : "\(badRows) of \(read) \(read == 1 ? "row" : "rows") \(badRows == 1 ? "is" : "are") bad."))
    }
    if !newLocations.isEmpty { lines.append("New locations: \(newLocations.joined(separator: ", ")).") }
    if !customColumns.isEmpty { lines.append("Kept as fields of your own: \(customColumns.joined(separator: ", ")).") }
    if !ignoredColumns.isEmpty { lines.append("Columns passed over: \(ignoredColumns.joined(separator: ", ")).") }
    lines += notes
    for problem in problems.prefix(most) { lines.append(problem.words) }
    if problems.count > most {
      lines.append("… and \(problems.count - most) more \(problems.count - most == 1 ? "problem" : "problems").")
    }
    if result == .refused, badRows > 0, badRows < read {
      lines.append("Correct the file and import it again; or import the good rows alone with --skip-bad-rows.")
    }
    return lines
  }

  private var others: String {
    var parts: [String] = []
    if updated > 0 { parts.append("\(updated) updated") }
    if skipped > 0 { parts.append("\(skipped) already there") }
    if announced > 0 { parts.append("\(announced) \(announced == 1 ? "asset" : "assets") announced") }
    if badRows > 0 { parts.append("\(badRows) bad \(badRows == 1 ? "row" : "rows") left out") }
    return parts.map { ", " + $0 }.joined()
  }
}

extension ImportProblem {
  /// One line: where, what, why, and what to do.
  public var words: String {
    var place = "line \(line)"
    if let column { place += ", \(column)" }
    if let value { place += " '\(value.replacing("\n", with: "⏎"))'" }
    return "\(place): \(reason) \(remedy)"
  }
}

extension CatalogueImport.Kind {
  fileprivate func noun(_ count: Int) -> String {
    switch self {
    case .assets: count == 1 ? "asset" : "assets"
    case .people: count == 1 ? "person" : "people"
    case .orders: count == 1 ? "order line" : "order lines"
    case .locations: count == 1 ? "location" : "locations"
    case .kits: count == 1 ? "slot of a kit" : "slots of kits"
    case .consumables: count == 1 ? "consumable" : "consumables"
    }
  }
}
