import Custody
import StationStore
import StockCounting

/// One row of a file of consumables.
struct ConsumableRow: Sendable {
  var consumable: Consumable

  /// Reads a row; what is wrong with it is told to `exam`.
  init?(_ exam: inout RowExam<ConsumableColumn>, currency ofFile: String?) {
    let (codeText, placeText) = (
      exam.text(.code, limit: 200, multiline: false), exam.text(.location, limit: 200, multiline: false)
    )
    let name = exam.text(.name, limit: 200, multiline: false)
    let unit = exam.text(.unit, limit: 40, multiline: false)
    let quantity = exam.number(.quantity, in: 0...Consumable.mostUnits)
    let units = exam.number(.toleranceQuantity, in: 0...Consumable.mostUnits)
    let stated = exam.text(.currency, limit: 40, multiline: false)?.uppercased()
    let (value, currency) = Self.value(.unitValue, stated ?? ofFile, &exam)
    let (worth, _) = Self.value(.toleranceValue, currency ?? stated ?? ofFile, &exam)
    guard let codeText, let placeText else {
      if exam.problems.isEmpty {
        exam.fail(
          "import.consumable.unnamed", codeText == nil ? .code : .location,
          codeText == nil ? "The row names no code." : "The row names no location.",
          remedy: "Fill in what it is known by, and where it lies.")
      }
      return nil
    }
    guard let code = ConsumableCode(codeText) else {
      exam.fail(
        "import.consumable.code", .code, value: codeText, "It is no code of a consumable.",
        remedy: "Use 1 to 64 letters, digits and signs of ASCII.")
      return nil
    }
    guard let location = LocationCode(placeText) else {
      exam.fail(
        "import.code", .location, value: placeText, "It is not a code.",
        remedy: "Use 1 to 64 letters, digits and - _ . / only.")
      return nil
    }
    guard exam.problems.isEmpty else { return nil }
    guard let quantity else {
      exam.fail(
        "import.consumable.quantity", .quantity, "It is not said how much there is.",
        remedy: "Fill in the quantity; 0 where there is none.")
      return nil
    }
    if units != nil, worth != nil {
      exam.fail(
        "import.consumable.tolerance", .toleranceValue, "It has a tolerance in units and one in value.",
        remedy: "Leave one of the two empty.")
      return nil
    }
    if worth != nil, value == nil {
      exam.fail(
        "import.consumable.tolerance", .toleranceValue, "It has a tolerance in value, and no value of a unit.",
        remedy: "Fill in the unit value, or give the tolerance in units.")
      return nil
    }
    var unitValue: Consumable.UnitValue?
    if let value, let currency { unitValue = Consumable.UnitValue(minorUnits: value, currency: currency) }
    consumable = Consumable(
      code: code, location: location, name: name ?? code.text, unit: unit ?? "piece", value: unitValue,
      tolerance: worth.map(Consumable.Tolerance.value) ?? .quantity(units ?? 0), quantity: quantity)
  }

  /// An amount in minor units, and its currency; both nil where there is none, or where it cannot be taken, which is told.
  private static func value(
    _ column: ConsumableColumn, _ stated: String?, _ exam: inout RowExam<ConsumableColumn>
  ) -> (Int64?, String?) {
    guard let text = exam.text(column, limit: 60, multiline: false) else { return (nil, nil) }
    let decimals = stated.map(Consumable.UnitValue.decimals) ?? 2
    switch Cell.amount(text, decimals: decimals) {
    case .ambiguous:
      exam.fail(
        "import.price.ambiguous", column, value: text, "Its separator could part thousands or decimals.",
        remedy: "Write it like 1234.50.")
    case .unreadable:
      exam.fail(
        "import.price.unreadable", column, value: text, "It is not an amount of money.",
        remedy: "Write it like 1234.50, with the currency in a column of its own.")
    case .amount(let amount, let own):
      guard let currency = stated ?? own else {
        exam.fail(
          "import.price.currency", column, value: text, "Its currency is not known.",
          remedy: "Add a column 'currency', or give --currency.")
        return (nil, nil)
      }
      guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
        let minorUnits = Consumable.UnitValue.minorUnits(amount, of: currency)
      else {
        exam.fail(
          "import.consumable.value", column, value: text, "It is no amount of \(currency.prefix(10)) that can be kept.",
          remedy: "Write an amount from 0 with the decimals of its currency, and the currency as in ISO 4217.")
        return (nil, nil)
      }
      return (minorUnits, currency)
    }
    return (nil, nil)
  }
}

extension CatalogueImport {
  /// What is to be written.
  private struct ConsumableChangeOfFile: Sendable {
    let line: Int
    let consumable: Consumable
    let isNew: Bool
  }

  /// Consumables of the file stand in the place of what is on record of their codes at their places; others stay. A quantity that changes
  /// is kept with the file that changed it.
  func importConsumables(_ file: ImportFile) async throws -> ImportReport {
    var pace = pace
    var titles = ColumnTitles<ConsumableColumn>()
    let currency = options.currency
    let table = try ImportTable<ConsumableRow>(
      file, columns: ConsumableColumn.self, needs: [[.code], [.location], [.quantity]], pace: &pace
    ) { exam in
      titles = ColumnTitles(exam.header)
      return ConsumableRow(&exam, currency: currency)
    }
    let names = titles
    let (person, reason) = (options.actor?.person, "Imported from \(file.name) (SHA-256 \(file.digest))")
    return try await finish(file, table, pace: pace) { store, outcome, steps in
      let places = Set(try store.locations().map(\.code))
      var lines: [String: Int] = [:]
      var changes: [ConsumableChangeOfFile] = []
      for (done, item) in table.items.enumerated() {
        try steps.step(.checking, done, of: table.items.count)
        let one = item.row.consumable
        func fail(_ code: String, _ column: ConsumableColumn, _ value: String, _ reason: String, _ remedy: String) {
          outcome.problems.append(
            ImportProblem(code, line: item.line, column: names[column], value: value, reason, remedy: remedy))
          outcome.bad[item.line] = item.bytes
        }
        if let other = lines.updateValue(item.line, forKey: "\(one.location)\n\(one.code.key)") {
          fail(
            "import.row.twice", .code, one.code.text, "It stands on line \(other) too.", "Keep one of the two rows.")
          continue
        }
        guard places.contains(one.location) else {
          fail(
            "import.location.unknown", .location, one.location.text, "No location here has this code.",
            "Import the locations first.")
          continue
        }
        let known = try store.consumable(one.code, at: one.location)
        if let known, known == one, known.code.text == one.code.text {
          outcome.skipped += 1
          outcome.note(item.line, .known, "\(one.code) · \(one.location)")
        } else {
          changes.append(ConsumableChangeOfFile(line: item.line, consumable: one, isNew: known == nil))
        }
      }
      return changes
    } record: { changes, transaction, outcome, steps in
      for (done, change) in changes.enumerated() {
        try steps.step(.recording, done, of: changes.count)
        try transaction.save(change.consumable, by: person, because: reason)
        outcome.note(
          change.line, change.isNew ? .new : .changed, "\(change.consumable.code) · \(change.consumable.location)")
        if change.isNew { outcome.imported += 1 } else { outcome.updated += 1 }
      }
    }
  }
}
