import Custody
import CustodyLedger
import Foundation
import GRDB
import SyncProtocol

/// Writes the SQLite file of a snapshot, part by part. Nothing of it is durable before it is packed.
public final class SnapshotWriter: Sendable {
  private let queue: DatabaseQueue

  /// Begins a new file; one that is there is replaced.
  public init(file: String) throws {
    if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      // What is half written is thrown away: no journal, no fsync.
      try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000")
    }
    queue = try DatabaseQueue(path: file, configuration: configuration)
    try queue.write { try $0.execute(sql: SnapshotSchema.sql) }
  }

  /// Adds a part. Throws `CanonicalCodingError` for an asset that cannot be read.
  public func add(_ part: ProjectionPart) throws {
    try queue.write { db in
      switch part {
      case .assets(let assets): for (id, document) in assets { try Self.add(id, document, to: db) }
      case .aliases(let aliases):
        let insert = try db.cachedStatement(sql: "INSERT INTO alias(id, canonical) VALUES (?,?)")
        for (id, canonical) in aliases { try insert.execute(arguments: [id.column, canonical.column]) }
      case .unprojected(let ids):
        let insert = try db.cachedStatement(sql: "INSERT INTO earlier(asset) VALUES (?)")
        for id in ids { try insert.execute(arguments: [id.column]) }
      case .discrepancies(let rows): for row in rows { try Self.add(row, to: db) }
      case .chains(let chains):
        let insert = try db.cachedStatement(sql: "INSERT INTO chain(station, epoch, seq, hash) VALUES (?,?,?,?)")
        for (station, end) in chains { try insert.execute(arguments: [station, end.epoch, end.seq, end.hash]) }
      case .statements(let statements):
        let insert = try db.cachedStatement(sql: "INSERT INTO statement(log_index, bytes) VALUES (?,?)")
        for (index, bytes) in statements { try insert.execute(arguments: [index, Data(bytes)]) }
      }
    }
  }

  /// Ends the file.
  public func close() throws { try queue.close() }

  private static func add(_ id: AssetID, _ document: [UInt8], to db: Database) throws {
    let asset = try CanonicalDecoder().decode(Asset.self, from: document, limit: .max)
    try db.cachedStatement(
      sql: """
        INSERT INTO asset(id, tag, serial, manufacturer, model, category, state, custodian, location, parent,
          changed_at, doc) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      id.column, asset.tag, asset.serial, asset.facts.manufacturer, asset.facts.model, asset.facts.category,
      asset.state.rawValue, asset.custodian?.key, asset.location?.text, asset.parent?.column,
      asset.changedAt.milliseconds, Data(document),
    ])
    let insert = try db.cachedStatement(sql: "INSERT INTO identifier(value, kind, asset) VALUES (?,?,?)")
    for identifier in Set(asset.identifiers) {
      try insert.execute(arguments: [identifier.value, identifier.kind.rawValue, id.column])
    }
  }

  private static func add(_ row: RecordedDiscrepancy, to db: Database) throws {
    guard case .asset(let asset) = row.subject else { return }
    try db.cachedStatement(
      sql: """
        INSERT INTO discrepancy(id, kind, asset, doc, opened_at, settled_at, settled_by) VALUES (?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      row.id, row.discrepancy.kind.rawValue, asset.column, Data(try CanonicalEncoder().encode(row.discrepancy)),
      row.openedAt.milliseconds, row.settledAt?.milliseconds, row.settledBy?.column,
    ])
  }
}

extension EntityID {
  /// The sixteen bytes, big-endian, as they stand in a column: sorts as the id does.
  fileprivate var column: Data { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) } }
}
