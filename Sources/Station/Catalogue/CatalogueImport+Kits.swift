import Custody
import Kits
import StationStore

/// One row of a file of kits: a slot of a kit, or a licence.
struct KitRow: Sendable {
  enum Part: Sendable {
    case slot(KitSlot)
    case licence(KitLicence)
  }

  var code: KitCode
  var title: String?
  var part: Part

  /// Reads a row; what is wrong with it is told to `exam`.
  init?(_ exam: inout RowExam<KitColumn>) {
    title = exam.text(.title, limit: 200, multiline: false)
    let (name, tag) = (
      exam.text(.slot, limit: 200, multiline: false), exam.text(.tag, limit: 512, multiline: false)
    )
    let manufacturer = exam.text(.manufacturer, limit: 200, multiline: false)
    let model = exam.text(.model, limit: 200, multiline: false)
    let category = exam.text(.category, limit: 200, multiline: false)?.lowercased()
    let quantity = exam.number(.quantity, in: 1...KitTemplate.mostThings)
    let isOptional = exam.bool(.optional)
    let licence = exam.text(.licence, limit: 200, multiline: false)
    let number = exam.text(.licenceNumber, limit: 200, multiline: false)
    guard let text = exam.text(.kit, limit: 200, multiline: false) else {
      exam.fail("import.kit.unnamed", .kit, "The row names no kit.", remedy: "Fill in the kit's code.")
      return nil
    }
    guard let code = KitCode(text) else {
      exam.fail(
        "import.code", .kit, value: text, "It is no code of a kit.",
        remedy: "Use 1 to 64 letters, digits and - _ . only.")
      return nil
    }
    self.code = code
    if let licence {
      part = .licence(KitLicence(licence, number: number, category: category))
      if tag != nil || manufacturer != nil || model != nil || isOptional == true || (quantity ?? 1) > 1 {
        exam.fail(
          "import.kit.licence", .licence, value: licence, "A licence is no thing that is scanned.",
          remedy: "Say of it the category of what it is installed on, and nothing else; a thing has a row of its own.")
      }
      return
    }
    if let number {
      exam.fail(
        "import.kit.licence", .licenceNumber, value: number, "The row has the number of a licence and no licence.",
        remedy: "Fill in what is licensed.")
    }
    let slot = KitSlot(
      name ?? category ?? model ?? tag ?? manufacturer ?? "", tag: tag, manufacturer: manufacturer, model: model,
      category: category, quantity: quantity ?? 1, isOptional: isOptional ?? false)
    part = .slot(slot)
    guard slot.asksForSomething else {
      exam.fail(
        "import.kit.slot", .slot, value: name, "The slot asks for nothing.",
        remedy: "Fill in a category, a model, a manufacturer or an asset tag.")
      return nil
    }
    if let tag, let quantity, quantity > 1 {
      exam.fail(
        "import.kit.quantity", .quantity, value: "\(quantity)", "There is one asset with the tag \(tag).",
        remedy: "Leave the quantity empty.")
    }
  }
}

extension CatalogueImport {
  /// What is to be written: a kit with all the slots that the file gives it, and how many rows those are.
  private struct KitChange: Sendable {
    /// The line on which the file begins to speak of it.
    let line: Int
    let kit: KitTemplate
    let isNew: Bool
  }

  /// Kits of the file stand in the place of those with their codes; others stay.
  func importKits(_ file: ImportFile) async throws -> ImportReport {
    var pace = pace
    var titles = ColumnTitles<KitColumn>()
    let table = try ImportTable<KitRow>(file, columns: KitColumn.self, needs: [[.kit]], pace: &pace) { exam in
      titles = ColumnTitles(exam.header)
      return KitRow(&exam)
    }
    let names = titles
    return try await finish(file, table, pace: pace) { store, outcome, steps in
      var kits: [KitCode: KitTemplate] = [:]
      var order: [(code: KitCode, line: Int)] = []
      var tags: [String: Int] = [:]
      let inFile = Set(table.items.map(\.row.code))
      for (done, item) in table.items.enumerated() {
        try steps.step(.checking, done, of: table.items.count)
        let row = item.row
        func fail(_ code: String, _ column: KitColumn, _ value: String, _ reason: String, _ remedy: String) {
          outcome.problems.append(
            ImportProblem(code, line: item.line, column: names[column], value: value, reason, remedy: remedy))
          outcome.bad[item.line] = item.bytes
        }
        if case .slot(let slot) = row.part, let tag = slot.tag {
          if let other = tags.updateValue(item.line, forKey: tag) {
            fail("import.row.twice", .tag, tag, "Line \(other) asks for it too.", "Keep it on one of the two lines.")
            continue
          }
          if let other = try store.kit(needing: tag), !inFile.contains(other) {
            fail(
              "import.kit.taken", .tag, tag, "The kit \(other) asks for this very asset already.",
              "Take it out of one of the two kits.")
            continue
          }
        }
        var kit = kits[row.code] ?? KitTemplate(code: row.code, title: row.code.text, slots: [])
        if kits[row.code] == nil { order.append((row.code, item.line)) }
        if kit.title == row.code.text, let title = row.title { kit.title = title }
        switch row.part {
        case .slot(let slot): kit.slots.append(slot)
        case .licence(let licence): kit.licences.append(licence)
        }
        let things = kit.slots.reduce(0) { $0 + $1.quantity }
        guard kit.slots.count + kit.licences.count <= KitTemplate.mostSlots, things <= KitTemplate.mostThings else {
          fail(
            "import.kit.tooLarge", .kit, row.code.text,
            "A kit has at most \(KitTemplate.mostSlots) slots and licences, and \(KitTemplate.mostThings) things.",
            "Make several kits of it.")
          continue
        }
        kits[row.code] = kit
      }
      var changes: [KitChange] = []
      for (code, line) in order {
        guard let kit = kits[code] else { continue }
        guard !kit.slots.isEmpty else {
          outcome.problems.append(
            ImportProblem(
              "import.kit.slot", line: line, column: names[.slot], value: code.text,
              "The kit has licences, and nothing that they are installed on.", remedy: "Add a row for a thing."))
          if let item = table.items.first(where: { $0.line == line }) { outcome.bad[line] = item.bytes }
          continue
        }
        let known = try store.kit(kit.code)
        if known == kit {
          outcome.skipped += kit.slots.count + kit.licences.count
          outcome.note(line, .known, code.text)
        } else {
          changes.append(KitChange(line: line, kit: kit, isNew: known == nil))
        }
      }
      return changes
    } record: { changes, transaction, outcome, steps in
      for (done, change) in changes.enumerated() {
        try steps.step(.recording, done, of: changes.count)
        try transaction.save(change.kit)
        outcome.note(change.line, change.isNew ? .new : .changed, change.kit.code.text)
        if change.isNew {
          outcome.imported += change.kit.slots.count + change.kit.licences.count
        } else {
          outcome.updated += change.kit.slots.count + change.kit.licences.count
        }
      }
    }
  }
}
