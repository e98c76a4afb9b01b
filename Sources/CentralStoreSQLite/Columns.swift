import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

extension EntityID {
  /// The sixteen bytes, big-endian, as they stand in a column: sorts as the id does.
  var column: Data { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) } }

  init(column: Data) throws {
    guard column.count == 16 else { throw CentralFault.damaged(reason: "a stored id has \(column.count) bytes") }
    self = column.withUnsafeBytes { bytes in
      Self(
        high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
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
  /// What ``init(row:)`` reads.
  static let columns = "vkey, enrolled_at, request_key, frozen_at, frozen_code, frozen_reason"

  init(row: Row) throws {
    let text: String = row["vkey"]
    do {
      let requestKey: String? = row["request_key"]
      let frozenAt: Int64? = row["frozen_at"]
      self.init(
        key: try VerifierKey(text), enrolledAt: Instant(milliseconds: row["enrolled_at"]),
        requestKey: try requestKey.map { try VerifierKey($0) },
        frozen: frozenAt.map {
          StationFreeze(
            at: Instant(milliseconds: $0), reason: AdmissionReason(row["frozen_code"], row["frozen_reason"]))
        })
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

extension DiscrepancySubject {
  /// As it stands in the columns asset and station.
  var columns: (asset: Data?, station: String?) {
    switch self {
    case .asset(let id): (id.column, nil)
    case .station(let name): (nil, name)
    }
  }
}

extension RecordedDiscrepancy {
  static func fetchAll(_ db: Database, about subject: DiscrepancySubject) throws -> [RecordedDiscrepancy] {
    let (asset, station) = subject.columns
    return try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT * FROM discrepancy WHERE \(asset == nil ? "station = ?" : "asset = ?") ORDER BY id"),
      arguments: asset.map { [$0] } ?? [station]
    ).map(RecordedDiscrepancy.init(row:))
  }

  init(row: Row) throws {
    let document: Data = row["doc"]
    let asset: Data? = row["asset"]
    let settledAt: Int64? = row["settled_at"]
    let settledBy: Data? = row["settled_by"]
    do {
      self.init(
        id: row["id"], discrepancy: try CanonicalDecoder().decode(Discrepancy.self, from: Array(document)),
        subject: try asset.map { .asset(try AssetID(column: $0)) } ?? .station(row["station"]),
        openedAt: Instant(milliseconds: row["opened_at"]), settledAt: settledAt.map(Instant.init(milliseconds:)),
        settledBy: try settledBy.map(EventID.init(column:)))
    } catch let error as CentralFault {
      throw error
    } catch {
      throw CentralFault.damaged(reason: "a discrepancy's row cannot be read: \(error)")
    }
  }
}
