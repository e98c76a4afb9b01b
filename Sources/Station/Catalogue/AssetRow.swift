import Custody

/// One row of a file of assets, as far as it can be understood without asking the store.
struct AssetRow: Sendable {
  var identifiers: [BoundIdentifier] = []
  var facts = AssetFacts()
  /// Nil when the row does not say: a custodian then decides.
  var state: LifecycleState?
  /// The word that says so, as it stands.
  var stateWord: String?
  var condition: String?
  var expectedReturn: CalendarDate?
  /// As they stand; the store knows whom and what they mean.
  var custodian: String?
  var custodianEmail: String?
  var location: String?
  /// An order without a line: the order's own lines may tell which.
  var orderNumber: String?

  var namesSomebody: Bool { custodian != nil || custodianEmail != nil }
}

extension AssetRow {
  /// Reads a row; what is wrong with it is told to `exam`.
  init(_ exam: inout RowExam<AssetColumn>, currency: String?) {
    readMarks(&exam)
    readFacts(&exam)
    readPurchase(&exam, currency: currency)
    readMedia(&exam)
    for (position, title) in exam.header.others {
      guard let value = exam.text(at: position, title: title) else { continue }
      facts.custom = facts.custom ?? [:]
      facts.custom?[Self.customName(title)] = value
    }
    custodian = exam.text(.custodian, limit: 200, multiline: false)
    custodianEmail = exam.text(.custodianEmail, limit: 320, multiline: false)
    location = exam.text(.location, limit: 200, multiline: false)
    condition = exam.text(.condition)
    expectedReturn = exam.day(.expectedReturn)
    readState(&exam)
    checkSize(&exam)
  }

  private static func customName(_ title: String) -> String {
    title.hasPrefix(AssetColumn.customPrefix)
      ? String(title.dropFirst(AssetColumn.customPrefix.count)) : title
  }

  /// Tag and serial number come last, so that they are the newest of their kind.
  private mutating func readMarks(_ exam: inout RowExam<AssetColumn>) {
    if let text = exam.text(.marks, multiline: false) {
      for item in Cell.list(text) {
        let parts = item.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, let kind = BoundIdentifier.Kind(rawValue: parts[0]), !parts[1].isEmpty {
          add(BoundIdentifier(kind, parts[1]))
        } else {
          exam.fail(
            "import.marks", .marks, value: item, "It is not a mark.",
            remedy: "Write each as kind:text, such as mac:00-1A-2B-3C-4D-5E, with | between them.")
        }
      }
    }
    let columns: [(AssetColumn, BoundIdentifier.Kind)] = [
      (.mac, .mac), (.imei, .imei), (.epc, .epc), (.serviceTag, .serviceTag), (.serial, .serial), (.tag, .tag),
    ]
    for (column, kind) in columns {
      if let text = exam.text(column, limit: 512, multiline: false) { add(BoundIdentifier(kind, text)) }
    }
    if identifiers.isEmpty {
      exam.fail(
        "import.asset.unnamed", nil, "It has neither a tag nor a serial number, so the asset could not be found again.",
        remedy: "Fill in \(exam.header.title(of: .tag)) or \(exam.header.title(of: .serial)).")
    }
  }

  private mutating func add(_ mark: BoundIdentifier) {
    if !identifiers.contains(mark) { identifiers.append(mark) }
  }

  private mutating func readFacts(_ exam: inout RowExam<AssetColumn>) {
    facts.manufacturer = exam.text(.manufacturer)
    facts.model = exam.text(.model)
    facts.category = exam.text(.category)?.lowercased()
    facts.owner = exam.text(.owner)
    facts.department = exam.text(.department)
    facts.costCentre = exam.text(.costCentre)
    facts.supplier = exam.text(.supplier)
    facts.classification = exam.text(.classification)
    facts.refreshDate = exam.day(.refreshDate)
    facts.legalHold = exam.bool(.legalHold)
    facts.dataBearing = exam.bool(.dataBearing)
    if let text = exam.text(.licences) { facts.licences = Cell.list(text).filter { !$0.isEmpty } }
  }

  private mutating func readPurchase(_ exam: inout RowExam<AssetColumn>, currency: String?) {
    facts.purchaseDate = exam.day(.purchaseDate)
    facts.warrantyEnd = exam.day(.warrantyEnd)
    readWarrantyMonths(&exam)
    facts.price = Self.price(&exam, default: currency)
    guard let order = exam.text(.orderNumber, multiline: false) else {
      if let line = exam.text(.orderLine) {
        exam.fail(
          "import.order.lineAlone", .orderLine, value: line, "An order line is named, but no order.",
          remedy: "Fill in the order's number, or leave the line empty.")
      }
      return
    }
    if let line = exam.number(.orderLine, in: 1...1_000_000) {
      facts.orderLine = OrderLineReference(order: order, line: line)
    } else {
      orderNumber = order
    }
  }

  private mutating func readWarrantyMonths(_ exam: inout RowExam<AssetColumn>) {
    guard let text = exam.text(.warrantyMonths) else { return }
    if let months = Cell.months(text) {
      guard facts.warrantyEnd == nil else { return }
      if let purchased = facts.purchaseDate, let end = Cell.day(purchased, plusMonths: months) {
        facts.warrantyEnd = end
      } else {
        // Without the day it runs from there is no end to compute, but the site may still want to know.
        facts.custom = (facts.custom ?? [:]).merging(["warranty months": String(months)]) { _, new in new }
      }
    } else if case .day(let end) = Cell.day(text) {
      facts.warrantyEnd = facts.warrantyEnd ?? end
    } else {
      exam.fail(
        "import.warranty", .warrantyMonths, value: text, "It is neither a number of months nor a day.",
        remedy: "Write the months with digits only, or the last day as YYYY-MM-DD.")
    }
  }

  private static func price(_ exam: inout RowExam<AssetColumn>, default defaultCurrency: String?) -> Money? {
    let column = exam.text(.currency)?.uppercased()
    guard let text = exam.text(.price) else { return nil }
    switch Cell.amount(text, decimals: Cell.decimals(of: column)) {
    case .ambiguous:
      exam.fail(
        "import.price.ambiguous", .price, value: text, "Its separator could part thousands or decimals.",
        remedy: "Write it like 1234.50, without separators for thousands.")
    case .unreadable:
      exam.fail(
        "import.price.unreadable", .price, value: text, "It is not an amount of money.",
        remedy: "Write it like 1234.50.")
    case .amount(let amount, let own):
      guard let currency = column ?? own ?? defaultCurrency else {
        exam.fail(
          "import.price.currency", .price, value: text, "Its currency is not known.",
          remedy: "Add a column 'currency', or give one for the whole file with --currency, such as EUR.")
        return nil
      }
      guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
        exam.fail(
          "import.price.currency", .currency, value: currency, "It is not a currency code.",
          remedy: "Write the three letters of ISO 4217, such as EUR.")
        return nil
      }
      return Money(amount: amount, currency: currency)
    }
    return nil
  }

  private mutating func readMedia(_ exam: inout RowExam<AssetColumn>) {
    guard let text = exam.text(.drives, limit: 16_000, multiline: false) else { return }
    if text.lowercased() == "none" || text.lowercased() == "keine" {
      facts.media = []
      return
    }
    let serials = Cell.list(text).filter { !$0.isEmpty }
    guard Set(serials).count == serials.count else {
      exam.fail(
        "import.drives.twice", .drives, value: text, "A drive stands in the list twice.",
        remedy: "Take one of them off.")
      return
    }
    var media = serials.map { Medium(serial: $0) }
    let columns: [(AssetColumn, (inout Medium, String) -> Bool)] = [
      (
        .driveTypes,
        {
          $0.type = $1; return true
        }
      ),
      (
        .driveMakers,
        {
          $0.manufacturer = $1; return true
        }
      ),
      (
        .driveModels,
        {
          $0.model = $1; return true
        }
      ),
      (
        .driveSizes,
        { medium, text in
          medium.capacity = Int64(text)
          return (medium.capacity ?? -1) >= 0
        }
      ),
    ]
    for (column, set) in columns {
      guard let text = exam.text(column, limit: 16_000) else { continue }
      let values = Cell.list(text)
      guard values.count == media.count else {
        exam.fail(
          "import.drives.count", column, value: text, "It lists \(values.count), but there are \(media.count) drives.",
          remedy: "Give one for each drive, in the same order, with | between them; one may be empty.")
        continue
      }
      for (index, value) in values.enumerated() where !value.isEmpty && !set(&media[index], value) {
        exam.fail(
          "import.drives.size", column, value: value, "It is not a number of bytes.",
          remedy: "Write the size in bytes, with digits only.")
      }
    }
    facts.media = media
  }

  private mutating func readState(_ exam: inout RowExam<AssetColumn>) {
    guard let word = exam.text(.state, limit: 200) else { return }
    stateWord = word
    switch StateWords.meaning(word) {
    case .state(let state): self.state = state
    case .deployable: state = namesSomebody ? .deployed : .inStock
    case nil:
      exam.fail(
        "import.state.unknown", .state, value: word, "No state is called this.",
        remedy:
          "Use one of: \(LifecycleState.allCases.filter { $0 != .disposed }.map(\.rawValue).joined(separator: ", ")).")
    }
  }

  /// An event must fit a ledger entry of 60,000 bytes; quotes and line breaks take two bytes each in it, and each drive
  /// some 75 besides its own words.
  private func checkSize(_ exam: inout RowExam<AssetColumn>) {
    let most = (bytes: 16_000, items: 128)
    if exam.row.bytes.count > most.bytes {
      exam.fail(
        "import.row.tooLong", nil, "It holds \(exam.row.bytes.count) bytes; \(most.bytes) is the most of one asset.",
        remedy: "Shorten its notes, and keep long texts as evidence.")
    }
    let lists: [(AssetColumn, Int)] = [
      (.drives, facts.media?.count ?? 0), (.licences, facts.licences?.count ?? 0), (.marks, identifiers.count),
    ]
    for (column, count) in lists where count > most.items {
      exam.fail(
        "import.list.tooLong", column, "It lists \(count); \(most.items) is the most of one asset.",
        remedy: "Register parts as assets of their own, and attach them.")
    }
  }
}
