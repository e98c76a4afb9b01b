import Custody
import StationStore

/// Turns rows into what is to be recorded, with the store at hand; what is there already is passed over.
struct AssetResolution: Sendable {
  /// One event to be recorded.
  struct Item: Sendable {
    let line: Int
    let bytes: Range<Int>
    let details: EventDetails
  }

  let digest: String
  let createLocations: Bool
  let site: SiteCode
  var directory: CatalogueDirectory
  private(set) var items: [Item] = []
  private(set) var skipped = 0
  private(set) var problems: [ImportProblem] = []
  private(set) var bad: [Int: Range<Int>] = [:]
  private(set) var newLocations: [Location] = []
  /// On which line each mark of the file was first seen, and whose make it was there.
  private var seen: [BoundIdentifier: (line: Int, manufacturer: String?)] = [:]

  init(digest: String, options: CatalogueImport.Options, site: SiteCode, directory: CatalogueDirectory) {
    self.digest = digest
    createLocations = options.createLocations
    self.site = site
    self.directory = directory
  }

  /// Takes a row: it becomes an item, is passed over, or is bad. `columns` are the file's own names.
  mutating func take(
    _ item: ImportTable<AssetRow>.Item, columns: ColumnTitles<AssetColumn>, in store: some StoreReading
  ) throws {
    var found: [ImportProblem] = []
    func fail(_ code: String, _ column: AssetColumn?, _ value: String?, _ reason: String, _ remedy: String) {
      found.append(
        ImportProblem(
          code, line: item.line, column: column.map { columns[$0] }, value: value, reason, remedy: remedy))
    }
    var row = item.row
    let custodian = custodian(of: row, fail)
    let location = location(of: row, fail)
    if let number = row.orderNumber {
      row.facts.orderLine = directory.line(
        of: number, model: row.facts.model, manufacturer: row.facts.manufacturer)
      // An order whose line nobody knows is still worth keeping.
      if row.facts.orderLine == nil {
        row.facts.custom = (row.facts.custom ?? [:]).merging(["order number": number]) { _, new in new }
      }
    }
    let state = row.state ?? (row.namesSomebody ? .deployed : .inStock)
    let details = details(row, state: state, custodian: custodian, location: location, line: item.line)
    let known = found.isEmpty ? try known(row, details, line: item.line, in: store) : nil
    // What the station knows just so is there already, also where it could not be imported: what it disposed of itself.
    if case .same? = known {} else { check(row, state: state, custodian: custodian, fail) }
    findDouble(row, on: item.line, columns: columns, &found)
    if found.isEmpty, let known {
      switch known {
      case .new: items.append(Item(line: item.line, bytes: item.bytes, details: details))
      case .same: skipped += 1
      case .conflict(let column, let value, let reason, let remedy):
        fail("import.asset.conflict", column, value, reason, remedy)
      }
    }
    if !found.isEmpty { bad[item.line] = item.bytes }
    problems += found
  }

  private typealias Fail = (String, AssetColumn?, String?, String, String) -> Void

  private func custodian(of row: AssetRow, _ fail: Fail) -> Custodian? {
    if let email = row.custodianEmail {
      if let id = directory.person(email: email) { return .person(id) }
      fail(
        "import.custodian.unknown", .custodianEmail, email, "Nobody here has this e-mail address.",
        "Import people.csv first, or correct the address.")
      return nil
    }
    guard let text = row.custodian else { return nil }
    if text.hasPrefix("team:") { return .team(Cell.trimmed(String(text.dropFirst(5)))) }
    if text.hasPrefix("place:"), let place = LocationCode(String(text.dropFirst(6))) { return .place(place) }
    switch directory.person(text) {
    case .one(let id): return .person(id)
    case .several:
      fail(
        "import.custodian.ambiguous", .custodian, text, "Several people have this name.",
        "Name the person by e-mail address, or add a column 'custodian email'.")
    case .none:
      fail(
        "import.custodian.unknown", .custodian, text, "Nobody here has this name or e-mail address.",
        "Import people.csv first, or write team: or place: before the name of a team or location code.")
    }
    return nil
  }

  private mutating func location(of row: AssetRow, _ fail: Fail) -> LocationCode? {
    guard let text = row.location else { return nil }
    switch directory.location(text) {
    case .one(let code): return code
    case .several:
      fail(
        "import.location.ambiguous", .location, text, "Several locations have this name.", "Write the location's code.")
    case .none:
      let made = createLocations ? LocationCode(Self.code(for: text)) : nil
      guard let made else {
        fail(
          "import.location.unknown", .location, text, "No location here has this code or name.",
          "Import locations.csv first, or import with --create-locations.")
        return nil
      }
      if case .one = directory.location(made.text) {
        fail(
          "import.location.ambiguous", .location, text, "It would become \(made), which is another location.",
          "Write the location's code.")
        return nil
      }
      let location = Location(code: made, site: site, name: text)
      directory.add(location)
      newLocations.append(location)
      return made
    }
    return nil
  }

  /// A code that says what `name` says: what a code cannot hold becomes a hyphen.
  private static func code(for name: String) -> String {
    if LocationCode(name) != nil { return name }
    let parts = name.uppercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    return String(parts.joined(separator: "-").prefix(64))
  }

  /// What `decide` would refuse for good, said in the words of the file.
  private func check(_ row: AssetRow, state: LifecycleState, custodian: Custodian?, _ fail: Fail) {
    switch state {
    case .deployed where !row.namesSomebody:
      fail(
        "import.custodian.missing", .custodian, nil, "It is handed out, but nobody is named who has it.",
        "Name the person by e-mail address, or write team: or place: and the name.")
    case .deployed, .inTransit, .missing: break
    case .disposed:
      fail(
        "import.state.disposed", .state, row.stateWord, "What is disposed of already is not registered.",
        "Leave the row out, or import it as retired and dispose of it with its order and two people.")
    default:
      guard row.namesSomebody else { break }
      fail(
        "import.custodian.unexpected", .custodian, row.custodian ?? row.custodianEmail,
        "Somebody is named who has it, but its state is \(state.rawValue).",
        "Set the state to deployed, or leave the person out.")
    }
    if case .team(let team)? = custodian, team.isEmpty || team.count > 200 {
      fail("import.custodian.team", .custodian, row.custodian, "A team's name has 1 to 200 characters.", "Shorten it.")
    }
    guard state == .expected else { return }
    if row.facts.model == nil {
      fail("import.expected.model", .model, nil, "It is announced, but its model is not named.", "Fill in the model.")
    }
    if row.facts.orderLine == nil {
      fail(
        "import.expected.order", .orderLine, nil, "It is announced, but on no order line.",
        "Fill in order number and order line; or import orders.csv first, and the model tells the line.")
    }
  }

  private mutating func findDouble(
    _ row: AssetRow, on line: Int, columns: ColumnTitles<AssetColumn>, _ found: inout [ImportProblem]
  ) {
    for mark in row.identifiers {
      let manufacturer = row.facts.manufacturer?.lowercased()
      guard let first = seen.updateValue((line, manufacturer), forKey: mark) else { continue }
      seen[mark] = first
      // Serial numbers are only unique within one maker.
      if mark.kind == .serial, let one = first.manufacturer, let other = manufacturer, one != other { continue }
      found.append(
        ImportProblem(
          "import.row.twice", line: line, column: columns[Self.column(of: mark.kind)], value: mark.value,
          "It stands on line \(first.line) too.", remedy: "Keep one of the two rows, or correct the number.",
          otherLine: first.line))
    }
  }

  static func column(of kind: BoundIdentifier.Kind) -> AssetColumn {
    switch kind {
    case .tag: .tag
    case .serial: .serial
    case .mac: .mac
    case .imei: .imei
    case .epc: .epc
    case .serviceTag: .serviceTag
    case .gtinSerial, .giai, .grai, .thirdParty: .marks
    }
  }

  private func details(
    _ row: AssetRow, state: LifecycleState, custodian: Custodian?, location: LocationCode?, line: Int
  ) -> EventDetails {
    if state == .expected {
      return .expect(ExpectDetails(facts: row.facts, identifiers: row.identifiers, location: location))
    }
    var details = RegisterDetails(
      facts: row.facts, identifiers: row.identifiers, state: state, source: .file(sha256: digest, row: line))
    details.custodian = custodian
    details.location = location
    details.condition = row.condition
    details.expectedReturn = row.expectedReturn
    return .register(details)
  }
}

/// The names that a file gives to the columns that it has, and ours for the others.
struct ColumnTitles<Column: ImportColumn>: Sendable {
  private let titles: [String]

  init(_ header: ImportHeader<Column>) { titles = Column.allCases.map { header.title(of: $0) } }
  init() { titles = Column.allCases.map(\.name) }

  subscript(column: Column) -> String { titles[column.rawValue] }
}
