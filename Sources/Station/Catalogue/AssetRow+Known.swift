import Custody
import StationStore

extension AssetResolution {
  /// How a row stands to what the store knows.
  enum Known {
    case new
    /// The row was imported already, or says just what is known.
    case same
    case conflict(AssetColumn, value: String, reason: String, remedy: String)
  }

  /// Compares a row with the asset that carries one of its marks.
  ///
  /// It is the same row when the asset began with it (the same file and line, or the same facts), even if much has
  /// happened to the asset since; or when the asset stands today as the row says.
  func known(_ row: AssetRow, _ details: EventDetails, line: Int, in store: some StoreReading) throws -> Known {
    var owners: [AssetID] = []
    var shared: BoundIdentifier?
    for mark in row.identifiers {
      for owner in try store.assets(carrying: mark) where !owners.contains(owner) {
        // Serial numbers are only unique within one maker.
        if mark.kind == .serial, let own = row.facts.manufacturer,
          let other = try store.asset(owner)?.facts.manufacturer, own.lowercased() != other.lowercased()
        {
          continue
        }
        owners.append(owner)
        shared = shared ?? mark
      }
    }
    guard let owner = owners.first, let shared else { return .new }
    let column = Self.column(of: shared.kind)
    guard owners.count == 1 else {
      return .conflict(
        column, value: shared.value, reason: "Its marks belong to \(owners.count) different assets here.",
        remedy: "Look the marks up, and correct the row.")
    }
    if let first = try store.firstEvent(of: owner), isSame(first.details, details) { return .same }
    guard let asset = try store.asset(owner) else { return .new }
    let differences = differences(row, details, asset)
    guard let difference = differences.first else { return .same }
    let names = differences.map(\.name).joined(separator: ", ")
    return .conflict(
      column, value: shared.value,
      reason: "The asset is known here already, with another \(names): "
        + "here \(difference.here ?? "nothing"), in the file \(difference.inFile ?? "nothing").",
      remedy: "An import never changes what is known: correct the row or take it out, and amend the asset itself.")
  }

  private func isSame(_ known: EventDetails, _ new: EventDetails) -> Bool {
    switch (known, new) {
    case (.register(var known), .register(let new)):
      if known.source == new.source { return true }
      known.source = new.source
      return known == new
    case (.expect(let known), .expect(let new)): return known == new
    default: return false
    }
  }

  private typealias Difference = (name: String, here: String?, inFile: String?)

  /// In what the row says otherwise; what it leaves out is no difference.
  private func differences(_ row: AssetRow, _ details: EventDetails, _ asset: Asset) -> [Difference] {
    var differences: [Difference] = []
    func compare(_ name: String, _ here: String?, _ inFile: String?) {
      if let inFile, here != inFile { differences.append((name, here, inFile)) }
    }
    for mark in row.identifiers where !asset.identifiers.contains(mark) {
      compare(Self.column(of: mark.kind).name, asset.identifiers.last { $0.kind == mark.kind }?.value, mark.value)
    }
    for column in AssetColumn.exported { compare(column.name, asset.facts.cell(column), row.facts.cell(column)) }
    for (name, value) in (row.facts.custom ?? [:]).sorted(by: { $0.key < $1.key }) {
      compare(name, asset.facts.custom?[name], value)
    }
    if row.state != nil, case .register(let details) = details {
      compare(AssetColumn.state.name, asset.state.rawValue, details.state.rawValue)
    } else if row.state == .expected {
      compare(AssetColumn.state.name, asset.state.rawValue, LifecycleState.expected.rawValue)
    }
    if case .register(let details) = details {
      compare(AssetColumn.custodian.name, asset.custodian?.key, details.custodian?.key)
      compare(AssetColumn.location.name, asset.location?.text, details.location?.text)
      compare(AssetColumn.condition.name, asset.condition, details.condition)
      compare(AssetColumn.expectedReturn.name, asset.expectedReturn?.description, details.expectedReturn?.description)
    }
    return differences
  }
}

extension AssetFacts {
  /// What stands in a column of an export; nil for nothing, and for columns that are no facts.
  func cell(_ column: AssetColumn) -> String? {
    func drives(_ value: (Medium) -> String?) -> String? {
      guard let media, media.contains(where: { value($0) != nil }) else { return nil }
      return Cell.text(ofList: media.map { value($0) ?? "" })
    }
    func word(_ flag: Bool?) -> String? { flag.map { $0 ? "yes" : "no" } }
    switch column {
    case .manufacturer: return manufacturer
    case .model: return model
    case .category: return category
    case .orderNumber: return orderLine?.order
    case .orderLine: return orderLine.map { String($0.line) }
    case .supplier: return supplier
    case .price: return price?.amount
    case .currency: return price?.currency
    case .purchaseDate: return purchaseDate?.description
    case .warrantyEnd: return warrantyEnd?.description
    case .refreshDate: return refreshDate?.description
    case .owner: return owner
    case .department: return department
    case .costCentre: return costCentre
    case .classification: return classification
    case .dataBearing: return word(dataBearing)
    case .legalHold: return word(legalHold)
    case .drives: return media?.isEmpty == true ? "none" : drives(\.serial)
    case .driveTypes: return drives(\.type)
    case .driveMakers: return drives(\.manufacturer)
    case .driveModels: return drives(\.model)
    case .driveSizes: return drives { $0.capacity.map(String.init) }
    case .licences: return licences.map(Cell.text(ofList:))
    case .tag, .serial, .state, .condition, .custodian, .custodianEmail, .location, .expectedReturn, .marks,
      .warrantyMonths, .mac, .imei, .epc, .serviceTag:
      return nil
    }
  }
}
