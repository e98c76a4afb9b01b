import Custody
import Foundation
import GRDB

/// A model of which there are assets, with how many stand in each state.
public struct AssetModel: Hashable, Sendable {
  /// What a model is called; either part may be unknown.
  public struct Name: Hashable, Sendable {
    public let manufacturer: String?
    public let model: String?

    /// A name.
    public init(manufacturer: String?, model: String?) {
      self.manufacturer = manufacturer
      self.model = model
    }
  }

  public let name: Name
  /// Categories that its assets have, in order; mostly one.
  public internal(set) var categories: [String]
  public internal(set) var byState: [LifecycleState: Int]

  /// All of them.
  public var count: Int { byState.values.reduce(0, +) }
}

/// A place in the list of people: by name, then id.
public struct PersonPlace: Hashable, Sendable {
  public let name: String
  public let id: PersonID

  /// A place.
  public init(name: String, id: PersonID) {
    self.name = name
    self.id = id
  }
}

extension StoreReading {
  /// A page of people by name, behind a place in that order. `text` is part of a name, title or team.
  public func people(matching text: String? = nil, after place: PersonPlace? = nil, limit: Int) throws -> [Person] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let text, !text.isEmpty {
      let escaped = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
      conditions.append("(name LIKE ? ESCAPE '\\' OR title LIKE ? ESCAPE '\\' OR team LIKE ? ESCAPE '\\')")
      arguments += ["%\(escaped)%", "%\(escaped)%", "%\(escaped)%"]
    }
    if let place {
      conditions.append("(name, id) > (?, ?)")
      arguments += [place.name, place.id]
    }
    arguments += [limit]
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    return try PersonID.fetchAll(
      db, sql: "SELECT id FROM person \(filter) ORDER BY name, id LIMIT ?", arguments: arguments
    )
    .compactMap { try person($0) }
  }

  /// How many assets somebody has.
  public func heldCount(by custodian: Custodian) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM asset WHERE custodian = ? AND custodian IS NOT NULL"),
      arguments: [custodian.key]) ?? 0
  }

  /// Who has a badge here.
  public func peopleWithBadge() throws -> Set<PersonID> {
    Set(try PersonID.fetchAll(db.cachedStatement(sql: "SELECT person FROM badge")))
  }

  /// Who has a PIN here.
  public func peopleWithPIN() throws -> Set<PersonID> {
    Set(try PersonID.fetchAll(db.cachedStatement(sql: "SELECT person FROM pin")))
  }

  /// How many assets are recorded at a place itself, without what is below it.
  public func assetCount(at location: LocationCode) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM asset WHERE location = ? AND location IS NOT NULL"),
      arguments: [location.text]) ?? 0
  }

  /// Every model of which there is an asset, by manufacturer and model, with how many stand in each state. Kept by the database.
  public func models() throws -> [AssetModel] {
    var models: [AssetModel] = []
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT nullif(manufacturer, '') AS manufacturer, nullif(model, '') AS model, nullif(category, '') AS category,
            state, n FROM asset_tally
          WHERE n > 0 ORDER BY asset_tally.manufacturer, asset_tally.model, asset_tally.category, state
          """))
    while let row = try rows.next() {
      let name = AssetModel.Name(manufacturer: row["manufacturer"], model: row["model"])
      if models.last?.name != name { models.append(AssetModel(name: name, categories: [], byState: [:])) }
      let last = models.count - 1
      if let category: String = row["category"], models[last].categories.last != category {
        models[last].categories.append(category)
      }
      if let state = LifecycleState(rawValue: row["state"]) { models[last].byState[state, default: 0] += row["n"] }
    }
    return models
  }

  /// Part numbers that orders say of models.
  public func partNumbers() throws -> [AssetModel.Name: [String]] {
    var numbers: [AssetModel.Name: [String]] = [:]
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT DISTINCT manufacturer, model, part_number FROM order_line WHERE part_number IS NOT NULL
          ORDER BY manufacturer, model, part_number
          """))
    for row in rows {
      numbers[AssetModel.Name(manufacturer: row["manufacturer"], model: row["model"]), default: []]
        .append(row["part_number"])
    }
    return numbers
  }
}
