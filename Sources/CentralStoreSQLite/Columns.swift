import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

extension EntityID {
  /// The sixteen bytes, big-endian, as they stand in a column: sorts as the id does.
  var column: Data { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) } }
}

extension EntryHash {
  init(column: Data) throws {
    guard let hash = EntryHash(bytes: column) else {
      throw CentralFault.damaged(reason: "a stored hash has \(column.count) bytes")
    }
    self = hash
  }
}

extension ChainPlace {
  init?(row: Row) {
    guard let epoch: Int = row["epoch"], let seq: Int = row["seq"] else { return nil }
    self.init(epoch: epoch, seq: seq)
  }
}

extension EnrolledStation {
  init(row: Row) throws {
    let text: String = row["vkey"]
    do {
      self.init(key: try VerifierKey(text), enrolledAt: Instant(milliseconds: row["enrolled_at"]))
    } catch {
      throw CentralFault.damaged(reason: "a station's key cannot be read: \(error)")
    }
  }
}

extension LogEntry {
  init(row: Row) throws {
    let name: String = row["status"]
    guard let status = Status(rawValue: name) else {
      throw CentralFault.damaged(reason: "log entry \(row["index"] as Int64) has status '\(name)'")
    }
    let bytes: Data = row["bytes"]
    var reason: AdmissionReason?
    if let code: String = row["code"], let sentence: String = row["reason"] { reason = AdmissionReason(code, sentence) }
    self.init(
      index: row["index"], receivedAt: Instant(milliseconds: row["received_at"]), station: row["station"],
      place: ChainPlace(row: row), hash: try EntryHash(column: row["hash"]), bytes: Array(bytes), status: status,
      reason: reason)
  }

  /// Entries of the log; `rest` is what follows the table's name.
  static func fetchAll(_ db: Database, _ rest: String, _ arguments: StatementArguments = []) throws -> [LogEntry] {
    try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM log \(rest)"), arguments: arguments).map(
      LogEntry.init(row:))
  }

  static func fetchOne(_ db: Database, _ rest: String, _ arguments: StatementArguments = []) throws -> LogEntry? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM log \(rest)"), arguments: arguments).map(
      LogEntry.init(row:))
  }
}

extension Asset {
  init(document: Data) throws {
    do {
      self = try CanonicalDecoder().decode(Asset.self, from: Array(document), limit: .max)
    } catch {
      throw CentralFault.damaged(reason: "an asset's row cannot be read: \(error)")
    }
  }

  static func fetchOne(_ db: Database, _ id: AssetID) throws -> Asset? {
    try Data.fetchOne(db.cachedStatement(sql: "SELECT doc FROM asset WHERE id = ?"), arguments: [id.column])
      .map(Asset.init(document:))
  }
}
