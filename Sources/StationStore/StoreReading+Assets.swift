import Custody
import CustodyLedger
import Foundation
import GRDB

/// Which asset a scanned text means.
public enum Resolution: Hashable, Sendable {
  case asset(AssetID)
  case unknown
  /// Several assets carry the mark; nobody guesses.
  case ambiguous([AssetID])
}

extension StoreReading {
  /// The asset as it stands.
  public func asset(_ id: AssetID) throws -> Asset? {
    guard
      let document = try Data.fetchOne(
        db.cachedStatement(sql: "SELECT doc FROM asset WHERE id = ?"), arguments: [id])
    else { return nil }
    return try Asset(document: document)
  }

  /// Which asset a text means. A tag of ours wins over other marks with the same text.
  public func resolve(_ text: String) throws -> Resolution {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT kind, asset FROM identifier WHERE value = ? LIMIT 20"), arguments: [text])
    guard let first = rows.first else {
      let aside = try holders(keptAside: text)
      return aside.count > 1 ? .ambiguous(aside) : aside.first.map(Resolution.asset) ?? .unknown
    }
    if rows.count == 1 { return .asset(first["asset"]) }
    var tagged: [AssetID] = []
    var all: [AssetID] = []
    for row in rows {
      let asset: AssetID = row["asset"]
      if !all.contains(asset) { all.append(asset) }
      if row["kind"] == BoundIdentifier.Kind.tag.rawValue { tagged.append(asset) }
    }
    if tagged.count == 1 { return .asset(tagged[0]) }
    return all.count == 1 ? .asset(all[0]) : .ambiguous(all.sorted())
  }

  /// Everything fitted in an asset, at any depth, each once and in order of id. Ends also where events of several
  /// stations fitted things in one another in a ring.
  public func parts(of asset: AssetID) throws -> [Asset] {
    try Data.fetchAll(
      db.cachedStatement(
        sql: """
          WITH RECURSIVE part(id) AS (
            SELECT id FROM asset WHERE parent = ?1
            UNION SELECT asset.id FROM asset JOIN part ON asset.parent = part.id
          ) SELECT doc FROM asset WHERE id IN part AND id <> ?1 ORDER BY id
          """), arguments: [asset]
    ).map { try Asset(document: $0) }
  }

  /// The events of an asset that count in it as it stands, in the order in which they do; up to, but without, `before`.
  public func history(of asset: AssetID, before: EventID? = nil) throws -> [CustodyEvent] {
    var events = try eventsOfAll(asset)
    let isRow = zip([nil] + events.map(\.eventID), events).allSatisfy { $0 == $1.prior?.head }
    if !isRow { events = line(of: events) }
    return before.flatMap { id in events.firstIndex { $0.eventID == id } }.map { Array(events[..<$0]) } ?? events
  }

  /// How many assets stand in each state.
  public func countByState() throws -> [LifecycleState: Int] {
    var counts: [LifecycleState: Int] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT state, sum(n) AS n FROM asset_tally WHERE n > 0 GROUP BY state") {
      if let state = LifecycleState(rawValue: row["state"]) { counts[state] = row["n"] }
    }
    return counts
  }

  /// A page of assets, in order of id. Every word of `text` is in a mark, the manufacturer or model, the name of who has
  /// it, or the code or name of where it is; of marks and codes a part will do, so that the digits of a tag find it.
  public func assets(
    matching text: String? = nil, state: LifecycleState? = nil, custodian: Custodian? = nil,
    location: LocationCode? = nil, product: AssetModel.Name? = nil, after: AssetID? = nil, limit: Int
  ) throws -> [Asset] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    // A bound on what one request can make the database do.
    for word in (text ?? "").split(whereSeparator: \.isWhitespace).prefix(8) {
      let escaped = word.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
      let pattern = "%\(escaped)%"
      let holders = try people().filter {
        $0.name.range(of: word, options: [.caseInsensitive, .diacriticInsensitive]) != nil
      }
      .prefix(500).map { Custodian.person($0.id).key }
      conditions.append(
        """
        (id IN (SELECT asset FROM identifier WHERE value LIKE ? ESCAPE '\\') OR manufacturer LIKE ? ESCAPE '\\'
          OR model LIKE ? ESCAPE '\\'
          OR location IN (SELECT code FROM location WHERE code LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\')
          OR custodian LIKE ? ESCAPE '\\' OR custodian LIKE ? ESCAPE '\\'
          OR custodian IN (\(holders.map { _ in "?" }.joined(separator: ","))))
        """)
      arguments += [pattern, pattern, pattern, pattern, pattern, "team:" + pattern, "place:" + pattern]
      arguments += StatementArguments(holders)
    }
    if let state {
      conditions.append("state = ?")
      arguments += [state.rawValue]
    }
    if let custodian {
      conditions.append("custodian = ?")
      arguments += [custodian.key]
    }
    if let location {
      conditions.append("location = ?")
      arguments += [location.text]
    }
    if let product {
      // The ids first, so that a model of which there are many is not sorted with its documents.
      conditions.append("id IN (SELECT id FROM asset WHERE manufacturer IS ? AND model IS ?)")
      arguments += [product.manufacturer, product.model]
    }
    if let after {
      conditions.append("id > ?")
      arguments += [after]
    }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    arguments += [limit]
    return try Data.fetchAll(db, sql: "SELECT doc FROM asset \(filter) ORDER BY id LIMIT ?", arguments: arguments)
      .map { try Asset(document: $0) }
  }
}

extension StoreReading {
  /// What a person has, by id; at most 1,000.
  public func assets(of person: PersonID) throws -> [Asset] {
    try Data.fetchAll(
      db.cachedStatement(
        sql: "SELECT doc FROM asset WHERE custodian = ? AND custodian IS NOT NULL ORDER BY id LIMIT 1000"),
      arguments: [Custodian.person(person).key]
    ).map { try Asset(document: $0) }
  }
}

extension Asset {
  init(document: Data) throws {
    do {
      self = try CanonicalDecoder().decode(Asset.self, from: Array(document), limit: .max)
    } catch {
      throw StoreFault.damaged(reason: "an asset's row cannot be read: \(error)")
    }
  }
}
