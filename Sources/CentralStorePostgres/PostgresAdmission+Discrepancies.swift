import CentralStore
import Custody
import CustodyLedger

/// Discrepancies are rare: they are asked and written at once, inside the same transaction.
extension PostgresAdmission {
  func discrepancies(about subject: DiscrepancySubject) throws -> [RecordedDiscrepancy] {
    try RecordedDiscrepancy.fetchAll(connection, about: subject)
  }

  func write(_ change: RecordedDiscrepancy.Change, about subject: DiscrepancySubject, at moment: Instant) throws {
    let (asset, station): (PostgresValue, PostgresValue) =
      switch subject {
      case .asset(let id): (.bytes(id.column), .null)
      case .station(let name): (.null, .utf8(name))
      }
    func insert(_ discrepancy: Discrepancy, settledBy: EventID?) throws {
      // Whoever writes holds the row that gives out places: nobody else takes this id.
      _ = try connection.rows(
        """
        INSERT INTO discrepancy(id, kind, asset, station, doc, opened_at, settled_at, settled_by)
        SELECT coalesce(max(id), 0) + 1, $1::text, $2::bytea, $3::bytea, $4::bytea, $5::int8, $6::int8, $7::bytea
        FROM discrepancy
        """,
        [
          .word(discrepancy.kind.rawValue), asset, station, .bytes(try CanonicalEncoder().encode(discrepancy)),
          .int(moment.milliseconds), settledBy == nil ? .null : .int(moment.milliseconds),
          settledBy.map { .bytes($0.column) } ?? .null,
        ])
    }
    switch change {
    case .open(let discrepancy): try insert(discrepancy, settledBy: nil)
    case .openAndEnd(let discrepancy, let event): try insert(discrepancy, settledBy: event)
    case .become(let id, let discrepancy):
      _ = try connection.rows(
        "UPDATE discrepancy SET doc = $1::bytea WHERE id = $2::int8",
        [.bytes(try CanonicalEncoder().encode(discrepancy)), .int(id)])
    case .end(let id, let event):
      _ = try connection.rows(
        "UPDATE discrepancy SET settled_at = $1::int8, settled_by = $2::bytea WHERE id = $3::int8",
        [.int(moment.milliseconds), .bytes(event.column), .int(id)])
    }
  }

  func setCanonical(_ canonical: AssetID?, of id: AssetID) throws {
    remember(alias: id, of: canonical)
    if let canonical {
      _ = try connection.rows(
        """
        INSERT INTO alias(id, canonical) VALUES ($1::bytea, $2::bytea)
        ON CONFLICT (id) DO UPDATE SET canonical = excluded.canonical
        """, [.bytes(id.column), .bytes(canonical.column)])
    } else {
      _ = try connection.rows("DELETE FROM alias WHERE id = $1::bytea", [.bytes(id.column)])
    }
  }
}

extension RecordedDiscrepancy {
  static let columns = "id, asset, station, doc, opened_at, settled_at, settled_by"

  static func fetchAll(
    _ connection: PostgresConnection, about subject: DiscrepancySubject
  ) throws -> [RecordedDiscrepancy] {
    let (column, value): (String, PostgresValue) =
      switch subject {
      case .asset(let id): ("asset", .bytes(id.column))
      case .station(let name): ("station", .utf8(name))
      }
    return try connection.rows(
      "SELECT \(columns) FROM discrepancy WHERE \(column) = $1::bytea ORDER BY id", [value]
    ).map(RecordedDiscrepancy.init)
  }

  static func fetchPage(
    _ connection: PostgresConnection, before id: Int64, openOnly: Bool, limit: Int
  ) throws -> [RecordedDiscrepancy] {
    try connection.rows(
      """
      SELECT \(columns) FROM discrepancy WHERE id < $1::int8 \(openOnly ? "AND settled_by IS NULL" : "")
      ORDER BY id DESC LIMIT $2::int8
      """, [.int(id), .int(limit)]
    ).map(RecordedDiscrepancy.init)
  }

  init(_ row: PostgresRows.Row) throws {
    let document = try row.bytes(3)
    let discrepancy: Discrepancy
    do {
      discrepancy = try CanonicalDecoder().decode(Discrepancy.self, from: document)
    } catch {
      throw CentralFault.damaged(reason: "a discrepancy's row cannot be read: \(error)")
    }
    self.init(
      id: try row.int(0), discrepancy: discrepancy,
      subject: try row.optionalBytes(1).map { .asset(try AssetID(column: $0)) } ?? .station(try row.text(2)),
      openedAt: Instant(milliseconds: try row.int(4)),
      settledAt: try row.optionalInt(5).map(Instant.init(milliseconds:)),
      settledBy: try row.optionalBytes(6).map(EventID.init(column:)))
  }
}
