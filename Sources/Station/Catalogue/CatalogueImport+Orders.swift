import Custody
import StationStore

/// One row of a file of orders: a line of an order.
struct OrderRow: Sendable {
  var number: String
  /// Nil when the file does not say: lines are then counted.
  var line: Int?
  var supplier: String?
  var orderedOn: CalendarDate?
  var manufacturer: String?
  var model: String
  var category: String?
  var partNumber: String?
  var quantity: Int
  /// What is announced: tag, serial number or both of each.
  var announced: [[BoundIdentifier]] = []

  /// Reads a row; what is wrong with it is told to `exam`.
  init?(_ exam: inout RowExam<OrderColumn>) {
    line = exam.number(.line, in: 1...1_000_000)
    supplier = exam.text(.supplier, limit: 200, multiline: false)
    orderedOn = exam.day(.orderedOn)
    manufacturer = exam.text(.manufacturer)
    category = exam.text(.category)?.lowercased()
    partNumber = exam.text(.partNumber, limit: 200, multiline: false)
    let serials = exam.text(.serials, limit: CSVReader.longestCell, multiline: false).map(Cell.list) ?? []
    let tags = exam.text(.tags, limit: CSVReader.longestCell, multiline: false).map(Cell.list) ?? []
    let count = exam.number(.quantity, in: 1...1_000_000)
    quantity = count ?? max(1, serials.count, tags.count)
    let number = exam.text(.number, limit: 200, multiline: false)
    let model = exam.text(.model)
    if number == nil {
      exam.fail("import.order.unnamed", .number, "The order has no number.", remedy: "Fill in the order's number.")
    }
    if model == nil {
      exam.fail("import.order.model", .model, "The line names no model.", remedy: "Fill in the model.")
    }
    guard let number, let model else { return nil }
    self.number = number
    self.model = model
    for index in 0..<max(serials.count, tags.count) {
      var marks: [BoundIdentifier] = []
      if index < serials.count, !serials[index].isEmpty { marks.append(BoundIdentifier(.serial, serials[index])) }
      if index < tags.count, !tags[index].isEmpty { marks.append(BoundIdentifier(.tag, tags[index])) }
      if !marks.isEmpty { announced.append(marks) }
      for mark in marks where mark.value.utf8.count > 512 {
        exam.fail(
          "import.text.tooLong", mark.kind == .tag ? .tags : .serials, value: mark.value,
          "It is longer than 512 bytes.", remedy: "Put ; or | between the numbers.")
      }
    }
    if announced.count > quantity {
      exam.fail(
        "import.order.surplus", .serials, value: "\(announced.count)",
        "More numbers are announced than the \(quantity) that are ordered.", remedy: "Correct the quantity or the list."
      )
    }
  }
}

extension CatalogueImport {
  /// What is to be written of one row.
  private struct OrderChange: Sendable {
    let line: Int
    let bytes: Range<Int>
    let order: PurchaseOrder
    /// Whether the line is new; nil when it is there just so.
    let isNew: Bool?
    let announced: [ExpectDetails]
  }

  func importOrders(_ file: ImportFile) async throws -> ImportReport {
    var pace = pace
    var titles = ColumnTitles<OrderColumn>()
    let needs: [[OrderColumn]] = [[.number], [.model]]
    let table = try ImportTable<OrderRow>(file, columns: OrderColumn.self, needs: needs, pace: &pace) { exam in
      titles = ColumnTitles(exam.header)
      return OrderRow(&exam)
    }
    let (names, actor) = (titles, options.actor)
    return try await finish(file, table, pace: pace) { store, outcome, steps in
      let directory = try CatalogueDirectory(store)
      var seen = SeenOrders()
      var changes: [OrderChange] = []
      for (done, item) in table.items.enumerated() {
        try steps.step(.checking, done, of: table.items.count)
        let before = outcome.problems.count
        func fail(
          _ code: String, _ column: OrderColumn, _ value: String, _ reason: String, _ remedy: String, other: Int? = nil
        ) {
          outcome.problems.append(
            ImportProblem(
              code, line: item.line, column: names[column], value: value, reason, remedy: remedy, otherLine: other))
          outcome.bad[item.line] = item.bytes
        }
        let row = item.row
        let reference = seen.reference(of: row, on: item.line)
        if let other = reference.other {
          fail(
            "import.row.twice", .line, String(reference.line),
            "Order \(row.number) has this line on line \(other) too.",
            "Keep one of the two rows, or correct the line.", other: other)
        }
        if let (column, other) = seen.contradiction(of: row, on: item.line) {
          fail(
            "import.order.contradiction", column, row.number, "Line \(other) says otherwise of the same order.",
            "An order has one supplier and one date.", other: other)
        }
        let line = PurchaseOrder.Line(
          line: reference.line, manufacturer: row.manufacturer, model: row.model, category: row.category,
          partNumber: row.partNumber, quantity: row.quantity)
        let order = PurchaseOrder(
          number: row.number, supplier: row.supplier, orderedOn: row.orderedOn, lines: [line])
        var announced: [ExpectDetails] = []
        for marks in row.announced {
          for mark in marks {
            if let other = seen.double(of: mark, manufacturer: row.manufacturer, on: item.line) {
              fail(
                "import.row.twice", mark.kind == .tag ? .tags : .serials, mark.value, "It stands on line \(other) too.",
                "Take it off one of the lines.", other: other)
            }
          }
          let details = Self.announcement(marks, line, of: order)
          switch try Self.known(details, in: store) {
          case .one: continue
          case .none: announced.append(details)
          case .several:
            fail(
              "import.asset.conflict", marks[0].kind == .tag ? .tags : .serials, marks[0].value,
              "An asset with this number is known here already, and not from this order line.",
              "Correct the number, or take it off the list.")
          }
        }
        guard outcome.problems.count == before else { continue }
        let isNew = Self.isNew(order, line, directory.orders[row.number])
        if isNew == nil, announced.isEmpty {
          outcome.skipped += 1
          outcome.note(item.line, .known, "\(row.number)/\(reference.line)")
        } else {
          changes.append(
            OrderChange(line: item.line, bytes: item.bytes, order: order, isNew: isNew, announced: announced))
        }
      }
      return changes
    } record: { changes, transaction, outcome, steps in
      for (done, change) in changes.enumerated() {
        try steps.step(.recording, done, of: changes.count)
        try transaction.save(change.order)
        if change.isNew == true { outcome.imported += 1 } else { outcome.updated += 1 }
        let name = change.order.lines.map { "\(change.order.number)/\($0.line)" }.joined(separator: ", ")
        outcome.note(change.line, change.isNew == true ? .new : .changed, name)
        for details in change.announced {
          let intent = Intent(asset: transaction.newID(), details: .expect(details), actor: actor)
          switch try transaction.record(intent) {
          case .recorded: outcome.announced += 1
          case .refused(let refusal): outcome.refuse(change.line, change.bytes, refusal)
          }
        }
      }
    }
  }

  /// True for a new line, false for one that changes, nil for one that is there just so.
  private static func isNew(_ order: PurchaseOrder, _ line: PurchaseOrder.Line, _ known: PurchaseOrder?) -> Bool? {
    guard let known, let old = known.lines.first(where: { $0.line == line.line }) else { return true }
    let isSame =
      old == line && (order.supplier ?? known.supplier) == known.supplier
      && (order.orderedOn ?? known.orderedOn) == known.orderedOn
    return isSame ? nil : false
  }

  /// What one announced number says.
  static func announcement(
    _ marks: [BoundIdentifier], _ line: PurchaseOrder.Line, of order: PurchaseOrder
  ) -> ExpectDetails {
    var facts = AssetFacts()
    facts.manufacturer = line.manufacturer
    facts.model = line.model
    facts.category = line.category
    facts.supplier = order.supplier
    facts.purchaseDate = order.orderedOn
    facts.orderLine = OrderLineReference(order: order.number, line: line.line)
    return ExpectDetails(facts: facts, identifiers: marks)
  }

  /// One: the asset was announced by this very line. Several: some other asset carries one of the marks.
  private static func known(
    _ details: ExpectDetails, in store: some StoreReading
  ) throws -> CatalogueDirectory.Found<AssetID> {
    var found: CatalogueDirectory.Found<AssetID> = .none
    for mark in details.identifiers {
      for owner in try store.assets(carrying: mark) {
        guard let asset = try store.asset(owner) else { continue }
        if mark.kind == .serial, let one = asset.facts.manufacturer, let other = details.facts.manufacturer,
          one.lowercased() != other.lowercased()
        {
          continue
        }
        guard asset.facts.orderLine == details.facts.orderLine else { return .several }
        found = .one(owner)
      }
    }
    return found
  }
}

/// What earlier rows of the file said.
private struct SeenOrders {
  private var lines: [OrderLineReference: Int] = [:]
  private var last: [String: Int] = [:]
  private var suppliers: [String: (String, Int)] = [:]
  private var days: [String: (CalendarDate, Int)] = [:]
  private var marks: [BoundIdentifier: (line: Int, manufacturer: String?)] = [:]

  /// The row's line in its order, and where in the file the same line stood before.
  mutating func reference(of row: OrderRow, on line: Int) -> (line: Int, other: Int?) {
    let number = row.line ?? (last[row.number] ?? 0) + 1
    last[row.number] = max(number, last[row.number] ?? 0)
    let other = lines.updateValue(line, forKey: OrderLineReference(order: row.number, line: number))
    return (number, other)
  }

  mutating func contradiction(of row: OrderRow, on line: Int) -> (OrderColumn, Int)? {
    if let supplier = row.supplier {
      if let (known, other) = suppliers[row.number], known != supplier { return (.supplier, other) }
      suppliers[row.number] = suppliers[row.number] ?? (supplier, line)
    }
    if let day = row.orderedOn {
      if let (known, other) = days[row.number], known != day { return (.orderedOn, other) }
      days[row.number] = days[row.number] ?? (day, line)
    }
    return nil
  }

  /// Where a number stood before. Serial numbers are only unique within one maker.
  mutating func double(of mark: BoundIdentifier, manufacturer: String?, on line: Int) -> Int? {
    let maker = manufacturer?.lowercased()
    guard let first = marks[mark] else {
      marks[mark] = (line, maker)
      return nil
    }
    if mark.kind == .serial, let one = first.manufacturer, let maker, one != maker { return nil }
    return first.line
  }
}
