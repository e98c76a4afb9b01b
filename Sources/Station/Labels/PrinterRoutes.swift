import Custody
import LabelDesign
import StationStore

/// A printer that a label goes to.
struct RoutedPrinter: Sendable {
  let name: String
  let profile: PrinterProfile
  let labels: [LoadedLabels]
  let isPaused: Bool
  let open: Int

  /// The gap between two of the labels that a template is printed on, where somebody has said it.
  func gap(of template: ShelfTemplate) -> Double? {
    template.size.flatMap { size in labels.first { $0.fits(size) }?.gap }
  }

  /// Whether it has labels for a template, as far as somebody has said.
  func takes(_ template: ShelfTemplate) -> Bool {
    guard let size = template.size else { return profile.language == .zpl }
    if labels.contains(where: { $0.fits(size) }) { return true }
    return labels.isEmpty && profile.language == .document
  }

  /// As `desk (50x25)`.
  var words: String {
    let sizes = labels.map { "\(millimetres($0.width)) × \(millimetres($0.height)) mm" }
    return sizes.isEmpty ? name : "\(name) (\(sizes.joined(separator: ", ")))"
  }

  private func millimetres(_ length: Double) -> String {
    length.rounded() == length ? String(Int(length)) : String(length)
  }
}

/// Which printer a label goes to: the one that is named, or one that has labels of its size.
struct PrinterRoutes {
  private(set) var printers: [RoutedPrinter] = []
  /// Those whose profile is gone, with why: they print nothing until they are set up anew.
  private var unusable: [String: Problem] = [:]

  init(_ core: StationCore, _ store: some StoreReading) throws {
    for kept in try store.printers() {
      do {
        let (setting, _, profile) = try core.labelPrinter(kept)
        printers.append(
          RoutedPrinter(
            name: kept.name, profile: profile, labels: setting.labels.compactMap(LoadedLabels.init),
            isPaused: kept.paused != nil, open: try store.openLabelJobs(of: kept.name)))
      } catch let problem as Problem {
        unusable[kept.name] = problem
      }
    }
  }

  /// Of several that would do: one that is not paused, with the fewest labels waiting, the first by name.
  func printer(for order: LabelOrder, _ template: ShelfTemplate) throws(Refusal) -> RoutedPrinter {
    if let name = order.printer { return try named(name, order, template) }
    let fitting = printers.filter { $0.takes(template) && (!order.encodesTag || $0.profile.encodesTags) }
    guard let best = fitting.min(by: { rank($0) < rank($1) }) else {
      let size = template.size.map { "of \($0)" } ?? "for native ZPL"
      throw Refusal(
        "label.printer.none",
        printers.isEmpty
          ? "No printer is set up."
          : "No printer has labels \(size)\(order.encodesTag ? " and writes RFID tags" : "").",
        remedy: printers.isEmpty
          ? "Set one up under Printers, or with `custody printers add`."
          : "There are \(printers.map(\.words).joined(separator: ", ")): name one, or set that size at one of them.")
    }
    return best
  }

  private func named(_ name: String, _ order: LabelOrder, _ template: ShelfTemplate) throws(Refusal) -> RoutedPrinter {
    if let problem = unusable[name] { throw Refusal(problem.code, problem.detail, remedy: problem.remedy) }
    guard let printer = printers.first(where: { $0.name == name }) else {
      throw Refusal(
        "label.printer.unknown", "There is no printer \(name.prefix(80)).",
        remedy: printers.isEmpty
          ? "Set one up under Printers, or with `custody printers add`."
          : "There are \(printers.map(\.words).joined(separator: ", ")).")
    }
    guard printer.labels.isEmpty || printer.takes(template) else {
      throw Refusal(
        "label.printer.size",
        "\(printer.words) has no labels \(template.size.map { "of \($0)" } ?? "for native ZPL").",
        remedy: "Choose another printer or template, or set that size at the printer.")
    }
    guard !order.encodesTag || printer.profile.encodesTags else {
      throw Refusal(
        "print.tag.noEncoder", "The \(printer.profile.name) does not write RFID tags.",
        remedy: "Choose a printer that does, or print without writing the tag.")
    }
    return printer
  }

  private func rank(_ printer: RoutedPrinter) -> (Int, Int, String) {
    (printer.isPaused ? 1 : 0, printer.open, printer.name)
  }
}
